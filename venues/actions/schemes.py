"""Opening and hiding a scheme, and changing its principles and requirements."""

from collections.abc import Callable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from common.deciding import lock
from common.refusals import Refused
from geography.models import Area
from geography.nations import nation_of_postcode
from venues import emails
from venues.hours.divisions import division_at, division_of_area
from venues.models import (
    Event,
    Lapse,
    OrganisationSignUp,
    Principle,
    Requirement,
    Scheme,
    SignUp,
    Venue,
)
from venues.rules import missing_to_open, why_principle_stays

from .grace import kept_grace
from .venues import change_venue


@transaction.atomic
def open_scheme(scheme: Scheme, *, by: User) -> Scheme:
    """Open a scheme to sign-ups; refused while its numbers or principles are incomplete."""
    scheme = lock(scheme)
    if scheme.opened_at:
        raise Refused(_("The scheme is open already."))
    if missing := missing_to_open(scheme):
        raise Refused(*missing)
    scheme.opened_at, scheme.opened_by = timezone.now(), by
    scheme.save(update_fields=["opened_at", "opened_by"])
    Event.objects.record("venues.scheme_opened", scheme=scheme, by=by)
    return scheme


@transaction.atomic
def take_area(scheme: Scheme, before: Area | None, *, by: User) -> int:
    """Follow a change of the scheme's area from `before`: update bank holidays of places it
    decides.

    Those are the places the scheme leads whose location does not tell their nation, and which have
    the bank holidays that `before` gave them. Returns how many changed.
    """
    then = division_of_area(before) or Venue.Division.ENGLAND_AND_WALES
    now = division_of_area(scheme.area)
    if now is None or now == then:
        return 0
    venues = [
        venue
        for venue in Venue.objects.filter(lead_scheme=scheme, division=then).order_by("pk")
        if nation_of_postcode(venue.postcode) is None
        and division_at(venue.point, venue.postcode) is None
    ]
    for venue in venues:
        change_venue(venue, {"division": now}, by=by)
    return len(venues)


@transaction.atomic
def hide_scheme(scheme: Scheme, *, by: User) -> Scheme:
    """Hide all the scheme's venues from the public pages, at once."""
    scheme = lock(scheme)
    if scheme.hidden_at:
        raise Refused(_("The scheme is hidden already."))
    scheme.hidden_at, scheme.hidden_by = timezone.now(), by
    scheme.save(update_fields=["hidden_at", "hidden_by"])
    Event.objects.record("venues.scheme_hidden", scheme=scheme, by=by)
    return scheme


@transaction.atomic
def show_scheme(scheme: Scheme, *, by: User) -> Scheme:
    """Undo `hide_scheme`."""
    scheme = lock(scheme)
    if not scheme.hidden_at:
        raise Refused(_("The scheme is not hidden."))
    if scheme.closed_at:
        raise Refused(_("The scheme is closed: its places stay hidden."))
    scheme.hidden_at = scheme.hidden_by = None
    scheme.save(update_fields=["hidden_at", "hidden_by"])
    Event.objects.record("venues.scheme_shown", scheme=scheme, by=by)
    return scheme


def _change_hidden_types(
    scheme: Scheme, type: str, by: User, kind: str, change: Callable[[set[str], set[str]], set[str]]
) -> Scheme:
    if type not in Venue.Type.values:
        raise Refused(_("There is no such kind of place."))
    scheme = lock(scheme)
    scheme.hidden_types = sorted(change(set(scheme.hidden_types), {type}))
    scheme.save(update_fields=["hidden_types"])
    Event.objects.record(kind, scheme=scheme, by=by, type=type)
    return scheme


@transaction.atomic
def hide_type(scheme: Scheme, type: str, *, by: User) -> Scheme:
    """Hide all venues of one type from the public pages, at once."""
    return _change_hidden_types(scheme, type, by, "venues.type_hidden", set.union)


@transaction.atomic
def show_type(scheme: Scheme, type: str, *, by: User) -> Scheme:
    """Undo `hide_type`."""
    return _change_hidden_types(scheme, type, by, "venues.type_shown", set.difference)


@transaction.atomic
def change_wording(
    principle: Principle, *, title: str, wording: str, in_substance: bool, by: User
) -> Principle:
    """Edit a principle. A substantive change makes a new version that venues are asked to agree to.

    Earlier agreements keep the wording that was agreed to.
    """
    principle = lock(principle)
    if not title.strip() or not wording.strip():
        raise Refused(_("A principle needs a title and its wording."))
    if (principle.title, principle.wording) == (title, wording):
        raise Refused(_("Nothing was changed."))
    principle.title, principle.wording = title, wording
    principle.version += in_substance
    principle.save(update_fields=["title", "wording", "version"])
    Event.objects.record(
        "venues.wording_changed",
        scheme=principle.scheme,
        by=by,
        about=principle,
        version=principle.version,
    )
    if in_substance:
        for sign_up in SignUp.objects.approved().filter(scheme=principle.scheme):
            emails.agree_again(sign_up, principle)
        for joined in OrganisationSignUp.objects.approved().filter(scheme=principle.scheme):
            emails.organisation_agree_again(joined, principle)
    return principle


@transaction.atomic
def save_requirement(requirement: Requirement, *, by: User) -> Requirement:
    """Add or change a requirement. Anything stricter than before counts from today."""
    sign_ups = SignUp.objects.filter(scheme=requirement.principle.scheme_id)
    with kept_grace(sign_ups):
        before = Requirement.objects.select_for_update().filter(pk=requirement.pk).first()
        if before is None or _asks_more(before, requirement):
            today = timezone.localdate()
            requirement.asked_since = today
            # Venues already unlisted stay so; the others get the new grace in full.
            lapses = Lapse.objects.not_over(today).filter(requirement=requirement.pk)
            lapses.update(closed_on=today)
        requirement.save()
    return requirement


def _asks_more(before: Requirement, after: Requirement) -> bool:
    """Whether the change is stricter: somebody who met it may no longer do so, or it now
    unlists.
    """
    if (before.evidence, before.subject) != (after.evidence, after.subject):
        return True
    if after.does_unlist and not before.does_unlist:
        return True
    fewer_chances = (after.of_last or 0) < (before.of_last or 0)
    return after.at_least > before.at_least or fewer_chances


@transaction.atomic
def remove_requirement(requirement: Requirement, *, by: User) -> None:
    """Remove a requirement."""
    with kept_grace(SignUp.objects.filter(scheme=requirement.principle.scheme_id)):
        requirement.delete()


@transaction.atomic
def remove_principle(principle: Principle, *, by: User) -> None:
    """Remove a principle with its requirements; refused once somebody has agreed to it."""
    principle = lock(principle, against_new_rows=True)  # nobody can agree to it meanwhile
    if why := why_principle_stays(principle):
        raise Refused(why)
    with kept_grace(SignUp.objects.filter(scheme=principle.scheme_id)):
        principle.delete()
    Event.objects.record(
        "venues.principle_removed", scheme=principle.scheme, by=by, what=principle.title
    )
