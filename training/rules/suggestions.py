"""Which training suits a venue, and why: its opening hours, its type and its area."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import F, Q
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from training.models import Module
from venues.models import OpeningHours, SignUp, Venue

LATE = datetime.time(22)


@dataclass(frozen=True)
class Suggestion:
    """A module that a venue may do, with the reasons to suggest it, if any."""

    module: Module
    reasons: list[str]


def suggestions(sign_up: SignUp, modules: list[Module], on: datetime.date) -> list[Suggestion]:
    """The modules with their reasons, most reasons first."""
    late = _is_open_late(sign_up.venue, on)
    areas = _areas_around(sign_up.venue, modules)
    found = [Suggestion(module, _reasons(module, sign_up, late, areas)) for module in modules]
    return sorted(found, key=lambda suggestion: -len(suggestion.reasons))


def _is_open_late(venue: Venue, on: datetime.date) -> bool:
    """Whether the venue is open after 10 pm on any day of its timetable."""
    past_ten = Q(closes__gt=LATE) | Q(closes__lte=F("opens"))
    hours = OpeningHours.objects.current(on).filter(past_ten, venue=venue, by_appointment=False)
    return hours.exists()


def _areas_around(venue: Venue, modules: Iterable[Module]) -> dict[int, list[str]]:
    """The names of the suggested areas that contain the venue, by module id."""
    if venue.point is None:
        return {}
    rows = Module.suggested_areas.through.objects.filter(
        module__in=modules, area__boundary__covers=venue.point
    ).values_list("module", "area__name")
    found: dict[int, list[str]] = {}
    for module, name in rows:
        found.setdefault(module, []).append(name)
    return found


def _reasons(
    module: Module, sign_up: SignUp, late: bool, areas: Mapping[int, list[str]]
) -> list[str]:
    venue, reasons = sign_up.venue, []
    if module.suggested_at_night and late:
        reasons.append(_("because you are open after 10 pm"))
    served = [venue.Served(each).label for each in venue.serves if each in module.suggested_served]
    if served:
        reasons.append(
            _("because of the people who come to you most (%(people)s)")
            % {"people": get_text_list([str(label) for label in served], _("and"))}
        )
    elif venue.type in module.suggested_types:
        reasons.append(
            _("because of the people who come to a place like yours (%(kind)s)")
            % {"kind": venue.get_type_display()}
        )
    elif venue.organisation.sector in module.suggested_sectors:
        reasons.append(_("because of the people whom an organisation like yours serves"))
    reasons += [
        _("because you are in %(area)s") % {"area": name} for name in areas.get(module.pk, [])
    ]
    return reasons
