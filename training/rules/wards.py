"""Which specialist training each ward's venues have done, and which none has."""

import datetime
from dataclasses import dataclass, field

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Subquery

from geography.models import Area
from training.models import Enrolment, Module
from venues.models import Scheme, SignUp


@dataclass
class Ward:
    """A scheme's venues in one ward, and how many have done each module."""

    name: str  # "" for venues whose ward is unknown
    venues: int = 0
    done: dict[int, int] = field(default_factory=dict)  # module id -> number of venues

    def missing(self, modules: list[Module]) -> list[Module]:
        return [module for module in modules if not self.done.get(module.pk)]


def specialist_modules(scheme: Scheme) -> list[Module]:
    return list(Module.objects.for_scheme(scheme).filter(kind=Module.Kind.SPECIALIST))


def wards(scheme: Scheme, modules: list[Module], on: datetime.date) -> list[Ward]:
    """Every ward with an approved venue of the scheme, by name; unknown wards last.

    A venue has done a module if somebody who works there on `on` holds a valid completion.
    """
    if not modules:
        return []
    newest_ward = Area.objects.filter(
        kind=Area.Kind.WARD, boundary__covers=OuterRef("venue__point")
    ).order_by("-vintage", "code")
    done = (
        Enrolment.objects.filter(module__in=modules)
        .counting_for(scheme=OuterRef("scheme_id"), shares_people=OuterRef("shares_people"))
        .covering(OuterRef("venue_id"), OuterRef("venue__organisation_id"), on)
        .filter(until__gte=on)
        .values_list("module_id", flat=True)
    )
    venues = (
        SignUp.objects.approved()
        .filter(scheme=scheme)
        .annotate(ward=Subquery(newest_ward.values("name")[:1]), modules=ArraySubquery(done))
        .values_list("ward", "modules")
    )
    found: dict[str, Ward] = {}
    for name, modules_done in venues:
        row = found.setdefault(name or "", Ward(name or ""))
        row.venues += 1
        for module in set(modules_done):
            row.done[module] = row.done.get(module, 0) + 1
    return sorted(found.values(), key=lambda row: (not row.name, row.name))
