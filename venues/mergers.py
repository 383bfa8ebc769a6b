"""What happens to this app's own rows when two places or organisations are merged."""

from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from venues.hours.timetable import week_as_read
from venues.merging import comes_over, refuses, stays
from venues.models import (
    Agreement,
    Answer,
    ChangeRequest,
    Check,
    Closure,
    Event,
    EvidenceRecord,
    HandOver,
    Import,
    Invitation,
    KeptListing,
    KeptProof,
    KeptVenue,
    Lapse,
    Letter,
    Membership,
    Merge,
    NotTheSameVenue,
    OpeningHours,
    Organisation,
    OrganisationSignUp,
    Post,
    SafetySuspension,
    SignUp,
    StaffMember,
    Sticker,
    Venue,
    VenueEdit,
    VenueVersion,
)

WITH_THE_SIGN_UP = "They belong to the sign-up, and come over with it."
BY_HAND = "`venues.actions.merges` plans it: more than a foreign key changes."

for model in (Lapse, EvidenceRecord, Sticker, Agreement, ChangeRequest, Check, Event, Letter):
    stays(model, "sign_up", why=WITH_THE_SIGN_UP)

for model in (KeptListing, KeptVenue):
    stays(model, "venue", why="It is worked out anew in the same transaction.")
stays(KeptProof, "sign_up", why=WITH_THE_SIGN_UP)


# Places


def _same_scheme_twice(keep, other):
    live = SignUp.objects.live().filter(scheme__in=keep.sign_ups.live().values("scheme"))
    for sign_up in live.filter(venue=other).select_related("scheme"):
        yield _(
            "Both have a sign-up to %(scheme)s that has not ended. Let one of the two leave the "
            "scheme first, then merge them."
        ) % {"scheme": sign_up.scheme}


def _something_waits(keep, other):
    for venue in (keep, other):
        if venue.hand_overs.open().exists():
            yield _(
                "A hand-over of %(venue)s waits for an answer. It has to be answered first."
            ) % {"venue": venue}
        if venue.edits.open().exists():
            yield _("%(venue)s asks for another name, address or point. Decide on that first.") % {
                "venue": venue
            }


def _people_who_work_elsewhere(keep, other):
    if keep.organisation_id == other.organisation_id:
        return
    here = StaffMember.objects.filter(posts__venue=other)
    elsewhere = here.filter(posts__in=Post.objects.exclude(venue=other)).distinct().count()
    if elsewhere:
        yield ngettext(
            "Somebody who works at %(venue)s works at another place of %(organisation)s too. "
            "Merge the two organisations first.",
            "%(count)s people who work at %(venue)s work at other places of %(organisation)s too. "
            "Merge the two organisations first.",
            elsewhere,
        ) % {"venue": other, "organisation": other.organisation, "count": elsewhere}


refuses(Venue, _same_scheme_twice)
refuses(Venue, _something_waits)
refuses(Venue, _people_who_work_elsewhere)


def _answers_that_keep_has(keep, other):
    about = "venue" if isinstance(keep, Venue) else "organisation"
    return Answer.objects.filter(**{about: other}).filter(
        criterion__in=Answer.objects.filter(**{about: keep}).values("criterion")
    )


def _closures_that_keep_has(keep, other):
    """The same dates: the kept place's hours win."""
    mine = keep.closures.values_list("starts_on", "ends_on")
    same = Q(pk__in=[])
    for starts, ends in mine:
        same |= Q(starts_on__lte=ends, ends_on__gte=starts)
    return Closure.objects.filter(venue=other).filter(same)


def _hours_unless_none(keep, other):
    rows = OpeningHours.objects.filter(venue=other)
    return rows if keep.opening_hours.exists() else rows.none()


def _chosen_twice(model, owner):
    """Memberships of another organisation, or that have already chosen the kept place."""

    def find(keep, other):
        have = model.objects.filter(venue=keep).values(owner)
        of_another = ~Q(**{f"{owner}__organisation": keep.organisation_id})
        return model.objects.filter(Q(**{f"{owner}__in": have}) | of_another, venue=other)

    return find


def _open_posts_at_both(keep, other):
    at_keep = Post.objects.filter(venue=keep, until=None).values("staff_member")
    return Post.objects.filter(venue=other, until=None, staff_member__in=at_keep)


def _sign_ups(count):
    return ngettext(
        "%(count)s sign-up comes over, with its sticker, agreements, bookings and returns.",
        "%(count)s sign-ups come over, with their stickers, agreements, bookings and returns.",
        count,
    ) % {"count": count}


def _posts(count):
    return ngettext(
        "%(count)s person’s post comes over, with their training.",
        "%(count)s posts of its people come over, with their training.",
        count,
    ) % {"count": count}


def _answers(count):
    return ngettext(
        "%(count)s answer comes over that is missing here.",
        "%(count)s answers come over that are missing here.",
        count,
    ) % {"count": count}


def _closures(count):
    return ngettext(
        "%(count)s closure or day with other hours comes over.",
        "%(count)s closures or days with other hours come over.",
        count,
    ) % {"count": count}


def _letters(count):
    return ngettext("%(count)s letter comes over.", "%(count)s letters come over.", count) % {
        "count": count
    }


def _events(count):
    return ngettext(
        "%(count)s line of its history comes over.",
        "%(count)s lines of its history come over.",
        count,
    ) % {"count": count}


def _hidden_by_the_same_scheme(keep, other):
    mine = keep.safety_suspensions.open().values("scheme")
    return SafetySuspension.objects.open().filter(venue=other, scheme__in=mine)


def _safety(count):
    return _("What hid it for safety comes over: as long as it lasts, the kept place is hidden.")


def _hours(count):
    return _("Its opening hours come over, because there are none here.")


def words_about_hours(keep: Venue, other: Venue) -> list[str]:
    """Whose hours are kept, with the other's in words, for the preview."""
    if not keep.opening_hours.exists() or not other.opening_hours.exists():
        return []
    today = timezone.localdate()
    read = Venue.with_merged.prefetch_related("opening_hours", "closures").in_bulk(
        [keep.pk, other.pk]
    )
    mine, theirs = (week_as_read(read[each.pk], today) for each in (keep, other))
    if mine == theirs:
        return []
    return [
        _("The opening hours of %(venue)s stand: %(hours)s") % {"venue": keep, "hours": mine},
        _("Those of %(venue)s are set aside: %(hours)s") % {"venue": other, "hours": theirs},
    ]


comes_over(SignUp, "venue", _sign_ups)
comes_over(Post, "venue", _posts, but=_open_posts_at_both)
comes_over(Answer, "venue", _answers, but=_answers_that_keep_has)
comes_over(OpeningHours, "venue", _hours, but=_hours_unless_none)
comes_over(Closure, "venue", _closures, but=_closures_that_keep_has)
comes_over(
    Membership.venues.through, "venue", but=_chosen_twice(Membership.venues.through, "membership")
)
comes_over(
    Invitation.venues.through, "venue", but=_chosen_twice(Invitation.venues.through, "invitation")
)
comes_over(Event, "venue", _events)
comes_over(Letter, "venue", _letters)
comes_over(HandOver, "venue")
comes_over(SafetySuspension, "venue", _safety, but=_hidden_by_the_same_scheme)
comes_over(VenueEdit, "venue")
comes_over(Venue, "merged_into")
stays(VenueVersion, "venue", why=BY_HAND)
stays(Merge, "keep_venue", "other_venue", why="It says what was merged into what.")
stays(NotTheSameVenue, "first", "second", why="It was said of that entry, which may come back.")


# Organisations


def _members_of_both(keep, other):
    """`venues.actions.merges` widens the kept membership by the other one."""
    return Membership.objects.filter(
        organisation=other, user__in=keep.memberships.order_by().values("user")
    )


def _invited_to_both(keep, other):
    mine = keep.invitations.filter(accepted_at=None).annotate(lower=Lower("email"))
    theirs = Invitation.objects.filter(organisation=other, accepted_at=None)
    return theirs.annotate(lower=Lower("email")).filter(lower__in=mine.order_by().values("lower"))


def _franchisee_of_itself(keep, other):
    """One of the two is a franchisee, directly or indirectly, of the other."""
    for one in (keep, other):
        above = one.parent
        while above is not None:
            if above.pk in (keep.pk, other.pk):
                if above.pk != one.parent_id:
                    yield _(
                        "“%(one)s” is a franchisee of a franchisee of “%(above)s”. Take that away "
                        "first."
                    ) % {"one": one, "above": above}
                break
            above = above.parent


def _organisation_twice_in_a_scheme(keep, other):
    mine = keep.scheme_sign_ups.live().values("scheme")
    theirs = other.scheme_sign_ups.live().filter(scheme__in=mine)
    for sign_up in theirs.select_related("scheme"):
        yield _(
            "Both have signed up to %(scheme)s. Let one of the two leave the scheme first, then "
            "merge them."
        ) % {"scheme": sign_up.scheme}


refuses(Organisation, _franchisee_of_itself)
refuses(Organisation, _organisation_twice_in_a_scheme)


def _venues(count):
    return ngettext("%(count)s place comes over.", "%(count)s places come over.", count) % {
        "count": count
    }


def _people(count):
    return ngettext(
        "%(count)s person who works there comes over.",
        "%(count)s people who work there come over.",
        count,
    ) % {"count": count}


def _organisation_sign_ups(count):
    return ngettext(
        "%(count)s sign-up of the organisation as a whole comes over, with what it agreed to.",
        "%(count)s sign-ups of the organisation as a whole come over, with what it agreed to.",
        count,
    ) % {"count": count}


def _members(count):
    return ngettext(
        "%(count)s person who looks after it in the portal looks after the kept one, as far as "
        "before; whoever looked after all places looks after all of them.",
        "%(count)s people who look after it in the portal look after the kept one, as far as "
        "before; whoever looked after all places looks after all of them.",
        count,
    ) % {"count": count}


comes_over(Venue, "organisation", _venues)
comes_over(OrganisationSignUp, "organisation", _organisation_sign_ups)
comes_over(StaffMember, "organisation", _people)
comes_over(Membership, "organisation", _members, but=_members_of_both)
comes_over(Invitation, "organisation", but=_invited_to_both)
comes_over(Answer, "organisation", _answers, but=_answers_that_keep_has)
comes_over(Event, "organisation", _events)
comes_over(Letter, "organisation", _letters)
comes_over(Import, "organisation")
comes_over(Organisation, "parent", but=lambda keep, other: Organisation.objects.filter(pk=keep.pk))
comes_over(Organisation, "merged_into")
stays(Merge, "keep_organisation", "other_organisation", why="It says what was merged into what.")
