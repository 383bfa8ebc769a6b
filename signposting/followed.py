"""Who helps somebody who is followed, touched or stalked in the area of a scheme."""

import datetime
from dataclasses import dataclass

from django.db.models import Q

from geography.nations import nation_of_code
from signposting.helplines import PhoneLine, lines_of
from signposting.models import Service
from venues.models import Scheme


@dataclass(frozen=True)
class WhoHelps:
    """`reports`: the forms of the police forces of its area, confirmed by a named person.

    `lines`: those who answer now first in their list; 101 is among them.
    """

    reports: list[Service]
    lines: list[PhoneLine]


def who_helps(scheme: Scheme, when: datetime.datetime) -> WhoHelps:
    """The scheme's own services, and the national ones of the nation its area lies in."""
    nation = nation_of_code(scheme.area.code) if scheme.area else None
    mine = Service.objects.public().filter(Q(scheme=None) | Q(scheme=scheme))
    serving = [service for service in mine if service.serves(nation)]
    numbers = [
        service for service in serving if service.for_followed and service.by != Service.By.ONLINE
    ]
    reports = [service for service in serving if service.by == Service.By.ONLINE]
    return WhoHelps(reports=reports, lines=lines_of(numbers, [], when))
