"""Other people's places from a CSV or a GeoJSON file: all rows that can be read, in one go.

Run again, it updates: a place is known by its reference, or by its name and where it is.
"""

import datetime
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.progress import at_row
from common.refusals import Refused
from coverage.models import Place, PlaceHours, Source
from geography.importers.located import Located, read_located, unread
from venues.hours.reading import week_in_words
from venues.models import Event, Scheme

from .columns import Columns, Said

FAR = 20_000
"""Metres from the scheme's area beyond which a place is pointed out."""


@dataclass
class About:
    """What is said of the whole list; None leaves what an earlier import said."""

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
    """What an import of places did, or would do."""

    source: str
    dry_run: bool = False
    read: int = 0
    new: int = 0
    changed: int = 0
    same: int = 0
    with_hours: int = 0
    gone: int = 0
    unread: list[tuple[int, str]] = field(default_factory=list)
    wrong: list[tuple[int, str]] = field(default_factory=list)
    hours_as_read: list[tuple[int, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def kept(self) -> int:
        return self.new + self.changed + self.same

    def sentences(self) -> list[str]:
        said = [
            _(
                "%(source)s: %(read)s rows read, %(kept)s places"
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
            *self.notes,
        ]
        if self.unread:
            said.append(
                ngettext(
                    "%(n)s row could not be read:",
                    "%(n)s rows could not be read:",
                    len(self.unread),
                )
                % {"n": len(self.unread)}
            )
            said += unread(self.unread)
        if self.wrong:
            said.append(
                ngettext(
                    "%(n)s row was taken without something:",
                    "%(n)s rows were taken without something:",
                    len(self.wrong),
                )
                % {"n": len(self.wrong)}
            )
            said += unread(self.wrong)
        if self.hours_as_read:
            said.append(_("Opening hours as they were read:"))
            said += unread(self.hours_as_read, 20)
        if self.dry_run:
            said.append(_("This was a trial: nothing was changed."))
        return said

    def __str__(self) -> str:
        return "\n".join(self.sentences())


@transaction.atomic
def import_places(
    file: str,
    data: bytes,
    *,
    name: str,
    scheme: Scheme | None = None,
    about: About | None = None,
    whole: bool = False,
    by=None,
    dry_run: bool = False,
    today: datetime.date | None = None,
) -> Summary:
    """Take the places of `file` into the list `name`, of `scheme` or for all (None).

    `whole` says that places which the file no longer has are gone. Raises Refused when nothing of
    the file can be read; then nothing was changed.
    """
    today = today or timezone.localdate()
    about = about or About()
    if by is not None and not by.has_perm("coverage.import_places", scheme):
        raise Refused(_("You may not bring in places for this scheme."))
    found = read_located(file, data)
    columns = Columns(found)
    source = _source(name, scheme, about, columns)
    summary = Summary(source.name, dry_run, read=len(found.rows), notes=found.notes)
    said = _read(found, columns, source, summary)
    if not said:
        raise Refused(
            _("%(file)s: no row could be read.") % {"file": file}, *unread(summary.unread, 5)
        )
    summary.hours_as_read = [
        (one.row, _("%(name)s, open %(hours)s") % {"name": one.fields["name"], "hours": week})
        for one in said.values()
        if (week := week_in_words(one.week))
    ]
    _Run(source, said, about.dated or today, summary).keep(whole)
    _add_notes(summary, source, said, columns, found)
    source.imported_at = timezone.now()
    source.save(update_fields=["imported_at"])
    Event.objects.record(
        "coverage.places_imported",
        scheme=scheme,
        by=by,
        about=source,
        source=source.name,
        places=summary.kept,
    )
    if dry_run:
        transaction.set_rollback(True)
    return summary


def _source(name: str, scheme: Scheme | None, about: About, columns: Columns) -> Source:
    """The list, locked; made when it is new."""
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


def _read(found: Located, columns: Columns, source: Source, summary: Summary) -> dict[str, Said]:
    """What each place's row says, by reference."""
    said: dict[str, Said] = {}
    closed = 0
    for row in found.rows:
        at_row(row.number, of=len(found.rows))
        if row.why:
            summary.unread.append((row.number, row.why))
            continue
        if columns.has_closed(row):
            closed += 1
            continue
        try:
            one = columns.read(row, source.kind)
        except Refused as refusal:
            summary.unread.append((row.number, str(refusal)))
            continue
        if one.reference in said:
            first = said[one.reference].row
            why = _("row %(row)s is the same place already.") % {"row": first}
            summary.unread.append((row.number, why))
            continue
        said[one.reference] = one
        summary.wrong += [(row.number, why) for why in one.wrong]
    if closed:
        words = ngettext(
            "%(n)s row is of a place that has closed, and was left out.",
            "%(n)s rows are of places that have closed, and were left out.",
            closed,
        )
        summary.notes.append(words % {"n": closed})
    return said


class _Run:
    """One import under way: compares what is said with what is known, and writes the difference."""

    def __init__(self, source: Source, said: dict[str, Said], day: datetime.date, summary: Summary):
        self.source, self.said, self.day, self.summary = source, said, day, summary
        self.known = {place.reference: place for place in source.places.all()}
        self.hours: dict[int, list[PlaceHours]] = {}
        for each in PlaceHours.objects.filter(place__source=source):
            self.hours.setdefault(each.place_id, []).append(each)
        self.ended: list[int] = []
        self.dropped: list[int] = []
        self.added: list[PlaceHours] = []

    def keep(self, whole: bool) -> None:
        new, changed = [], []
        for reference, one in self.said.items():
            place = self.known.get(reference)
            if place is None:
                place = Place(source=self.source, reference=reference, **one.fields)
                new.append(place)
            else:
                differs = _differs(place, one)
                for field_name, value in one.fields.items():
                    setattr(place, field_name, value)
                if self._put_hours(place, one) or differs:
                    changed.append(place)
        Place.objects.bulk_create(new, batch_size=2000)
        for place in new:
            self._put_hours(place, self.said[place.reference])
        names = ["gone_on", *next(iter(self.said.values())).fields]
        Place.objects.bulk_update(changed, names, batch_size=500)
        PlaceHours.objects.filter(pk__in=self.dropped).delete()
        PlaceHours.objects.filter(pk__in=self.ended).update(valid_to=self.day)
        PlaceHours.objects.bulk_create(self.added, batch_size=5000)
        self.summary.new, self.summary.changed = len(new), len(changed)
        self.summary.same = len(self.said) - len(new) - len(changed)
        self.summary.with_hours = sum(bool(one.week) for one in self.said.values())
        self.source.places.all().tell_divisions()
        self._leave(whole)

    def _put_hours(self, place: Place, one: Said) -> bool:
        """Put the week in the place of the one before, from the day of the list on."""
        before = self.hours.get(place.pk, [])
        dated = bool(one.valid_from or one.valid_to)
        if dated:  # a season of its own: the same season's hours are replaced, others stay
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
            PlaceHours(
                place=place,
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
        """Places that the list had and the file has not."""
        missing = [
            place
            for reference, place in self.known.items()
            if reference not in self.said and place.gone_on is None
        ]
        if not missing:
            return
        if whole:
            Place.objects.filter(pk__in=[place.pk for place in missing]).update(gone_on=self.day)
            words = ngettext(
                "%(n)s place is no longer in the list, and is gone from today.",
                "%(n)s places are no longer in the list, and are gone from today.",
                len(missing),
            )
        else:
            words = ngettext(
                "%(n)s place of the list is not in this file; it stays as it was.",
                "%(n)s places of the list are not in this file; they stay as they were.",
                len(missing),
            )
        self.summary.gone = len(missing)
        self.summary.notes.append(words % {"n": len(missing)})


def _differs(place: Place, one: Said) -> bool:
    if place.gone_on is not None:
        place.gone_on = None
        return True
    return any(getattr(place, name) != value for name, value in one.fields.items())


def _add_notes(summary, source, said, columns, found):
    if not summary.with_hours:
        summary.notes.append(
            _("No row gives hours that could be read: these places are never counted as open.")
        )
    if columns.hours.has_unstaffed(found.rows):
        summary.notes.append(
            _("Hours without staff were left aside: there is nobody to ask for help.")
        )
    if source.scheme and source.scheme.area:
        boundary = source.scheme.area.boundary
        prepared = boundary.buffer(FAR).prepared
        far = [one for one in said.values() if not prepared.covers(one.fields["point"])]
        summary.wrong += [
            (one.row, _("it lies more than 20 km outside the scheme’s area; it was taken."))
            for one in far
        ]
