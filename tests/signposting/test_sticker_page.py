"""What a sticker's code reveals to anybody: current or not, and never why not."""

import datetime

import pytest
from django.contrib.gis.geos import Point
from django.utils import timezone

from tests.factories import PrincipleFactory, RequirementFactory, SignUpFactory, StickerFactory
from venues.models import EvidenceRecord, OpeningHours, Scheme, SignUp, Sticker

pytestmark = pytest.mark.django_db


@pytest.fixture
def sticker():
    return StickerFactory(code="ACDEFH34", sign_up__venue__name="Exampleton Library")


def page(client, code="ACDEFH34"):
    response = client.get(f"/stickers/{code}/")
    assert response.status_code == 200
    return response.content.decode()


def trained(sign_up, until):
    principle = PrincipleFactory(scheme=sign_up.scheme)
    RequirementFactory(principle=principle, evidence="trained_people", needed_for="sticker")
    EvidenceRecord.objects.create(
        sign_up=sign_up,
        evidence="trained_people",
        valid_until=until,
        imported_by=sign_up.started_by,
    )


def test_after_999_it_says_whether_it_is_current_then_the_place_and_whether_it_is_open(
    client, sticker
):
    said = page(client)
    assert said.index("tel:999") < said.index("This sticker is current")
    assert said.index("This sticker is current") < said.index("Exampleton Library")
    assert said.index("Exampleton Library") < said.index("Closed")
    assert f"No. {sticker.number}, ACDEFH34, until" in said
    assert "About this place" in said


def test_it_says_until_when_the_place_is_open(client, sticker):
    venue = sticker.sign_up.venue
    for weekday in range(7):
        OpeningHours.objects.create(
            venue=venue,
            weekday=weekday,
            opens=datetime.time(0),
            closes=datetime.time(0),
            valid_from=datetime.date(2020, 1, 1),
        )
    venue.hours_confirmed_at = timezone.now()
    venue.save()
    assert "Open day and night" in page(client)


def test_other_places_are_found_from_the_sticker_without_a_url_that_reveals_it(client, sticker):
    venue = sticker.sign_up.venue
    venue.point = Point(450000, 115000, srid=27700)
    venue.save()
    said = page(client)
    form = said.partition('<form method="post"')[2].partition("</form>")[0]
    assert f'name="venue" value="{venue.slug}"' in form
    assert "Other places open near here" in form


@pytest.mark.parametrize("code", ["ACDEFH34", "acdefh34", "ACDE-FH34", "acde fh34", "ac.de.fh.34"])
def test_a_code_is_read_however_it_is_written(client, sticker, code):
    said = page(client, code)
    assert "This sticker is current" in said
    assert "ACDEFH34" in said


def test_it_names_the_venue_and_until_when_people_are_trained(client, sticker):
    until = timezone.localdate() + datetime.timedelta(days=90)
    trained(sticker.sign_up, until)
    said = page(client)
    assert "Exampleton Library" in said
    assert f"trained until {until.day} {until:%B %Y}" in said


def test_training_that_expired_within_grace_is_stated(client, sticker):
    trained(sticker.sign_up, timezone.localdate() - datetime.timedelta(days=3))
    said = page(client)
    assert "No trained person recorded: the training ran out and is being renewed." in said


def test_training_lost_without_a_date_is_stated_too(client, sticker):
    RequirementFactory(
        principle__scheme=sticker.sign_up.scheme, evidence="trained_people", needed_for="sticker"
    )
    SignUp.objects.update(listed_since=timezone.localdate())
    assert "the training ran out and is being renewed" in " ".join(page(client).split())


def test_an_expired_sticker_within_grace_says_it_is_being_renewed(client, sticker):
    RequirementFactory(
        principle__scheme=sticker.sign_up.scheme, evidence="current_sticker", needed_for="standing"
    )
    Sticker.objects.update(expires_on=timezone.localdate() - datetime.timedelta(days=3))
    said = " ".join(page(client).split())
    assert "This sticker is current" in said
    assert "is being renewed; the place is still a member." in said


def test_ended_expired_suspended_hidden_and_unknown_read_alike(client, sticker):
    def without_code(said, code):
        return said.replace(code, "CODE")

    unknown = without_code(page(client, "NOSUCHXY"), "NOSUCHXY")
    assert "There is no current sticker with the code CODE" in unknown
    assert "Do not rely on it" in unknown
    today = timezone.localdate()
    Sticker.objects.update(expires_on=today - datetime.timedelta(days=1))
    assert without_code(page(client), "ACDEFH34") == unknown
    Sticker.objects.update(
        expires_on=today,
        ended_at=timezone.now(),
        ended_by=sticker.issued_by,
        end_reason="recalled",
    )
    assert without_code(page(client), "ACDEFH34") == unknown
    Sticker.objects.update(ended_at=None, ended_by=None, end_reason="")
    assert "This sticker is current" in page(client)
    Scheme.objects.update(hidden_at=timezone.now(), hidden_by=sticker.issued_by)
    assert without_code(page(client), "ACDEFH34") == unknown
    suspended = SignUpFactory(suspended=True)
    StickerFactory(sign_up=suspended, code="CCCCCCCC")
    assert without_code(page(client, "CCCCCCCC"), "CCCCCCCC") == unknown


def test_codes_cannot_be_guessed_by_brute_force(client, sticker):
    answers = [client.get("/stickers/GUESS/").status_code for _ in range(40)]
    assert 429 in answers
    refused = client.get("/stickers/ACDEFH34/")
    assert refused.status_code == 429
    assert b"tel:999" in refused.content
    assert client.get("/").status_code == 200


def test_a_place_without_a_public_point_offers_no_search_from_its_door(client, sticker):
    venue = sticker.sign_up.venue
    venue.listing = "area_only"
    venue.point = Point(450000, 115000, srid=27700)
    venue.save()
    said = page(client)
    assert "Other places open near here" not in said
    assert "Street, town or postcode" in said or "id_location" in said
