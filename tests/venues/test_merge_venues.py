"""Merging two entries of one place, with everything attached to them, and undoing it."""

import datetime

import pytest
from django.apps import apps
from django.utils import timezone

from common.refusals import Refused
from tests.coverage.factories import ApproachFactory, OtherPlaceFactory
from tests.factories import (
    ALWAYS,
    MembershipFactory,
    OfficerFactory,
    OrganisationFactory,
    RequirementFactory,
    SchemeFactory,
    SignUpFactory,
    StaffMemberFactory,
    UserFactory,
    VenueFactory,
)
from tests.partnership.factories import MeetingFactory, UsageReturnFactory
from tests.training.factories import CompletionFactory
from tests.training.session_factories import BookingFactory, SessionFactory
from venues import merging
from venues.actions import (
    agree_to_merge,
    change_venue,
    effect_of_merge,
    merge_venues,
    refuse_merge,
    undo_merge,
)
from venues.models import (
    Answer,
    Closure,
    Criterion,
    Event,
    Letter,
    Membership,
    Merge,
    Organisation,
    SignUp,
    Sticker,
    Venue,
    VenueEdit,
    VenueVersion,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept_stay_right")]
HISTORY = {"venues.Event", "venues.Letter", "venues.Merge", "venues.Merge_schemes"}
HISTORY |= {"venues.KeptMark", "venues.KeptVenue", "venues.KeptListing", "venues.KeptProof"}
HISTORY |= {"venues.KeptRepair"}
HISTORY |= {"venues.Merge_agreed", "post_office.Email", "django_q.OrmQ"}


STAMPS = {"venues.KeptDay": "made_at", "venues.KeptVenue": "changed_at"}
"""When a kept row was looked at again last, whether or not anything came out differently."""


def rows():
    """Every row of every table except history, outbox and stamps, by model."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        if model._meta.label not in HISTORY and model._meta.managed and not model._meta.proxy:
            names = [each.attname for each in model._meta.concrete_fields]
            names = [each for each in names if each != STAMPS.get(model._meta.label)]
            found[model._meta.label] = sorted(
                repr([getattr(value, "hexewkb", value) for value in row])
                for row in model._base_manager.values_list(*names)
            )
    return found


@pytest.fixture
def boss():
    return UserFactory(is_superuser=True, is_staff=True)


@pytest.fixture
def two():
    """(keep, other): one café in two schemes, each with its own organisation and manager."""
    keep = SignUpFactory(approved=True, listed=True, venue__name="Copper Kettle").venue
    other = SignUpFactory(
        approved=True, listed=True, venue__name="The Copper Kettle", venue__hours=ALWAYS
    ).venue
    for venue in (keep, other):
        MembershipFactory(organisation=venue.organisation)
        VenueVersion.objects.create(
            venue=venue, point=venue.point, listing="public", valid_from="2025-01-01"
        )
    return keep, other


def fill(venue):
    """Create one of everything that can belong to a place."""
    sign_up = venue.sign_ups.first()
    person = StaffMemberFactory(organisation=venue.organisation, venue=venue)
    CompletionFactory(staff_member=person, scheme=sign_up.scheme)
    session = SessionFactory(scheme=sign_up.scheme, venue=venue)
    BookingFactory(session=session, sign_up=sign_up, staff_member=person)
    UsageReturnFactory(sign_up=sign_up)
    MeetingFactory(scheme=sign_up.scheme, venue=venue)
    ApproachFactory(gap__scheme=sign_up.scheme, venue=venue, name="")
    place = OtherPlaceFactory(source__scheme=sign_up.scheme)
    place.venue, place.linked_at, place.linked_by = venue, timezone.now(), UserFactory()
    place.save()
    Closure.objects.create(venue=venue, starts_on="2030-01-01", ends_on="2030-01-02")
    criterion = Criterion.objects.create(
        theme=apps.get_model("venues.Theme").objects.first(),
        question="Is it warm?",
        order=900,
        slug=f"warm-{venue.pk}",
    )
    Answer.objects.create(criterion=criterion, venue=venue, value="yes", answered_by=UserFactory())
    Letter.objects.create(kind="venues.approve", sign_up=sign_up, venue=venue, subject="Yes")
    Event.objects.record("venues.hours_confirmed", venue=venue)
    return person


def test_every_foreign_key_to_a_merged_model_has_a_rule():
    about = {Venue, Organisation, SignUp}
    keys = {
        (model, field.name)
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.concrete_fields
        if field.is_relation and field.related_model in about
    }
    assert keys == merging.rules().keys()
    assert all(rule.comes or rule.why for rule in merging.rules().values())


def test_everything_attached_to_the_other_entry_is_moved(two, boss):
    keep, other = two
    person = fill(other)
    sign_up, slug = other.sign_ups.get(), other.slug
    left = {
        f"{model._meta.label}.{name}"
        for (model, name), rule in merging.rules().items()
        if rule.comes
        and model._meta.get_field(name).related_model is Venue
        and model._base_manager.filter(**{name: other}).exists()
    }
    assert len(left) >= 10  # guards against an empty fixture
    merge = merge_venues(keep, other, by=boss)
    assert merge.done_at
    for (model, name), rule in merging.rules().items():
        if rule.comes and model._meta.get_field(name).related_model is Venue:
            assert not model._base_manager.filter(**{name: other}).exclude(pk=other.pk).exists()
    sign_up.refresh_from_db()
    person.refresh_from_db()
    assert sign_up.venue == keep
    assert person.organisation == keep.organisation
    assert keep.opening_hours.count() == 7  # there were none here
    assert keep.answers.count() == 1
    assert not Venue.objects.filter(pk=other.pk).exists()
    assert Venue.with_merged.get(slug=slug).merged_into == keep
    assert SignUp.objects.listed(timezone.localdate()).filter(venue=keep).count() == 2


def test_the_kept_places_details_win_and_only_gaps_are_filled(two, boss):
    keep, other = two
    Venue.objects.filter(pk=keep.pk).update(step_free=False, toilet=None, phone="")
    Venue.objects.filter(pk=other.pk).update(step_free=True, toilet=True, phone="01632 960001")
    merge_venues(keep, other, by=boss)
    keep.refresh_from_db()
    assert (keep.step_free, keep.toilet, keep.phone) == (False, True, "01632 960001")
    assert keep.name == "Copper Kettle"


def test_merging_and_undoing_restores_every_row(two, boss, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    keep, other = two
    fill(keep)
    fill(other)
    Venue.objects.filter(pk=other.pk).update(photo="venues/x.jpg", photo_alt="A door", quiet=True)
    RequirementFactory(principle__scheme=keep.sign_ups.get().scheme, needed_for="standing")
    before = rows()
    merge = merge_venues(keep, other, by=boss)
    assert rows() != before
    undo_merge(merge, by=boss)
    now = rows()
    assert {label for label in before if before[label] != now[label]} == set()
    assert Letter.objects.get(pk__in=merge.letters).withdrawn_at


def test_two_live_sign_ups_to_one_scheme_are_refused_with_what_to_do(boss):
    scheme = SchemeFactory(name="Safe Havens")
    keep, other = (SignUpFactory(scheme=scheme, approved=True).venue for _place in "ab")
    with pytest.raises(Refused, match="Both have a sign-up to Safe Havens"):
        merge_venues(keep, other, by=boss)
    assert not Merge.objects.exists()
    other.sign_ups.update(state="withdrawn")
    assert merge_venues(keep, other, by=boss).done_at


def test_a_pending_change_of_name_must_be_decided_first(two, boss):
    keep, other = two
    VenueEdit.objects.create(
        venue=other, changes={"name": "X"}, asked_by=boss, asked_at=timezone.now()
    )
    with pytest.raises(Refused, match="Decide on that first"):
        merge_venues(keep, other, by=boss)


def test_people_who_also_work_elsewhere_are_refused_with_a_way_out(two, boss):
    keep, other = two
    elsewhere = VenueFactory(organisation=other.organisation)
    person = StaffMemberFactory(organisation=other.organisation, venue=other)
    person.posts.create(venue=elsewhere, from_date="2024-01-01")
    with pytest.raises(Refused, match="Merge the two organisations first"):
        merge_venues(keep, other, by=boss)


def test_somebody_with_posts_at_both_keeps_one(boss):
    organisation = OrganisationFactory()
    keep, other = (
        SignUpFactory(venue__organisation=organisation, approved=True).venue for _place in "ab"
    )
    person = StaffMemberFactory(organisation=organisation, venue=keep)
    person.posts.create(venue=other, from_date="2024-01-01")
    merge_venues(keep, other, by=boss)
    assert person.posts.filter(venue=keep, until=None).count() == 1
    assert person.posts.filter(venue=keep).count() == 2


def test_managers_of_the_other_entry_manage_only_the_kept_place(two, boss):
    keep, other = two
    branch = VenueFactory(organisation=keep.organisation)
    manager = other.organisation.memberships.get().user
    merge_venues(keep, other, by=boss)
    mine = Venue.objects.managed_by(manager)
    assert list(mine) == [keep]
    assert branch not in mine


def test_managers_of_both_get_one_letter_after_the_ten_minutes(two, boss):
    keep, other = two
    merge = merge_venues(keep, other, by=boss)
    letter = Letter.objects.get(pk__in=merge.letters)
    managers = {each.user.email for each in Membership.objects.filter(role="manager")}
    assert managers <= set(letter.email.to)
    assert letter.waits_until > timezone.now() + datetime.timedelta(minutes=9)


def test_an_officer_of_one_scheme_asks_and_the_other_agrees(two):
    keep, other = two
    own, others = keep.lead_scheme, other.lead_scheme
    asking = OfficerFactory(scheme=own).user
    answering = OfficerFactory(scheme=others).user
    merge = merge_venues(keep, other, by=asking)
    assert merge.done_at is None
    assert Venue.objects.filter(pk=other.pk).exists()
    with pytest.raises(Refused, match="agreed already"):
        agree_to_merge(merge, by=asking)
    with pytest.raises(Refused, match="waits to be merged already"):
        merge_venues(other, keep, by=answering)
    agree_to_merge(merge, by=answering)
    assert not Venue.objects.filter(pk=other.pk).exists()


def test_a_refusal_leaves_both_entries_unchanged(two):
    keep, other = two
    merge = merge_venues(keep, other, by=OfficerFactory(scheme=keep.lead_scheme).user)
    refuse_merge(merge, by=OfficerFactory(scheme=other.lead_scheme).user)
    assert Venue.objects.filter(pk__in=[keep.pk, other.pk]).count() == 2
    with pytest.raises(Refused, match="does not wait"):
        agree_to_merge(merge, by=OfficerFactory(scheme=other.lead_scheme).user)


@pytest.mark.parametrize("role", ["viewer", "trainer", "chair"])
def test_an_officer_without_the_permission_in_either_scheme_cannot_merge(two, role):
    keep, other = two
    with pytest.raises(Refused, match="Only an officer"):
        merge_venues(keep, other, by=OfficerFactory(scheme=keep.lead_scheme, role=role).user)


def test_undo_is_refused_in_words_after_a_change_to_a_moved_row(two, boss):
    keep, other = two
    merge = merge_venues(keep, other, by=boss)
    change_venue(Venue.objects.get(pk=keep.pk), {"website": "https://new.example.org/"}, by=boss)
    before = rows()
    with pytest.raises(Refused, match="because of what was done since"):
        undo_merge(merge, by=boss)
    assert rows() == before


def test_undo_detects_a_changed_row_without_history(two, boss):
    keep, other = two
    merge = merge_venues(keep, other, by=boss)
    moved = SignUp.objects.filter(venue=keep).exclude(scheme=keep.lead_scheme)
    assert moved.update(reference="CHANGED") == 1
    with pytest.raises(Refused, match="has changed since"):
        undo_merge(merge, by=boss)


def test_undo_is_limited_to_ten_minutes_and_whoever_merged(two, boss):
    keep, other = two
    merge = merge_venues(keep, other, by=boss)
    with pytest.raises(Refused, match="Only the person"):
        undo_merge(merge, by=UserFactory(is_superuser=True))
    Merge.objects.update(done_at=timezone.now() - datetime.timedelta(minutes=11))
    with pytest.raises(Refused, match="ten minutes"):
        undo_merge(merge, by=boss)


def test_the_preview_states_the_whole_effect_and_writes_nothing(two, boss):
    keep, other = two
    fill(other)
    before = rows()
    effect, reasons = effect_of_merge(keep, other, by=boss)
    assert reasons == []
    assert rows() == before
    assert not Merge.objects.exists()
    said = " ".join(effect)
    for words in ("1 sign-up comes over", "post comes over", "opening hours come over"):
        assert words in said
    assert "1 training session" in said
    assert "1 meeting" in said


def test_a_place_merged_twice_still_redirects_to_the_final_one(two, boss):
    keep, other = two
    third = SignUpFactory(approved=True).venue
    merge_venues(keep, other, by=boss)
    merge_venues(third, Venue.objects.get(pk=keep.pk), by=boss)
    assert Venue.with_merged.get(pk=other.pk).merged_into == third
    assert third.sign_ups.count() == 3


def test_a_merged_place_accepts_no_decision_and_links_to_the_kept_one(two, boss):
    keep, other = two
    merge_venues(keep, other, by=boss)
    with pytest.raises(Refused, match="was merged with “Copper Kettle” meanwhile"):
        change_venue(other, {"website": ""}, by=boss)
    with pytest.raises(Refused, match="one entry already"):
        merge_venues(keep, keep, by=boss)


def test_old_stickers_remain_valid_at_the_kept_place(two, boss):
    keep, other = two
    sticker = other.sign_ups.get().stickers.get()
    merge_venues(keep, other, by=boss)
    sticker.refresh_from_db()
    assert sticker.sign_up.venue == keep
    assert Sticker.objects.current(timezone.localdate()).filter(sign_up__venue=keep).count() == 2
