"""Which telephone lines answer now, and which do not."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from signposting.models import Service
from signposting.written_hours import written_hours
from venues.models import SchemeContact

EVENING = 18
"""“Evenings or nights”, if nobody entered the hours: certain only from six to midnight."""


@dataclass(frozen=True, kw_only=True)
class PhoneLine:
    """One number to ring or text: whom it is for, when it answers."""

    name: str
    words: str
    number: str  # as on the button: “116 123”, “Text SHOUT to 85258”
    link: str
    is_open: bool


def lines_of(
    services: Iterable[Service], contacts: Iterable[SchemeContact], when: datetime.datetime
) -> list[PhoneLine]:
    lines = [_of_contact(contact, when) for contact in contacts]
    forms = []  # the police's form belongs beside its number
    for service in services:
        place = forms if service.by == Service.By.ONLINE else lines
        place.append(_of_service(service, when))
    return [*lines, _police(), *forms]


def _of_contact(contact: SchemeContact, when: datetime.datetime) -> PhoneLine:
    written = written_hours(contact.when)
    return PhoneLine(
        name=contact.name,
        words=_sentences(contact.kind.words, contact.when),
        number=contact.number,
        link=f"tel:{contact.number.replace(' ', '')}",
        # A line without known hours is worth trying.
        is_open=not written.is_read or written.is_open(when),
    )


def _of_service(service: Service, when: datetime.datetime) -> PhoneLine:
    name = f"{service.name} ({service.where})" if service.where else service.name
    number = service.number
    if service.text_word:
        told = {"word": service.text_word, "number": service.number}
        number = _("Text %(word)s to %(number)s") % told
    if service.by == Service.By.ONLINE:
        number = _("Open the form")
    return PhoneLine(
        name=name,
        words=_sentences(service.what_for, service.when or service.get_answers_display()),
        number=number,
        link=service.link,
        is_open=answers_at(service, when),
    )


def answers_at(service: Service, when: datetime.datetime) -> bool:
    """Whether it answers at `when`, by its written hours, or else by what is certain."""
    if service.answers == Service.Answers.ALWAYS:
        return True
    written = written_hours(service.when)
    if written.is_read:
        return written.is_open(when)
    local = timezone.localtime(when)
    if service.answers == Service.Answers.EVENINGS:
        return local.hour >= EVENING
    return OFFICE_HOURS.is_open(when)


OFFICE_HOURS = written_hours("Monday to Friday 9am to 5pm")
"""“Daytime”, if nobody entered the hours."""


def _police() -> PhoneLine:
    return PhoneLine(
        name=_("The police"),
        words=_("When it is not an emergency. Day and night."),
        number="101",
        link="tel:101",
        is_open=True,
    )


def _sentences(*parts: object) -> str:
    return " ".join(f"{str(part).rstrip('.')}." for part in parts if part)
