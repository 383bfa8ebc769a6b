import datetime

import pytest
from django.contrib.gis.geos import Point

from geography.models import Postcode
from tests.factories import ALWAYS, SignUpFactory, VenueFactory

HERE = Point(450000, 115000, srid=27700)


@pytest.fixture
def here(db):
    """A made-up postcode where somebody is standing."""
    Postcode.objects.create(postcode="ZZ1 1AA", outward="ZZ1", point=HERE, quality=10)
    return HERE


@pytest.fixture
def place(db):
    """Makes a listed place this many metres east of HERE; `opens=None` means no hours at all."""

    def make(name="Exampleton Library", metres=100, hours=ALWAYS, **fields):
        scheme = fields.pop("scheme", None)
        venue = {"name": name, "hours": hours, **fields}
        venue["point"] = Point(HERE.x + metres, HERE.y, srid=27700)
        given = {"scheme": scheme} if scheme else {}
        if scheme:
            venue["lead_scheme"] = scheme
            return SignUpFactory(
                approved=True, listed=True, venue=VenueFactory(**venue), **given
            ).venue
        return SignUpFactory(
            approved=True, listed=True, **{f"venue__{key}": value for key, value in venue.items()}
        ).venue

    return make


def until(moment: datetime.datetime, minutes: int) -> list[tuple]:
    """Daily hours that started before `moment` and end this many minutes after it."""
    closes = (moment + datetime.timedelta(minutes=minutes)).time().replace(second=0, microsecond=0)
    opens = (moment - datetime.timedelta(hours=1)).time().replace(second=0, microsecond=0)
    return [(weekday, opens, closes) for weekday in range(7)]
