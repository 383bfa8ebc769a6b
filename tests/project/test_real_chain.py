"""The full journey on open data: a real library, from sign-up to being found.

Everything goes through the pages; only the clock is ours. Nothing here claims that the library has
joined a scheme: it provides a name, a postcode and opening hours to try the software with.
"""

import csv
import datetime
import gzip
import re

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from post_office.models import Email

from geography.models import Area, PopulationPoint, Postcode
from tests.factories import CHECKS, UserFactory, name_numbers, ready_to_open
from tests.training.conftest import as_form, right_answers
from training.actions import review_module
from training.models import Enrolment, Module
from venues.hours.model import LONDON
from venues.models import Scheme, SignUp, Sticker

pytestmark = [pytest.mark.django_db, pytest.mark.real_data]

DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
LIBRARY = "Southampton Central Library"
WEDNESDAY = datetime.date(2026, 6, 3)


class Clock:
    """Controls what `timezone.now()` returns."""

    def __init__(self):
        self.set(11, 0)

    def __call__(self):
        return self.moment

    def set(self, hour, minute, day=WEDNESDAY):
        self.moment = datetime.datetime.combine(day, datetime.time(hour, minute), tzinfo=LONDON)


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(timezone, "now", clock)
    return clock


@pytest.fixture
def ground(real_data, tmp_path):
    """Southampton's wards, the SO postcodes and population, imported as an officer would."""
    everybody = real_data / "population/lsoa21_ew_population_weighted_centroids.csv.gz"
    people = tmp_path / "people.csv"
    with gzip.open(everybody, "rt", encoding="utf-8") as file:
        header = next(file)
        people.write_text(header + "".join(line for line in file if ",E06000045," in line))
    call_command(
        "import_areas", str(real_data / "boundaries/southampton_E06000045_wards_2025.geojson")
    )
    call_command("import_postcodes", str(real_data / "postcodes/code_point_open_2025_so.csv"))
    call_command("import_population", str(people))


@pytest.fixture
def library(real_data):
    path = real_data / "venues/libraries_southampton_city_council.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        return next(row for row in csv.DictReader(file) if row["Library name"] == LIBRARY)


def hours_of(row):
    """Form fields for opening hours: `10:00-13:00, 14:00-17:00` is two rows for a day."""
    fields = {"bank_holidays": "closed"}
    for number, day in enumerate(DAYS):
        spans = re.findall(r"(\d\d:\d\d)-(\d\d:\d\d)", row[f"{day} staffed hours"])
        for place, (opens, closes) in enumerate(spans):
            fields[f"d{number}_{place}_opens"] = opens
            fields[f"d{number}_{place}_closes"] = closes
    return fields


def do(client, view, /, *args, **data):
    """Submit a form; it must redirect."""
    answer = client.post(reverse(view, args=args), data)
    assert answer.status_code == 302, f"{view}: {words_of(answer)}"
    return answer.url


def words_of(answer):
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def open_a_scheme():
    """Open the ready-made scheme with its numbers entered; returns it with its administrator's
    client.
    """
    user = UserFactory(email="team@example.org")
    call_command(
        "create_scheme",
        "spaces_of_sanctuary",
        council="Southampton",
        email="team@example.org",
        administrator=user.email,
    )
    scheme = Scheme.objects.get()
    name_numbers(scheme)
    ready_to_open(scheme, by=user)
    call_command("load_training")
    module = Module.objects.get(slug="introductory")
    module.facts.update(to_confirm=False)  # as the reviewer would after checking them
    review_module(module, by=user, name="Ada", role="Lead")
    officer = Client()
    officer.force_login(user)
    do(officer, "admin:open_scheme", scheme.pk)
    return scheme, officer


def sign_up(row):
    """From the start page to a submitted sign-up; returns it with the manager's client."""
    manager = Client()
    do(manager, "ask_to_join", email="library@example.org", postcode=row["Postcode"].lower())
    link = re.search(r"https?://[^/\s]+(/join/\S+)", Email.objects.latest("id").message)[1]
    assert manager.post(f"{link}start/").status_code == 302
    made = SignUp.objects.get()
    organisation = {"name": row["Local authority"], "sector": "public_body"}
    do(manager, "change_organisation", made.pk, **organisation)
    do(
        manager,
        "change_venue",
        made.pk,
        name=row["Library name"],
        type="library",
        address_1=row["Address 1"],
        town="Southampton",
        postcode=row["Postcode"],
    )
    do(
        manager,
        "change_contact",
        made.pk,
        contact_name="The duty manager",
        contact_phone="01632 960001",
        website="www.southampton.gov.uk/libraries",
    )
    made.venue.refresh_from_db()
    door = made.venue.point
    do(manager, "change_point", made.pk, easting=round(door.x, 1), northing=round(door.y, 1))
    do(manager, "change_listing", made.pk, listing="public")
    do(manager, "change_hours", made.pk, **hours_of(row))
    for each in made.scheme.principles.all():
        do(manager, "agree", made.pk, each.pk, **{f"q{each.pk}_value": "we_do"})
    do(manager, "submit_sign_up", made.pk)
    return made, manager


def approve(officer, made):
    for kind in CHECKS:
        do(officer, "admin:record_check", made.pk, kind=kind, passed="yes")
    letter = officer.get(reverse("admin:approve_sign_up", args=[made.pk]))
    do(
        officer,
        "admin:approve_sign_up",
        made.pk,
        letter=letter.context["form"].initial["letter"],
    )
    made.refresh_from_db()
    assert made.state == "approved"


def train(manager, made):
    """The manager adds somebody by first name; they learn with the code, without an account."""
    do(manager, "enrol_person", made.pk, "introductory", first_name="Robin")
    enrolment, learner = Enrolment.objects.get(), Client()
    token = do(learner, "open_with_code", code=enrolment.code).rstrip("/").rpartition("/")[2]
    for order in enrolment.sections.values_list("order", flat=True):
        assert learner.get(reverse("learn_section", args=[token, order])).status_code == 200
        do(learner, "finish_section", token, order)
    do(learner, "take_check", token, **as_form(right_answers(enrolment)))
    assert "You have passed" in words_of(learner.get(reverse("learn_result", args=[token])))


def put_up_a_sticker(officer, made):
    do(officer, "admin:issue_sticker", made.pk)
    sticker = Sticker.objects.get()
    pdf = officer.get(reverse("admin:print_stickers"), {"id": sticker.pk})
    assert pdf.content.startswith(b"%PDF")
    do(officer, "admin:mark_sticker_sent", sticker.pk)
    do(officer, "admin:mark_sticker_displayed", sticker.pk)
    return sticker


def find(place):
    """Search as an anonymous visitor; returns the text of the answer without helplines and
    footer.
    """
    answer = Client().post(reverse("finder"), {"location": place})
    assert answer.status_code == 200
    return words_of(answer)


def test_a_real_library_goes_from_sign_up_to_being_found(ground, library, clock):
    assert Area.objects.of("ward", 2025).count() == 17
    assert Postcode.objects.count() == 18_593
    assert PopulationPoint.objects.all().people() == 248_921

    __, officer = open_a_scheme()
    made, manager = sign_up(library)
    assert made.venue.point == Postcode.objects.get(postcode=library["Postcode"]).point
    approve(officer, made)
    refused = officer.post(reverse("admin:issue_sticker", args=[made.pk]), follow=True)
    assert "People who have done the training" in words_of(refused)
    assert not Sticker.objects.exists()
    assert LIBRARY not in find("SO14 0AA")

    train(manager, made)
    sticker = put_up_a_sticker(officer, made)

    open_now = find("SO14 0AA")
    assert LIBRARY in open_now
    assert "Open until 18:00" in open_now
    assert "Say you need a safe space" in open_now
    for place in ("so140aa", "SO14", "Bargate"):
        assert LIBRARY in find(place), place

    clock.set(21, 0)
    assert f"{LIBRARY} opens 10:00 tomorrow" in find("SO14 0AA")
    clock.set(18, 0)
    assert f"{LIBRARY} opens 10:00 tomorrow" in find("SO14 0AA")
    clock.set(17, 45)
    assert "Open until 18:00" in find("SO14 0AA")
    clock.set(12, 0, day=datetime.date(2026, 6, 7))
    assert f"{LIBRARY} opens 10:00 tomorrow" in find("SO14 0AA")  # a Sunday
    clock.set(11, 0, day=WEDNESDAY + datetime.timedelta(days=91))
    assert f"{LIBRARY} may be closed" in find("SO14 0AA")

    clock.set(11, 0)
    made.venue.refresh_from_db()
    page = reverse("venue_page", args=[made.venue.slug])
    check = reverse("sticker_page", args=[sticker.code])
    stranger = Client()
    assert stranger.get(page).status_code == 200
    assert LIBRARY in words_of(stranger.get(check))

    do(officer, "admin:suspend_sign_up", made.pk, reason="A complaint")
    assert LIBRARY not in find("SO14 0AA")
    assert "tel:999" in Client().post(reverse("finder"), {"location": "SO14 0AA"}).content.decode()
    assert stranger.get(page).status_code == 404
    assert LIBRARY not in words_of(stranger.get(check))
    assert "A complaint" not in words_of(manager.get(reverse("portal_home", args=[made.pk])))


def test_every_librarys_hours_are_read_as_the_council_wrote_them(real_data):
    """The test above relies on this: each day is read exactly as published."""
    path = real_data / "venues/libraries_southampton_city_council.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            days = [day for day in DAYS if row[f"{day} staffed hours"]]
            assert sum(name.endswith("opens") for name in hours_of(row)) >= len(days) > 0
