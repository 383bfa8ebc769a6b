"""A meeting's papers: the type is detected from the content; only invitees can download."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from common.refusals import Refused
from partnership.actions.documents import add_document, remove_document
from partnership.links.meetings import rsvp_token
from partnership.models import Document
from tests.partnership.factories import (
    AttendanceFactory,
    MeetingFactory,
    SeriesFactory,
    make_member,
    make_officer,
)
from venues.actions import withdraw_sign_up

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n" + b"0" * 100


def zipped(*names, **contents):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as parts:
        for name in names:
            parts.writestr(name, "x")
        for name, content in contents.items():
            parts.writestr(name, content)
    return file.getvalue()


def damaged_name():
    """A ZIP archive with a member name flagged as UTF-8 that is not valid UTF-8."""
    return zipped("w\xf6rd/a.xml").replace("w\xf6rd".encode(), b"w\xff\xffrd")


def damaged_type():
    """An OpenDocument file whose compressed `mimetype` member is corrupt."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("mimetype", "application/vnd.oasis.opendocument.text")
    content = bytearray(file.getvalue())
    at = content.index(b"mimetype") + len("mimetype")
    content[at : at + 8] = b"\xff" * 8
    return bytes(content)


def picture(kind):
    file = io.BytesIO()
    Image.new("RGB", (4, 4)).save(file, kind)
    return file.getvalue()


@pytest.fixture
def meeting():
    return MeetingFactory(scheme=SeriesFactory().scheme, confirmed=True)


@pytest.fixture
def chair(meeting):
    return make_officer(meeting.scheme)


def add(meeting, chair, content, name="paper.pdf", title="Paper"):
    upload = SimpleUploadedFile(name, content)
    return add_document(meeting, title=title, upload=upload, by=chair)


@pytest.mark.parametrize(
    ("content", "extension"),
    [
        (PDF, "pdf"),
        (picture("PNG"), "png"),
        (picture("JPEG"), "jpg"),
        (zipped("[Content_Types].xml", "word/document.xml"), "docx"),
        (zipped("[Content_Types].xml", "xl/workbook.xml"), "xlsx"),
        (zipped("[Content_Types].xml", "ppt/presentation.xml"), "pptx"),
        (zipped(mimetype="application/vnd.oasis.opendocument.text"), "odt"),
    ],
)
def test_the_file_type_comes_from_the_content_not_the_name(meeting, chair, content, extension):
    document = add(meeting, chair, content, name="../../etc/Paper.exe")
    assert document.extension == extension
    assert document.file.name.startswith("meetings/")
    assert "Paper" not in document.file.name


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"MZ" + b"\0" * 200, "not a PDF"),
        (b"#!/bin/sh\nrm -rf /", "not a PDF"),
        (b"<html><script>alert(1)</script>", "not a PDF"),
        (b"\x89PNG\r\n\x1a\n" + b"broken", "not a PDF"),
        (b"PK\x03\x04" + b"broken", "not a PDF"),
        (damaged_name(), "not a PDF"),
        (damaged_type(), "not a PDF"),
        (zipped("setup.py", "run.sh"), "not a PDF"),
        (zipped("[Content_Types].xml", "word/vbaProject.bin"), "macros or programs"),
        (zipped("[Content_Types].xml", "word/document.xml", "setup.exe"), "macros or programs"),
        (PDF + b"0" * (10 * 1024 * 1024), "larger than 10 MB"),
    ],
)
def test_an_executable_or_oversized_file_is_refused_and_not_kept(
    client, meeting, chair, content, words
):
    client.force_login(chair)
    upload = SimpleUploadedFile("agenda.pdf", content, content_type="application/pdf")
    page = client.post(
        f"/admin/partnership/meeting/{meeting.pk}/documents/add/",
        {"title": "Agenda", "upload": upload},
        follow=True,
    )
    assert words in page.content.decode()
    assert not Document.objects.exists()


def test_a_paper_downloads_as_an_attachment_for_officers_and_invitees_only(client, meeting, chair):
    document = add(meeting, chair, PDF, title="Plan for 2027: “calm” <rooms>")
    sign_up = make_member(meeting.scheme)
    row = AttendanceFactory(meeting=meeting, organisation=sign_up.venue.organisation)
    by_link = f"/meetings/{rsvp_token(row)}/documents/{document.pk}/"
    answer = client.get(by_link)
    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Disposition"] == 'attachment; filename="plan-for-2027-calm-rooms.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Type"] == "application/pdf"

    officers = f"/admin/partnership/meeting/{meeting.pk}/documents/{document.pk}/"
    assert client.get(officers).status_code == 302
    client.force_login(make_officer(meeting.scheme, "viewer"))
    assert client.get(officers).status_code == 200
    client.force_login(make_officer(MeetingFactory().scheme))
    assert client.get(officers).status_code == 404

    other = AttendanceFactory(
        meeting=MeetingFactory(scheme=meeting.scheme, held=True),
        organisation=sign_up.venue.organisation,
    )
    other_link = f"/meetings/{rsvp_token(other)}/documents/{document.pk}/"
    assert client.get(other_link).status_code == 404
    withdraw_sign_up(sign_up, by=chair, reason="moved")
    assert client.get(by_link).status_code == 404


def test_removing_a_paper_deletes_its_file(meeting, chair, django_capture_on_commit_callbacks):
    document = add(meeting, chair, PDF)
    storage, name = document.file.storage, document.file.name
    with django_capture_on_commit_callbacks(execute=True):
        remove_document(document, by=chair)
    assert not storage.exists(name)


def test_a_paper_needs_a_title_and_an_agenda_item_of_its_own_meeting(meeting, chair):
    item = MeetingFactory().items.create(order=1, title="X")
    with pytest.raises(Refused) as refused:
        add_document(
            meeting, title=" ", upload=SimpleUploadedFile("a.pdf", PDF), item=item, by=chair
        )
    assert len(refused.value.reasons) == 2
