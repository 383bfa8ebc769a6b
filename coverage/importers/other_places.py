"""Other organisations' spaces from a CSV or GeoJSON file: all readable rows, in one transaction.

Importing again updates: a space is identified by its reference, or by its name and location.
"""

import datetime
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from common.progress import at_row
from common.refusals import Refused
from common.tables import Fault, Findings, RefusedRows, Table, in_words
from coverage.models import OtherPlace, OtherPlaceHours, Source
from geography.importers.located import Located, read_located
from geography.rules import search_name
from venues.hours.intervals import week_in_words
from venues.models import Event, Scheme, Venue

from .columns import Columns, Said

FAR = 20_000
"""Metres from the scheme's area beyond which a space is reported."""
SAME_BUILDING = 50
"""Metres within which two rows with the same name and reference are one building."""


@dataclass
class About:
    """What is known about the whole list; None keeps the value of an earlier import."""

    own_scheme: str | None = None
    kind: str | None = None
    serves: str | None = None
    licence: str | None = None
    dated: datetime.date | None = None
    publishes: bool | None = None

    def said(self) -> dict:
        return {name: value for name, value in vars(self).items() if value is not None}


@dataclass
class Summary:
    """What an import of spaces did, or would do."""

    source: str
    dry_run: bool = False
    read: int = 0
    new: int = 0
    changed: int = 0
    same: int = 0
    with_hours: int = 0
    gone: int = 0
    findings: Findings = field(default_factory=Findings)
    table: Table | None = None
    hours_as_read: list[Fault] = field(default_factory=list)

    @property
    def kept(self) -> int:
        return self.new + self.changed + self.same

    def sentences(self) -> list[str]:
        said = [
            _(
                "%(source)s: %(read)s rows read, %(kept)s spaces"
                " (%(new)s new, %(changed)s changed, %(same)s as before), %(hours)s with hours."
            )
            % {
                "source": self.source,
                "read": f"{self.read:,}",
                "kept": f"{self.kept:,}",
                "new": f"{self.new:,}",
                "changed": f"{self.changed:,}",
                "same": f"{self.same:,}",
                "hours": f"{self.with_hours:,}",
            },
            *self.findings.sentences(),
        ]
        if self.hours_as_read:
            said.append(_("Opening hours as they were read:"))
            said += in_words(self.hours_as_read, 20)
        if self.dry_run:
            said.append(_("This was a trial: nothing was changed."))
        return said

    def __str__(self) -> str:
        return "\n".join(self.sentences())


@transaction.atomic
def import_other_places(
    file: str,
    data: bytes,
    *,
    name: str,
    scheme: Scheme | None = None,
    about: About | None = None,
    whole: bool = False,
    by: User | None = None,
    dry_run: bool = False,
    sheet: str = "",
    today: datetime.date | None = None,
) -> Summary:
    """Import the spaces of `file` into the list `name`, for `scheme` or for all (None).

    `sheet` names the sheet of a workbook that has several. `whole` means that spaces missing from
    the file no longer exist. Raises Refused, changing nothing, if no row can be read.
    """
    today = today or timezone.localdate()
    about = about or About()
    if by is not None and not by.has_perm("coverage.import_other_places", scheme):
        raise Refused(_("You may not bring in spaces for this scheme."))
    found = read_located(file, data, sheet=sheet)
    findings = Findings(notes=found.notes)
    columns = Columns(found, findings)
    source = _source(name, scheme, about, columns)
    summary = Summary(
        source.name, dry_run, read=len(found.rows), findings=findings, table=found.table
    )
    said = _read(found, columns, source, findings, today)
    if not said:
        raise RefusedRows(
            found.table,
            findings,
            _("%(file)s: no row could be read.") % {"file": file},
            *in_words(findings.refused, 5),
        )
    summary.hours_as_read = [
        Fault(one.row, _("%(name)s, open %(hours)s") % {"name": one.fields["name"], "hours": week})
        for one in said.values()
        if (week := week_in_words(one.week))
    ]
    _Run(source, said, about.dated or today, summary).keep(whole)
    _add_notes(summary, source, said, columns, found)
    source.imported_at = timezone.now()
    source.save(update_fields=["imported_at"])
    Event.objects.record(
        "coverage.other_places_imported",
        scheme=scheme,
        by=by,
        about=source,
        source=source.name,
        other_places=summary.kept,
    )
    if dry_run:
        transaction.set_rollback(True)
    return summary


def _source(name: str, scheme: Scheme | None, about: About, columns: Columns) -> Source:
    """The list, locked; created if new."""
    name = name.strip()
    if not name:
        raise Refused(_("Give the list a name, as in: pharmacies 2026."))
    fields = about.said()
    source = Source.objects.select_for_update(of=("self",)).filter(name=name, scheme=scheme).first()
    if source is None:
        source = Source(name=name, scheme=scheme, kind=fields.get("kind") or columns.kind)
    if about.dated and source.dated and about.dated < source.dated:
        raise Refused(
            _("The list “%(name)s” is of %(known)s already, and this file is older: %(day)s.")
            % {"name": name, "known": source.dated, "day": about.dated}
        )
    for field_name, value in fields.items():
        setattr(source, field_name, value)
    try:
        source.full_clean(exclude=["scheme", "imported_at"])
    except ValidationError as error:
        raise Refused(*error.messages) from None
    source.save()
    return source


def _read(
    found: Located, columns: Columns, source: Source, findings: Findings, today: datetime.date
) -> dict[str, Said]:
    """The spaces of the rows, by reference."""
    rows: list[Said] = []
    closed = 0
    for row in found.rows:
        at_row(row.number, of=found.rows[-1].number)
        if row.why:
            findings.refuse(row.number, row.why)
            continue
        if columns.has_closed(row, today):
            closed += 1
            continue
        try:
            rows.append(columns.read(row, source.kind, today))
        except Refused as refusal:
            findings.refuse(row.number, str(refusal))
            continue
        for words in row.mended:
            findings.mend(row.number, words)
    if columns.unknown_kinds:
        findings.notes.append(
            _("Kinds of space that are not known here, taken as “%(kind)s”: %(kinds)s.")
            % {
                "kind": dict(Venue.Type.choices)[source.kind],
                "kinds": ", ".join(list(columns.unknown_kinds)[:20]),
            }
        )
    if closed:
        words = ngettext(
            "%(n)s row is of a space that has closed, and was left out.",
            "%(n)s rows are of spaces that have closed, and were left out.",
            closed,
        )
        findings.notes.append(words % {"n": closed})
    return _by_reference(rows, source, findings)


def _by_reference(rows: list[Said], source: Source, findings: Findings) -> dict[str, Said]:
    """Make references unique. Two councils in one list may both have a building number 12: one
    keeps the bare number, preferably the one already known by it, and the others add their name.
    """
    said: dict[str, Said] = {}
    known = dict(source.other_places.values_list("reference", "name"))
    rows = sorted(rows, key=lambda one: known.get(one.reference) != one.fields["name"])
    for one in rows:
        first = said.get(one.reference)
        if first and not _is_same(one, first):
            words = _("its reference “%(reference)s” is row %(row)s’s too; both were taken.")
            findings.mend(one.row, words % {"reference": one.reference, "row": first.row})
            name = one.fields["name"].casefold()[:80]
            one.reference = f"{one.reference[:80]} | {name} | {one.where}"[:200]
            first = said.get(one.reference)
        if first:
            why = _("row %(row)s is the same space already.") % {"row": first.row}
            findings.refuse(one.row, why)
        else:
            said[one.reference] = one
    return said


def _is_same(one: Said, other: Said) -> bool:
    """Whether two rows with one reference are the same building: same name or same location."""
    if search_name(one.fields["name"]) == search_name(other.fields["name"]):
        return one.where == other.where or _near(one, other)
    return one.fields["address"] == other.fields["address"] != "" and _near(one, other)


def _near(one: Said, other: Said) -> bool:
    return one.fields["point"].distance(other.fields["point"]) < SAME_BUILDING


class _Run:
    """One import in progress: compares the rows with the database and writes the difference."""

    def __init__(self, source: Source, said: dict[str, Said], day: datetime.date, summary: Summary):
        self.source, self.said, self.day, self.summary = source, said, day, summary
        self.known = {
            other_place.reference: other_place for other_place in source.other_places.all()
        }
        self.hours: dict[int, list[OtherPlaceHours]] = {}
        for each in OtherPlaceHours.objects.filter(other_place__source=source):
            self.hours.setdefault(each.other_place_id, []).append(each)
        self.ended: list[int] = []
        self.dropped: list[int] = []
        self.added: list[OtherPlaceHours] = []

    def keep(self, whole: bool) -> None:
        new, changed = [], []
        for reference, one in self.said.items():
            other_place = self.known.get(reference)
            if other_place is None:
                other_place = OtherPlace(source=self.source, reference=reference, **one.fields)
                new.append(other_place)
            else:
                differs = _differs(other_place, one)
                for field_name, value in one.fields.items():
                    setattr(other_place, field_name, value)
                if self._put_hours(other_place, one) or differs:
                    changed.append(other_place)
        OtherPlace.objects.bulk_create(new, batch_size=2000)
        for other_place in new:
            self._put_hours(other_place, self.said[other_place.reference])
        names = ["gone_on", *next(iter(self.said.values())).fields]
        OtherPlace.objects.bulk_update(changed, names, batch_size=500)
        OtherPlaceHours.objects.filter(pk__in=self.dropped).delete()
        OtherPlaceHours.objects.filter(pk__in=self.ended).update(valid_to=self.day)
        OtherPlaceHours.objects.bulk_create(self.added, batch_size=5000)
        self.summary.new, self.summary.changed = len(new), len(changed)
        self.summary.same = len(self.said) - len(new) - len(changed)
        self.summary.with_hours = sum(bool(one.week) for one in self.said.values())
        self.source.other_places.all().tell_divisions()
        self._leave(whole)

    def _put_hours(self, other_place: OtherPlace, one: Said) -> bool:
        """Replace the week's hours from the list's date on."""
        before = self.hours.get(other_place.pk, [])
        dated = bool(one.valid_from or one.valid_to)
        if dated:  # a season's hours replace those of the same season; others stay
            period = (one.valid_from, one.valid_to)
            current = [each for each in before if (each.valid_from, each.valid_to) == period]
        else:
            current = [each for each in before if each.valid_to is None]
        if {(each.weekday, each.opens, each.closes) for each in current} == one.week:
            return False
        for each in current:
            if dated or (each.valid_from and each.valid_from >= self.day):
                self.dropped.append(each.pk)
            else:
                self.ended.append(each.pk)
        starts = one.valid_from if dated else self.day if before else None
        self.added += [
            OtherPlaceHours(
                other_place=other_place,
                weekday=day,
                opens=opens,
                closes=closes,
                valid_from=starts,
                valid_to=one.valid_to,
            )
            for day, opens, closes in one.week
        ]
        return True

    def _leave(self, whole: bool) -> None:
        """Mark spaces of the list that are missing from the file as gone."""
        missing = [
            other_place
            for reference, other_place in self.known.items()
            if reference not in self.said and other_place.gone_on is None
        ]
        if not missing:
            return
        if whole:
            OtherPlace.objects.filter(pk__in=[other_place.pk for other_place in missing]).update(
                gone_on=self.day
            )
            words = ngettext(
                "%(n)s space is no longer in the list, and is gone from today.",
                "%(n)s spaces are no longer in the list, and are gone from today.",
                len(missing),
            )
        else:
            words = ngettext(
                "%(n)s space of the list is not in this file; it stays as it was.",
                "%(n)s spaces of the list are not in this file; they stay as they were.",
                len(missing),
            )
        self.summary.gone = len(missing)
        self.summary.findings.notes.append(words % {"n": len(missing)})


def _differs(other_place: OtherPlace, one: Said) -> bool:
    if other_place.gone_on is not None:
        other_place.gone_on = None
        return True
    return any(getattr(other_place, name) != value for name, value in one.fields.items())


def _add_notes(summary, source, said, columns, found):
    if not summary.with_hours:
        summary.findings.notes.append(
            _("No row gives hours that could be read: these spaces are never counted as open.")
        )
    if columns.hours.has_unstaffed(found.rows):
        summary.findings.notes.append(
            _("Hours without staff were left aside: there is nobody to ask for help.")
        )
    if source.scheme and source.scheme.area:
        boundary = source.scheme.area.boundary
        prepared = boundary.buffer(FAR).prepared
        far = [one for one in said.values() if not prepared.covers(one.fields["point"])]
        for one in far:
            words = _("it lies more than %(km)s km outside the scheme’s area; it was taken.")
            summary.findings.leave_out(one.row, words % {"km": FAR // 1000})
