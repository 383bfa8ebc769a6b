"""Official geography: boundaries, postcodes' points, and small areas' people at points.

Everything is in British National Grid (EPSG:27700, metres), the grid of all official UK data.
Longitude and latitude are converted on the way in and out (`grid.py`, `geojson.py`).
"""

from django.contrib.gis.db import models
from django.contrib.gis.db.models.functions import PointOnSurface
from django.contrib.gis.geos import Point
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db.models import F, Func, Q, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from .spelling import KEY_RULES

BRITISH_NATIONAL_GRID = 27700


class SearchName(Func):
    """A name normalised for lookup: lower case, no accents, no apostrophes, single spaces.

    Uses only functions that PostgreSQL considers immutable, so that a generated column may use them
    (`unaccent` is not). `rules.search_name` is the same in Python.
    """

    function = "LOWER"
    template = (
        "TRIM(LOWER(REGEXP_REPLACE(REGEXP_REPLACE(NORMALIZE(%(expressions)s, NFKD),"
        " '[\u0300-\u036f''’‘`.]', '', 'g'), '[-,/()[:space:]]+', ' ', 'g')))"
    )


def name_for_search(field: str) -> models.GeneratedField:
    return models.GeneratedField(
        expression=SearchName(F(field)),
        output_field=models.CharField(max_length=400),
        db_persist=True,
        editable=False,
    )


class PlaceKey(Func):
    """A name normalised for comparison; `spelling.place_key` is the same in Python."""

    function = "LOWER"
    arity = 1
    output_field = models.TextField()
    template = "LOWER(NORMALIZE(%(expressions)s, NFKD))"
    for pattern, put in KEY_RULES:
        quoted = pattern.replace("'", "''")
        template = f"REGEXP_REPLACE({template}, '{quoted}', '{put}', 'g')"
    template = f"TRIM({template})"
    del pattern, put, quoted


class Words(Func):
    """Texts joined by a space; immutable, which Concat is not."""

    template = "%(expressions)s"
    arg_joiner = " || ' ' || "
    output_field = models.TextField()


def place_key_of(*fields: str) -> models.GeneratedField:
    """A stored column: the key of one field, or of several joined."""
    return models.GeneratedField(
        expression=PlaceKey(Words(*map(F, fields)) if len(fields) > 1 else F(fields[0])),
        output_field=models.TextField(),
        db_persist=True,
        editable=False,
    )


class AreaQuerySet(models.QuerySet):
    def covering(self, point: Point):
        """Areas that contain this point, edges included."""
        return self.filter(boundary__covers=point)

    def of_nation(self, letter: str):
        """Official areas whose code begins with a nation's letter: E, W, S or N."""
        kinds = [Area.Kind.DISTRICT, Area.Kind.WARD, Area.Kind.COUNTY, Area.Kind.PARISH]
        return self.filter(kind__in=kinds, code__regex=rf"^{letter}[0-9][0-9]")

    def named(self, search_name: str):
        """Areas with exactly this name, in English or in their other language."""
        return self.filter(Q(search_name=search_name) | Q(search_name_alt=search_name))

    def of(self, kind: str, vintage: int | None):
        """Areas of one kind and one year: the only sets that may be compared or added up."""
        return self.filter(kind=kind, vintage=vintage)


class Area(models.Model):
    """A place with an official code and a boundary, as it was in one year; or one drawn by hand."""

    class Kind(models.TextChoices):
        OA = "oa", _("output area")
        LSOA = "lsoa", _("lower layer super output area")
        MSOA = "msoa", _("middle layer super output area")
        PARISH = "parish", _("parish")
        WARD = "ward", _("ward")
        DISTRICT = "district", _("district")
        COUNTY = "county", _("county")
        DRAWN = "drawn", _("own area")
        OTHER = "other", _("other area")

    code = models.CharField(_("code"), max_length=20)
    name = models.CharField(_("name"), max_length=200)
    name_alt = models.CharField(_("name in another language"), max_length=200, blank=True)
    search_name = name_for_search("name")
    search_name_alt = name_for_search("name_alt")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    vintage = models.PositiveSmallIntegerField(
        _("year"), null=True, blank=True, help_text=_("The year of the code and the boundary.")
    )
    parent_code = models.CharField(_("code of the area around it"), max_length=20, blank=True)
    parent_name = models.CharField(_("name of the area around it"), max_length=200, blank=True)
    boundary = models.MultiPolygonField(_("boundary"), srid=BRITISH_NATIONAL_GRID)
    source = models.CharField(_("source"), max_length=200, blank=True)
    key = place_key_of("name")
    key_alt = place_key_of("name_alt")
    key_whole = place_key_of("name", "name_alt", "parent_name")
    inside = models.GeneratedField(
        expression=PointOnSurface("boundary"),
        output_field=models.PointField(srid=BRITISH_NATIONAL_GRID, spatial_index=False),
        db_persist=True,
        editable=False,
    )
    people_middle = models.PointField(
        srid=BRITISH_NATIONAL_GRID, null=True, editable=False, spatial_index=False
    )
    """Its population-weighted centre, if that lies inside: `importers.middles.weigh_middles`."""

    objects = AreaQuerySet.as_manager()

    class Meta:
        verbose_name = _("area")
        verbose_name_plural = _("areas")
        ordering = ["name", "code", "vintage"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "vintage"],
                name="one_area_per_code_and_year",
                violation_error_message=_("This code of this year is already there."),
            ),
            models.UniqueConstraint(
                fields=["code"],
                condition=Q(vintage=None),
                name="one_area_per_code_without_year",
                violation_error_message=_("This code is already there."),
            ),
            models.CheckConstraint(
                condition=Q(boundary__isvalid=True),
                name="area_boundary_is_valid",
                violation_error_message=_("The boundary crosses itself."),
            ),
        ]
        indexes = [
            models.Index(OpClass("search_name", "varchar_pattern_ops"), name="area_search_name"),
            models.Index(
                OpClass("search_name_alt", "varchar_pattern_ops"), name="area_search_name_alt"
            ),
            models.Index(fields=["kind", "vintage", "parent_code"], name="area_kind_year_parent"),
            models.Index(fields=["key"], name="area_key"),
            models.Index(fields=["key_alt"], name="area_key_alt", condition=~Q(name_alt="")),
            GinIndex(
                OpClass("key", "gin_trgm_ops"),
                OpClass("key_whole", "gin_trgm_ops"),
                name="area_key_trigrams",
                fastupdate=False,  # a list of pending entries makes the planner choose a full scan
                condition=~Q(kind__in=["oa", "lsoa", "msoa"]),
            ),
        ]

    def __str__(self):
        return self.name if self.vintage is None else f"{self.name} ({self.vintage})"


class PlaceName(models.Model):
    """A town, suburb, village or street with its name and a point, from OS Open Names."""

    class Kind(models.TextChoices):
        CITY = "city", _("city")
        TOWN = "town", _("town")
        SUBURB = "suburb", _("part of a town")
        VILLAGE = "village", _("village")
        HAMLET = "hamlet", _("hamlet")
        SETTLEMENT = "settlement", _("settlement")
        STATION = "station", _("station")
        STREET = "street", _("street")

    reference = models.CharField(_("reference"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=200)
    name_alt = models.CharField(_("name in another language"), max_length=200, blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    town = models.CharField(
        _("town around it"), max_length=200, blank=True, help_text=_("Empty for a town itself.")
    )
    district = models.CharField(_("district"), max_length=200, blank=True)
    county = models.CharField(_("county"), max_length=200, blank=True)
    point = models.PointField(_("point"), srid=BRITISH_NATIONAL_GRID, spatial_index=False)
    source = models.CharField(_("source"), max_length=200, blank=True)
    key = place_key_of("name")
    key_alt = place_key_of("name_alt")
    key_whole = place_key_of("name", "name_alt", "town", "district", "county")

    class Meta:
        verbose_name = _("place name")
        verbose_name_plural = _("place names")
        ordering = ["name", "reference"]
        indexes = [
            models.Index(fields=["key"], name="place_name_key"),
            models.Index(fields=["key_alt"], name="place_name_key_alt", condition=~Q(name_alt="")),
            GinIndex(
                OpClass("key", "gin_trgm_ops"),
                OpClass("key_whole", "gin_trgm_ops"),
                name="place_name_key_trigrams",
                fastupdate=False,
            ),
        ]

    def __str__(self):
        return self.name


class PostcodeQuerySet(models.QuerySet):
    def located(self):
        """Those whose place is known, also of postcodes no longer in use."""
        return self.exclude(point=None)


class Postcode(models.Model):
    """A postcode and the middle of its addresses; no point where nobody knows one.

    Those no longer in use stay: they are still on shop signs, and whoever types one is told.
    """

    postcode = models.CharField(_("postcode"), max_length=8, help_text=_("For example, SO14 0AA."))
    outward = models.CharField(_("outward code"), max_length=4)
    point = models.PointField(
        _("point"), srid=BRITISH_NATIONAL_GRID, null=True, blank=True, spatial_index=False
    )
    quality = models.PositiveSmallIntegerField(
        _("quality"),
        help_text=_("10 is best, 50 shared or estimated, 90 no location known; 0 is not stated."),
    )
    in_use = models.BooleanField(_("in use"), default=True)
    ended_on = models.DateField(
        _("ended"),
        null=True,
        blank=True,
        help_text=_("The first day of the month it ended in; empty when in use or not stated."),
    )
    source = models.CharField(_("source"), max_length=200, blank=True)

    objects = PostcodeQuerySet.as_manager()

    class Meta:
        verbose_name = _("postcode")
        verbose_name_plural = _("postcodes")
        ordering = ["postcode"]
        constraints = [
            models.UniqueConstraint(fields=["postcode"], name="one_row_per_postcode"),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(in_use=False),
                name="postcode_in_use_has_not_ended",
                violation_error_message=_("A postcode that has ended is no longer in use."),
            ),
        ]
        indexes = [models.Index(fields=["outward"], name="postcode_outward")]

    def __str__(self):
        return self.postcode


class PopulationPointQuerySet(models.QuerySet):
    def within(self, boundary):
        """Postcodes whose point lies inside this boundary, edge included."""
        return self.filter(point__coveredby=boundary)

    def people(self) -> int:
        """The number of people living there together."""
        return self.aggregate(total=Coalesce(Sum("people"), 0))["total"]


class PopulationPoint(models.Model):
    """The people of one small census area, counted at a single point."""

    code = models.CharField(_("code"), max_length=20)
    name = models.CharField(_("name"), max_length=200, blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Area.Kind)
    vintage = models.PositiveSmallIntegerField(_("year"), help_text=_("The year of the codes."))
    people = models.PositiveIntegerField(_("people"))
    imd_decile = models.PositiveSmallIntegerField(
        _("deprivation decile"),
        null=True,
        blank=True,
        help_text=_("1 is the most deprived tenth of England. Empty outside England."),
    )
    ward_code = models.CharField(_("ward code"), max_length=20, blank=True)
    district_code = models.CharField(_("district code"), max_length=20, blank=True)
    counts = models.JSONField(
        _("people by sex and age"),
        default=dict,
        blank=True,
        help_text=_('For example, {"female": 812, "male": 790, "0-4": 95}.'),
    )
    point = models.PointField(_("point"), srid=BRITISH_NATIONAL_GRID)
    source = models.CharField(_("source"), max_length=200, blank=True)

    objects = PopulationPointQuerySet.as_manager()

    class Meta:
        verbose_name = _("population point")
        verbose_name_plural = _("population points")
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["code", "vintage"], name="one_point_per_code_and_year"),
            models.CheckConstraint(
                condition=Q(imd_decile=None) | Q(imd_decile__range=(1, 10)),
                name="imd_decile_is_a_tenth",
                violation_error_message=_("A decile is a number from 1 to 10."),
            ),
        ]
        indexes = [models.Index(fields=["district_code"], name="population_district")]

    def __str__(self):
        return self.name or self.code


class PopulationBase(models.Model):
    """Something other than residents to measure coverage by: bus stops, late licences, parks.

    At ten in the evening many people are not at home.
    """

    name = models.CharField(_("name"), max_length=80, unique=True)
    unit = models.CharField(
        _("what is counted"), max_length=80, help_text=_("In the plural, for example bus stops.")
    )
    year = models.PositiveSmallIntegerField(_("year"))
    is_group = models.BooleanField(
        _("people of a group"),
        default=False,
        help_text=_("Counted where they live, as residents are: women, or young people."),
    )
    licence = models.CharField(_("licence"), max_length=200, blank=True)
    source = models.CharField(_("source"), max_length=200, blank=True)
    imported_at = models.DateTimeField(_("last imported"))

    class Meta:
        verbose_name = _("population base")
        verbose_name_plural = _("population bases")
        ordering = ["name"]

    def __str__(self):
        return f"{self.name} ({self.year})"


class BasePoint(models.Model):
    """How many of a base's things are at one point. Column names match those of PopulationPoint."""

    base = models.ForeignKey(PopulationBase, on_delete=models.CASCADE, related_name="points")
    code = models.CharField(_("code"), max_length=80)
    name = models.CharField(_("name"), max_length=200, blank=True)
    people = models.PositiveIntegerField(_("how many"), default=1)
    counts = models.JSONField(_("of them"), default=dict, blank=True)
    point = models.PointField(_("point"), srid=BRITISH_NATIONAL_GRID)

    objects = PopulationPointQuerySet.as_manager()

    class Meta:
        verbose_name = _("point of a base")
        verbose_name_plural = _("points of a base")
        ordering = ["base", "code"]
        constraints = [
            models.UniqueConstraint(fields=["base", "code"], name="one_base_point_a_code")
        ]

    def __str__(self):
        return self.name or self.code
