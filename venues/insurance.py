"""Until when an organisation is insured: which dates are accepted, and whose end is near."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from venues.models import Answer, Criterion, Requirement, Scheme, SignUp
from venues.models.questions import INSURANCE

MOST_YEARS = 5
"""Policies run for a year, rarely for three: a date farther away is a slip of the pen."""
REMINDED_BEFORE = (30, 7, 1)
"""Days before the end on which managers get a letter, the longest first."""


def why_not_insured_until(day: datetime.date, today: datetime.date) -> str:
    """Why a date cannot be the new end of an insurance; "" if it can."""
    if day < today:
        words = _("%(day)s has passed. Give the day on which your insurance ends next.")
        return words % {"day": date_format(day, "j F Y")}
    if day.year - today.year > MOST_YEARS:
        words = _("%(day)s is more than %(years)s years away. Is the year right?")
        return words % {"day": date_format(day, "j F Y"), "years": MOST_YEARS}
    return ""


def insurance_problems(
    answers: dict[Criterion, object], known: Iterable[Answer], today: datetime.date
) -> dict[Criterion, str]:
    """Why new dates are not accepted, by question; only of those that prove an insurance.

    A date that was accepted earlier and comes again unchanged is no problem: it must not hold up
    the other answers of its page.
    """
    dates = {
        criterion: day
        for criterion, day in answers.items()
        if criterion.answer_kind == Criterion.Kind.DATE and isinstance(day, datetime.date)
    }
    if not dates:
        return {}
    before = {answer.criterion_id: answer.day for answer in known}
    new = {criterion: day for criterion, day in dates.items() if before.get(criterion.pk) != day}
    proving = Criterion.objects.proving_insurance().filter(pk__in=[each.pk for each in new])
    asked = set(proving.values_list("pk", flat=True))
    problems = {
        criterion: why_not_insured_until(day, today)
        for criterion, day in new.items()
        if criterion.pk in asked
    }
    return {criterion: words for criterion, words in problems.items() if words}


def ends_in_words(day: datetime.date, today: datetime.date) -> str:
    """When something ends, for the end of a sentence: "tomorrow, 29 November 2026"."""
    written = date_format(day, "j F Y")
    days = (day - today).days
    if days == 0:
        return _("today, %(day)s") % {"day": written}
    if days == 1:
        return _("tomorrow, %(day)s") % {"day": written}
    return _("on %(day)s") % {"day": written}


@dataclass(frozen=True)
class EndingInsurance:
    """An organisation's date that a scheme's members rely on, and which is near."""

    answer: Answer
    scheme: Scheme
    sign_ups: list[SignUp]
    days: int  # the reminder that is due, one of REMINDED_BEFORE


def ending_insurance(today: datetime.date) -> list[EndingInsurance]:
    """Dates that end within the longest reminder, each with the members that rely on them."""
    last = today + datetime.timedelta(days=REMINDED_BEFORE[0])
    asked = {}
    for requirement in Requirement.objects.filter(evidence=INSURANCE).select_related(
        "principle__scheme"
    ):
        asked.setdefault(requirement.subject, set()).add(requirement.principle.scheme)
    answers = (
        Answer.objects.filter(
            criterion__slug__in=asked, organisation__isnull=False, day__range=(today, last)
        )
        .select_related("criterion", "organisation")
        .order_by("pk")
    )
    found = []
    for answer in answers:
        days = min(each for each in REMINDED_BEFORE if each >= (answer.day - today).days)
        for scheme in sorted(asked[answer.criterion.slug], key=lambda scheme: scheme.pk):
            members = SignUp.objects.approved().filter(
                scheme=scheme, venue__organisation=answer.organisation_id
            )
            sign_ups = list(members.select_related("venue").order_by("venue__name", "pk"))
            if sign_ups:
                found.append(EndingInsurance(answer, scheme, sign_ups, days))
    return found
