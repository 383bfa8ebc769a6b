"""Photos are processed in little memory, one at a time, and leave no orphaned files."""

import errno
import resource
import threading
from contextlib import contextmanager
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client, RequestFactory
from django.urls import reverse
from PIL import Image

from common.errors import server_error
from common.storage import DiskFull, no_orphans
from tests.venues.portal import managed_sign_up
from venues import photos


def upload(form="JPEG", mode="RGB", size=(40, 30), **kwargs):
    out = BytesIO()
    picture = Image.effect_noise(size, 200) if mode == "noise" else Image.new(mode, size)
    picture.save(out, form, **kwargs)
    return SimpleUploadedFile(f"door.{form.lower()}", out.getvalue())


@contextmanager
def no_room(most=20_000):
    """Cap file size at `most` bytes, to simulate a nearly full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def files_in(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_fifty_megapixel_photo_is_refused_before_decoding():
    big = upload("PNG", "L", (10_000, 5_000))
    assert big.size < 200_000
    with pytest.raises(ValidationError, match="over 24 million"):
        photos.redraw(big)


@pytest.mark.parametrize(
    ("form", "mode"),
    [("JPEG", "CMYK"), ("JPEG", "L"), ("PNG", "P"), ("PNG", "1"), ("PNG", "LA"), ("PNG", "I;16")],
)
def test_every_supported_format_is_scaled_down(form, mode):
    with Image.open(photos.redraw(upload(form, mode, (3000, 2000)))) as kept:
        assert (kept.format, kept.mode, kept.size) == ("JPEG", "RGB", (1600, 1067))


def test_a_portrait_photo_keeps_its_orientation():
    exif = Image.Exif()
    exif[0x0112] = 6
    with Image.open(photos.redraw(upload(size=(3000, 2000), exif=exif))) as kept:
        assert kept.size == (1067, 1600)


def test_photos_are_decoded_one_at_a_time(monkeypatch):
    """Another process would wait on the same lock file."""
    at_once, most, lock = [], [], threading.Lock()
    draw = photos._jpeg

    def watched(picture):
        with lock:
            at_once.append(1)
            most.append(len(at_once))
        drawn = draw(picture)
        at_once.pop()
        return drawn

    monkeypatch.setattr(photos, "_jpeg", watched)
    sent = [upload(size=(2000, 2000)) for __ in range(6)]
    threads = [threading.Thread(target=photos.redraw, args=(each,)) for each in sent]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1] * 6


def test_a_photo_that_waits_too_long_is_refused_with_a_message(monkeypatch):
    monkeypatch.setattr(photos, "LONGEST_WAIT", 0.1)
    with photos.one_at_a_time(), pytest.raises(ValidationError, match="Wait a minute"):
        photos.redraw(upload())


def test_a_full_disk_is_explained_and_leaves_no_partial_file(db, client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    sign_up, manager = managed_sign_up()
    client.force_login(manager)
    address = reverse("change_photo", args=[sign_up.pk])
    with no_room():
        answer = client.post(
            address, {"photo": upload("PNG", "noise", (900, 900)), "photo_alt": "A door"}
        )
    assert files_in(tmp_path) == []
    page = client.get(answer.url) if answer.status_code == 302 else answer
    assert "no room left for this file" in page.text
    sign_up.venue.refresh_from_db()
    assert not sign_up.venue.photo


def test_a_full_disk_during_upload_is_explained_too():
    try:
        raise OSError(errno.ENOSPC, "No space left on device")
    except OSError:
        answer = server_error(RequestFactory().post("/"))
    assert answer.status_code == 507
    assert "no room left" in answer.text
    assert 'href="tel:999"' in answer.text


def test_a_failure_after_the_file_was_saved_deletes_the_file(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path

    @no_orphans()
    def fail():
        default_storage.save("a.txt", ContentFile(b"a"))
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with no_orphans():
        default_storage.save("b.txt", ContentFile(b"b"))
    assert [path.name for path in files_in(tmp_path)] == ["b.txt"]
    with no_room(10), pytest.raises(DiskFull):
        default_storage.save("c.txt", ContentFile(b"c" * 100))
    assert [path.name for path in files_in(tmp_path)] == ["b.txt"]


@pytest.mark.django_db(transaction=True)
def test_six_concurrent_uploads_leave_one_file(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    sign_up, manager = managed_sign_up()
    address = reverse("change_photo", args=[sign_up.pk])

    def send():
        browser = Client()
        browser.force_login(manager)
        browser.post(address, {"photo": upload(), "photo_alt": "A door"})
        connection.close()

    threads = [threading.Thread(target=send) for __ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sign_up.venue.refresh_from_db()
    assert [str(path) for path in files_in(tmp_path)] == [sign_up.venue.photo.path]
