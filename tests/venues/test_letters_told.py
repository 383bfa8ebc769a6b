"""Letters when somebody passes, and along the way of a sticker; with the scheme's logo."""

import base64
import datetime
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image
from post_office.models import Attachment, Email

from tests.factories import OfficerFactory, RequirementFactory, SignUpFactory, UserFactory
from tests.training.conftest import (
    CONTENT,
    MembershipFactory,
    add_person,
    read_all,
    right_answers,
)
from training import actions as training
from venues.actions import issue_sticker, mark_sticker_sent, tell_sticker_ready
from venues.duties import tell_of_ready_stickers
from venues.logos import redraw_logo
from venues.models import Event, Letter, SignUp

pytestmark = pytest.mark.django_db


def kinds():
    return list(Letter.objects.order_by("pk").values_list("kind", flat=True))


@pytest.fixture
def sign_up():
    return SignUpFactory(
        approved=True, scheme__name="Safe Harbours", venue__name="The Copper Kettle"
    )


@pytest.fixture
def enrolment(sign_up):
    manager = MembershipFactory(organisation=sign_up.venue.organisation).user
    module, __ = training.load_module(CONTENT)
    officer = OfficerFactory(scheme=sign_up.scheme, role="administrator").user
    module = training.review_module(module, by=officer, name="Ada", role="Lead")
    person = add_person(sign_up, "Sam", email="sam.learner@example.org")
    return read_all(training.enrol(person, module, by=manager, scheme=sign_up.scheme))


def answer(enrolment, answers=None):
    return training.take_check(enrolment, answers or right_answers(enrolment))


def test_a_learner_who_passes_gets_one_letter_with_the_certificate(client, enrolment):
    done = answer(enrolment)
    answer(done)
    email = Email.objects.get()
    assert email.to == ["sam.learner@example.org"]
    for part in (email.message, email.html_message):
        for words in ("The Copper Kettle", "Safe Harbours", "Example Council"):
            assert words in part
    assert email.html_message.count("display:inline-block") == 1
    link = next(word for word in email.message.split() if "/learn/" in word)
    path = link[link.index("/learn/") :]
    assert client.get(path, follow=True).status_code == 200
    assert Letter.objects.get().staff_member == done.staff_member


def test_a_learner_who_fails_or_has_no_address_gets_no_letter(enrolment):
    answer(enrolment, {0: set()})
    enrolment.staff_member.email = ""
    enrolment.staff_member.save()
    enrolment.refresh_from_db()
    answer(enrolment)
    assert not Email.objects.exists()


# The sticker


def test_the_venue_is_told_once_when_its_sticker_can_be_printed(sign_up):
    assert tell_of_ready_stickers() == 1
    assert tell_of_ready_stickers() == 0
    assert kinds() == ["venues.sticker_ready"]
    letter = Email.objects.get()
    assert letter.subject == "The window sticker for The Copper Kettle can be printed"
    assert letter.html_message.count("display:inline-block") == 1


@pytest.mark.parametrize("what", ["requirement", "draft", "internal", "no stickers"])
def test_nobody_is_told_before_the_conditions_are_met(sign_up, what):
    if what == "requirement":
        RequirementFactory(
            principle__scheme=sign_up.scheme, evidence="opening_hours", needed_for="sticker"
        )
    elif what == "draft":
        SignUp.objects.update(state="submitted", approved_at=None, approved_by=None)
    elif what == "internal":
        type(sign_up.venue).objects.update(listing="internal")
    else:
        type(sign_up.scheme).objects.update(offers_stickers=False)
    assert tell_of_ready_stickers() == 0
    assert not tell_sticker_ready(sign_up) or what == "no stickers"


def test_the_venue_is_told_ready_then_sent_and_nothing_in_between(sign_up):
    officer = UserFactory()
    tell_of_ready_stickers()
    sticker = issue_sticker(sign_up, by=officer)
    assert kinds() == ["venues.sticker_ready"]
    mark_sticker_sent(sticker, by=officer)
    assert kinds() == ["venues.sticker_ready", "venues.sticker_sent"]
    assert tell_of_ready_stickers() == 0


def test_a_sticker_issued_before_anybody_was_told_says_so_itself(sign_up):
    issue_sticker(sign_up, by=UserFactory())
    assert kinds() == ["venues.sticker_issued"]
    assert tell_of_ready_stickers() == 0


def test_a_place_that_comes_back_after_leaving_is_told_again(sign_up):
    tell_of_ready_stickers()
    later = timezone.now() + datetime.timedelta(days=400)
    SignUp.objects.filter(pk=sign_up.pk).update(approved_at=later)
    assert tell_of_ready_stickers() == 1
    assert Event.objects.filter(kind="venues.sticker_ready").count() == 2


# The logo


@pytest.fixture
def logo(sign_up, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    out = BytesIO()
    Image.new("RGB", (300, 100), "#6b2a5b").save(out, "PNG")
    upload = SimpleUploadedFile("logo.png", out.getvalue())
    sign_up.scheme.logo.save("logo.png", redraw_logo(upload))
    return sign_up.scheme.logo.open("rb").read()


def parts_of(email):
    return list(email.email_message().message().walk())


def test_the_logo_goes_inline_and_the_html_refers_to_it(sign_up, logo):
    tell_of_ready_stickers()
    email = Email.objects.get()
    (picture,) = [part for part in parts_of(email) if part.get_content_type() == "image/png"]
    assert picture.get_payload(decode=True) == logo
    assert picture.get_content_disposition() == "inline"
    cid = picture["Content-ID"].strip("<>")
    assert f'src="cid:{cid}"' in email.html_message
    assert 'alt="Example Council"' in email.html_message
    assert "cid:" not in email.message
    assert base64.b64encode(logo)[:40].decode() in email.email_message().message().as_string()


def test_many_letters_share_one_stored_logo(sign_up, logo):
    tell_of_ready_stickers()
    mark_sticker_sent(issue_sticker(sign_up, by=UserFactory()), by=UserFactory())
    assert Email.objects.count() == 2
    assert Attachment.objects.count() == 1
    assert all(email.attachments.count() == 1 for email in Email.objects.all())


def test_without_a_logo_no_picture_is_promised(sign_up):
    tell_of_ready_stickers()
    email = Email.objects.get()
    assert "<img" not in email.html_message
    assert not Attachment.objects.exists()


def test_a_missing_logo_file_does_not_hold_up_a_letter(sign_up, logo):
    sign_up.scheme.logo.storage.delete(sign_up.scheme.logo.name)
    sign_up.scheme.logo.name = "schemes/gone.png"
    sign_up.scheme.save()
    assert tell_of_ready_stickers() == 1
    assert "<img" not in Email.objects.get().html_message
