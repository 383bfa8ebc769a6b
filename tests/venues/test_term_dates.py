"""School terms at their edges."""

import datetime

import pytest
from django.core.exceptions import ValidationError

from tests.factories import SchemeFactory
from venues.hours.terms import MOST_DAYS, term_on
from venues.models import SchoolHoliday, SchoolYear

ONE_DAY = datetime.timedelta(days=1)
YEAR = {
    "first": "2026-09-01",
    "last": "2027-08-31",
    "holidays": [{"first": "2026-12-21", "last": "2027-01-03"}],
}


@pytest.mark.parametrize(
    ("day", "part"),
    [
        ("2026-08-31", None),
        ("2026-09-01", "term"),
        ("2026-12-20", "term"),
        ("2026-12-21", "holidays"),
        ("2027-01-03", "holidays"),
        ("2027-01-04", "term"),
        ("2027-08-31", "term"),
        ("2027-09-01", None),
    ],
)
def test_the_first_and_last_days_of_terms_and_holidays_belong_to_them(day, part):
    assert term_on([YEAR], datetime.date.fromisoformat(day)) == part


def test_the_first_school_year_that_has_the_day_decides():
    local = {"first": "2026-12-01", "last": "2026-12-31", "holidays": []}
    assert term_on([local, YEAR], datetime.date(2026, 12, 24)) == "term"
    assert term_on([local, YEAR], datetime.date(2027, 1, 1)) == "holidays"
    assert term_on(None, datetime.date(2026, 12, 24)) is None


def test_a_school_year_has_at_most_four_hundred_days():
    first = datetime.date(2026, 9, 1)
    SchoolYear(starts_on=first, ends_on=first).clean()
    SchoolYear(starts_on=first, ends_on=first + MOST_DAYS * ONE_DAY).clean()
    for wrong, words in [(MOST_DAYS + 1, "more than a year"), (-1, "before the first")]:
        with pytest.raises(ValidationError, match=words):
            SchoolYear(starts_on=first, ends_on=first + wrong * ONE_DAY).clean()
    SchoolYear(starts_on=first).clean()
    SchoolYear(ends_on=first).clean()
    assert MOST_DAYS == 400


@pytest.mark.django_db
def test_a_school_holiday_lies_within_its_year():
    first, last = datetime.date(2026, 9, 1), datetime.date(2027, 8, 31)
    year = SchoolYear.objects.create(scheme=SchemeFactory(), starts_on=first, ends_on=last)
    SchoolHoliday(year=year, starts_on=first, ends_on=last).clean()
    with pytest.raises(ValidationError) as early:
        SchoolHoliday(year=year, starts_on=first - ONE_DAY, ends_on=last).clean()
    assert set(early.value.message_dict) == {"starts_on"}
    with pytest.raises(ValidationError) as late:
        SchoolHoliday(year=year, starts_on=first, ends_on=last + ONE_DAY).clean()
    assert set(late.value.message_dict) == {"ends_on"}
    SchoolHoliday(starts_on=first, ends_on=last).clean()
    SchoolHoliday(year=SchoolYear(starts_on=first), starts_on=first - ONE_DAY).clean()


@pytest.mark.django_db
def test_a_school_holiday_may_be_a_single_day_but_not_end_before_it_begins():
    first = datetime.date(2026, 9, 1)
    year = SchoolYear.objects.create(
        scheme=SchemeFactory(), starts_on=first, ends_on=first + 360 * ONE_DAY
    )
    day = first + 10 * ONE_DAY
    SchoolHoliday(year=year, starts_on=day, ends_on=day).full_clean()
    with pytest.raises(ValidationError):
        SchoolHoliday(year=year, starts_on=day, ends_on=day - ONE_DAY).full_clean()
