"""From a gap to closing it: owner, approaches, reminders, outcome."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from common.refusals import Refused
from coverage import actions
from coverage.models import Approach, Gap
from geography.models import Area
from tests.coverage.factories import (
    ApproachFactory,
    DrawnAreaFactory,
    GapFactory,
    OtherPlaceFactory,
    square,
)
from tests.factories import OfficerFactory, SchemeFactory, VenueFactory
from venues.models import Event
from venues.work_queue import work_queue

pytestmark = pytest.mark.django_db


@pytest.fixture
def scheme():
    return SchemeFactory(name="Our Scheme")


@pytest.fixture
def officer(client, scheme):
    user = OfficerFactory(scheme=scheme).user
    client.force_login(user)
    return user


def post(client, name, /, *args, **data):
    return client.post(reverse(f"admin:{name}", args=args), data, follow=True)


def page(client, gap, query=""):
    return client.get(reverse("admin:coverage_gap_change", args=[gap.pk]) + query).content.decode()


def test_a_new_gap_is_prefilled_from_another_page(client, officer, scheme):
    ward = Area.objects.create(
        code="E05", name="St Barnabas", kind="ward", boundary=square(450000, 115000), vintage=2025
    )
    scheme.area = ward
    scheme.save()
    other_place = OtherPlaceFactory(source__scheme=scheme, name="Parish hall")
    url = reverse("admin:coverage_gap_add")
    known = f"?title=St+Barnabas&hours=Friday+22:00&area={ward.pk}&other_place={other_place.pk}"
    text = client.get(url + known).content.decode()
    assert 'value="St Barnabas"' in text
    assert f'<option value="{ward.pk}" selected' in text
    answer = post(
        client,
        "open_gap",
        scheme=scheme.pk,
        title="St Barnabas",
        hours="Friday 22:00",
        area=ward.pk,
        owner=officer.pk,
        other_place=other_place.pk,
    )
    gap = Gap.objects.get()
    assert (gap.area, gap.owner, gap.opened_by) == (ward, officer, officer)
    assert f'<option value="{other_place.pk}" selected>Parish hall' in answer.content.decode()
    assert "The gap was opened." in page(client, gap)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"title": ""}, "This field is required"),
        ({"owner": "0"}, "Select a valid choice"),
        ({"scheme": "0"}, "Select a valid choice"),
        ({"area": "999999"}, "Select a valid choice"),
    ],
)
def test_an_invalid_gap_is_refused_with_a_reason(client, officer, scheme, change, words):
    sent = {"scheme": scheme.pk, "title": "Nobody", "owner": officer.pk, **change}
    assert words in post(client, "open_gap", **sent).content.decode()
    assert not Gap.objects.exists()


def test_a_gap_lies_in_one_area_and_has_an_owner_in_the_scheme(officer, scheme):
    with pytest.raises(Refused, match="must have a role"):
        actions.open_gap(scheme, title="x", owner=OfficerFactory().user, by=officer)
    with pytest.raises(Refused, match="belongs to another scheme"):
        actions.open_gap(
            scheme, title="x", owner=officer, drawn_area=DrawnAreaFactory(), by=officer
        )
    ward = Area.objects.create(code="E05", name="W", kind="ward", boundary=square(450000, 115000))
    own = DrawnAreaFactory(scheme=scheme)
    with pytest.raises(Refused, match="not both"):
        actions.open_gap(scheme, title="x", owner=officer, area=ward, drawn_area=own, by=officer)
    assert not Gap.objects.exists()


def test_approaches_are_recorded_and_their_answers_updated(client, officer, scheme):
    gap = GapFactory(scheme=scheme, owner=officer)
    venue = VenueFactory(lead_scheme=scheme, name="The Copper Kettle")
    post(client, "record_approach", gap.pk, venue=venue.pk, answer="asked", next_step="Visit")
    post(client, "record_approach", gap.pk, name="The vicar", answer="not_now")
    approach = gap.approaches.get(venue=venue)
    prefix = f"approach-{approach.pk}"
    sent = {f"{prefix}-answer": "joined", f"{prefix}-next_step": "", f"{prefix}-due_on": ""}
    post(client, "change_approach", gap.pk, approach.pk, **sent)
    answers = {str(each): each.answer for each in gap.approaches.all()}
    assert answers == {"The Copper Kettle": "joined", "The vicar": "not_now"}
    assert "An approach was written down: joined." in page(client, gap)


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"answer": "asked"}, "Say whom"),
        ({"name": "A", "venue": "VENUE", "answer": "asked"}, "Say whom"),
        ({"name": "A", "answer": "perhaps"}, "Select a valid choice"),
        ({"name": "A", "answer": "asked", "due_on": "soon"}, "Enter a valid date"),
        ({"other_place": "OTHERS", "answer": "asked"}, "Select a valid choice"),
    ],
)
def test_an_invalid_approach_is_refused_with_a_reason(client, officer, scheme, sent, words):
    gap = GapFactory(scheme=scheme, owner=officer)
    known = {"VENUE": VenueFactory(lead_scheme=scheme).pk, "OTHERS": OtherPlaceFactory().pk}
    sent = {name: known.get(value, value) for name, value in sent.items()}
    assert words in post(client, "record_approach", gap.pk, **sent).content.decode()
    assert not Approach.objects.exists()


def test_places_near_the_gap_are_suggested(client, officer, scheme):
    area = DrawnAreaFactory(scheme=scheme, boundary=square(450000, 115000))
    gap = GapFactory(scheme=scheme, owner=officer, drawn_area=area)
    OtherPlaceFactory(source__scheme=scheme, name="Near hall")
    far = OtherPlaceFactory(
        source__scheme=scheme, name="Far hall", point="SRID=27700;POINT(1000 1000)"
    )
    assert "Near hall" in page(client, gap)
    assert "Far hall" not in page(client, gap)
    assert "Far hall" in page(client, gap, f"?other_place={far.pk}")


def test_a_gap_is_changed_closed_and_reopened(client, officer, scheme):
    gap = GapFactory(scheme=scheme, owner=officer)
    post(client, "change_gap", gap.pk, title="Nobody on Fridays", owner=officer.pk)
    assert "how it ended" in post(client, "close_gap", gap.pk, outcome="").content.decode().lower()
    post(client, "close_gap", gap.pk, outcome="The hall opens on Fridays")
    gap.refresh_from_db()
    assert (gap.title, gap.closed_by) == ("Nobody on Fridays", officer)
    assert (
        "open it again first"
        in post(client, "record_approach", gap.pk, name="A", answer="no").content.decode()
    )
    post(client, "reopen_gap", gap.pk)
    gap.refresh_from_db()
    assert (gap.closed_at, gap.outcome) == (None, "")
    kinds = list(Event.objects.order_by("id").values_list("kind", flat=True))
    assert kinds == [f"coverage.gap_{what}" for what in ("changed", "closed", "reopened")]


def test_a_gap_without_news_appears_in_its_officers_queue(
    officer, scheme, django_assert_num_queries
):
    now = timezone.now()
    ago = now - datetime.timedelta(days=31)
    silent = GapFactory(scheme=scheme, owner=officer, opened_at=ago, title="Quiet gap")
    ApproachFactory(gap=silent, changed_at=ago)
    GapFactory(scheme=scheme, owner=officer)
    GapFactory(opened_at=ago)

    def gaps():
        return next(queue for queue in work_queue(officer, now) if queue.key == "gaps")

    (row,) = gaps().rows
    assert (row.title, row.scheme) == ("Quiet gap", "Our Scheme")
    assert row.owner == str(officer)
    assert row.due == timezone.localdate(now - datetime.timedelta(days=1))
    actions.record_approach(silent, name="The vicar", answer="visiting", by=officer)
    assert gaps().rows == []


def test_other_councils_and_viewers_cannot_change_a_gap(client, scheme):
    gap = GapFactory(scheme=scheme, title="Our gap")
    approach = ApproachFactory(gap=gap)
    names = ["change_gap", "close_gap", "reopen_gap", "record_approach"]
    for role, status in (
        (OfficerFactory(role="administrator"), 404),
        (OfficerFactory(scheme=scheme, role="viewer"), 403),
    ):
        client.force_login(role.user)
        for name in names:
            assert post(client, name, gap.pk).status_code == status, name
        assert post(client, "change_approach", gap.pk, approach.pk).status_code == status
    assert "Our gap" in page(client, gap)
    assert post(client, "open_gap").status_code == 403
