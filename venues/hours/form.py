"""The week as rows, a closure, and "we cannot help today". All without JavaScript."""

import datetime

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.fields import DayMonthYearField
from common.forms import Fact, SharedFactsForm
from venues.hours.asking import AskingForm, Pair
from venues.hours.divisions import division_at
from venues.hours.fields import ClockField, MonthDayField
from venues.hours.model import BANK_HOLIDAY
from venues.hours.times import WrittenTime, is_long
from venues.models import OpeningHours, Venue

INTERVALS = 3
DAY = 24 * 60
WEEK = 7 * DAY
WEEKDAYS = range(5)


class _Row:
    """One day of the form, for the template."""

    def __init__(self, form, day, label):
        self.day, self.label = day, label
        self.appointment = form[f"d{day}_appointment"]
        self.intervals = [
            (number + 1, form[f"d{day}_{number}_opens"], form[f"d{day}_{number}_closes"])
            for number in range(INTERVALS)
        ]
        self.errors = [
            error
            for __, opens, closes in self.intervals
            for field in (opens, closes)
            for error in field.errors
        ]


class HoursForm(SharedFactsForm, AskingForm):
    """One week of opening hours, for all year or for a part of it."""

    def __init__(self, *args, venue, intervals=(), season=(None, None), others=(), **kwargs):
        self.others = list(others)
        super().__init__(*args, **kwargs)
        for day, label in OpeningHours.WEEKDAYS:
            self._add_day(day, label)
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
        """Where the point and the postcode do not tell, as on a border, the venue does."""
        self.fields["bank_holidays"].help_text = ""
        self.fields["holidays_of"] = forms.ChoiceField(
            label=_("Whose bank holidays do you keep?"),
            choices=Venue.Division.choices,
            initial=venue.division,
            required=False,
            widget=forms.RadioSelect(attrs={"class": "govuk-radios--small"}),
        )

    def _add_day(self, day, label):
        for number in range(INTERVALS):
            for end, words in (("opens", _("opens")), ("closes", _("closes"))):
                self.fields[f"d{day}_{number}_{end}"] = ClockField(
                    label=f"{label}, {number + 1}: {words}",
                    required=False,
                    closing=end == "closes",
                )
        self.fields[f"d{day}_appointment"] = forms.BooleanField(
            label=_("Only by appointment"), required=False
        )

    def _fill(self, intervals):
        seen = dict.fromkeys(range(BANK_HOLIDAY + 1), 0)
        for interval in sorted(intervals, key=lambda each: (each.weekday, each.opens)):
            day, number = interval.weekday, seen[interval.weekday]
            if number < INTERVALS:
                self.initial[f"d{day}_{number}_opens"] = interval.opens
                self.initial[f"d{day}_{number}_closes"] = interval.closes
                self.initial[f"d{day}_appointment"] = interval.by_appointment
                seen[day] += 1
        self._show_what_was_confirmed(intervals)

    def _show_what_was_confirmed(self, intervals):
        """The tick for a long stretch comes back filled while those hours are kept."""
        long: dict = {}
        for interval in sorted(intervals, key=lambda each: each.weekday):
            span = (interval.opens, interval.closes)
            if is_long(span):
                long.setdefault(span, []).append(interval.get_weekday_display())
        if not self.is_bound:
            for span, labels in long.items():
                self.ask_if_long(span, labels, confirmed=True)

    def facts(self):
        """A day is one fact: its times only make sense together."""
        for day, label in OpeningHours.WEEKDAYS:
            names = [f"d{day}_{n}_{end}" for n in range(INTERVALS) for end in ("opens", "closes")]
            yield Fact(f"d{day}", str(label), (*names, f"d{day}_appointment"))
        for name in ("season_from", "season_to", "bank_holidays", "holidays_of"):
            if name in self.fields:
                yield Fact(name, str(self.fields[name].label), (name,))

    def in_words(self, fact, values):
        if not fact.key.startswith("d"):
            return super().in_words(fact, values)
        day = fact.key
        spans = [
            f"{self._at(values[f'{day}_{n}_opens'])}–{self._at(values[f'{day}_{n}_closes'])}"
            for n in range(INTERVALS)
            if values[f"{day}_{n}_opens"] or values[f"{day}_{n}_closes"]
        ]
        if spans and values[f"{day}_appointment"]:
            spans.append(gettext("only by appointment"))
        return ", ".join(spans) or gettext("closed")

    @staticmethod
    def _at(value):
        return f"{value:%H:%M}" if isinstance(value, datetime.time) else str(value or "?")

    @staticmethod
    def copy_monday(data):
        """The posted data with Monday's row in the rows of Tuesday to Friday."""
        data = data.copy()
        names = [f"{n}_{end}" for n in range(INTERVALS) for end in ("opens", "closes")]
        for day in WEEKDAYS:
            for name in [*names, "appointment"]:
                if f"d0_{name}" in data:
                    data[f"d{day}_{name}"] = data[f"d0_{name}"]
                else:
                    data.pop(f"d{day}_{name}", None)
        return data

    def rows(self):
        return [_Row(self, day, label) for day, label in OpeningHours.WEEKDAYS]

    def clean(self):
        data = super().clean()
        self._read_intervals(data)
        self._refuse_overlaps()
        season = [data.get("season_from"), data.get("season_to")]
        if any(season) and not all(season) and not self.errors:
            empty = "season_from" if season[0] is None else "season_to"
            self.add_error(empty, _("A season needs a first and a last day."))
        own = any(
            data.get(f"d{BANK_HOLIDAY}_{number}_opens") is not None for number in range(INTERVALS)
        )
        if data.get("bank_holidays") == Venue.BankHolidays.OWN_HOURS and not own:
            self.add_error("d7_0_opens", _("Bank holidays: write the hours, or choose another."))
        if own and data.get("bank_holidays") not in (Venue.BankHolidays.OWN_HOURS, None):
            self.add_error(
                "bank_holidays",
                _("You wrote hours for bank holidays. Choose “Open at other hours”."),
            )
        if not self.read and not self.others and not self.errors:
            self.add_error("d0_0_opens", _("Write when you are open, for one day at least."))
        return data

    def _read_intervals(self, data):
        self.read = []
        pairs = []
        for day, label in OpeningHours.WEEKDAYS:
            for number in range(INTERVALS):
                key = f"d{day}_{number}"
                opens, closes = data.get(f"{key}_opens"), data.get(f"{key}_closes")
                if f"{key}_opens" in self.errors or f"{key}_closes" in self.errors:
                    continue
                if (opens is None) != (closes is None):
                    end = "opens" if opens is None else "closes"
                    words = _("%s: write when you open.") if opens is None else None
                    self.add_error(
                        f"{key}_{end}", (words or _("%s: write when you close.")) % label
                    )
                elif opens is not None:
                    closes = _written(closes, closing=True)
                    pairs.append(Pair(key, label, _written(opens), closes))
        spans = self.settle(pairs)
        for pair in pairs:
            opens, closes = spans.get(pair.key, (pair.opens.time, pair.closes.time))
            data |= {f"{pair.key}_opens": opens, f"{pair.key}_closes": closes}
            if pair.key in spans:
                day = int(pair.key[1])
                interval = OpeningHours(
                    weekday=day,
                    opens=opens,
                    closes=closes,
                    by_appointment=data.get(f"d{day}_appointment", False),
                    season_from=data.get("season_from"),
                    season_to=data.get("season_to"),
                )
                self.read.append((f"{pair.key}_opens", interval))

    def _refuse_overlaps(self):
        """Each interval against those before it, in minutes of a week that goes round."""
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
        """These rows and the other parts of the year, as they are to be kept."""
        return [interval for __, interval in self.read] + [
            OpeningHours(
                weekday=other.weekday,
                opens=other.opens,
                closes=other.closes,
                by_appointment=other.by_appointment,
                season_from=other.season_from,
                season_to=other.season_to,
            )
            for other in self.others
        ]


def _span(interval) -> str:
    return f"{interval.opens:%H:%M}–{interval.closes:%H:%M}"


def _written(value, *, closing=False) -> WrittenTime:
    """A field's value, also where the form put a saved time in its place."""
    if isinstance(value, datetime.time):
        return WrittenTime(value, ends_day=closing and value == datetime.time(0))
    return value


def _overlap(one, other) -> bool:
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
    """Dated days on which the week does not hold."""

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
    """Until when the place cannot help. Nobody asks why."""

    until = DayMonthYearField(
        label=_("Which day can you help again?"),
        error_messages={"required": _("Write the day on which you can help again.")},
    )

    def clean_until(self):
        day = self.cleaned_data["until"]
        if day <= timezone.localdate():
            raise forms.ValidationError(_("Write a day after today."))
        return day
