"""A person has one letter about everything their places lost, and each place its own record."""

import datetime

import pytest
from django.conf import settings
from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from post_office.models import STATUS, Email

from tests.factories import (
    MembershipFactory,
    OrganisationFactory,
    RequirementFactory,
    SchemeFactory,
    SignUpFactory,
)
from venues import duties
from venues.actions import keep_fates, mark_letter_posted, send_failed_letter_again
from venues.duties import warn_of_lapses
from venues.models import Event, Lapse, Letter, SignUp, Venue

pytestmark = pytest.mark.django_db
GRACE = 28
HEAD, AREA = "head@copper.example", "area@copper.example"
TEAM = "team@example.org"


def noon(after=0):
    return timezone.now().replace(hour=12) + datetime.timedelta(days=after)


def listed(after=0):
    on = timezone.localdate() + datetime.timedelta(days=after)
    return set(SignUp.objects.listed(on).values_list("venue__name", flat=True))


def mails_to(address):
    return [email for email in Email.objects.order_by("pk") if address in email.to]


def all_are(status):
    Email.objects.update(status=status, last_updated=timezone.now())


@pytest.fixture
def scheme():
    scheme = SchemeFactory(grace_days=GRACE, contact_email=TEAM)
    RequirementFactory(principle__scheme=scheme, evidence="online_presence", needed_for="standing")
    return scheme


@pytest.fixture
def chain():
    organisation = OrganisationFactory(name="Copper Kettle Ltd")
    MembershipFactory(organisation=organisation, user__email=HEAD)
    return organisation


def branch(scheme, organisation, name, **venue):
    more = {"contact_email": "", "website": "", **venue}
    return SignUpFactory(
        scheme=scheme,
        approved=True,
        approved_at=noon(-300),
        listed_since=timezone.localdate() - datetime.timedelta(days=290),
        venue__organisation=organisation,
        venue__name=name,
        **{f"venue__{field}": value for field, value in more.items()},
    )


@pytest.fixture
def branches(scheme, chain):
    return [branch(scheme, chain, f"Kettle {number:02}") for number in range(1, 13)]


def test_a_manager_of_twelve_branches_gets_one_letter_that_names_each(branches, chain):
    warn_of_lapses(noon())
    (mail,) = mails_to(HEAD)
    assert "12 of your places" in mail.subject
    last = timezone.localdate() + datetime.timedelta(days=GRACE)
    for sign_up in branches:
        assert sign_up.venue.name in mail.message
    assert mail.message.count(f"by {last.day} {last:%B %Y}") == 12
    assert mail.html_message.count("display:inline-block") == 1
    assert settings.SITE_URL + reverse("organisation_home", args=[chain.pk]) in mail.message


def test_the_team_gets_one_copy_of_it(branches):
    warn_of_lapses(noon())
    (copy,) = mails_to(TEAM)
    assert "Kettle 01" in copy.message
    assert "Kettle 12" in copy.message


def test_the_second_letter_is_one_for_all_places_too(branches):
    warn_of_lapses(noon())
    all_are(STATUS.sent)
    warn_of_lapses(noon())
    warn_of_lapses(noon(GRACE - 7))
    warn_of_lapses(noon(GRACE - 6))
    _first, second = mails_to(HEAD)
    assert "12 of your places" in second.subject
    assert "Kettle 12" in second.message
    assert Lapse.objects.filter(reminder__email=second).count() == 12


def test_each_place_keeps_its_own_record_of_the_one_letter(branches):
    warn_of_lapses(noon())
    (mail,) = mails_to(HEAD)
    for sign_up in branches:
        letter = sign_up.letters.get(kind="venues.lapse_warned")
        assert letter.email == mail
        assert letter.recipients == 1
        assert letter.venue == sign_up.venue
        assert sign_up.lapses.get().letter == letter
        assert Event.objects.filter(kind="venues.lapse_warned", sign_up=sign_up).count() == 1
        others = [each.venue.name for each in branches if each != sign_up]
        assert sign_up.venue.name in letter.text
        assert "part of one e-mail about 12 places" in letter.text
        assert not any(name in letter.text for name in others)


def test_a_failed_shared_letter_unlists_no_place(branches):
    warn_of_lapses(noon())
    all_are(STATUS.failed)
    keep_fates()
    warn_of_lapses(noon(2))
    assert len(listed(GRACE + 50)) == 12
    assert Letter.objects.to_post().count() == 12


def test_after_a_failed_shared_letter_each_place_waits_for_its_own_posted_one(branches):
    warn_of_lapses(noon())
    all_are(STATUS.failed)
    keep_fates()
    mark_letter_posted(branches[0].letters.get(), by=branches[0].started_by)
    warn_of_lapses(noon())
    assert Lapse.objects.get(announced_at__isnull=False).sign_up == branches[0]
    assert len(listed(GRACE)) == 12
    assert len(listed(GRACE + 1)) == 11


def test_a_shared_letter_sent_again_counts_for_all_its_places(branches):
    warn_of_lapses(noon())
    all_are(STATUS.failed)
    keep_fates()
    assert send_failed_letter_again(mails_to(HEAD)[0])
    all_are(STATUS.sent)
    warn_of_lapses(noon())
    assert Lapse.objects.filter(announced_at__isnull=False).count() == 12
    assert len(listed(GRACE)) == 12
    assert not listed(GRACE + 1)


def test_a_manager_of_one_place_gets_the_usual_letter(scheme, chain):
    sign_up = branch(scheme, chain, "The Only Kettle", contact_email="only@copper.example")
    warn_of_lapses(noon())
    (mail,) = mails_to(HEAD)
    assert mail.to == [HEAD, "only@copper.example"]
    assert mail.subject == "Something is missing: The Only Kettle"
    assert settings.SITE_URL + reverse("sign_up", args=[sign_up.pk]) in mail.message
    assert "one e-mail" not in mail.message
    assert "one e-mail" not in Letter.objects.get().text


def test_each_manager_reads_only_about_the_branches_they_look_after(branches, chain):
    mine = [sign_up.venue for sign_up in branches[:2]]
    MembershipFactory(organisation=chain, user__email=AREA, venues=mine)
    Venue.objects.filter(pk=mine[0].pk).update(contact_email="first@copper.example")
    warn_of_lapses(noon())
    (to_area,) = mails_to(AREA)
    assert to_area.to == [AREA]
    assert "2 of your places" in to_area.subject
    assert "Kettle 03" not in to_area.message
    (to_branch,) = mails_to("first@copper.example")
    assert to_branch.subject == "Something is missing: Kettle 01"
    assert "Kettle 02" not in to_branch.message
    assert "12 of your places" in mails_to(HEAD)[0].subject


def test_grace_ends_only_when_the_letters_to_everybody_have_gone(branches):
    Venue.objects.filter(name="Kettle 01").update(contact_email="first@copper.example")
    warn_of_lapses(noon())
    for stuck in (mails_to("first@copper.example")[0], mails_to(HEAD)[0]):
        all_are(STATUS.sent)
        Email.objects.filter(pk=stuck.pk).update(status=STATUS.failed)
        warn_of_lapses(noon())
        assert branches[0].lapses.get().announced_at is None
        assert "Kettle 01" in listed(GRACE + 50)
    all_are(STATUS.sent)
    warn_of_lapses(noon())
    assert branches[0].lapses.get().announced_at is not None
    assert not listed(GRACE + 1)


def test_a_letter_that_one_of_two_never_got_is_still_known_after_the_outbox_is_emptied(
    branches,
):
    Venue.objects.filter(name="Kettle 01").update(contact_email="first@copper.example")
    warn_of_lapses(noon())
    all_are(STATUS.sent)
    Email.objects.filter(pk=mails_to("first@copper.example")[0].pk).update(status=STATUS.failed)
    keep_fates()
    Email.objects.all().delete()
    warn_of_lapses(noon())
    assert "Kettle 01" in listed(GRACE + 50)
    unsent = branches[0].letters.to_post().get()
    mark_letter_posted(unsent, by=branches[0].started_by)
    warn_of_lapses(noon())
    assert "Kettle 01" not in listed(GRACE + 1)


def test_places_without_an_address_each_have_a_letter_to_post(scheme, branches):
    nobody = OrganisationFactory()
    posted = [branch(scheme, nobody, name) for name in ("The Ark", "The Dove")]
    warn_of_lapses(noon())
    assert set(Letter.objects.to_post().values_list("sign_up", flat=True)) == {
        sign_up.pk for sign_up in posted
    }
    for sign_up in posted:
        letter = sign_up.letters.get()
        assert letter.email is None
        assert sign_up.venue.name in letter.text
        assert "one e-mail" not in letter.text


def test_an_invalid_address_counts_as_none(scheme, branches):
    Venue.objects.filter(name="Kettle 01").update(contact_email="ring the bell")
    nobody = OrganisationFactory()
    for name in ("The Ark", "The Dove"):
        branch(scheme, nobody, name, contact_email="ring the bell")
    warn_of_lapses(noon())
    assert branches[0].letters.count() == 1
    assert Letter.objects.to_post().count() == 2


def test_each_scheme_signs_its_own_letter(scheme, branches):
    other = SchemeFactory(name="Quiet Havens", grace_days=GRACE, contact_email="q@example.org")
    RequirementFactory(principle__scheme=other, evidence="online_presence", needed_for="standing")
    for sign_up in branches[:2]:
        SignUpFactory(
            scheme=other,
            venue=sign_up.venue,
            approved=True,
            approved_at=noon(-300),
            listed_since=timezone.localdate() - datetime.timedelta(days=290),
        )
    warn_of_lapses(noon())
    mails = {mail.headers["Reply-To"]: mail for mail in mails_to(HEAD)}
    assert set(mails) == {TEAM, "q@example.org"}
    assert len(mails_to(HEAD)) == 2
    assert "12 of your places" in mails[TEAM].subject
    assert "2 of your places" in mails["q@example.org"].subject
    assert "Quiet Havens" in mails["q@example.org"].message


def test_somebody_with_places_of_two_organisations_is_sent_to_the_portals_first_page(
    scheme, chain, branches
):
    other = OrganisationFactory()
    MembershipFactory(organisation=other, user=chain.memberships.get().user)
    branch(scheme, other, "The Ark")
    warn_of_lapses(noon())
    (mail,) = mails_to(HEAD)
    assert "13 of your places" in mail.subject
    assert f"{settings.SITE_URL}{reverse('portal_home')}\n" in mail.message
    assert len(mails_to(TEAM)) == 2


def test_one_persons_places_share_a_letter_even_in_batches_of_one(branches, monkeypatch):
    monkeypatch.setattr(duties, "AT_ONCE", 1)
    warn_of_lapses(noon())
    assert len(mails_to(HEAD)) == 1


def test_the_letters_are_written_once(branches):
    assert warn_of_lapses(noon()) == 12
    assert warn_of_lapses(noon()) == 0
    per_place = Letter.objects.values("sign_up").annotate(number=Count("pk"))
    assert {row["number"] for row in per_place} == {1}
