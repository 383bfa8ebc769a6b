"""Sending, changing and undoing a period's return; closing a period."""

from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.models import User
from common.deciding import lock
from common.refusals import Refused
from partnership import emails
from partnership.models import (
    ClosedPeriod,
    Progress,
    ReturnItem,
    ReturnSettings,
    TextState,
    UsageCount,
    UsageReturn,
)
from partnership.models.of_period import period_columns
from partnership.models.returns import MOST, PROGRESS_LENGTH
from partnership.periods import Period
from partnership.rules.periods import is_asked
from partnership.rules.returns import is_closed, why_not_send
from venues.models import Event, Scheme, SignUp

from .issues import NewIssue, raise_issue
from .words import refuse_words

FIRST_LISTS = {
    ReturnItem.Kind.REASON: [
        gettext_noop("Lost"),
        gettext_noop("Unwell"),
        gettext_noop("Threatened"),
        gettext_noop("Followed or stalked"),
        gettext_noop("Bullied"),
        gettext_noop("Harassed"),
        gettext_noop("Needing travel help"),
        gettext_noop("Waiting for somebody"),
        gettext_noop("Charging a phone"),
        gettext_noop("Other"),
    ],
    ReturnItem.Kind.OUTCOME: [
        gettext_noop("Let in"),
        gettext_noop("Calm space"),
        gettext_noop("Somebody called"),
        gettext_noop("Directions given"),
        gettext_noop("Signposted"),
        gettext_noop("Police"),
        gettext_noop("Ambulance"),
    ],
    ReturnItem.Kind.PART_OF_DAY: [
        gettext_noop("Morning, 6 to 12"),
        gettext_noop("Afternoon, 12 to 18"),
        gettext_noop("Evening, 18 to 22"),
        gettext_noop("Night, 22 to 6"),
    ],
    ReturnItem.Kind.AGE_BAND: [
        gettext_noop("Under 18"),
        gettext_noop("18 to 64"),
        gettext_noop("65 or over"),
    ],
}
"""A scheme's initial lists, which it can edit."""
NOT_ASKED = gettext_noop("Did not ask")


class SentAlready(Refused):
    """Somebody else sent or changed this return after the page was drawn: the sender chooses."""

    def __init__(self, usage_return: UsageReturn) -> None:
        self.usage_return = usage_return
        super().__init__(
            _("Somebody else has sent this return since you opened the page. Nothing is lost.")
        )


@dataclass(frozen=True)
class Figures:
    """One venue's figures for one period. `counts`: item id -> count; zeros may be left out.

    `progress`: None keeps the earlier sentence, "" deletes it.
    """

    people: int = 0
    counts: dict[int, int] = field(default_factory=dict)
    progress: str | None = None
    may_share: bool = False

    @property
    def counted(self) -> dict[int, int]:
        return {item: count for item, count in self.counts.items() if count}


@transaction.atomic
def set_up_returns(scheme: Scheme) -> ReturnSettings:
    """Give a scheme its settings and first lists. Idempotent."""
    lock(scheme)
    settings, is_new = ReturnSettings.objects.get_or_create(scheme=scheme)
    if is_new:
        ReturnItem.objects.bulk_create(
            ReturnItem(
                scheme=scheme,
                kind=kind,
                label=_(label),
                order=10 * place,
                is_not_asked=place == 0,
            )
            for kind, labels in FIRST_LISTS.items()
            for place, label in enumerate([NOT_ASKED, *labels])
        )
    return settings


@transaction.atomic
def send_return(
    sign_up: SignUp,
    period: Period,
    figures: Figures,
    *,
    version: int,
    way: str,
    by: User | None = None,
    issue: NewIssue | None = None,
) -> UsageReturn:
    """Send or change a period's return, with an issue if one was raised on the same form.

    `version` is the one the sender has seen, 0 for none. Raises SentAlready if somebody else sent
    another version meanwhile and it differs. Idempotent.
    """
    now = timezone.now()
    sign_up = lock(sign_up)
    if reasons := why_not_send(sign_up, period, timezone.localdate(now)):
        raise Refused(*reasons)
    _check(sign_up.scheme, figures)
    found = UsageReturn.objects.of(period).filter(sign_up=sign_up).first()
    if found and found.version != version:
        if not _says_the_same(found, figures):
            raise SentAlready(found)
        version = found.version
    if found is None:
        found = UsageReturn.objects.create(
            sign_up=sign_up,
            **period_columns(period),
            people=figures.people,
            way=way,
            sent_at=now,
            sent_by=by,
        )
        _write(found, figures, "partnership.return_sent", way=way, by=by)
    elif not _says_the_same(found, figures):
        found.people, found.changed_at, found.version = figures.people, now, found.version + 1
        found.save(update_fields=["people", "changed_at", "version"])
        _write(found, figures, "partnership.return_changed", way=way, by=by)
    if issue and not found.issues.filter(theme=issue.theme, text=issue.text.strip()).exists():
        raise_issue(sign_up.scheme, issue, sign_up=sign_up, usage_return=found, by=by)
    return found


def _write(found: UsageReturn, figures: Figures, kind: str, *, way: str, by: User | None) -> None:
    """Store the counts and the sentence and record an event, which contains neither."""
    lines = _write_counts(found, figures)
    words = _write_progress(found, figures)
    Event.objects.record(
        kind,
        sign_up=found.sign_up,
        by=by,
        about=found,
        period=found.period.code,
        way=str(way),
        version=found.version,
        lines=lines,
        words_changed=words,
    )


def _check(scheme: Scheme, figures: Figures) -> None:
    """Refuse what our forms would never send."""
    numbers = [figures.people, *figures.counts.values()]
    if any(not isinstance(number, int) or not 0 <= number <= MOST for number in numbers):
        raise Refused(_("Numbers are from 0 to %(most)s.") % {"most": MOST})
    known = set(ReturnItem.objects.filter(scheme=scheme).values_list("pk", flat=True))
    if not known.issuperset(figures.counts):
        raise Refused(_("The scheme has changed its lists. Please look at your numbers again."))
    refuse_words(figures.progress or "", PROGRESS_LENGTH)


def _says_the_same(found: UsageReturn, figures: Figures) -> bool:
    counts = dict(found.counts.values_list("item_id", "count"))
    progress = Progress.objects.filter(usage_return=found).first()
    text, may_share = (progress.text, progress.may_share) if progress else ("", False)
    same_words = figures.progress is None or figures.progress.strip() == text
    same_consent = figures.progress is None or not text or figures.may_share == may_share
    return (
        found.people == figures.people and counts == figures.counted and same_words and same_consent
    )


def _write_counts(found: UsageReturn, figures: Figures) -> int:
    """Replace the counts that differ. Returns how many."""
    before = dict(found.counts.values_list("item_id", "count"))
    after = figures.counted
    changed = {item for item in before | after if before.get(item) != after.get(item)}
    found.counts.filter(item__in=changed).delete()
    UsageCount.objects.bulk_create(
        UsageCount(usage_return=found, item_id=item, count=after[item])
        for item in changed
        if item in after
    )
    return len(changed)


def _write_progress(found: UsageReturn, figures: Figures) -> bool:
    """Keep, replace or delete the sentence. Returns whether it changed."""
    if figures.progress is None:
        return False
    text = figures.progress.strip()
    progress = Progress.objects.filter(usage_return=found).first()
    if not text:
        deleted, __ = Progress.objects.filter(usage_return=found).delete()
        return bool(deleted)
    if progress and progress.text == text:
        changed = progress.may_share != figures.may_share
        progress.may_share = figures.may_share
        progress.save(update_fields=["may_share"])
        return changed
    fresh = {
        "text": text,
        "may_share": figures.may_share,
        "text_state": TextState.HELD,
        "text_read_at": None,
        "text_read_by": None,
        "shared_at": None,
        "shared_by": None,
    }
    Progress.objects.update_or_create(usage_return=found, defaults=fresh)
    return True


@transaction.atomic
def take_back_return(usage_return: UsageReturn, *, version: int, by: User | None = None) -> None:
    """Undo a return as if it had not been sent; an event records that."""
    sign_up = lock(usage_return.sign_up)
    found = UsageReturn.objects.filter(pk=usage_return.pk).first()
    if found is None:
        return
    if reasons := why_not_send(sign_up, found.period, timezone.localdate()):
        raise Refused(*reasons)
    if found.version != version:
        raise SentAlready(found)
    period = found.period.code
    found.delete()
    Event.objects.record("partnership.return_taken_back", sign_up=sign_up, by=by, period=period)


@transaction.atomic
def close_period(scheme: Scheme, period: Period, *, by: User) -> ClosedPeriod:
    """Close a period to returns and changes: its figures are final."""
    scheme = lock(scheme)
    if not is_asked(scheme, period):
        raise Refused(_("The scheme does not ask about %(period)s.") % {"period": period})
    if period.ends >= timezone.localdate():
        raise Refused(_("%(period)s is not over yet.") % {"period": period})
    if is_closed(scheme, period):
        raise Refused(_("%(period)s is closed already.") % {"period": period})
    closed = ClosedPeriod.objects.create(
        scheme=scheme,
        **period_columns(period),
        closed_at=timezone.now(),
        closed_by=by,
    )
    Event.objects.record("partnership.period_closed", scheme=scheme, by=by, period=period.code)
    return closed


@transaction.atomic
def reopen_period(scheme: Scheme, period: Period, *, by: User) -> None:
    """Undo `close_period`."""
    scheme = lock(scheme)
    found = ClosedPeriod.objects.of(period).filter(scheme=scheme)
    if not found.delete()[0]:
        raise Refused(_("%(period)s is not closed.") % {"period": period})
    Event.objects.record("partnership.period_reopened", scheme=scheme, by=by, period=period.code)


@transaction.atomic
def thank_venue(usage_return: UsageReturn, *, by: User) -> UsageReturn:
    """Thank the venue for its return, once."""
    found = (
        UsageReturn.objects.select_for_update(of=("self",))
        .select_related("sign_up__venue__organisation", "sign_up__scheme")
        .get(pk=usage_return.pk)
    )
    if found.thanked_at:
        raise Refused(_("This venue has been thanked already."))
    found.thanked_at, found.thanked_by = timezone.now(), by
    found.save(update_fields=["thanked_at", "thanked_by"])
    Event.objects.record(
        "partnership.venue_thanked",
        sign_up=found.sign_up,
        by=by,
        about=found,
        period=found.period.code,
    )
    emails.venue_thanked(found)
    return found


@transaction.atomic
def mark_progress_shared(progress: Progress, *, by: User) -> Progress:
    """Record that a success was shared with others, with the venue's consent."""
    progress = (
        Progress.objects.select_for_update(of=("self",))
        .select_related("usage_return__sign_up__venue__organisation")
        .get(pk=progress.pk)
    )
    if not progress.may_share:
        raise Refused(_("The venue has not agreed that others are told."))
    if progress.is_held:
        raise Refused(_("Read and release the words first."))
    if progress.shared_at:
        raise Refused(_("This has been shared already."))
    progress.shared_at, progress.shared_by = timezone.now(), by
    progress.save(update_fields=["shared_at", "shared_by"])
    Event.objects.record(
        "partnership.progress_shared",
        sign_up=progress.usage_return.sign_up,
        by=by,
        about=progress,
    )
    return progress
