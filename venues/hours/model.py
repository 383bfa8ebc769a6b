"""When a venue is open: weekly intervals, seasons, bank holidays, closures, clock changes.

Times are wall-clock times in London. An interval belongs to the day it starts on, even past
midnight, and the rules for holidays and closures use that day. `closes <= opens` passes midnight;
equal means 24 hours.
"""

import datetime
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

import holidays
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models import Case, Exists, ExpressionWrapper, F, Func, OuterRef, Q, Value, When
from django.db.models.functions import Extract, Least
from django.utils.translation import gettext_lazy as _

from venues.hours.recurrence import WEEKS, Term, day_of_fortnight, occurrences
from venues.hours.terms import part_of_school_year, school_years_as_facts

LONDON = ZoneInfo("Europe/London")
BANK_HOLIDAY = 7
"""The "weekday" of the hours a venue keeps on bank holidays."""


class HoursState(models.TextChoices):
    OPEN = "open", _("Open now")
    CLOSED = "closed", _("Closed now")
    NOT_CONFIRMED = "not_confirmed", _("Hours not confirmed")


class BankHolidays(models.TextChoices):
    CLOSED = "closed", _("Closed")
    AS_USUAL = "as_usual", _("Open as usual")
    OWN_HOURS = "own_hours", _("Open at other hours")
    NOT_KNOWN = "not_known", _("Not known yet")


class Division(models.TextChoices):
    """The parts of the United Kingdom, each with its own bank holidays."""

    ENGLAND_AND_WALES = "england-and-wales", _("England and Wales")
    SCOTLAND = "scotland", _("Scotland")
    NORTHERN_IRELAND = "northern-ireland", _("Northern Ireland")


_SUBDIVISIONS = {
    Division.ENGLAND_AND_WALES: "ENG",
    Division.SCOTLAND: "SCT",
    Division.NORTHERN_IRELAND: "NIR",
}


@lru_cache(maxsize=1024)
def divisions_on_holiday(day: datetime.date) -> tuple[str, ...]:
    """The divisions in which `day` is a bank holiday, according to the published list.

    The `holidays` package also returns a holiday that falls on a weekend, as well as its substitute
    day. The list at gov.uk/bank-holidays has the substitute alone: 28 December 2026 is a bank
    holiday, Saturday 26 December is not.
    """
    if day.weekday() >= 5:
        return ()
    return tuple(
        division.value
        for division, code in _SUBDIVISIONS.items()
        if day in holidays.country_holidays("GB", subdiv=code, years=day.year)
    )


def _running(started_on, clock, today):
    """Whether an interval that started on `started_on` runs at the wall-clock time `clock`."""
    past_midnight = Q(closes__lte=F("opens"))
    if today:
        return Q(opens__lte=clock) & (Q(closes__gt=clock) | past_midnight)
    return past_midnight & Q(closes__gt=clock)


class OpeningHoursQuerySet(models.QuerySet):
    def current(self, day):
        """Those in force on the date `day`, ignoring seasons."""
        return self.filter(valid_from__lte=day).filter(
            Q(valid_to__isnull=True) | Q(valid_to__gt=day)
        )

    def in_season(self, day):
        number = day.month * 100 + day.day
        within = Q(season_from__lte=F("season_to")) & Q(
            season_from__lte=number, season_to__gte=number
        )
        over_new_year = Q(season_from__gt=F("season_to")) & (
            Q(season_from__lte=number) | Q(season_to__gte=number)
        )
        return self.filter(Q(season_from__isnull=True) | within | over_new_year)

    def recurring_on(self, day):
        """Those that recur on `day`: its week of the month and its fortnight, ignoring terms."""
        fortnight = Q(fortnight_from__isnull=True) | Q(
            fortnight_from__lte=day, its_fortnight=day_of_fortnight(day)
        )
        return self.alias(its_fortnight=DayOfFortnight("fortnight_from")).filter(
            Q(weeks=[]) | Q(weeks__overlap=occurrences(day)), fortnight
        )

    def with_term(self, day):
        """Annotate `that_term`: the Term of `day`; null if unknown or if the hours do not depend on
        it.

        The CASE keeps the database from looking up term dates for hours that apply all year.
        """
        return self.alias(
            that_term=Case(
                When(term="", then=None),
                default=part_of_school_year(OuterRef("venue_id"), day),
                output_field=models.CharField(),
            )
        )

    def in_term(self, day):
        """Those that apply in the part of the school year that `day` certainly belongs to."""
        return self.with_term(day).filter(Q(term="") | Q(term=F("that_term")))

    def perhaps_in_term(self, day):
        """Those that certainly or possibly apply: `in_term` and `in_unknown_term` together."""
        return self.with_term(day).filter(
            Q(term="") | Q(that_term__isnull=True) | Q(term=F("that_term"))
        )

    def in_unknown_term(self, day):
        """Those that depend on a part of the school year when nobody has entered which one
        it is.
        """
        return self.with_term(day).exclude(term="").filter(that_term__isnull=True)

    def _starting_on(self, day):
        holiday = Q(venue__division__in=divisions_on_holiday(day))
        usual = Q(weekday=day.weekday()) & (
            ~holiday | Q(venue__bank_holidays=BankHolidays.AS_USUAL)
        )
        own = Q(weekday=BANK_HOLIDAY) & holiday & Q(venue__bank_holidays=BankHolidays.OWN_HOURS)
        found = self.current(day).in_season(day).recurring_on(day)
        return found.filter(usual | own, by_appointment=False)

    def on(self, day):
        """The intervals that start on `day`, applying each venue's bank holiday rule."""
        return self._starting_on(day).in_term(day)

    def perhaps_on(self, day):
        """Those that start on `day` if it is in the right part of the school year, which is
        unknown.
        """
        return self._starting_on(day).in_unknown_term(day)


A_WEEK_OF_FOUR = 4.0
"""Hours in some weeks of the month count a quarter for each of them."""


def seconds_a_week(venue: models.Expression, day: datetime.date) -> models.Subquery:
    """Seconds that a venue is open in an ordinary week, as of `day`; NULL without hours.

    `venue` is an expression for its id. Hours every other week count half, and hours in some weeks
    of the month a quarter for each. An ordinary week is one in term time, without a bank holiday,
    in the season of `day`. Hours by appointment do not count: nobody can simply walk in.
    """
    until_midnight = F("closes") - F("opens")
    span = Case(
        When(closes__gt=F("opens"), then=until_midnight),
        default=until_midnight + Value(datetime.timedelta(days=1)),
        output_field=models.DurationField(),
    )
    share = Case(
        When(fortnight_from__isnull=False, then=Value(0.5)),
        When(weeks__len=0, then=Value(1.0)),
        default=Least(
            Func("weeks", function="CARDINALITY", output_field=models.FloatField())
            / Value(A_WEEK_OF_FOUR),
            Value(1.0),
        ),
        output_field=models.FloatField(),
    )
    ordinary = (
        OpeningHoursQuerySet(OpeningHours)
        .filter(venue=venue, by_appointment=False, weekday__lt=BANK_HOLIDAY)
        .exclude(term=Term.HOLIDAYS)
        .current(day)
        .in_season(day)
    )
    seconds = ExpressionWrapper(Extract(span, "epoch") * share, output_field=models.FloatField())
    return models.Subquery(
        ordinary.order_by().values("venue").annotate(seconds=models.Sum(seconds)).values("seconds")
    )


class DayOfFortnight(Func):
    """`recurrence.day_of_fortnight` of a date, in SQL."""

    template = "MOD(MOD(%(expressions)s - DATE '2000-01-03', 14) + 14, 14)"
    output_field = models.IntegerField()


class OpeningHoursManager(models.Manager.from_queryset(OpeningHoursQuerySet)):
    """Annotates hours of term time or school holidays with the term dates they depend on.

    So a page that prefetches the hours of many venues needs no further query for their terms.
    """

    def get_queryset(self):
        # Django asks once for each object of a prefetch, and building this takes a millisecond.
        rows = super().get_queryset()
        rows.query = _query_with_terms().chain()
        return rows


@cache
def _query_with_terms():
    facts = Case(When(term="", then=None), default=school_years_as_facts(OuterRef("venue_id")))
    return OpeningHoursQuerySet(OpeningHours).annotate(school_years=facts).query


class OpeningHours(models.Model):
    """One weekly interval, valid from a date until the day before it was replaced.

    It may recur less than every week, or only in term time (`venues.hours.recurrence`). Hours by
    appointment may have no times: "Saturday by appointment".
    """

    WEEKDAYS = [
        (0, _("Monday")),
        (1, _("Tuesday")),
        (2, _("Wednesday")),
        (3, _("Thursday")),
        (4, _("Friday")),
        (5, _("Saturday")),
        (6, _("Sunday")),
        (BANK_HOLIDAY, _("Bank holidays")),
    ]

    venue = models.ForeignKey(
        "venues.Venue", on_delete=models.CASCADE, related_name="opening_hours"
    )
    weekday = models.PositiveSmallIntegerField(_("day"), choices=WEEKDAYS)
    opens = models.TimeField(_("opens"), null=True, blank=True)
    closes = models.TimeField(_("closes"), null=True, blank=True)
    weeks = ArrayField(
        models.SmallIntegerField(),
        verbose_name=_("weeks of the month"),
        default=list,
        blank=True,
        help_text=_("1 to 5, and -1 for the last. Empty: every week."),
    )
    fortnight_from = models.DateField(
        _("every other week from"),
        null=True,
        blank=True,
        help_text=_("One of the days on which it takes place."),
    )
    term = models.CharField(_("school terms"), max_length=10, choices=Term, blank=True)
    season_from = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text=_("Month and day as one number: 401 is 1 April.")
    )
    season_to = models.PositiveSmallIntegerField(null=True, blank=True)
    by_appointment = models.BooleanField(_("by appointment"), default=False)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    objects = OpeningHoursManager()

    school_years: list[dict] | None = None  # annotated by the manager

    class Meta:
        ordering = ["venue", "weekday", "opens"]
        verbose_name = _("opening hours")
        verbose_name_plural = _("opening hours")
        constraints = [
            models.CheckConstraint(
                name="hours_weekday_or_bank_holiday", condition=Q(weekday__lte=BANK_HOLIDAY)
            ),
            models.CheckConstraint(
                name="hours_season_has_both_ends",
                condition=Q(season_from__isnull=True, season_to__isnull=True)
                | Q(
                    season_from__gte=101,
                    season_from__lte=1231,
                    season_to__gte=101,
                    season_to__lte=1231,
                ),
                violation_error_message=_("A season needs a first and a last day."),
            ),
            models.CheckConstraint(
                name="hours_valid_for_a_while",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
            ),
            models.CheckConstraint(
                name="hours_have_times_unless_by_appointment",
                condition=Q(opens__isnull=False, closes__isnull=False)
                | Q(opens__isnull=True, closes__isnull=True, by_appointment=True),
                violation_error_message=_("Give both times; only by appointment needs none."),
            ),
            models.CheckConstraint(
                name="hours_weeks_of_month", condition=Q(weeks__contained_by=list(WEEKS))
            ),
            models.CheckConstraint(
                name="hours_recur_in_one_way",
                condition=Q(weeks=[]) | Q(fortnight_from__isnull=True),
            ),
            models.CheckConstraint(
                name="hours_fortnight_from_its_weekday",
                condition=Q(fortnight_from__isnull=True)
                # ISO weekdays count from 1, ours from 0.
                | Q(fortnight_from__iso_week_day=F("weekday") + 1),
                violation_error_message=_("The first day of the fortnights is another weekday."),
            ),
            models.CheckConstraint(
                name="hours_of_bank_holidays_recur_always",
                condition=~Q(weekday=BANK_HOLIDAY)
                | Q(weeks=[], fortnight_from__isnull=True, term=""),
            ),
            ExclusionConstraint(
                name="hours_do_not_overlap",
                index_type="GIST",
                expressions=[
                    ("venue", RangeOperators.EQUAL),
                    (
                        Func(
                            "weekday",
                            "opens",
                            "closes",
                            "fortnight_from",
                            function="opening_minutes_of_fortnight",
                        ),
                        "&&",
                    ),
                    (Func("weeks", function="opening_weeks"), "&&"),
                    (Func("term", function="opening_term"), "&&"),
                    (Func("season_from", "season_to", function="opening_season"), "&&"),
                    (Func("valid_from", "valid_to", function="daterange"), "&&"),
                ],
                violation_error_message=_("Two of these opening hours overlap."),
            ),
        ]

    def __str__(self):
        if self.opens is None:
            return _("%(day)s by appointment") % {"day": self.get_weekday_display()}
        return f"{self.get_weekday_display()} {self.opens:%H:%M}-{self.closes:%H:%M}"


class ClosureQuerySet(models.QuerySet):
    def on(self, day):
        return self.filter(starts_on__lte=day, ends_on__gte=day)


class Closure(models.Model):
    """Dates on which the venue is closed, or open at other hours."""

    venue = models.ForeignKey("venues.Venue", on_delete=models.CASCADE, related_name="closures")
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    opens = models.TimeField(_("opens"), null=True, blank=True)
    closes = models.TimeField(_("closes"), null=True, blank=True)
    note = models.CharField(_("why, for the public"), max_length=120, blank=True)

    objects = ClosureQuerySet.as_manager()

    class Meta:
        ordering = ["venue", "starts_on"]
        constraints = [
            models.CheckConstraint(
                name="closure_ends_after_it_starts",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("The last day is before the first."),
            ),
            models.CheckConstraint(
                name="closure_opens_and_closes",
                condition=Q(opens__isnull=True, closes__isnull=True)
                | Q(opens__isnull=False, closes__isnull=False),
                violation_error_message=_("Give both times, or neither when it is closed."),
            ),
        ]

    def __str__(self):
        return f"{self.starts_on} to {self.ends_on}"


def stale_hours(when: datetime.datetime, venue: str = "") -> Q:
    """A condition over Venue: its hours were not confirmed within the lead scheme's limit.

    A venue in two schemes follows one rule, the lead scheme's, everywhere: otherwise the public
    page, the officers' queue and the statistics would contradict each other. `venue` is the path to
    it from another model, such as "venue__". `is_stale` is the same rule for one venue.
    """
    days = F(f"{venue}lead_scheme__hours_valid_days")
    latest = ExpressionWrapper(
        Value(when) - days * Value(datetime.timedelta(days=1)), output_field=models.DateTimeField()
    )
    confirmed = f"{venue}hours_confirmed_at"
    return Q(**{f"{confirmed}__isnull": True}) | Q(**{f"{confirmed}__lt": latest})


def is_stale(venue, when: datetime.datetime) -> bool:
    """Whether the hours of `venue` were not confirmed within its lead scheme's limit."""
    valid = datetime.timedelta(days=venue.lead_scheme.hours_valid_days)
    return venue.hours_confirmed_at is None or venue.hours_confirmed_at < when - valid


def hours_state(when: datetime.datetime) -> Case:
    """An expression over Venue: its HoursState at the aware moment `when`.

    One expression, evaluated in the database, correct across midnight, clock changes, bank
    holidays, closures and seasons. "Unavailable until" takes precedence, then stale hours, then the
    timetable. A bank holiday with unknown hours makes the day unconfirmed, but not a night that
    began the day before. Term-time hours are unconfirmed while they may be running, on a day
    without known term dates.
    """
    local = when.astimezone(LONDON)
    # In the repeated hour after the clocks go back, each clock time has already passed once.
    clock = datetime.time(1, 59, 59, 999999) if local.fold else local.time()
    today = local.date()
    runs, doubt = Q(), Q()
    for day in (today, today - datetime.timedelta(days=1)):
        time = _running(day, clock, day == today)
        exceptions = Closure.objects.on(day).filter(venue=OuterRef("pk"))
        usual = OpeningHours.objects.on(day).filter(time, venue=OuterRef("pk"))
        runs |= Q(Exists(usual)) & ~Q(Exists(exceptions))
        runs |= Q(Exists(exceptions.filter(time))) & ~Q(
            Exists(exceptions.filter(opens__isnull=True))
        )
        unknown = Q(
            division__in=divisions_on_holiday(day), bank_holidays=BankHolidays.NOT_KNOWN
        ) & ~Q(Exists(exceptions))
        if day != today:
            # Yesterday's holiday only matters to a night that may still be running.
            nights = OpeningHours.objects.current(day).in_season(day).recurring_on(day)
            nights = nights.perhaps_in_term(day).filter(time, weekday=day.weekday())
            unknown &= Q(Exists(nights.filter(venue=OuterRef("pk"), by_appointment=False)))
        perhaps = OpeningHours.objects.perhaps_on(day).filter(time, venue=OuterRef("pk"))
        doubt |= unknown | (Q(Exists(perhaps)) & ~Q(Exists(exceptions)))
    return Case(
        When(unavailable_until__gt=when, then=Value(HoursState.CLOSED)),
        When(stale_hours(when), then=Value(HoursState.NOT_CONFIRMED)),
        When(runs, then=Value(HoursState.OPEN)),
        When(doubt, then=Value(HoursState.NOT_CONFIRMED)),
        default=Value(HoursState.CLOSED),
        output_field=models.CharField(),
    )
