"""Tasks and letters that failed permanently, with reasons, for the installation's operator."""

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django import forms
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django_tasks_db.models import DBTaskResult
from post_office.models import Email

from common.admin import Decision, Office, officers_page
from common.tasks.failed_letters import given_up, reason_of_letter, words_of_letter
from common.tasks.failures import reason_of, words_of
from common.tasks.retries import parked, try_again
from venues.actions import send_failed_letter_again
from venues.models import KeptRepair, Venue

AT_ONCE = 50
LONGEST_NUMBER = 9
"""Digits of the outbox's keys, which are 32-bit numbers."""


@dataclass(frozen=True)
class Failed:
    """A task or letter that failed permanently, as a row of the page."""

    pk: str
    words: str
    said: list[str]
    given_up_at: datetime.datetime | None

    @classmethod
    def of_task(cls, row: DBTaskResult) -> "Failed":
        tries = len(row.worker_ids)
        tried = ngettext("Tried once.", "Tried %(tries)s times.", tries) % {"tries": tries}
        return cls(str(row.pk), words_of(row), [reason_of(row), tried], row.finished_at)

    @classmethod
    def of_letter(cls, row: Email) -> "Failed":
        to = gettext("To %(to)s.") % {"to": ", ".join(row.to)}
        said = [to, reason_of_letter(row)]
        return cls(str(row.pk), words_of_letter(row), said, row.last_updated)


@dataclass(frozen=True)
class Repair:
    """A kept row of the finder that was wrong and has been corrected, as a row of the page."""

    venue: str
    url: str
    what: str
    found_at: datetime.datetime

    @classmethod
    def of_rows(cls, rows: Iterable[KeptRepair]) -> "list[Repair]":
        rows = list(rows)
        names = Venue.with_merged.in_bulk({row.venue_id for row in rows})
        made = []
        for row in rows:
            venue = names.get(row.venue_id)
            what = ", ".join(str(KeptRepair.What(each).label) for each in row.what)
            made.append(
                cls(
                    venue=venue.name if venue else gettext("A place that is gone"),
                    url=reverse("admin:venues_venue_change", args=[venue.pk]) if venue else "",
                    what=what,
                    found_at=row.found_at,
                )
            )
        return made


def failed_letters() -> QuerySet[Email]:
    """Letters that failed permanently and have not been printed and posted since."""
    return given_up().exclude(letters__posted_at__isnull=False)


class WhichForm(forms.Form):
    """Selects one task or one letter; all of them if neither is given."""

    def clean(self):
        return {name: self.data.get(name) for name in ("task", "letter")}


class TryFailedWorkAgain(Decision):
    """Retry one task or letter as if for the first time, or all of them if none is named."""

    words = _("Try again")
    site = ""
    route = "again/"
    template = ""
    creates = True
    form = WhichForm

    def may(self, user, thing):
        return user.is_superuser

    def do(self, thing, *, by, task, letter):
        rows, letters = parked(), failed_letters()
        if task is not None or letter is not None:
            rows = rows.filter(pk=_key(task)) if task is not None else rows.none()
            letters = _letter(letter) if letter is not None else letters.none()
        again = sum(try_again(row) for row in list(rows))
        return again + sum(send_failed_letter_again(each) for each in list(letters))

    def said(self, thing, again):
        return _("To be tried again: %(count)s.") % {"count": again}


class FailedWork(Office):
    """Superusers only; others are refused."""

    base = "admin/failed-work/"
    decisions = [TryFailedWorkAgain]

    def may(self, user, permission, thing=None):
        return user.is_superuser

    def home(self, owner, goes_to=""):
        return reverse("failed_work")

    @officers_page("", permission="installation")
    def failed_work(self, request):
        page = Paginator(parked(), AT_ONCE).get_page(request.GET.get("page"))
        letters = Paginator(failed_letters(), AT_ONCE).get_page(request.GET.get("letters"))
        repairs = Paginator(KeptRepair.objects.all(), AT_ONCE).get_page(request.GET.get("repairs"))
        shown = self.page(
            request,
            title=_("Work that failed"),
            page=page,
            failed=[Failed.of_task(row) for row in page],
            letters_page=letters,
            letters=[Failed.of_letter(row) for row in letters],
            repairs_page=repairs,
            repairs=Repair.of_rows(repairs),
        )
        return render(request, "admin/failed_work.html", shown)


def _letter(text):
    if not text.isdecimal() or len(text) > LONGEST_NUMBER:
        raise Http404
    return failed_letters().filter(pk=int(text))


def _key(text):
    try:
        return uuid.UUID(text)
    except ValueError:
        raise Http404 from None
