"""The people of an area as columns: location, count, ward and decile."""

from dataclasses import dataclass, field

import numpy as np
from django.contrib.gis.geos import GEOSGeometry
from django.db.models import F, FloatField, Func, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.refusals import Refused
from geography.models import Area, PopulationBase, PopulationPoint

from .columns import columns, one_of

SMALL_AREAS = {"oa": Area.Kind.OA, "lsoa": Area.Kind.LSOA, "msoa": Area.Kind.MSOA}
NO_WARD = -1


class Easting(Func):
    function, output_field = "ST_X", FloatField()


class Northing(Func):
    function, output_field = "ST_Y", FloatField()


@dataclass(frozen=True)
class Where:
    """The area in question. Without a boundary its people are found by its code."""

    name: str
    code: str = ""
    boundary: GEOSGeometry | None = None

    @classmethod
    def of(cls, area) -> "Where":
        """Make one from an Area, an area drawn by an officer, or an official code."""
        if isinstance(area, cls):
            return area
        if isinstance(area, str):
            return cls._of_code(area.strip())
        # An officer's own area may include the metres around it.
        boundary = getattr(area, "measured", area.boundary)
        if boundary is None or not boundary.valid:
            raise Refused(
                _("The boundary of %(name)s crosses itself: draw it again without crossing lines.")
                % {"name": area.name}
            )
        return cls(area.name, getattr(area, "code", ""), boundary)

    @classmethod
    def _of_code(cls, code: str) -> "Where":
        if area := Area.objects.filter(code=code).order_by(*NEWEST).first():
            return cls(area.name, code, area.boundary)
        wards = wards_of(code)
        if not wards:
            return cls(code, code)
        boundary = wards[0].boundary
        for ward in wards[1:]:
            boundary = boundary | ward.boundary
        return cls(wards[0].parent_name or code, code, boundary)


NEWEST = [F("vintage").desc(nulls_last=True), "-pk"]


def wards_of(code: str) -> list[Area]:
    """The wards of a district, from the newest known year."""
    wards = list(Area.objects.filter(kind=Area.Kind.WARD, parent_code=code)) if code else []
    newest = max((ward.vintage or 0 for ward in wards), default=0)
    return [ward for ward in wards if (ward.vintage or 0) == newest]


@dataclass
class People:
    """The points of an area's people, or of another base such as bus stops."""

    base: str  # "residents", or what else is counted, in the plural
    method: str  # the base, its year and how it is placed, in words
    xy: np.ndarray
    count: np.ndarray
    codes: list[str]
    names: list[str]
    decile: np.ndarray  # 0: unknown
    ward: np.ndarray  # index into ward_codes, or NO_WARD
    ward_codes: list[str] = field(default_factory=list)
    ward_names: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    live_here: bool = True

    @property
    def total(self) -> int:
        return int(self.count.sum())


def people_of(where: Where, *, points: str = "", who: tuple[str, ...] = (), base=None) -> People:
    """The residents of an area, or the things of a base inside it.

    `points` says which small areas to use ("oa", "lsoa"); needed only if there are several. With
    `who`, only those counted under these keys, such as "female".
    """
    if base is not None:
        return _things_of(where, base, who)
    found = _points_of(where, points)
    kind, vintage = _one_census(where, found)
    found = found.filter(kind=kind, vintage=vintage)
    decile = Coalesce("imd_decile", 0)
    keys, codes, labels, x, y, people, decile, wards = _columns(found, decile, "ward_code")
    if who:
        people = _counted(found, who, where)
    if not sum(people):
        raise Refused(_("Nobody lives in %(area)s, by the figures known.") % {"area": where.name})
    result = _people(codes, labels, x, y, people, _with_who(_("residents"), who))
    result.method = _("%(base)s of %(year)s, each %(kind)s at its population point (%(count)s)") % {
        "base": result.base,
        "year": vintage,
        "kind": Area.Kind(kind).label,
        "count": f"{len(keys):,}",
    }
    result.decile = np.array(decile)
    _find_wards(result, where, PopulationPoint.objects, keys, wards)
    return result


def _things_of(where: Where, base: PopulationBase, who) -> People:
    if where.boundary is None:
        raise Refused(
            _(
                "The boundary of %(area)s is not known, so nobody can say which %(unit)s are in"
                " it. Import it: manage.py import_areas FILE."
            )
            % {"area": where.name, "unit": base.unit}
        )
    found = base.points.within(where.boundary)
    if not found.exists():
        raise Refused(
            _("There are no %(unit)s in %(area)s. Import them: manage.py import_base FILE.")
            % {"unit": base.unit, "area": where.name}
        )
    keys, codes, labels, x, y, people = _columns(found)
    if who:
        people = _counted(found, who, where)
    if not sum(people):
        raise Refused(
            _("The %(unit)s in %(area)s add up to none.") % {"unit": base.unit, "area": where.name}
        )
    result = _people(codes, labels, x, y, people, _with_who(base.unit, who))
    result.live_here = getattr(base, "is_group", False)
    result.method = _("%(base)s of %(year)s (%(name)s)") % {
        "base": result.base,
        "year": base.year,
        "name": base.name,
    }
    _find_wards(result, where, base.points, keys, [""] * len(keys))
    return result


def _columns(found, *more) -> list[list]:
    return columns(
        found.order_by("pk").values_list(
            "pk", "code", "name", Easting("point"), Northing("point"), "people", *more
        )
    )


def _people(codes, labels, x, y, people, base) -> People:
    return People(
        base=base,
        method="",
        xy=np.column_stack([x, y]),
        count=np.array(people, dtype=np.int64),
        codes=codes,
        names=[label or code for label, code in zip(labels, codes, strict=True)],
        decile=np.zeros(len(codes), dtype=np.int64),
        ward=np.full(len(codes), NO_WARD),
    )


def _with_who(base: str, who) -> str:
    if not who:
        return base
    return _("%(base)s (%(who)s)") % {"base": base, "who": ", ".join(who)}


def _points_of(where: Where, points: str):
    if points and points not in SMALL_AREAS:
        raise Refused(
            _("%(points)s are no small areas with people: choose one of %(known)s.")
            % {"points": points, "known": ", ".join(SMALL_AREAS)}
        )
    everybody = PopulationPoint.objects.all()
    if points:
        everybody = everybody.filter(kind=SMALL_AREAS[points])
        if not everybody.exists():
            raise Refused(
                _(
                    "No people of each %(kind)s are known. Import them: manage.py"
                    " import_population FILE (--replace puts them in the place of other sizes)."
                )
                % {"kind": Area.Kind(SMALL_AREAS[points]).label}
            )
    code = where.code
    if code:
        # An official look-up outranks a simplified boundary.
        by_code = everybody.filter(Q(district_code=code) | Q(ward_code=code) | Q(code=code))
        if by_code.exists():
            return by_code
    if where.boundary is None:
        if everybody.exists():
            raise Refused(
                _(
                    "Nothing is known of the area %(code)s: no boundary and nobody who lives there."
                    " Import them: manage.py import_areas FILE, manage.py import_population FILE."
                )
                % {"code": code}
            )
        raise _nobody(where)
    within = everybody.within(where.boundary)
    if not within.exists():
        raise _nobody(where)
    return within


def _nobody(where: Where) -> Refused:
    return Refused(
        _(
            "There is no population data for %(area)s, so nobody can say how many are covered."
            " Import it: manage.py import_population FILE."
        )
        % {"area": where.name}
    )


def _one_census(where: Where, found) -> tuple[str, int]:
    kinds = list(found.order_by().values_list("kind", "vintage").distinct())
    if len(kinds) > 1:
        words = [f"{Area.Kind(kind).label} ({vintage})" for kind, vintage in sorted(kinds)]
        raise Refused(
            _("%(area)s has people by %(kinds)s, which would count some twice: choose one.")
            % {"area": where.name, "kinds": ", ".join(words)}
        )
    return kinds[0]


def _counted(found, who, where) -> list[int]:
    counts = list(found.order_by("pk").values_list("counts", flat=True))
    missing = sum(1 for of_point in counts if any(key not in of_point for key in who))
    if missing:
        known = sorted(set().union(*counts))
        raise Refused(
            ngettext(
                "%(missing)s population point of %(area)s has no count of %(who)s.",
                "%(missing)s population points of %(area)s have no count of %(who)s.",
                missing,
            )
            % {"missing": f"{missing:,}", "area": where.name, "who": ", ".join(who)},
            _("Counts that are known: %(known)s.") % {"known": ", ".join(known) or _("none")},
            _("Import a file with columns by sex or age: manage.py import_population FILE."),
        )
    return [sum(of_point[key] for key in who) for of_point in counts]


def _find_wards(people: People, where: Where, points, keys, codes: list[str]) -> None:
    """Assign each point its ward: the one named in its list, otherwise the one containing it."""
    if without := [key for key, code in zip(keys, codes, strict=True) if not code]:
        inside = Area.objects.filter(kind=Area.Kind.WARD, boundary__covers=OuterRef("point"))
        found = dict(
            points.filter(pk__in=without)
            .annotate(inside=Subquery(inside.order_by(*NEWEST).values("code")[:1]))
            .values_list("pk", "inside")
        )
        codes = [code or found[key] or "" for key, code in zip(keys, codes, strict=True)]
    known = {code for code in codes if code}
    named = (
        Area.objects.filter(one_of("code", sorted(known), "text"), kind=Area.Kind.WARD)
        .order_by(F("vintage").asc(nulls_first=True))
        .values_list("code", "name")
    )
    names = dict(zip(*columns(named), strict=True))
    if not names:
        people.notes.append(_("No wards are known here. Import them: manage.py import_areas FILE."))
    names = {code: names.get(code, code) for code in known}
    for ward in wards_of(where.code):
        if ward.code not in names and not _is_older(ward, known):
            names[ward.code] = ward.name
            people.notes.append(
                _("No population point lies in the ward %(name)s.") % {"name": ward.name}
            )
    people.ward_codes = sorted(names, key=lambda code: (names[code], code))
    people.ward_names = [names[code] for code in people.ward_codes]
    number = {code: index for index, code in enumerate(people.ward_codes)}
    people.ward = np.array([number.get(code, NO_WARD) for code in codes])
    if outside := int(people.count[people.ward == NO_WARD].sum()) if names else 0:
        people.notes.append(
            _("%(people)s of %(base)s are in no ward that is known.")
            % {"people": f"{outside:,}", "base": people.base}
        )


def _is_older(ward: Area, known: set[str]) -> bool:
    """Whether the points use ward codes of another year, in which this ward did not exist."""
    return not Area.objects.filter(
        kind=Area.Kind.WARD, vintage=ward.vintage, code__in=known
    ).exists()
