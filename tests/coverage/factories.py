"""Other spaces, drawn areas and gaps: the simplest valid ones."""

import factory
from django.contrib.gis.geos import MultiPolygon, Point, Polygon
from django.utils import timezone
from factory.django import DjangoModelFactory

from coverage.models import (
    Approach,
    DrawnArea,
    FeltUnsafe,
    Gap,
    OtherPlace,
    OtherPlaceHours,
    Source,
)
from tests.factories import SchemeFactory, UserFactory


def square(east, north, side=1000):
    return MultiPolygon(Polygon.from_bbox((east, north, east + side, north + side)), srid=27700)


class SourceFactory(DjangoModelFactory):
    """One council's own list; `scheme=None` is open data for everybody."""

    class Meta:
        model = Source

    scheme = factory.SubFactory(SchemeFactory)
    name = factory.Sequence(lambda n: f"List {n}")
    kind = "community"


class OtherPlaceFactory(DjangoModelFactory):
    """Has no hours, so is never open; `hours=ALWAYS` opens it day and night."""

    class Meta:
        model = OtherPlace
        skip_postgeneration_save = True

    source = factory.SubFactory(SourceFactory)
    reference = factory.Sequence(lambda n: f"ref-{n}")
    name = factory.Sequence(lambda n: f"Hall {n}")
    kind = "community"
    postcode = "ZZ1 1AA"
    point = Point(450000, 115000, srid=27700)

    @factory.post_generation
    def hours(self, create, extracted, **kwargs):
        """(weekday, opens, closes) tuples."""
        for weekday, opens, closes in extracted or []:
            OtherPlaceHours.objects.create(
                other_place=self, weekday=weekday, opens=opens, closes=closes
            )


class DrawnAreaFactory(DjangoModelFactory):
    class Meta:
        model = DrawnArea

    scheme = factory.SubFactory(SchemeFactory)
    name = factory.Sequence(lambda n: f"High street {n}")
    boundary = factory.LazyFunction(lambda: square(450000, 115000))
    drawn_by = factory.SubFactory(UserFactory)


class FeltUnsafeFactory(DjangoModelFactory):
    """A survey with one square of twelve."""

    class Meta:
        model = FeltUnsafe
        skip_postgeneration_save = True

    scheme = factory.SubFactory(SchemeFactory)
    source = factory.Sequence(lambda n: f"Survey {n}")
    collected_on = factory.LazyFunction(timezone.localdate)
    imported_by = factory.SubFactory(UserFactory)

    @factory.post_generation
    def squares(self, create, extracted, **kwargs):
        point = Point(450125, 115125, srid=27700)
        self.points.create(code="1800-460", people=12, point=point)


class GapFactory(DjangoModelFactory):
    class Meta:
        model = Gap

    scheme = factory.SubFactory(SchemeFactory)
    title = factory.Sequence(lambda n: f"Nobody is open in ward {n}")
    owner = factory.SubFactory(UserFactory)
    opened_at = factory.LazyFunction(timezone.now)
    opened_by = factory.SelfAttribute("owner")
    changed_at = factory.SelfAttribute("opened_at")


class ApproachFactory(DjangoModelFactory):
    class Meta:
        model = Approach

    gap = factory.SubFactory(GapFactory)
    name = "The Corner Café"
    changed_at = factory.LazyFunction(timezone.now)
    changed_by = factory.SelfAttribute("gap.owner")
