"""Between the trial of a file and the button that does it, the file waits in the cache."""

import secrets

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from common.spreadsheets import csv_response

from .findings import Findings
from .reading import Table

WAITS = 15 * 60
"""Seconds that a file waits, for this session only."""


class WaitingFile:
    """What was tried on the page called `page`, by the session of `request`."""

    def __init__(self, request: HttpRequest, page: str):
        self.start = f"{page}:{request.session.session_key}"

    def keep(self, asked: dict) -> str:
        """Keep what was asked; the token under which `take` gives it."""
        token = secrets.token_urlsafe(16)
        cache.set(f"{self.start}:{token}", asked, WAITS)
        return token

    def take(self, token: str) -> dict | None:
        """What was asked, once; None after a quarter of an hour or for another session."""
        key = f"{self.start}:{token}"
        asked = cache.get(key)
        cache.delete(key)
        return asked

    def keep_rows(self, findings: Findings, table: Table | None) -> str:
        """Keep the rows that need to be put right; the token, empty when there are none."""
        if not findings.has_rows():
            return ""
        token = secrets.token_urlsafe(16)
        cache.set(f"{self.start}:rows:{token}", findings.file_rows(table), WAITS)
        return token

    def rows_as_csv(self, token: str) -> HttpResponse | None:
        """The rows to put right as a download; None when they have gone."""
        found = cache.get(f"{self.start}:rows:{token}")
        return csv_response(_("rows-to-put-right"), *found) if found else None
