"""Opening hours, closures, and "we cannot help today"."""

import datetime

from django.contrib import messages
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from common.refusals import refusals_as_messages
from venues import actions
from venues.explanations import explanation_of
from venues.forms import AwayForm, ClosureForm, HoursForm
from venues.hours.model import LONDON
from venues.hours.timetable import lacks_term_dates, week_as_read
from venues.views.fetching import being_saved, editable, of_member

ALL_YEAR = (None, None)
NEW = "new"
MORNING = datetime.time(6)
"""When "tomorrow" begins for a place that closed for today."""


@require_safe
def edit_hours(request, pk, season=""):
    """The weekly hours for the whole year; `season` names another part ("401-930"), or "new"."""
    sign_up = editable(request, pk)
    form = HoursForm(**_one_part(sign_up.venue, season))
    return _hours_page(request, sign_up, form, season)


@require_POST
@transaction.atomic
def change_hours(request, pk, season=""):
    """Save the week; or, to add or remove a line, show the form again."""
    sign_up = being_saved(request, pk)
    part = _one_part(sign_up.venue, season)
    if "add" in request.POST or "remove" in request.POST:
        return _hours_page(request, sign_up, _other_lines(request.POST, part), season)
    form = HoursForm(request.POST, **part)
    if form.is_valid():
        with refusals_as_messages(request):
            actions.replace_hours(
                sign_up.venue,
                form.intervals(),
                by=request.user,
                bank_holidays=form.cleaned_data["bank_holidays"],
            )
            if holidays_of := form.cleaned_data.get("holidays_of"):
                actions.change_venue(sign_up.venue, {"division": holidays_of}, by=request.user)
            sign_up.venue.refresh_from_db()
            messages.success(
                request,
                _("Your opening hours are saved. People read them as: %(week)s.")
                % {"week": week_as_read(sign_up.venue, timezone.localdate())},
            )
            return redirect("edit_hours" if len(_parts(sign_up.venue)) > 1 else "sign_up", pk)
    return _hours_page(request, sign_up, form, season)


@require_POST
def remove_season(request, pk, season):
    """Remove one season; the others stay."""
    sign_up = editable(request, pk)
    part = _one_part(sign_up.venue, season)
    form = HoursForm(venue=sign_up.venue, others=part["others"])
    form.read = []
    with refusals_as_messages(request, _("Taken away.")):
        actions.replace_hours(sign_up.venue, form.intervals(), by=request.user)
    return redirect("edit_hours", pk)


def _other_lines(data, part):
    """The form with a line added or removed; nothing is lost, and nothing is validated yet."""
    filled = HoursForm(data, **part)
    typed = {name: filled[name].data for name in filled.fields}
    number = data.get("remove", "")
    lines = [line if str(at) != number else "" for at, line in enumerate(typed["lines"])]
    form = HoursForm(**{**part, "intervals": ()}, initial={**typed, "lines": lines})
    form.take_questions_of(filled)
    if "add" in data:
        form.fields["lines"].widget.spare = 1 + max(
            len(lines) - len([line for line in lines if line.strip()]), 1
        )
    return form


def _parts(venue):
    """The current hours by season: {(from, to): [intervals]}."""
    parts: dict = {}
    for interval in venue.opening_hours.current(timezone.localdate()):
        parts.setdefault((interval.season_from, interval.season_to), []).append(interval)
    return parts


def _one_part(venue, season):
    """What the form needs for one season; 404 for one that does not exist."""
    parts = _parts(venue)
    key = _season_key(season)
    if key is None or (key != ALL_YEAR and key not in parts):
        if season != NEW:
            raise Http404
        every = [interval for intervals in parts.values() for interval in intervals]
        return {"venue": venue, "others": every}
    others = [each for part, intervals in parts.items() if part != key for each in intervals]
    mine = parts.get(key, [])
    return {"venue": venue, "intervals": mine, "season": key, "others": others}


def _season_key(season):
    if not season:
        return ALL_YEAR
    first, dash, last = season.partition("-")
    return (int(first), int(last)) if dash and first.isdecimal() and last.isdecimal() else None


def _hours_page(request, sign_up, form, season):
    parts_kept = _parts(sign_up.venue)
    parts = [
        {"key": f"{key[0]}-{key[1]}", "words": _season_words(key)}
        for key in parts_kept
        if key != ALL_YEAR
    ]
    page = {
        "sign_up": sign_up,
        "form": form,
        "season": season,
        "is_new": season == NEW,
        "parts": parts,
        "has_all_year": ALL_YEAR in parts_kept,
        "as_saved": week_as_read(sign_up.venue, timezone.localdate()) if parts_kept else "",
        "lacks_terms": lacks_term_dates(sign_up.venue, timezone.localdate()),
        "examples": _examples(timezone.localdate()),
        "why": explanation_of("hours"),
    }
    return render(request, "venues/hours.html", page)


def _examples(today):
    """Examples of lines, in English as the parser reads them, with a future date."""
    tuesday = today + datetime.timedelta(days=(1 - today.weekday()) % 7)
    return [
        "last Friday 6pm–9pm",
        f"every other Tuesday from {tuesday.day} {tuesday:%B %Y} 10am–noon",
        "Mon–Fri 9am–3pm term time only",
        "Wed 10am–noon school holidays only",
        "Sat by appointment",
        "every day 0:00–24:00",
    ]


def _season_words(key):
    first, last = (datetime.date(2000, number // 100, number % 100) for number in key)
    return _("%(first)s to %(last)s") % {
        "first": date_format(first, "j F"),
        "last": date_format(last, "j F"),
    }


@require_safe
def edit_closures(request, pk):
    return _closures_page(request, editable(request, pk), ClosureForm())


@require_POST
def add_closure(request, pk):
    sign_up = editable(request, pk)
    form = ClosureForm(request.POST)
    if form.is_valid():
        with refusals_as_messages(request, _("Saved.")):
            actions.add_closure(sign_up.venue, **form.cleaned_data, by=request.user)
            return redirect("edit_closures", pk)
    return _closures_page(request, sign_up, form)


@require_POST
def remove_closure(request, pk, closure_pk):
    sign_up = editable(request, pk)
    closure = get_object_or_404(sign_up.venue.closures, pk=closure_pk)
    with refusals_as_messages(request, _("Taken away.")):
        actions.remove_closure(closure, by=request.user)
    return redirect("edit_closures", pk)


def _closures_page(request, sign_up, form):
    page = {
        "sign_up": sign_up,
        "form": form,
        "closures": sign_up.venue.closures.filter(ends_on__gte=timezone.localdate()),
        "why": explanation_of("closures"),
    }
    return render(request, "venues/closures.html", page)


@require_POST
def confirm_hours(request, pk):
    """Confirm with one press that the hours are still right."""
    sign_up = of_member(request, pk)
    with refusals_as_messages(request, _("Thank you. The hours are confirmed.")):
        actions.confirm_hours(sign_up.venue, by=request.user)
    return redirect("portal_home", pk)


@require_safe
def cannot_help(request, pk):
    """Until tomorrow with one press, or until a chosen date. No reason is asked."""
    return _away_page(request, of_member(request, pk), AwayForm())


@require_POST
def cannot_help_today(request, pk):
    sign_up = of_member(request, pk)
    return _close(request, sign_up, timezone.localdate() + datetime.timedelta(days=1))


@require_POST
def cannot_help_until(request, pk):
    sign_up = of_member(request, pk)
    form = AwayForm(request.POST)
    if form.is_valid():
        return _close(request, sign_up, form.cleaned_data["until"])
    return _away_page(request, sign_up, form)


@require_POST
def can_help_again(request, pk):
    sign_up = of_member(request, pk)
    with refusals_as_messages(request, _("Welcome back. People can find you again.")):
        actions.can_help_again(sign_up.venue, by=request.user)
    return redirect("portal_home", pk)


def _close(request, sign_up, day):
    until = datetime.datetime.combine(day, MORNING, LONDON)
    words = _("People see you as closed until %(day)s.") % {"day": date_format(day, "j F Y")}
    with refusals_as_messages(request, words):
        actions.cannot_help_today(sign_up.venue, until=until, by=request.user)
    return redirect("portal_home", sign_up.pk)


def _away_page(request, sign_up, form):
    return render(request, "venues/cannot_help.html", {"sign_up": sign_up, "form": form})
