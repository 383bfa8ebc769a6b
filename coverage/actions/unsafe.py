"""Where people feel unsafe: brought in as counts, removed whole."""

import datetime
from collections import Counter

from django.contrib.gis.geos import Point
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common.deciding import lock
from common.refusals import Refused
from coverage.models import FeltUnsafe, UnsafeSquare
from coverage.models.areas import GRID
from coverage.models.unsafe import FEWEST, SIDE
from geography.importers.located import read_located
from venues.models import Event, Scheme


@transaction.atomic
def bring_in_felt_unsafe(
    scheme: Scheme,
    *,
    file: str,
    data: bytes,
    source: str,
    collected_on: datetime.date,
    by: User,
) -> FeltUnsafe:
    """Count the points of a CSV or GeoJSON file by square; nothing else of the file is kept.

    Squares with fewer than ten are left out. Raises Refused if none is left.
    """
    points = [row.point for row in read_located(file, data).rows if row.point is not None]
    counts = Counter((int(point.x // SIDE), int(point.y // SIDE)) for point in points)
    kept = {square: count for square, count in counts.items() if count >= FEWEST}
    if not kept:
        raise Refused(
            _(
                "No square of %(side)s m has %(fewest)s points or more, so nothing can be kept:"
                " fewer could point to a person."
            )
            % {"side": SIDE, "fewest": FEWEST}
        )
    made = FeltUnsafe(
        scheme=scheme, source=source.strip(), collected_on=collected_on, imported_by=by
    )
    try:
        made.full_clean()
    except ValidationError as error:
        raise Refused(*error.messages) from None
    made.save()
    UnsafeSquare.objects.bulk_create(
        UnsafeSquare(
            felt_unsafe=made,
            code=f"{east}-{north}",
            people=count,
            point=Point((east + 0.5) * SIDE, (north + 0.5) * SIDE, srid=GRID),
        )
        for (east, north), count in sorted(kept.items())
    )
    Event.objects.record(
        "coverage.felt_unsafe_brought_in", scheme=scheme, by=by, about=made, squares=len(kept)
    )
    return made


@transaction.atomic
def remove_felt_unsafe(felt_unsafe: FeltUnsafe, *, by: User) -> None:
    felt_unsafe = lock(felt_unsafe, against_new_rows=True)
    Event.objects.record("coverage.felt_unsafe_removed", scheme=felt_unsafe.scheme, by=by)
    felt_unsafe.delete()
