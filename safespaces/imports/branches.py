"""An organisation's branches from one table: a draft sign-up each, all or none.

Importing again adds what is new and leaves the rest unchanged.
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from common.deciding import lock
from common.progress import at_row
from common.refusals import Refused
from common.tables import (
    Findings,
    Matched,
    RefusedRows,
    has_needed,
    is_not_said,
    match,
    read_cell,
    read_table,
)
from common.tables.cells import clean
from geography.models import Postcode
from safespaces.imports.columns import FIELDS as ALL_FIELDS
from safespaces.imports.summary import Summary
from venues.actions import WrongFields, change_venue, replace_hours, start_sign_up
from venues.hours.intervals import HoursRead
from venues.hours.reading import read_hours
from venues.models import Organisation, Scheme, SignUp, Venue

READ = (
    *("name", "type", "address_1", "address_2", "town", "postcode", "website"),
    *("contact_name", "contact_email", "contact_phone", "opening_hours", "listing"),
)
FIELDS = [field for field in ALL_FIELDS if field.name in READ]
MOST_ROWS = 1000


def import_branches(
    name: str,
    data: bytes,
    *,
    organisation: Organisation,
    scheme: Scheme,
    by: User,
    dry_run: bool = False,
    sheet: str = "",
) -> Summary:
    """Begin a sign-up to `scheme` for each place in the table that has none yet.

    A cell that is not understood is left out and named: the sign-up asks for it again. If any row
    lacks a name or a postcode, the whole table is refused, naming every such row.
    """
    table = read_table(name, data, is_header=has_needed(FIELDS), sheet=sheet)
    if len(table.rows) > MOST_ROWS:
        raise Refused(
            _("%(file)s has %(rows)s rows; at most %(most)s are taken at once.")
            % {"file": name, "rows": len(table.rows), "most": MOST_ROWS}
        )
    columns = match(table.header, FIELDS, name)
    findings = Findings(unused=columns.unused, notes=table.notes)
    summary = Summary(dry_run, read=len(table.rows), findings=findings, table=table)
    run = _Run(organisation, scheme, by, columns, summary)
    with transaction.atomic():
        lock(organisation)  # one at a time, and never into a merged entry
        for number, cells in table.rows:
            at_row(number, of=table.rows[-1][0])
            run.take(number, cells)
        if findings.refused:
            raise RefusedRows(table, findings)
        if dry_run:
            transaction.set_rollback(True)
    return summary


class _Run:
    """One import in progress."""

    def __init__(
        self,
        organisation: Organisation,
        scheme: Scheme,
        by: User,
        columns: Matched,
        summary: Summary,
    ):
        self.organisation, self.scheme, self.by = organisation, scheme, by
        self.columns, self.summary, self.findings = columns, summary, summary.findings
        here = organisation.venues.filter(
            sign_ups__in=SignUp.objects.live(), sign_ups__scheme=scheme
        )
        self.here = {_key(venue.name, venue.postcode) for venue in here}

    def take(self, number: int, cells: list[str]) -> None:
        """Begin one place's sign-up; refusals become errors of its row."""
        meant = self._meant(number, cells)
        if meant is None:
            return
        key = _key(meant["name"], meant["postcode"])
        if key in self.here:
            self.summary.kept["venues"] += 1
            return
        hours = self._hours(number, meant.pop("opening_hours", ""))
        try:
            with transaction.atomic():
                venue = self._begin(meant, hours)
        except WrongFields as refusal:
            for column, sentences in refusal.by_field.items():
                self._wrong(number, column, " ".join(sentences))
            return
        except Refused as refusal:
            self.findings.refuse(number, str(refusal))
            return
        self.here.add(key)
        self.summary.made["venues"] += 1
        self.summary.venues.append(
            _("%(venue)s, %(postcode)s. %(hours)s.")
            % {
                "venue": venue,
                "postcode": venue.postcode,
                "hours": _("Open %(hours)s") % {"hours": hours}
                if hours.intervals
                else _("No hours yet"),
            }
        )
        if not Postcode.objects.filter(postcode=venue.postcode).exists():
            words = _("Row %(row)s: the postcode %(postcode)s is not known; look where the pin is.")
            self.findings.notes.append(words % {"row": number, "postcode": venue.postcode})

    def _meant(self, number, cells):
        """Values by field; None, with an error noted, if the name or postcode is missing."""
        meant = {}
        for field in FIELDS:
            if field.name not in self.columns.at:
                continue
            text = clean(cells[self.columns.at[field.name]])
            title = self.columns.title(field.name)
            value = read_cell(field, text, number, title, self.findings)
            if value is not None:
                meant[field.name] = value
            elif field.needed:
                # Left out above with a reason, or empty; either way the sign-up cannot begin.
                words = _("this is empty.") if is_not_said(text) else _("this is not understood.")
                self.findings.refuse(number, words, title)
        return meant if "name" in meant and "postcode" in meant else None

    def _hours(self, number, text) -> HoursRead:
        hours = read_hours(text)
        for each in hours.unread:
            words = _("“%(text)s” could not be read as hours.") % {"text": str(each)[:120]}
            self.findings.leave_out(number, words, self.columns.title("opening_hours"))
        return hours

    def _begin(self, meant, hours) -> Venue:
        sign_up = start_sign_up(
            scheme=self.scheme,
            postcode=meant["postcode"],
            by=self.by,
            organisation=self.organisation,
        )
        changes = {key: value for key, value in meant.items() if key != "postcode"}
        if hours.bank_holidays:
            changes["bank_holidays"] = hours.bank_holidays
        if "listing" in changes:
            changes["listing_chosen_at"] = timezone.now()
        venue = change_venue(sign_up.venue, changes, by=self.by)
        if hours.intervals:
            # The person confirming the import has seen for each place how its hours were read.
            replace_hours(venue, hours.opening_hours(), by=self.by)
        return venue

    def _wrong(self, number, column, why):
        title = self.columns.title(column) if column in self.columns.at else ""
        self.findings.refuse(number, why, title)


def _key(name: str, postcode: str) -> tuple[str, str]:
    return " ".join(name.casefold().split()), postcode
