"""What a place's own page says beyond its card: the days, what is there, who is behind it."""

import datetime
from dataclasses import dataclass

from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from signposting.all_places import card_of_kept
from signposting.cards import Card, card_of
from signposting.models import Service
from signposting.rules import with_what_a_page_says
from signposting.structured import address_of, json_ld, share_text, summary
from venues.badge_facts import BadgeFacts, badge_facts, training_words
from venues.hours.timetable import DayAhead, days_ahead
from venues.kept import places_of
from venues.models import Closure, Scheme, Venue
from venues.offers import offered, transport_of
from venues.stops import stops_near

CLOSURES_SHOWN_DAYS = 60
DAYS_SHOWN = 7


@dataclass(frozen=True)
class Fact:
    """One thing that is there, is not, or was never recorded; the words say which."""

    answer: str  # "yes", "no" or "unknown": the icon beside the words
    words: str
    label: str


@dataclass(frozen=True)
class VenuePage:
    """The context of `signposting/venue_page.html`. Public facts only."""

    card: Card
    venue: Venue
    days: list[DayAhead]
    closures: list[Closure]
    facts: list[Fact]
    badges: list[BadgeFacts]
    training: str
    """About the place as a whole, if no badge says it."""
    speaks_for: Scheme | None
    """The scheme whose words at the counter and steps are shown on the page."""
    steps: list[str]
    transport: list[str]
    """Stops near by, and what runs at night, each in a sentence's words."""
    night_line: Service | None
    """A number for the printed card that somebody answers day and night."""
    address: str
    share_text: str
    summary: str
    json_ld: str


def kept_page(key: int, when: datetime.datetime) -> VenuePage:
    """The page of a venue that a kept row says is listed."""
    [place] = places_of([key], when)
    return page_of(Venue.objects.get(pk=key), when, card_of_kept(place, when))


def page_of(venue: Venue, when: datetime.datetime, card: Card | None = None) -> VenuePage:
    """The page of a listed `venue` at `when`; without its `card` it needs its `hours_state`."""
    with_what_a_page_says([venue], when)
    card = card or card_of(venue, when)
    today = timezone.localdate(when)
    known = badge_facts(venue.listed_sign_ups, today)
    badges = [each for each in known if not each.is_hidden]
    speaks_for = _speaks_for(venue, badges)
    is_said = any(each.training_words for each in badges)
    return VenuePage(
        card=card,
        venue=venue,
        days=days_ahead(venue, when, DAYS_SHOWN),
        closures=_later_closures(venue, today),
        facts=facts_of(venue),
        badges=badges,
        training="" if is_said else training_words(known),
        speaks_for=speaks_for,
        steps=speaks_for.walk_in_steps if speaks_for else [],
        transport=transport_lines(venue),
        night_line=_night_line(),
        address=address_of(venue),
        share_text=share_text(venue),
        summary=summary(venue),
        json_ld=json_ld(card, venue),
    )


def _speaks_for(venue: Venue, badges: list[BadgeFacts]) -> Scheme | None:
    """The lead scheme, if the place shows its badge; otherwise the first scheme that it shows."""
    schemes = sorted(
        (each.scheme for each in badges), key=lambda scheme: scheme.pk != venue.lead_scheme_id
    )
    return schemes[0] if schemes else None


def _night_line() -> Service | None:
    everywhere = Service.objects.public().filter(scheme=None, nations=[], by=Service.By.CALL)
    return everywhere.filter(answers=Service.Answers.ALWAYS).first()


def _later_closures(venue: Venue, today: datetime.date) -> list[Closure]:
    """Closures that the seven days do not show, or not to their end."""
    shown_until = today + datetime.timedelta(days=DAYS_SHOWN - 1)
    last = today + datetime.timedelta(days=CLOSURES_SHOWN_DAYS)
    coming = [
        each
        for each in venue.closures.all()
        if each.ends_on > shown_until and each.starts_on <= last
    ]
    return sorted(coming, key=lambda each: (each.starts_on, each.ends_on))


def transport_lines(venue: Venue) -> list[str]:
    """The nearest stops, then the place's own words; for a place whose address is public."""
    stops = [each.words for each in stops_near(venue)]
    return [*stops, *filter(None, [transport_of(venue)])]


def facts_of(venue: Venue) -> list[Fact]:
    """The facilities, each with its answer in words, then what else the place offers."""
    found = [_fact(name, getattr(venue, name)) for name in Venue.FACILITIES]
    found += [_fact(each.name, True) for each in offered(venue)]
    asked = venue.woman_on_request
    if asked == Venue.OnRequest.NOT_KNOWN:
        return [*found, _fact("woman_on_request", None)]
    label, words = _label("woman_on_request"), venue.get_woman_on_request_display().lower()
    return [*found, Fact("yes", _in_words(label, words), label)]


def _fact(name: str, value: bool | None) -> Fact:
    answers = {
        True: ("yes", _("yes")),
        False: ("no", _("no")),
        None: ("unknown", _("not recorded")),
    }
    answer, words = answers[value]
    return Fact(answer, _in_words(_label(name), words), _label(name))


def _in_words(label: str, answer: str) -> str:
    return _("%(fact)s: %(answer)s") % {"fact": label, "answer": answer}


def _label(name: str) -> str:
    return capfirst(str(Venue._meta.get_field(name).verbose_name))
