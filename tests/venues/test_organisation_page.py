"""All of an organisation's places in one table: their status, what is left, and by when."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.factories import (
    MembershipFactory,
    OfficerFactory,
    OrganisationFactory,
    RequirementFactory,
    SignUpFactory,
    StickerFactory,
    VenueFactory,
)
from tests.venues.portal import a_scheme
from venues.models import SignUp

pytestmark = pytest.mark.django_db
ALWAYS = [(day, "00:00", "00:00") for day in range(7)]


@pytest.fixture
def scheme():
    return a_scheme()


@pytest.fixture
def organisation():
    return OrganisationFactory(name="Copper Kettle Ltd")


@pytest.fixture
def head_office(client, organisation):
    member = MembershipFactory(organisation=organisation)
    client.force_login(member.user)
    return member


def branch(organisation, scheme, name, *, draft=False, state=None, venue=None, **more):
    """An approved place open day and night, or a draft."""
    more = more if draft else {"approved": True, **more}
    place = {"hours": ALWAYS, "name": name, **(venue or {})}
    sign_up = SignUpFactory(
        scheme=scheme,
        agreed=True,
        venue=VenueFactory(organisation=organisation, lead_scheme=scheme, **place),
        **more,
    )
    if state:
        SignUp.objects.filter(pk=sign_up.pk).update(state=state)
    return sign_up


def page_of(client, organisation, **asked):
    return client.get(reverse("organisation_home", args=[organisation.pk]), asked)


def names(response):
    return [row.sign_up.venue.name for row, _cells in response.context["page"]]


def test_the_most_urgent_place_comes_first(client, organisation, scheme, head_office):
    today = timezone.localdate()
    RequirementFactory(
        principle=scheme.principles.first(), evidence="current_sticker", needed_for="standing"
    )
    branch(organisation, scheme, "Withdrawn", state="withdrawn")
    quiet = branch(organisation, scheme, "Nothing to do")
    soon = branch(organisation, scheme, "Sticker runs out")
    for sign_up, days in ((quiet, 300), (soon, 20)):
        StickerFactory(
            sign_up=sign_up,
            displayed_at=timezone.now(),
            displayed_by=head_office.user,
            expires_on=today + datetime.timedelta(days=days),
        )
    branch(organisation, scheme, "Draft", draft=True)
    branch(organisation, scheme, "Changes asked", submitted=True, state="changes_asked_for")

    response = page_of(client, organisation)

    assert names(response) == [
        "Changes asked",
        "Sticker runs out",
        "Draft",
        "Nothing to do",
        "Withdrawn",
    ]
    page = response.content.decode()
    assert "The council asks for changes." in page
    assert "Finish the sign-up and send it." in page


def test_a_row_shows_hours_sticker_and_what_is_left_with_its_due_date(
    client, organisation, scheme, head_office
):
    sign_up = branch(organisation, scheme, "Quay Lane")
    RequirementFactory(
        principle=scheme.principles.first(), evidence="sticker_displayed", needed_for="standing"
    )
    StickerFactory(sign_up=sign_up, sent=True, number=7, expires_on=datetime.date(2031, 5, 4))
    (row, cells) = page_of(client, organisation).context["page"][0]
    assert row.sentence == "People can find it."
    assert [due.words for due in row.to_do] == [
        "Put the sticker up where people can see it from the street, then tell us."
    ]
    assert "7, not up yet" in cells


def test_columns_for_stickers_and_returns_are_hidden_when_the_scheme_has_none(
    client, organisation, scheme, head_office
):
    branch(organisation, scheme, "Quay Lane")

    def titles():
        table = page_of(client, organisation).context["table"]
        return [str(column.title) for column in table.columns]

    scheme.offers_stickers = scheme.offers_training = True
    scheme.save()
    assert titles() == ["Hours confirmed", "Trained until", "Sticker", "Last return"]
    scheme.offers_stickers = scheme.offers_training = False
    scheme.returns_every = "none"
    scheme.save()
    assert titles() == ["Hours confirmed"]


def test_the_table_can_be_filtered_by_text_and_by_status(client, organisation, scheme, head_office):
    branch(organisation, scheme, "Quay Lane", venue={"postcode": "SO23 9LJ"})
    branch(organisation, scheme, "High Street", draft=True)
    assert names(page_of(client, organisation, q="quay so239lj")) == ["Quay Lane"]
    assert names(page_of(client, organisation, show="not_sent")) == ["High Street"]
    assert names(page_of(client, organisation, show="found")) == ["Quay Lane"]
    nothing = page_of(client, organisation, q="nowhere")
    assert "None of your places match." in nothing.content.decode()
    odd = page_of(client, organisation, show="everything", q="%", page="x", scheme="y")
    assert odd.status_code == 200


def test_the_filter_offers_only_what_the_schemes_of_these_places_have(
    client, organisation, scheme, head_office
):
    def offered():
        choices = page_of(client, organisation).context["form"].fields["show"].choices
        return [str(words) for _key, words in choices][5:]

    branch(organisation, scheme, "Quay Lane")
    scheme.offers_stickers = scheme.offers_training = True
    scheme.save()
    assert offered() == [
        "Hours to confirm",
        "With too few trained people",
        "Without a current sticker in the window",
        "With a return to send",
    ]
    scheme.offers_stickers = scheme.offers_training = False
    scheme.returns_every = "none"
    scheme.save()
    assert offered() == ["Hours to confirm"]
    # An address kept from before names a part that is gone: it filters nothing.
    assert names(page_of(client, organisation, show="sticker")) == ["Quay Lane"]


def test_the_table_is_narrowed_to_places_without_a_current_sticker(
    client, organisation, scheme, head_office
):
    scheme.offers_stickers = True
    scheme.save()
    branch(organisation, scheme, "Without")
    branch(organisation, scheme, "Not a member yet", draft=True)
    StickerFactory(
        sign_up=branch(organisation, scheme, "With"),
        displayed_at=timezone.now(),
        displayed_by=head_office.user,
        expires_on=timezone.localdate() + datetime.timedelta(days=300),
    )
    assert names(page_of(client, organisation, show="sticker")) == ["Without"]
    csv = client.get(reverse("organisation_csv", args=[organisation.pk]), {"show": "sticker"}).text
    assert "Without" in csv
    assert "With," not in csv


def test_the_csv_matches_the_page_and_escapes_formulas(client, organisation, scheme, head_office):
    branch(organisation, scheme, "=SUM(A1)")
    branch(organisation, scheme, "Quay Lane")
    address = reverse("organisation_csv", args=[organisation.pk])
    lines = client.get(address).content.decode().splitlines()
    assert len(lines) == 3
    assert lines[0].startswith("\ufeffPlace,Address,Scheme,State,Left to do,First by")
    assert "'=SUM(A1)" in "".join(lines)
    assert len(client.get(address, {"q": "quay"}).content.decode().splitlines()) == 2


def test_four_hundred_branches_take_the_same_queries_as_four(
    client, organisation, scheme, head_office
):
    def queries():
        with CaptureQueriesContext(connection) as asked:
            assert page_of(client, organisation).status_code == 200
        return len(asked)

    for number in range(4):
        branch(organisation, scheme, f"Branch {number}", listed=True)
    few = queries()
    for number in range(12):
        branch(organisation, scheme, f"More {number}", listed=True)
    assert queries() == few
    assert few < 30


def test_a_branch_manager_sees_only_their_places_and_cannot_add_any(client, organisation, scheme):
    mine = branch(organisation, scheme, "Quay Lane")
    branch(organisation, scheme, "Station")
    client.force_login(MembershipFactory(organisation=organisation, venues=[mine.venue]).user)
    response = page_of(client, organisation)
    assert names(response) == ["Quay Lane"]
    assert reverse("add_branch", args=[organisation.pk]) not in response.content.decode()
    assert client.get(reverse("add_branch", args=[organisation.pk])).status_code == 404
    table = client.get(reverse("organisation_csv", args=[organisation.pk])).content.decode()
    assert "Station" not in table


def test_outsiders_and_members_with_no_places_get_404(client, organisation, scheme):
    branch(organisation, scheme, "Quay Lane")
    for member in (MembershipFactory(), MembershipFactory(organisation=organisation, venues=[])):
        client.force_login(member.user)
        assert page_of(client, organisation).status_code == 404


def test_an_empty_organisation_says_so_and_offers_to_add_a_place(client, organisation, head_office):
    page = page_of(client, organisation).content.decode()
    assert "No places yet." in page
    assert "Add a place" in page


def test_head_office_can_add_a_place_with_the_organisation_filled_in(
    client, organisation, scheme, head_office
):
    address = reverse("add_branch", args=[organisation.pk])
    wrong = client.post(address, {"postcode": "nonsense"})
    assert "Write a whole postcode" in wrong.content.decode()
    assert not organisation.venues.exists()
    client.post(address, {"postcode": "so239lj"})
    venue = organisation.venues.get()
    assert venue.postcode == "SO23 9LJ"
    assert venue.sign_ups.get().state == "draft"


def test_somebody_with_several_places_is_linked_to_the_table(
    client, organisation, scheme, head_office
):
    for number in range(2):
        branch(organisation, scheme, f"Branch {number}")
    address = reverse("organisation_home", args=[organisation.pk])
    assert address in client.get(reverse("portal_home")).content.decode()
    for number in range(9):
        branch(organisation, scheme, f"More {number}")
    assert client.get(reverse("portal_home")).url == address


def test_officers_see_only_the_places_in_their_own_schemes(client, organisation, scheme):
    branch(organisation, scheme, "Quay Lane")
    branch(organisation, a_scheme(), "Elsewhere")
    client.force_login(OfficerFactory(scheme=scheme, role="viewer").user)
    address = reverse("admin:organisation_places", args=[organisation.pk])
    page = client.get(address).content.decode()
    assert "Quay Lane" in page
    assert "Elsewhere" not in page
    assert "/portal/" not in page
    table = client.get(reverse("admin:organisation_places_csv", args=[organisation.pk]))
    assert "Quay Lane" in table.content.decode()
    client.force_login(OfficerFactory().user)
    assert client.get(address).status_code == 404
