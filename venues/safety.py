"""Which schemes hide a place for safety, and whom to ring about it."""

from collections import defaultdict
from collections.abc import Iterable

from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from venues.models import SafetySuspension, Scheme, SignUp


def schemes_that_hide(venue_ids: Iterable[int]) -> dict[int, list[Scheme]]:
    """The schemes hiding each of these venues for safety, per venue id; in one query."""
    found: dict[int, list[Scheme]] = defaultdict(list)
    rows = SafetySuspension.objects.open().filter(venue__in=set(venue_ids))
    for each in rows.select_related("scheme").order_by("began_at", "pk"):
        found[each.venue_id].append(each.scheme)
    return found


def team_to_ring(scheme: Scheme) -> str:
    """A scheme and how to reach its team; shown to venues, so without officers' names."""
    return ", ".join([str(scheme), scheme.contact_phone or scheme.contact_email])


def hidden_in_words(schemes: Iterable[Scheme]) -> str:
    """Tells a place's own people which schemes hide it."""
    whom = get_text_list([team_to_ring(scheme) for scheme in schemes], _("and"))
    return _("Your place is hidden from the public for now. Please ring %(whom)s.") % {"whom": whom}


def open_suspensions(sign_up: SignUp) -> list[SafetySuspension]:
    """Every open suspension of the sign-up's place, whichever scheme created it."""
    rows = SafetySuspension.objects.open().filter(venue=sign_up.venue_id)
    return list(rows.select_related("scheme", "by", "duty_link").order_by("began_at", "pk"))


def effect_of_hiding(sign_up: SignUp) -> list[str]:
    """The preview shown to an officer before hiding a place."""
    others = sign_up.venue.sign_ups.on_board().exclude(scheme=sign_up.scheme_id)
    names = get_text_list([each.scheme.name for each in others.select_related("scheme")], _("and"))
    told = _("The officers of %(schemes)s are told to ring you. No reason is kept.")
    return [
        _("Nobody finds it any more: not by the finder, list, map, sticker or any scheme."),
        *([told % {"schemes": names}] if names else []),
        _("Its people get a letter that says whom to ring."),
        _(
            "Sign-ups and what was issued stay as they are. Sessions and meetings held there are "
            "not called off: decide about each."
        ),
    ]


def effect_of_ending(sign_up: SignUp) -> list[str]:
    """The preview shown to an officer before their scheme ends its suspension."""
    still = [each for each in open_suspensions(sign_up) if each.scheme_id != sign_up.scheme_id]
    if still:
        names = get_text_list([each.scheme.name for each in still], _("and"))
        return [_("It stays hidden: %(schemes)s hides it too.") % {"schemes": names}]
    listed_by = list(
        SignUp.objects.listed_but_for_safety(timezone.localdate())
        .filter(venue=sign_up.venue_id)
        .values_list("scheme__name", flat=True)
        .order_by("scheme__name")
    )
    if not listed_by:
        return [_("The public still does not find it: no scheme lists it at the moment.")]
    names = get_text_list(listed_by, _("and"))
    return [_("The public finds it again at once, through %(schemes)s.") % {"schemes": names}]
