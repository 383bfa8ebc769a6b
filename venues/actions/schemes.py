"""Opening and hiding a scheme; the wording of its principles."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.refusals import Refused
from venues import emails
from venues.models import Event, Principle, Scheme, SignUp, Venue
from venues.rules import missing_to_open


def _locked(scheme):
    return Scheme.objects.select_for_update().get(pk=scheme.pk)


@transaction.atomic
def open_scheme(scheme: Scheme, *, by) -> Scheme:
    """Let organisations sign up: only when its numbers and principles are there."""
    scheme = _locked(scheme)
    if scheme.opened_at:
        raise Refused(_("The scheme is open already."))
    if missing := missing_to_open(scheme):
        raise Refused(*missing)
    scheme.opened_at, scheme.opened_by = timezone.now(), by
    scheme.save(update_fields=["opened_at", "opened_by"])
    Event.objects.record("venues.scheme_opened", scheme=scheme, by=by)
    return scheme


@transaction.atomic
def hide_scheme(scheme: Scheme, *, by) -> Scheme:
    """Take every venue of the scheme off the public pages, at once."""
    scheme = _locked(scheme)
    if scheme.hidden_at:
        raise Refused(_("The scheme is hidden already."))
    scheme.hidden_at, scheme.hidden_by = timezone.now(), by
    scheme.save(update_fields=["hidden_at", "hidden_by"])
    Event.objects.record("venues.scheme_hidden", scheme=scheme, by=by)
    return scheme


@transaction.atomic
def show_scheme(scheme: Scheme, *, by) -> Scheme:
    """Undo `hide_scheme`."""
    scheme = _locked(scheme)
    if not scheme.hidden_at:
        raise Refused(_("The scheme is not hidden."))
    scheme.hidden_at = scheme.hidden_by = None
    scheme.save(update_fields=["hidden_at", "hidden_by"])
    Event.objects.record("venues.scheme_shown", scheme=scheme, by=by)
    return scheme


def _change_hidden_types(scheme, type, by, kind, change):
    if type not in Venue.Type.values:
        raise Refused(_("There is no such kind of place."))
    scheme = _locked(scheme)
    scheme.hidden_types = sorted(change(set(scheme.hidden_types), {type}))
    scheme.save(update_fields=["hidden_types"])
    Event.objects.record(kind, scheme=scheme, by=by, type=type)
    return scheme


@transaction.atomic
def hide_type(scheme: Scheme, type: str, *, by) -> Scheme:
    """Take every venue of one kind off the public pages, at once."""
    return _change_hidden_types(scheme, type, by, "venues.type_hidden", set.union)


@transaction.atomic
def show_type(scheme: Scheme, type: str, *, by) -> Scheme:
    """Undo `hide_type`."""
    return _change_hidden_types(scheme, type, by, "venues.type_shown", set.difference)


@transaction.atomic
def change_wording(
    principle: Principle, *, title: str, wording: str, in_substance: bool, by
) -> Principle:
    """Edit a principle. A change in substance makes a new version: venues are asked to agree again.

    Agreements keep the wording that was agreed to.
    """
    principle = Principle.objects.select_for_update().get(pk=principle.pk)
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
    return principle
