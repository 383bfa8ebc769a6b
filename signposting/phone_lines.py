"""The confirmed services around a place, for the training of the people who work there."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from signposting.around import around, nowhere
from signposting.models import Service
from venues.models import Venue
from venues.phone_lines import Helpline, register

MOST_PLACES = 5
"""Somebody who works at more has the numbers of these."""


def _lines_of(venues: QuerySet[Venue]) -> list[Helpline]:
    points = venues.order_by("pk").values_list("point", flat=True)[:MOST_PLACES]
    found = [around(point) if point else nowhere() for point in points]
    serving = {service.pk for each in found for service in each.services}
    services = Service.objects.public().filter(pk__in=serving)
    return [_line_of(service) for service in services]


def _line_of(service: Service) -> Helpline:
    number = service.number
    if service.text_word:
        number = _("Text %(word)s to %(number)s") % {"word": service.text_word, "number": number}
    if service.by == Service.By.ONLINE:
        number = service.website
    return Helpline(
        name=f"{service.name} ({service.where})" if service.where else service.name,
        what_for=service.what_for,
        number=number,
        link=service.link,
        when=service.when or service.get_answers_display(),
    )


register(_lines_of)
