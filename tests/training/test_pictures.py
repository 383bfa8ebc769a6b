"""Pictures in a module: re-encoded, described, shown to learners, refused when invalid."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from tests.training.test_author_module import of_module
from tests.training.test_training_admin import change
from training.models import Picture
from training.prose import section_html
from training.rules import why_not_review

pytestmark = pytest.mark.django_db
PROGRAM = b"MZ\x90\x00\x03\x00\x00\x00This program cannot be run in DOS mode."


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def unreviewed(unreviewed, scheme):
    """Owned by the scheme, because a council may only edit its own modules."""
    unreviewed.schemes.set([scheme])
    return unreviewed


@pytest.fixture
def trainer(officer_of, scheme):
    return officer_of("trainer", scheme)


def drawing():
    file = BytesIO()
    Image.new("RGB", (40, 30), "navy").save(file, "PNG")
    return file.getvalue()


def upload(content, alt="A quiet corner", name="corner.png", **more):
    return of_module(
        **{
            "pictures-TOTAL_FORMS": 1,
            "pictures-0-file": SimpleUploadedFile(name, content, "image/png"),
            "pictures-0-alt": alt,
            **more,
        }
    )


@pytest.fixture
def picture(trainer, unreviewed):
    assert trainer.post(change(unreviewed), upload(drawing())).status_code == 302
    return unreviewed.pictures.get()


def test_a_picture_is_re_encoded_and_gets_the_next_number(trainer, unreviewed, picture):
    assert picture.number == 1
    assert (picture.width, picture.height) == (40, 30)
    assert Image.open(picture.file).format == "JPEG"
    trainer.post(change(unreviewed), upload(drawing()))
    assert [each.number for each in unreviewed.pictures.all()] == [1, 2]


@pytest.mark.parametrize(
    ("content", "alt", "words"),
    [
        (PROGRAM, "A corner", "This file is not a photo we can read"),
        (drawing()[:40], "A corner", "This file is not a photo we can read"),
        (b"<svg onload='alert(1)'/>", "A corner", "This file is not a photo we can read"),
        (drawing(), "", "This field is required"),
    ],
)
def test_a_file_that_is_not_an_image_or_has_no_description_is_refused(
    trainer, unreviewed, content, alt, words, tmp_path
):
    page = trainer.post(change(unreviewed), upload(content, alt, title="Kept"))
    assert words in page.text
    assert "Kept" in page.text
    assert not Picture.objects.exists()
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_a_section_shows_a_picture_with_its_description(picture):
    picture.alt = 'A "quiet" <corner>'
    html = section_html("Look:\n\n[[picture 1]]\n\n[[picture 7]]", pictures={1: picture})
    assert f'src="/training/pictures/{picture.pk}/"' in html
    assert "A &quot;quiet&quot; &lt;corner&gt;" in html
    assert 'width="40"' in html
    assert "[[picture 7]]" in html


def test_a_module_that_refers_to_a_missing_picture_cannot_be_reviewed(unreviewed):
    unreviewed.sections.filter(order=2).update(body="See\r\n\r\n[[picture 3]]\r\n")
    assert why_not_review(unreviewed, timezone.now()) == [
        "Section 2 shows picture 3, which there is not."
    ]


def test_learners_see_a_picture_only_once_its_module_is_open(client, unreviewed, picture, settings):
    address = reverse("training_picture", args=[picture.pk])
    assert client.get(address).status_code == 200, "the trainer, who writes it"
    client.logout()
    assert client.get(address).status_code == 404
    settings.DEMO = True
    shown = client.get(address)
    assert shown["Content-Type"] == "image/jpeg"
    assert "Set-Cookie" not in shown.headers


def test_a_pictures_description_can_be_edited_but_not_its_file(trainer, unreviewed, picture):
    data = upload(drawing(), "A better word", **{"pictures-INITIAL_FORMS": 1})
    before = picture.file.name
    trainer.post(change(unreviewed), data | {"pictures-0-id": picture.pk})
    picture.refresh_from_db()
    assert (picture.alt, picture.file.name) == ("A better word", before)


def test_a_picture_in_use_cannot_be_deleted(
    trainer, unreviewed, picture, tmp_path, django_capture_on_commit_callbacks
):
    gone = upload(drawing(), **{"pictures-INITIAL_FORMS": 1, "pictures-0-DELETE": "on"})
    gone["pictures-0-id"] = picture.pk
    section = unreviewed.sections.first()
    section.body = "[[picture 1]]"
    section.save()
    assert "Picture 1 is shown in a section" in trainer.post(change(unreviewed), gone).text
    section.body = "No more"
    section.save()
    with django_capture_on_commit_callbacks(execute=True):
        trainer.post(change(unreviewed), gone)
    assert not Picture.objects.exists()
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
