"""The weekly hours as lines, a closure, and "we cannot help today". No JavaScript needed."""

import re

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.fields import DayMonthYearField
from common.forms import Fact, SharedFactsForm
from venues.hours.asking import AskingForm, Pair
from venues.hours.divisions import division_at
from venues.hours.fields import ClockField, LinesField, MonthDayField
from venues.hours.lines import lines_of
from venues.hours.model import BANK_HOLIDAY
from venues.hours.reading import out_of, read_line
from venues.hours.recurrence import may_coincide
from venues.hours.times import Span, WrittenTime, is_long, readings
from venues.models import OpeningHours, Venue

DAY = 24 * 60
WEEK = 7 * DAY


class HoursForm(SharedFactsForm, AskingForm):
    """One week of opening hours, for the whole year or one season."""

    def __init__(self, *args, venue, intervals=(), season=(None, None), others=(), **kwargs):
        self.others = list(others)
        super().__init__(*args, **kwargs)
        self.fields["lines"] = LinesField(
            label=_("When you are open, a line for each different day"),
            required=False,
            initial=lines_of(intervals),
        )
        for number, (key, label) in enumerate(
            (("season_from", _("From")), ("season_to", _("To, and including")))
        ):
            self.fields[key] = MonthDayField(
                label=label,
                required=False,
                initial=season[number],
                help_text=_("Such as 1 April. Leave both empty for all year."),
            )
        self.fields["bank_holidays"] = forms.ChoiceField(
            label=_("On bank holidays"),
            choices=Venue.BankHolidays.choices,
            initial=venue.bank_holidays,
            help_text=_("Those of %(division)s.") % {"division": venue.get_division_display()},
            widget=forms.RadioSelect(attrs={"class": "govuk-radios--small"}),
            error_messages={"required": _("Choose what happens on bank holidays.")},
        )
        if division_at(venue.point, venue.postcode, venue.lead_scheme) is None:
            self._ask_whose_holidays(venue)
        self._fill(intervals)

    def _ask_whose_holidays(self, venue):
        """Ask the venue if neither point nor postcode gives the answer, as on a border."""
        self.fields["bank_holidays"].help_text = ""
        self.fields["holidays_of"] = forms.ChoiceField(
            label=_("Whose bank holidays do you keep?"),
            choices=Venue.Division.choices,
            initial=venue.division,
            required=False,
            widget=forms.RadioSelect(attrs={"class": "govuk-radios--small"}),
        )

    def _fill(self, intervals):
        self._show_what_was_confirmed(intervals)

    def _show_what_was_confirmed(self, intervals):
        """Keep the tick for long hours for as long as those hours are saved."""
        long: dict = {}
        for interval in sorted(intervals, key=lambda each: each.weekday):
            span = (interval.opens, interval.closes)
            if interval.opens is not None and is_long(span):
                long.setdefault(span, []).append(interval.get_weekday_display())
        if not self.is_bound:
            for span, labels in long.items():
                self.ask_if_long(span, labels, confirmed=True)

    def facts(self):
        """The week counts as one fact, because its lines only make sense together."""
        for name in ("lines", "season_from", "season_to", "bank_holidays", "holidays_of"):
            if name in self.fields:
                yield Fact(name, str(self.fields[name].label), (name,))

    def in_words(self, fact, values):
        if fact.key != "lines":
            return super().in_words(fact, values)
        return "; ".join(values["lines"] or []) or gettext("closed")

    def clean(self):
        data = super().clean()
        self._read_intervals(data)
        self._refuse_overlaps()
        season = [data.get("season_from"), data.get("season_to")]
        if any(season) and not all(season) and not self.errors:
            empty = "season_from" if season[0] is None else "season_to"
            self.add_error(empty, _("A season needs a first and a last day."))
        own = any(interval.weekday == BANK_HOLIDAY for __, interval in self.read)
        rule = data.get("bank_holidays")
        if rule == Venue.BankHolidays.OWN_HOURS and not own and not self.errors:
            words = _("Bank holidays: write the hours in a line, or choose another answer below.")
            self.add_error("lines", words)
        if own and rule not in (Venue.BankHolidays.OWN_HOURS, None):
            self.add_error(
                "bank_holidays",
                _("You wrote hours for bank holidays. Choose “Open at other hours”."),
            )
        if not self.read and not self.others and not self.errors:
            self.add_error("lines", _("Write when you are open, for one day at least."))
        return data

    def _read_intervals(self, data):
        """Parse every line twice: once to find the questions, then with their answers."""
        self.read = []
        lines = data.get("lines") or []
        spans = self.settle([pair for line in lines for pair in _pairs_of(line)])
        if self.errors:
            self._say_what_is_not_understood(lines)
            return
        read = [(line, read_line(line, lambda o, c: spans.get(_key(o, c)))) for line in lines]
        for line, found in read:
            if found.unread:
                self._not_understood(line, found)
        if self.errors:
            return
        # "Closed in school holidays" on a line of its own applies to all the others.
        closed_in = next((found.closed_in for __, found in read if found.closed_in), None)
        for line, found in read:
            if closed_in and not found.closed_in:
                found = out_of(found, closed_in)
                if found.unread:
                    self._not_understood(line, found)
            for interval in found.opening_hours():
                interval.season_from = data.get("season_from")
                interval.season_to = data.get("season_to")
                self.read.append(("lines", interval))

    def _say_what_is_not_understood(self, lines):
        for line in lines:
            found = read_line(line, _likeliest)
            if found.unread:
                self._not_understood(line, found)

    def _not_understood(self, line, found):
        why = found.unread[0].reason
        # An error that shows how to write it needs no further example.
        words = _("“%(line)s”: %(why)s")
        if "“" not in why.removeprefix("“"):
            words = _("“%(line)s”: %(why)s Write it like “Mon–Fri 9am–5pm”.")
        self.add_error("lines", words % {"line": line, "why": why})

    def _refuse_overlaps(self):
        """Compare each interval with the earlier ones, in minutes of a week that wraps around."""
        for index, (key, interval) in enumerate(self.read):
            for __, earlier in self.read[:index]:
                if _overlap(interval, earlier):
                    self.add_error(
                        key,
                        _("%(this)s, %(span)s: this overlaps %(other)s, %(other_span)s.")
                        % {
                            "this": interval.get_weekday_display(),
                            "span": _span(interval),
                            "other": earlier.get_weekday_display(),
                            "other_span": _span(earlier),
                        },
                    )
                    break

    def intervals(self):
        """These intervals and those of the other seasons, ready to save."""
        kept = [each.attname for each in OpeningHours._meta.concrete_fields]
        kept = [name for name in kept if name not in ("id", "venue_id", "valid_from", "valid_to")]
        others = [
            OpeningHours(**{name: getattr(other, name) for name in kept}) for other in self.others
        ]
        return [interval for __, interval in self.read] + others


def _span(interval) -> str:
    return f"{interval.opens:%H:%M}–{interval.closes:%H:%M}"


def _likeliest(opens: WrittenTime, closes: WrittenTime) -> Span | None:
    return readings(opens, closes)[0]


def _key(opens, closes) -> str:
    return f"{opens} {closes}"


def _pairs_of(line) -> list[Pair]:
    """The pairs of times on a line, labelled by its days if it has one pair, else by themselves."""
    found: list[tuple[WrittenTime, WrittenTime]] = []

    def note(opens, closes):
        found.append((opens, closes))
        return _likeliest(opens, closes)

    read_line(line, note)
    days = re.split(r"\d|noon|mid", line)[0].strip(" :,-–")
    is_plain = days and not re.search(r"\d(?:st|nd|rd|th)|\bfrom\b|\[", line)
    label = days if len(found) == 1 and is_plain else line
    return [Pair(_key(opens, closes), label, opens, closes) for opens, closes in found]


def _overlap(one, other) -> bool:
    """The rule of the constraint `hours_do_not_overlap`, within one season.

    Weeks of the month are only compared within one weekday: the night of the 1st Sunday may run
    into the 1st or the 2nd Monday.
    """
    if one.opens is None or other.opens is None:
        return False
    if one.weekday == other.weekday and not may_coincide(one, other):
        return False
    if BANK_HOLIDAY in (one.weekday, other.weekday) and one.weekday != other.weekday:
        return False
    (start, length), (other_start, other_length) = _minutes(one), _minutes(other)
    apart = (other_start - start) % WEEK
    return apart < length or (WEEK - apart) % WEEK < other_length


def _minutes(interval) -> tuple[int, int]:
    opens = interval.opens.hour * 60 + interval.opens.minute
    closes = interval.closes.hour * 60 + interval.closes.minute
    return interval.weekday % 7 * DAY + opens, (closes - opens - 1) % DAY + 1


class ClosureForm(AskingForm):
    """Dates on which the weekly hours do not apply."""

    starts_on = DayMonthYearField(
        label=_("First day"), error_messages={"required": _("Write the first day.")}
    )
    ends_on = DayMonthYearField(
        label=_("Last day"), required=False, help_text=_("Leave it empty for one day.")
    )
    opens = ClockField(
        label=_("Open from"), required=False, help_text=_("Leave both empty when it is closed.")
    )
    closes = ClockField(label=_("Open until"), required=False, closing=True)
    note = forms.CharField(
        label=_("Explanation, for the public"),
        required=False,
        max_length=120,
        help_text=_("Such as: closed for Christmas."),
    )

    def clean(self):
        data = super().clean()
        if "starts_on" in data and "ends_on" in data:
            data["ends_on"] = data["ends_on"] or data["starts_on"]
            if data["ends_on"] < data["starts_on"]:
                self.add_error("ends_on", _("The last day is before the first."))
            elif data["ends_on"] < timezone.localdate():
                self.add_error("ends_on", _("This day is over. Write days to come."))
        opens, closes = data.get("opens"), data.get("closes")
        if not self.errors and (opens is None) != (closes is None):
            empty = "opens" if opens is None else "closes"
            self.add_error(empty, _("Give both times, or neither when it is closed."))
        elif opens is not None and closes is not None:
            spans = self.settle([Pair("day", _("Opening hours on these days"), opens, closes)])
            data["opens"], data["closes"] = spans.get("day", (None, None))
        return data


class AwayForm(forms.Form):
    """Until when the place cannot help. No reason is asked."""

    until = DayMonthYearField(
        label=_("Which day can you help again?"),
        error_messages={"required": _("Write the day on which you can help again.")},
    )

    def clean_until(self):
        day = self.cleaned_data["until"]
        if day <= timezone.localdate():
            raise forms.ValidationError(_("Write a day after today."))
        return day
