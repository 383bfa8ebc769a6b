"""What somebody needs of a place, and for when: sent by POST, so that no URL reveals it."""

import datetime
import re
from dataclasses import dataclass
from typing import ClassVar

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from signposting.forms import number
from signposting.nearest import Wishes
from venues.hours.fields import ClockField
from venues.hours.model import LONDON
from venues.hours.times import Style
from venues.models import Venue

DAYS = 14
"""Opening hours are known this far ahead."""

FACILITIES = (*Venue.FACILITIES, *Venue.SEARCHED_OFFERS)
"""Never who is on shift, nor “a woman to talk to”: that would reveal when she works."""


NAMES = ("has", "language", "late", "day", "time")


@dataclass(frozen=True)
class NothingWished:
    """What a WishesForm says of a search without wishes, as nearly all are.

    Making the form with its fortnight of days takes longer than looking for the places.
    """

    now: datetime.datetime
    accuracy_metres: float | None
    wishes = Wishes()
    is_now = True
    kept = ()
    errors: ClassVar[dict] = {}

    @property
    def when(self) -> datetime.datetime:
        return self.now


def accuracy_in(data: QueryDict) -> float | None:
    """Metres by which the device may err; None if it did not say, or said nonsense."""
    metres = number(data.get("accuracy", ""))
    return metres if metres is not None and 0 < metres < 1_000_000 else None


def read_wishes(data: QueryDict, now: datetime.datetime) -> "WishesForm | NothingWished":
    """What is wished for in a search, its form checked."""
    if not any(any(data.getlist(name)) for name in NAMES):
        return NothingWished(now, accuracy_in(data))
    form = WishesForm(data, now=now)
    form.is_valid()
    return form


class WishesForm(forms.Form):
    """Filters and another time. `wishes` and `when` are valid even if some input is not."""

    has = forms.MultipleChoiceField(
        label=_("It must have"), required=False, widget=forms.CheckboxSelectMultiple
    )
    language = forms.CharField(
        label=_("Somebody there speaks"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    late = forms.BooleanField(label=_("Open late (at 22:00)"), required=False)
    day = forms.ChoiceField(label=_("Day"), required=False)
    time = ClockField(
        label=_("Time"),
        required=False,
        widget=forms.TextInput(attrs={"type": "time", "autocomplete": "off"}),
    )

    def __init__(self, *args, now: datetime.datetime, **kwargs):
        super().__init__(*args, **kwargs)
        self.now = now
        self.wishes = Wishes()
        self.when = now
        meta = Venue._meta
        self.fields["has"].choices = [
            (name, capfirst(meta.get_field(name).verbose_name)) for name in FACILITIES
        ]
        today = timezone.localdate(now)
        days = [today + datetime.timedelta(days=number) for number in range(DAYS)]
        labels = [_("Today"), _("Tomorrow"), *(date_format(day, "l j F") for day in days[2:])]
        self.fields["day"].choices = [
            ("", _("Now")),
            *((day.isoformat(), label) for day, label in zip(days, labels, strict=True)),
        ]
        self.fields["day"].error_messages["invalid_choice"] = _(
            "Choose a day within the coming fortnight. We do not know hours further ahead."
        )

    @property
    def is_now(self) -> bool:
        return self.when == self.now

    @property
    def accuracy_metres(self) -> float | None:
        """The device's accuracy in metres; None if it gave none, or nonsense."""
        return accuracy_in(self.data)

    @property
    def kept(self) -> list[tuple[str, str]]:
        """The wishes as (name, value), for another form on the page to carry along."""
        return [(name, value) for name in NAMES for value in self.data.getlist(name) if value]

    def clean(self):
        given = super().clean()
        self.wishes = Wishes(
            facilities=frozenset(given.get("has") or ()),
            language=given.get("language") or "",
            late=bool(given.get("late")),
        )
        if not {"day", "time"} & self.errors.keys():
            self._clean_moment(given)
        return given

    def _clean_moment(self, given) -> None:
        day, written = given.get("day"), given.get("time")
        if not day and not written:
            return
        if not written:
            self.add_error("time", _("Write a time, such as 22:00."))
            return
        if written.style == Style.BARE and not re.fullmatch(r"\d\d:\d\d", self.data["time"]):
            self.add_error("time", _("Is that in the morning or the evening? Write 10am or 22:00."))
            return
        date = datetime.date.fromisoformat(day) if day else timezone.localdate(self.now)
        # Through UTC: a time that the clocks skip becomes the one an hour later.
        wall = datetime.datetime.combine(date, written.time, tzinfo=LONDON)
        when = wall.astimezone(datetime.UTC).astimezone(LONDON)
        if when < self.now:
            self.add_error("time", _("This time has passed. Choose a later one, or “Now”."))
            return
        self.when = when
