"""An organisation's places in one table: their status, what is left, and by when.

Apps higher up add their own columns (`add_column`) when they register their evidence kinds.
"""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.core.paginator import Page, Paginator
from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.spreadsheets import csv_response
from venues.due import Due, due_at
from venues.hours.model import is_stale
from venues.models import Agreement, Organisation, Scheme, SignUp, Venue
from venues.models.sign_ups import BEING_FILLED_IN, ENDED, State
from venues.next_steps import Standing, standings
from venues.safety import team_to_ring

PLACES_A_PAGE = 100
AGREED = ("sign_up", "principle", "version")
"""All that `due_at` reads of an agreement."""


@dataclass(frozen=True)
class Cell:
    """A column's value for one place; `due` is added to what is left to do there."""

    words: str
    due: Due | None = None
    is_wanting: bool = False
    """Something is missing here: the list can be narrowed to such places."""


@dataclass
class Branch:
    """One row: one sign-up of one place."""

    sign_up: SignUp
    how: Standing
    sentence: str
    dues: list[Due]
    cells: dict[str, str] = field(default_factory=dict)
    wanting: set[str] = field(default_factory=set)
    """Keys of the columns where something is missing; a member's only."""
    is_lost: bool = False
    """The public should find it and does not, or the council is waiting for an answer."""

    @property
    def leaves_on(self) -> datetime.date | None:
        return self.how.leaves_on if self.how.is_listed else None

    @property
    def to_do(self) -> list[Due]:
        return [due for due in self.dues if not due.is_news]

    @property
    def next_by(self) -> datetime.date | None:
        """The earliest deadline."""
        return min((due.by for due in self.to_do if due.by), default=None)

    @property
    def urgency(self) -> tuple:
        """Sort key: unlisted, in danger, due on a day, anything to do, nothing to do, ended."""
        late = datetime.date.max
        name = (self.sign_up.venue.name.casefold(), self.sign_up.pk)
        if self.sign_up.state in ENDED:
            return (5, late, name)
        if self.is_lost:
            return (0, self.next_by or late, name)
        if self.leaves_on:
            return (1, self.leaves_on, name)
        if self.next_by:
            return (2, self.next_by, name)
        return (3 if self.to_do else 4, late, name)


@dataclass(frozen=True)
class Column:
    """One column. `cells(branches, now)` returns a Cell per sign-up id, in few queries.

    A place whose scheme lacks this part (`has(scheme)`) gets an empty cell; a column that is empty
    for every place is hidden.
    """

    key: str
    title: str | Promise
    order: int
    cells: Callable[[list[Branch], datetime.datetime], dict[int, Cell]]
    has: Callable[[Scheme], bool] = lambda scheme: True
    page: str = ""
    """A URL name, reversed with the organisation's id, of a page that does all of them at once."""
    page_words: str | Promise = ""
    wanting_words: str | Promise = ""
    """What the filter calls the places where it is wanting."""


_columns: dict[str, Column] = {}


def add_column(column: Column) -> Column:
    _columns[column.key] = column
    return column


@dataclass(frozen=True)
class HeadOfficePage:
    """A page of a higher app for head office; `name` is reversed with the organisation's id."""

    name: str
    words: str | Promise


_pages: list[HeadOfficePage] = []


def add_page(page: HeadOfficePage) -> HeadOfficePage:
    _pages.append(page)
    return page


def head_office_pages() -> list[HeadOfficePage]:
    return list(_pages)


@dataclass
class Overview:
    """The rows, most urgent first, and the columns that are not empty."""

    branches: list[Branch]
    columns: list[Column]

    @property
    def schemes(self) -> list[Scheme]:
        found = {branch.sign_up.scheme for branch in self.branches}
        return sorted(found, key=lambda scheme: scheme.name)

    def rows(self) -> list[tuple[Branch, list[str]]]:
        """Each branch with its cells, in column order."""
        keys = [column.key for column in self.columns]
        return [(each, [each.cells.get(key, "") for key in keys]) for each in self.branches]


def overview(sign_ups: QuerySet[SignUp], now: datetime.datetime) -> Overview:
    """The table of these sign-ups, in a constant number of queries."""
    found = list(
        # One object per scheme and organisation: what it caches is queried once, and hundreds of
        # the same would take longer to make than to query.
        sign_ups.select_related("venue").prefetch_related(
            "venue__organisation",
            "venue__lead_scheme",
            "scheme__principles",
            Prefetch("agreements", Agreement.objects.only(*AGREED).order_by()),
            "stickers",
        )
    )
    how = standings(found, timezone.localdate(now))
    branches = [_branch(sign_up, how[sign_up.pk], now) for sign_up in found]
    shown = []
    for column in sorted(_columns.values(), key=lambda each: each.order):
        asked = [each for each in branches if column.has(each.sign_up.scheme)]
        if not asked:
            continue
        cells = column.cells(asked, now)
        for branch in asked:
            if cell := cells.get(branch.sign_up.pk):
                branch.cells[column.key] = cell.words
                branch.dues += [cell.due] if cell.due else []
                if cell.is_wanting and branch.sign_up.state == State.APPROVED:
                    branch.wanting.add(column.key)
        shown += [column] if cells else []
    return Overview(sorted(branches, key=lambda each: each.urgency), shown)


@dataclass(frozen=True)
class FranchiseePlace:
    """One line: a franchisee's place and its status. Deliberately nothing else."""

    organisation: str
    place: str
    scheme: str
    sentence: str


def franchisees(
    sign_ups: QuerySet[SignUp],
    organisation: Organisation,
    now: datetime.datetime,
    number: str | None = None,
) -> Page:
    """One page of the places of an organisation's franchisees, by name.

    A subset of `sign_ups`, without those that have ended. Of drafts only their number is told, as
    `page.drafts`. In a constant number of queries.
    """
    theirs = sign_ups.filter(venue__organisation__parent=organisation).exclude(state__in=ENDED)
    sent = theirs.exclude(state=State.DRAFT)
    found = sent.select_related("venue__organisation", "scheme").order_by(
        "venue__organisation__name", "venue__name", "pk"
    )
    page = Paginator(found, PLACES_A_PAGE).get_page(number)
    page.drafts = theirs.filter(state=State.DRAFT).count()
    how = standings(list(page.object_list), timezone.localdate(now))
    page.object_list = [
        FranchiseePlace(
            organisation=str(each.venue.organisation),
            place=str(each.venue),
            scheme=str(each.scheme),
            sentence=state_in_words(each, how[each.pk], now),
        )
        for each in page.object_list
    ]
    return page


def branches_csv(name: str, table: Overview) -> HttpResponse:
    """Every row of a table of places; what is left to do, with deadlines, is in one cell."""
    header = [_("Place"), _("Address"), _("Scheme"), _("State"), _("Left to do"), _("First by")]
    rows = [
        [
            branch.sign_up.venue,
            ", ".join(branch.sign_up.venue.address),
            branch.sign_up.scheme,
            branch.sentence,
            " ".join(due.sentence for due in branch.to_do),
            date_format(branch.next_by, "Y-m-d") if branch.next_by else "",
            *cells,
        ]
        for branch, cells in table.rows()
    ]
    return csv_response(name, [*header, *(column.title for column in table.columns)], rows)


def _branch(sign_up, how, now):
    is_member = sign_up.state == State.APPROVED
    dues = due_at(sign_up, how.proofs, now) if is_member else _before_approval(sign_up)
    hidden = sign_up.venue.listing == Venue.Listing.INTERNAL
    fell_off = is_member and not how.is_listed and not hidden and sign_up.listed_since is not None
    return Branch(
        sign_up=sign_up,
        how=how,
        sentence=state_in_words(sign_up, how, now),
        dues=dues,
        is_lost=fell_off or sign_up.state in (State.CHANGES_ASKED_FOR, State.SUSPENDED),
    )


def _before_approval(sign_up):
    if sign_up.state not in BEING_FILLED_IN:
        return []
    words = (
        _("Answer what the council asks for, and send it again.")
        if sign_up.state == State.CHANGES_ASKED_FOR
        else _("Finish the sign-up and send it.")
    )
    return [Due(words, reverse("sign_up", args=[sign_up.pk]))]


STATES = {
    State.DRAFT: gettext_lazy("Not sent yet."),
    State.SUBMITTED: gettext_lazy("Sent; the council is looking at it."),
    State.CHANGES_ASKED_FOR: gettext_lazy("The council asks for changes."),
    State.SUSPENDED: gettext_lazy("Paused: people cannot find it."),
    State.DECLINED: gettext_lazy("The council could not take it in."),
    State.WITHDRAWN: gettext_lazy("Has left the scheme."),
}


def state_in_words(sign_up: SignUp, how: Standing, now: datetime.datetime) -> str:
    """The status of a place in one sentence, for somebody who looks at many."""
    if sign_up.state != State.APPROVED:
        return str(STATES[sign_up.state])
    if how.hidden_by:
        return _("Hidden from the public for now. Ring %(whom)s.") % {
            "whom": team_to_ring(how.hidden_by[0])
        }
    away = sign_up.venue.unavailable_until
    if away and away > now:
        day = date_format(timezone.localtime(away), "j F, H:i")
        return _("Says that it cannot help until %(day)s.") % {"day": day}
    if sign_up.venue.listing == Venue.Listing.INTERNAL:
        return _("A member, not shown to the public.")
    if how.is_listed and how.leaves_on:
        day = date_format(how.leaves_on, "j F Y")
        return _("People find it until %(day)s, unless something is done.") % {"day": day}
    if how.is_listed:
        return _("People can find it.")
    if sign_up.listed_since:
        return _("People no longer find it: something is missing.")
    return _("Approved; people cannot find it yet.")


def _hours(branches: Iterable[Branch], now: datetime.datetime) -> dict[int, Cell]:
    return {branch.sign_up.pk: _confirmed(branch.sign_up.venue, now) for branch in branches}


def _confirmed(venue, now):
    if venue.hours_confirmed_at is None:
        return Cell(_("never"), is_wanting=True)
    day = date_format(timezone.localtime(venue.hours_confirmed_at), "j M Y")
    if is_stale(venue, now):
        return Cell(_("%(day)s, too long ago") % {"day": day}, is_wanting=True)
    return Cell(day)


def _stickers(branches: Iterable[Branch], now: datetime.datetime) -> dict[int, Cell]:
    today = timezone.localdate(now)
    return {branch.sign_up.pk: _sticker(branch.how.sticker, today) for branch in branches}


def _sticker(sticker, today):
    is_up = sticker is not None and sticker.displayed_at and sticker.is_current(today)
    return Cell(_sticker_words(sticker, today), is_wanting=not is_up)


def _sticker_words(sticker, today):
    if sticker is None:
        return _("none")
    values = {"number": sticker.number, "day": date_format(sticker.expires_on, "j M Y")}
    if not sticker.is_current(today):
        return _("%(number)s, ran out %(day)s") % values
    if not sticker.displayed_at:
        return _("%(number)s, not up yet") % values
    return _("%(number)s, until %(day)s") % values


add_column(
    Column(
        "hours",
        gettext_lazy("Hours confirmed"),
        10,
        _hours,
        wanting_words=gettext_lazy("Hours to confirm"),
    )
)
add_column(
    Column(
        "sticker",
        gettext_lazy("Sticker"),
        30,
        _stickers,
        has=lambda scheme: scheme.has_stickers,
        wanting_words=gettext_lazy("Without a current sticker in the window"),
    )
)
