"""Merging duplicate entries of a place or an organisation: asking, agreeing, undoing."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

from django.db import transaction
from django.db.models import Exists, Q
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from common.deciding import lock
from common.field_labels import labels
from common.refusals import Refused
from venues import emails
from venues.event_sentences import sentence
from venues.mergers import words_about_hours
from venues.merging import Change, Plan, carry_out, fingerprint, hindrances, put_back
from venues.models import (
    Event,
    Lapse,
    Letter,
    Membership,
    Merge,
    NotTheSameVenue,
    Organisation,
    Post,
    Scheme,
    SignUp,
    StaffMember,
    Venue,
    VenueVersion,
)
from venues.models.sign_ups import SignUpQuerySet
from venues.rules import MAY_MERGE, schemes_of_merge
from venues.taking_back import UNDO_FOR

from .grace import kept_grace
from .leads import settle_lead
from .letters import withdraw_letter

KINDS = {
    Venue: {
        "asked_for": "venues.merge_of_venues_asked_for",
        "agreed_to": "venues.merge_of_venues_agreed_to",
        "refused": "venues.merge_of_venues_refused",
        "done": "venues.merge_of_venues_done",
        "undone": "venues.merge_of_venues_undone",
    },
    Organisation: {
        "asked_for": "venues.merge_of_organisations_asked_for",
        "agreed_to": "venues.merge_of_organisations_agreed_to",
        "refused": "venues.merge_of_organisations_refused",
        "done": "venues.merge_of_organisations_done",
        "undone": "venues.merge_of_organisations_undone",
    },
}
TAKEN_OVER = [*Venue.FACILITIES, *Venue.OFFERS, "website", "uprn", "languages", "serves"]
"""What the kept place takes over if it has no value of its own. Its name, address, point, contact
and listing always stay.
"""


Entry = TypeVar("Entry", Venue, Organisation)


class _Rehearsed(Exception):
    """Raised to end a rehearsal, so that its transaction is rolled back."""


@transaction.atomic
def merge_venues(keep: Venue, other: Venue, *, by: User) -> Merge:
    """Merge `other` into `keep`, which takes over everything attached to it.

    Each scheme that has either entry has to agree. `by` agrees for the schemes in which they have
    the permission; if others remain, they are asked and the merge waits (`done_at` is None).
    """
    return _merge_or_ask(keep, other, by)


@transaction.atomic
def merge_organisations(keep: Organisation, other: Organisation, *, by: User) -> Merge:
    """Merge `other` into `keep`; the same agreement rules as `merge_venues`."""
    return _merge_or_ask(keep, other, by)


def _merge_or_ask(keep: Entry, other: Entry, by: User) -> Merge:
    keep, other = _lock_both(keep, other)
    about = "venue" if isinstance(keep, Venue) else "organisation"
    two = {f"{about}__in": [keep, other]}
    one = Q(**{f"keep_{key}": value for key, value in two.items()})
    same = Q(**{f"other_{key}": value for key, value in two.items()})
    if Merge.objects.waiting().filter(one | same).exists():
        raise Refused(_("One of the two waits to be merged already. Answer that first."))
    concerned = schemes_of_merge(keep, other)
    agreed = [scheme for scheme in concerned if by.has_perm(MAY_MERGE[type(keep)], scheme)]
    if not agreed and not by.is_superuser:
        raise Refused(_("Only an officer of a scheme that has one of the two can merge them."))
    if reasons := hindrances(keep, other):
        raise Refused(*reasons)
    merge = Merge.objects.create(**{f"keep_{about}": keep, f"other_{about}": other}, asked_by=by)
    merge.schemes.set(concerned)
    merge.agreed.set(agreed)
    missing = [scheme for scheme in concerned if scheme not in agreed]
    if not missing:
        return _do(merge, keep, other, by)
    _record("asked_for", merge, keep, by)
    for scheme in missing:
        emails.merge_asked(merge, scheme)
    return merge


def _lock_both(keep: Entry, other: Entry) -> tuple[Entry, Entry]:
    """Reload and lock both rows in primary-key order, so that two merges cannot deadlock. For
    organisations lock their places first, in the order that a merge of places uses.
    """
    if keep.pk == other.pk:
        raise Refused(_("These are one entry already."))
    pks = sorted([keep.pk, other.pk])
    if isinstance(keep, Organisation):
        places = Venue.with_merged.filter(organisation__in=pks).order_by("pk")
        list(places.select_for_update(of=("self",)).values_list("pk"))
    both = sorted([keep, other], key=lambda each: each.pk)
    found = {each.pk: lock(each, against_new_rows=True) for each in both}
    keep, other = found[keep.pk], found[other.pk]
    if isinstance(keep, Venue):
        # Organisations are always locked after venues.
        owners = sorted({keep.organisation_id, other.organisation_id})
        rows = Organisation.objects.filter(pk__in=owners).order_by("pk")
        list(rows.select_for_update(of=("self",)).values_list("pk"))
    return keep, other


def _record(what: str, merge: Merge, keep: Venue | Organisation, by: User) -> Event:
    about = "venue" if isinstance(keep, Venue) else "organisation"
    kind = KINDS[type(keep)][what]
    return Event.objects.record(kind, by=by, about=merge, other=str(merge.other), **{about: keep})


# Carrying it out


def _do(merge: Merge, keep: Entry, other: Entry, by: User) -> Merge:
    """Carry out the merge: both are locked and every scheme has agreed. Leaves the effect, in
    words, on `merge`.
    """
    if reasons := hindrances(keep, other):
        raise Refused(*reasons)
    plan, to = Plan(), emails.merge_addresses(keep, other)
    sign_ups = _sign_ups_of(keep, other)
    with _noting(plan, sign_ups, keep), kept_grace(sign_ups):
        if isinstance(keep, Venue) and isinstance(other, Venue):
            _plan_places(plan, keep, other)
            carry_out(plan.changes)
            _managers_follow(plan, keep, other)
            settle_lead(Venue.objects.get(pk=keep.pk), by=by)
        elif isinstance(keep, Organisation) and isinstance(other, Organisation):
            _plan_organisations(plan, keep, other)
            carry_out(plan.changes)
            _members_unite(plan, keep, other)
    letter = emails.merged(merge, to, by=by, wait=UNDO_FOR)
    now = timezone.now()
    merge.done_at, merge.closed_at, merge.done_by = now, now, by
    merge.changes = [each.as_json() for each in plan.changes]
    merge.fingerprint = fingerprint(plan.changes)
    merge.letters = [letter.pk]
    merge.last_event = _record("done", merge, keep, by).pk
    merge.save()
    merge.effect = plan.effect
    return merge


def _sign_ups_of(keep: Entry, other: Entry) -> SignUpQuerySet:
    """Evaluated to ids, because the merge changes which rows the query would find."""
    path = "venue" if isinstance(keep, Venue) else "venue__organisation"
    found = SignUp.objects.filter(**{f"{path}__in": [keep, other]})
    return SignUp.objects.filter(pk__in=list(found.values_list("pk", flat=True)))


@contextmanager
def _noting(plan: Plan, sign_ups: SignUpQuerySet, keep: Venue | Organisation) -> Iterator[None]:
    """Add to the plan the side effects of settling the merge: lapses, listings, lead scheme."""
    today = timezone.localdate()

    def state() -> dict[tuple[str, int, str], object]:
        led = Venue.objects.filter(pk=keep.pk) if isinstance(keep, Venue) else Venue.objects.none()
        lapses = Lapse.objects.filter(sign_up__in=sign_ups.values("pk"))
        return (
            {("venues.SignUp", pk, "listed_since"): day
             for pk, day in sign_ups.values_list("pk", "listed_since")}
            | {("venues.Venue", pk, "lead_scheme_id"): scheme
               for pk, scheme in led.values_list("pk", "lead_scheme_id")}
            | {("venues.Lapse", pk, "closed_on"): day
               for pk, day in lapses.values_list("pk", "closed_on")}
        )  # fmt: skip

    def listed() -> set[int]:
        return set(
            SignUp.objects.listed(today).filter(pk__in=sign_ups).values_list("pk", flat=True)
        )

    before, seen = state(), listed()
    yield
    for (label, pk, name), now in state().items():
        if (label, pk, name) in before:
            plan._set(label, pk, name, before[label, pk, name], now)
        else:
            lapse = Lapse.objects.select_related("sign_up__scheme").get(pk=pk)
            plan.created(lapse)
            plan.say(
                _("In %(scheme)s something is missing, and its days of grace begin.")
                % {"scheme": lapse.sign_up.scheme}
            )
    for pk in seen ^ listed():
        words = (
            _("The public no longer finds it through %(scheme)s.")
            if pk in seen
            else _("The public finds it through %(scheme)s from now on.")
        )
        plan.say(words % {"scheme": SignUp.objects.select_related("scheme").get(pk=pk).scheme})


def _plan_places(plan: Plan, keep: Venue, other: Venue) -> None:
    plan.say(
        _("Name, address, pin, contact and listing of “%(venue)s” stand: %(address)s.")
        % {"venue": keep, "address": ", ".join(keep.address)}
    )
    for words in words_about_hours(keep, other):
        plan.say(words)
    if not keep.opening_hours.exists() and other.opening_hours.exists():
        plan.set(
            keep,
            hours_confirmed_at=other.hours_confirmed_at,
            bank_holidays=other.bank_holidays,
            division=other.division,
        )
    _plan_facts(plan, keep, other)
    _plan_versions(plan, keep, other)
    if keep.organisation_id != other.organisation_id:
        people = StaffMember.objects.filter(posts__venue=other).distinct()
        plan.set_each(people, "organisation_id", keep.organisation_id)
        plan.say(
            _("From now on it belongs to %(organisation)s alone.")
            % {"organisation": keep.organisation}
        )
    plan.follow_rules(keep, other)
    _plan_posts_at_both(plan, keep, other)
    plan.set(other, merged_into_id=keep.pk)
    plan.say(_("Old addresses and stickers of “%(venue)s” lead here.") % {"venue": other})


def _plan_facts(plan: Plan, keep: Venue, other: Venue) -> None:
    taken = [
        name
        for name in TAKEN_OVER
        if getattr(keep, name) in (None, "", []) and getattr(other, name) not in (None, "", [])
    ]
    plan.set(keep, **{name: getattr(other, name) for name in taken})
    said = [labels(Venue, [name]) for name in taken]
    if not keep.phone and other.phone:
        phone = ("phone", "phone_confirmed_by_name", "phone_confirmed_on")
        plan.set(keep, **{name: getattr(other, name) for name in phone})
        said.append(labels(Venue, ["phone"]))
    if other.photo and not keep.photo:
        # A photo and its alt text go together: neither is allowed without the other.
        plan.set(keep, photo_alt=other.photo_alt, photo=other.photo.name)
        plan.set(other, photo="", photo_alt="")
        said.append(labels(Venue, ["photo"]))
    if said:
        plan.say(
            _("It takes over what was not said here: %(what)s.")
            % {"what": get_text_list(said, _("and"))}
        )


def _plan_versions(plan: Plan, keep: Venue, other: Venue) -> None:
    """Keep the other place's versions from before the kept one existed: historical statistics
    need them.
    """
    first = keep.versions.order_by("valid_from").first()
    if first is None:
        return
    for version in VenueVersion.objects.filter(venue=other, valid_from__lt=first.valid_from):
        until = min(version.valid_to or first.valid_from, first.valid_from)
        plan.set(version, valid_to=until, venue_id=keep.pk)


def _plan_posts_at_both(plan: Plan, keep: Venue, other: Venue) -> None:
    """Somebody with a post at both keeps one; the other ends today."""
    today = timezone.localdate()
    at_keep = Post.objects.filter(venue=keep, until=None).values("staff_member")
    for post in Post.objects.filter(venue=other, until=None, staff_member__in=at_keep):
        plan.set(post, until=max(post.from_date, today), venue_id=keep.pk)


def _managers_follow(plan: Plan, keep: Venue, other: Venue) -> None:
    """Managers of the other entry manage the kept place, and nothing else of its organisation:
    nobody loses the place they signed up.
    """
    if keep.organisation_id == other.organisation_id:
        return
    reaching = Membership.objects.reaching("pk", "organisation_id")
    there = Venue.with_merged.filter(pk=other.pk)
    mine = {each.user_id: each for each in keep.organisation.memberships.all()}
    new = 0
    for member in Membership.objects.filter(organisation=other.organisation_id):
        if not there.filter(Exists(reaching.filter(pk=member.pk))).exists():
            continue
        own = mine.get(member.user_id)
        if own is None:
            own = Membership.objects.create(
                organisation=keep.organisation,
                user_id=member.user_id,
                role=member.role,
                scope=Membership.Scope.CHOSEN,
            )
            plan.created(own)
            new += 1
        if own.scope == Membership.Scope.CHOSEN:
            _choose(plan, own, keep.pk)
    if new:
        plan.say(
            ngettext(
                "%(count)s person who looks after “%(other)s” looks after this place from now on, "
                "and no other of %(organisation)s.",
                "%(count)s people who look after “%(other)s” look after this place from now on, "
                "and no other of %(organisation)s.",
                new,
            )
            % {"count": new, "other": other, "organisation": keep.organisation}
        )


def _choose(plan: Plan, membership: Membership, venue_id: int) -> None:
    rows = Membership.venues.through.objects
    row, is_new = rows.get_or_create(membership_id=membership.pk, venue_id=venue_id)
    if is_new:
        plan.created(row)


def _plan_organisations(plan: Plan, keep: Organisation, other: Organisation) -> None:
    plan.say(_("Its name stays “%(organisation)s”.") % {"organisation": keep})
    for name in ("name", "sector", "registered_number"):
        if not getattr(keep, name):
            plan.set(keep, **{name: getattr(other, name)})
    if keep.parent_id in (None, other.pk):
        parent = other.parent_id if other.parent_id != keep.pk else None
        plan.set(keep, parent_id=parent)
    plan.follow_rules(keep, other)
    plan.set(other, merged_into_id=keep.pk)


def _members_unite(plan: Plan, keep: Organisation, other: Organisation) -> None:
    """A member of both keeps the wider role and scope: a manager of one is never demoted."""
    theirs = Membership.objects.filter(organisation=other).prefetch_related("venues")
    mine = {each.user_id: each for each in keep.memberships.all()}
    changes = Plan()
    for member in theirs:
        own = mine[member.user_id]  # the others were moved by the registry's rules
        if member.role == Membership.Role.MANAGER:
            changes.set(own, role=member.role)
        if member.scope == Membership.Scope.ALL:
            changes.set(own, scope=member.scope)
        for venue in member.venues.all():
            _choose(plan, own, venue.pk)
    carry_out(changes.changes)
    plan.changes += changes.changes


# Previewing the effect


def effect_of_merge(keep: Entry, other: Entry, *, by: User) -> tuple[list[str], list[str]]:
    """(what merging them would do, why it cannot be done), in words. Writes nothing.

    Performs the merge and rolls it back, so the preview cannot differ from the real thing.
    """
    try:
        with transaction.atomic():
            keep, other = _lock_both(keep, other)
            about = "venue" if isinstance(keep, Venue) else "organisation"
            two = {f"keep_{about}": keep, f"other_{about}": other}
            effect = _do(Merge.objects.create(**two, asked_by=by), keep, other, by).effect
            raise _Rehearsed
    except _Rehearsed:
        return effect, []
    except Refused as refusal:
        return [], list(refusal.reasons)


# Agreement by the other schemes


def _waiting(merge: Merge) -> Merge:
    merge = lock(merge)
    if merge.closed_at:
        raise Refused(_("This does not wait for an answer any more."))
    return merge


def _own_schemes(merge: Merge, by: User) -> list[Scheme]:
    permission = MAY_MERGE[type(merge.keep)]
    return [each for each in merge.schemes.all() if by.has_perm(permission, each)]


@transaction.atomic
def agree_to_merge(merge: Merge, *, by: User) -> Merge:
    """Agree for the officer's schemes; the last agreement carries out the merge."""
    merge = _waiting(merge)
    keep, other = _lock_both(merge.keep, merge.other)
    merge.schemes.add(*schemes_of_merge(keep, other))
    agreed = set(merge.agreed.all())
    own = [scheme for scheme in _own_schemes(merge, by) if scheme not in agreed]
    if not own:
        raise Refused(_("Your scheme has agreed already."))
    merge.agreed.add(*own)
    if set(merge.schemes.all()) <= agreed | set(own):
        return _do(merge, keep, other, by)
    _record("agreed_to", merge, keep, by)
    return merge


@transaction.atomic
def refuse_merge(merge: Merge, *, by: User) -> Merge:
    """Refuse for a scheme, or withdraw one's own request: both entries stay unchanged."""
    merge = _waiting(merge)
    if not _own_schemes(merge, by):
        raise Refused(_("Only an officer of a scheme that has one of the two can answer."))
    merge.closed_at = timezone.now()
    merge.save(update_fields=["closed_at"])
    _record("refused", merge, merge.keep, by)
    return merge


# Undoing it


@transaction.atomic
def undo_merge(merge: Merge, *, by: User) -> Merge:
    """Restore everything, within ten minutes, for whoever requested or carried it out.

    Refused in words once any moved row has changed since.
    """
    merge = lock(merge)
    keep, other = _lock_merged(merge)
    if not merge.done_at or merge.undone_at:
        raise Refused(_("There is nothing to take back."))
    if by.pk not in (merge.asked_by_id, merge.done_by_id):
        raise Refused(_("Only the person who did this can take it back."))
    if timezone.now() >= merge.done_at + UNDO_FOR:
        raise Refused(_("This could be taken back for ten minutes only."))
    changes = [Change(*each) for each in merge.changes]
    if reasons := _done_since(merge, keep, other, changes):
        raise Refused(*reasons)
    for letter in Letter.objects.filter(pk__in=merge.letters):
        withdraw_letter(letter, by=by)
    put_back(changes)
    merge.undone_at = timezone.now()
    merge.save(update_fields=["undone_at"])
    _record("undone", merge, type(keep).objects.get(pk=keep.pk), by)
    return merge


def _lock_merged(merge: Merge) -> tuple[Venue | Organisation, Venue | Organisation]:
    """The kept and the merged entry, locked in primary-key order."""
    pks = [merge.keep.pk, merge.other.pk]
    rows = type(merge.keep).with_merged.filter(pk__in=pks).order_by("pk")
    found = {each.pk: each for each in rows.select_for_update(of=("self",))}
    return found[merge.keep.pk], found[merge.other.pk]


def _done_since(
    merge: Merge,
    keep: Venue | Organisation,
    other: Venue | Organisation,
    changes: list[Change],
) -> list[str]:
    """What has happened since to the rows that were moved, in words."""
    moved = {each.pk for each in changes if each.model == "venues.SignUp"}
    about = "venue" if isinstance(keep, Venue) else "organisation"
    later = Q(**{f"{about}__in": [keep, other]}) | Q(sign_up__in=moved)
    since = Event.objects.filter(later, pk__gt=merge.last_event, by__isnull=False).order_by("pk")
    if found := list(since):
        return [
            _("This stays, because of what was done since: %(what)s") % {"what": sentence(each)}
            for each in found
        ]
    if fingerprint(changes) != merge.fingerprint:
        return [_("This stays, because something that came over has changed since.")]
    return []


# Marking a pair as different


@transaction.atomic
def say_not_the_same_venue(venue: Venue, other: Venue, *, by: User) -> NotTheSameVenue:
    """Record that an officer compared both and they are different. They are not proposed again."""
    first, second = _lock_both(*sorted([venue, other], key=lambda each: each.pk))
    said, is_new = NotTheSameVenue.objects.get_or_create(
        first=first, second=second, defaults={"said_by": by}
    )
    if not is_new:
        raise Refused(_("%(who)s has said so already.") % {"who": said.said_by})
    for one, two in ((first, second), (second, first)):
        Event.objects.record("venues.said_not_the_same", venue=one, by=by, other=str(two))
    return said
