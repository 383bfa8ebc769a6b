"""Closed days and Christmas hours for many places at once: previewed first, all or nothing."""

import datetime
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from common.refusals import Refused
from tests.factories import MembershipFactory, OrganisationFactory, SignUpFactory, VenueFactory
from tests.venues.portal import a_scheme
from venues import actions
from venues.actions.closures import Days
from venues.forms.closures import christmas_days
from venues.models import Closure, Event

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept_stay_right")]
OFFICE_HOURS = [(day, "09:00", "17:00") for day in range(7)]
DAY = datetime.date(2031, 6, 2)


@pytest.fixture
def organisation():
    return OrganisationFactory(name="Copper Kettle Ltd")


@pytest.fixture
def branches(organisation):
    scheme = a_scheme()
    return [
        SignUpFactory(
            scheme=scheme,
            approved=True,
            venue=VenueFactory(
                organisation=organisation, lead_scheme=scheme, name=name, hours=OFFICE_HOURS
            ),
        ).venue
        for name in ("Quay Lane", "Market Hall", "Station")
    ]


@pytest.fixture
def head_office(client, organisation):
    user = MembershipFactory(organisation=organisation).user
    client.force_login(user)
    return user


def address(name, organisation):
    return reverse(name, args=[organisation.pk])


def typed(day=DAY, **more):
    parts = {"day": day.day, "month": day.month, "year": day.year}
    return {**{f"starts_on_{part}": value for part, value in parts.items()}, **more}


def mark_in(page):
    return re.search(r'name="shown" value="(\w+)"', page)[1]


def post(client, organisation, data, name="add_branch_closures"):
    return client.post(address(name, organisation), data, follow=True)


def test_the_effect_is_previewed_and_saved_on_the_second_press(
    client, organisation, branches, head_office
):
    assert (
        "Which places" in client.get(address("edit_branch_closures", organisation)).content.decode()
    )
    chosen = typed(venues=[branches[0].pk, branches[1].pk])
    page = post(client, organisation, {**chosen, "confirm": "1"}).content.decode()
    assert "Monday 2 June: closed, usually 09:00 to 17:00" in page
    assert "Add at 2 places" in page
    assert not Closure.objects.exists(), "the first press only shows"

    answer = post(client, organisation, {**chosen, "confirm": "1", "shown": mark_in(page)})

    assert "Added at 2 places." in answer.content.decode()
    assert set(Closure.objects.values_list("venue", flat=True)) == {
        branches[0].pk,
        branches[1].pk,
    }
    assert Event.objects.filter(kind="venues.closure_added").count() == 2


def test_a_form_changed_after_the_preview_is_previewed_again(
    client, organisation, branches, head_office
):
    shown = mark_in(post(client, organisation, typed(everywhere="on")).content.decode())
    later = typed(DAY + datetime.timedelta(days=1), everywhere="on", shown=shown, confirm="1")
    page = post(client, organisation, later).content.decode()
    assert "Tuesday 3 June: closed" in page
    assert not Closure.objects.exists()


def test_places_that_cannot_take_the_closure_are_named_and_nothing_is_saved(
    client, organisation, branches, head_office
):
    Closure.objects.create(venue=branches[1], starts_on=DAY, ends_on=DAY)
    page = post(client, organisation, typed(everywhere="on")).content.decode()
    assert "1 place cannot take these days" in page
    assert "other hours were entered already for 2 June 2031" in page
    assert "Add at" not in page
    with pytest.raises(Refused, match="Market Hall: other hours were entered already"):
        actions.add_closures(branches, [Days(DAY, DAY)], by=head_office)
    assert Closure.objects.count() == 1


def test_a_concurrent_change_is_refused_naming_the_place(
    client, organisation, branches, head_office
):
    chosen = typed(everywhere="on", confirm="1")
    chosen["shown"] = mark_in(post(client, organisation, chosen).content.decode())
    actions.add_closures([branches[2]], [Days(DAY, DAY)], by=head_office)
    answer = post(client, organisation, chosen).content.decode()
    assert "Station: other hours were entered already for 2 June 2031." in answer
    assert Closure.objects.count() == 1


def test_christmas_hours_take_one_line_per_day(client, organisation, branches, head_office):
    days = christmas_days(timezone.localdate())
    eve, christmas = days[0], days[1] if len(days) > 1 else days[0]
    data = {f"d{eve:%m%d}": "10am to 3pm", f"d{christmas:%m%d}": "Closed", "everywhere": "on"}
    page = client.get(address("edit_christmas", organisation)).content.decode()
    assert page.count("govuk-input--width-20") == len(days)
    page = post(client, organisation, data, "add_christmas").content.decode()
    assert "10:00 to 15:00" in page
    data |= {"shown": mark_in(page), "confirm": "1"}
    post(client, organisation, data, "add_christmas")
    assert Closure.objects.filter(opens="10:00", closes="15:00").count() == 3
    assert Closure.objects.filter(opens=None).count() == 3


@pytest.mark.parametrize("text", ["ten", "10", "10-", "25:00 to 26:00", "closed?", "9-12-15"])
def test_an_unreadable_line_is_reported_at_that_line(
    client, organisation, branches, head_office, text
):
    day = christmas_days(timezone.localdate())[0]
    data = {f"d{day:%m%d}": text, "everywhere": "on"}
    page = post(client, organisation, data, "add_christmas").content.decode()
    assert "Write “closed”, or hours such as 10am to 3pm." in page
    assert not Closure.objects.exists()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"everywhere": "on"}, "Write the first day."),
        (typed(), "Choose at least one place."),
        (typed(datetime.date(2020, 1, 1), everywhere="on"), "This day is over."),
        (typed(everywhere="on", opens="9am"), "Give both times"),
    ],
)
def test_bad_input_is_explained_in_words(client, organisation, branches, head_office, data, words):
    assert words in post(client, organisation, data).content.decode()
    assert not Closure.objects.exists()


def test_leaving_every_day_blank_is_refused(client, organisation, branches, head_office):
    page = post(client, organisation, {"everywhere": "on"}, "add_christmas").content.decode()
    assert "Say for at least one day what is different." in page


def test_a_branch_manager_can_only_close_their_own_places(client, organisation, branches):
    client.force_login(MembershipFactory(organisation=organisation, venues=branches[:1]).user)
    page = client.get(address("edit_branch_closures", organisation)).content.decode()
    assert "Quay Lane" in page
    assert "Market Hall" not in page
    answer = post(client, organisation, typed(venues=[branches[1].pk]))
    assert not answer.context["form"].is_valid()
    chosen = typed(everywhere="on", confirm="1")
    chosen["shown"] = mark_in(post(client, organisation, chosen).content.decode())
    post(client, organisation, chosen)
    assert list(Closure.objects.values_list("venue", flat=True)) == [branches[0].pk]


def test_staff_cannot_change_hours(client, organisation, branches):
    client.force_login(MembershipFactory(organisation=organisation, role="staff").user)
    for name in ("edit_branch_closures", "edit_christmas"):
        assert client.get(address(name, organisation)).status_code == 404
    assert post(client, organisation, typed(everywhere="on")).status_code == 404


def test_the_christmas_form_covers_the_current_winter():
    assert christmas_days(datetime.date(2026, 11, 27))[0] == datetime.date(2026, 12, 24)
    assert christmas_days(datetime.date(2026, 12, 31)) == [
        datetime.date(2026, 12, 31),
        datetime.date(2027, 1, 1),
        datetime.date(2027, 1, 2),
    ]
    assert christmas_days(datetime.date(2027, 1, 3))[0] == datetime.date(2027, 12, 24)
