"""Four quarters of returns in every state, a tally, texts to review and issues raised.

What only time brings about is written with backdated rows, the same rows that the actions write.
"""

import datetime
import random

from django.utils import timezone

from demo.membership import NEWCOMERS
from partnership import actions
from partnership.actions import NewIssue
from partnership.models import (
    Issue,
    Progress,
    ReturnItem,
    ReturnSettings,
    TextState,
    UsageCount,
    UsageReturn,
)
from partnership.periods import QUARTER, Period
from partnership.rules.periods import last_ended
from venues.models import Event, SignUp, Sticker

ONE_DAY = datetime.timedelta(days=1)
QUARTERS = 4
OF_THE_MANAGER = "The Copper Kettle"
HABITS = [
    ["numbers", "numbers", "numbers", "numbers"],
    ["nil", "nil", "numbers", "nil"],
    ["numbers", "edited", "numbers", "late"],
    ["numbers", "nil", "late nil", "missing"],
    ["missing", "missing", "numbers", "missing"],
    ["numbers", "numbers", "edited", "numbers"],
]
"""Each place's returns by quarter, oldest first; the manager's own has yet to answer."""
NEW = ["missing"] * QUARTERS
OWN = ["nil", "numbers", "edited", "missing"]
SENTENCES = [
    ("Staff on every shift know the sign now.", TextState.RELEASED, True),
    ("We moved the quiet table away from the door.", TextState.RELEASED, False),
    ("A regular said that (taken out) felt safe here.", TextState.REDACTED, False),
    ("Two new people did the training.", TextState.HELD, True),
    ("The late bus stops outside again, which helps.", TextState.HELD, False),
]
WORDS = {
    "open": NewIssue("training", "meeting", "Could there be a training on a Sunday?"),
    "urgent": NewIssue("staff", "urgent", "Our night staff feel alone after eleven."),
    "handled": NewIssue("services", "soon", "We waited long when we rang for a taxi scheme."),
    "closed": NewIssue("listing", "soon", "Our sticker has faded in the sun."),
}


def load_returns(scheme, officers: dict, *, manager) -> None:
    """Load returns and issues for the listed places."""
    chance = random.Random(9)
    actions.set_up_returns(scheme)
    members = _members(scheme)
    quarters = last_ended(scheme, timezone.localdate()).last(QUARTERS)
    returns = _returns(members, quarters, chance)
    _counts(scheme, returns, chance)
    _sentences(returns, officers["officer"])
    for quarter in quarters[:2]:
        actions.close_period(scheme, quarter, by=officers["chair"])
    _issues(members, officers)
    _tally(members, manager, chance)
    _people(scheme, officers)


def _members(scheme):
    """Places with a sticker in the window."""
    shown = Sticker.objects.live().filter(displayed_at__isnull=False)
    members = SignUp.objects.approved().filter(scheme=scheme, stickers__in=shown).order_by("pk")
    return list(members.select_related("venue__organisation", "scheme"))


def _returns(members, quarters, chance):
    made = []
    for place, sign_up in enumerate(members):
        habit = HABITS[place % len(HABITS)]
        if sign_up.venue.name == OF_THE_MANAGER:
            habit = OWN
        elif sign_up.venue.name in NEWCOMERS:
            habit = NEW
        for quarter, answer in zip(quarters, habit, strict=True):
            if answer != "missing":
                made.append(_return(sign_up, quarter, answer, chance))
    made = UsageReturn.objects.bulk_create(made)
    Event.objects.bulk_create(event for each in made for event in _history(each))
    return made


def _return(sign_up, quarter: Period, answer, chance):
    days = 45 if "late" in answer else chance.randint(1, 25)
    sent_at = _noon(quarter.ends + days * ONE_DAY)
    return UsageReturn(
        sign_up=sign_up,
        year=quarter.year,
        number=quarter.number,
        people=0 if "nil" in answer else chance.randint(2, 24),
        version=2 if answer == "edited" else 1,
        way=chance.choice(["link", "link", "portal"]),
        sent_at=sent_at,
        changed_at=sent_at + 2 * ONE_DAY if answer == "edited" else None,
    )


def _noon(day):
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(12)))


def _history(sent):
    about = {
        "scheme": sent.sign_up.scheme,
        "sign_up": sent.sign_up,
        "venue": sent.sign_up.venue,
        "organisation": sent.sign_up.venue.organisation,
        "about": sent,
    }
    data = {"period": sent.period.code, "way": sent.way, "lines": 3, "words_changed": False}
    yield Event(
        kind="partnership.return_sent", at=sent.sent_at, data={**data, "version": 1}, **about
    )
    if sent.changed_at:
        yield Event(
            kind="partnership.return_changed",
            at=sent.changed_at,
            data={**data, "version": 2},
            **about,
        )


def _counts(scheme, returns, chance):
    """Each person usually counts once in each list; nobody can tell who had which."""
    items = {}
    for item in ReturnItem.objects.filter(scheme=scheme).exclude(kind="age_band"):
        items.setdefault(item.kind, []).append(item)
    rows = []
    for sent in returns:
        for lines in items.values():
            drawn = [chance.choice(lines) for __ in range(sent.people)]
            rows += [
                UsageCount(usage_return=sent, item=item, count=drawn.count(item))
                for item in dict.fromkeys(drawn)
            ]
    UsageCount.objects.bulk_create(rows)


def _sentences(returns, officer):
    told = sorted(returns, key=lambda sent: sent.period, reverse=True)
    newest = [sent for sent in told if sent.people][: len(SENTENCES)]
    for sent, (text, state, may_share) in zip(newest, SENTENCES, strict=False):
        read = state != TextState.HELD
        Progress.objects.create(
            usage_return=sent,
            text=text,
            may_share=may_share,
            text_state=state,
            text_read_at=timezone.now() if read else None,
            text_read_by=officer if read else None,
        )


def _issues(members, officers):
    by = officers["officer"]
    places = iter(members)
    for name, new in WORDS.items():
        issue = actions.raise_issue(members[0].scheme, new, sign_up=next(places))
        if name in ("handled", "closed"):
            issue = actions.release_text(issue, by=by)
            issue = actions.handle_issue(issue, by=by)
        if name == "closed":
            issue = actions.note_what_was_done(issue, "A new sticker was posted.", by=by)
            actions.close_issue(issue, answer="A new sticker is in the post.", by=by)
    actions.ask_for_call(next(places))
    long_ago = actions.ask_for_call(next(places))
    actions.handle_issue(long_ago, by=by)
    Issue.objects.filter(pk=long_ago.pk).update(raised_at=timezone.now() - 12 * ONE_DAY)
    by_officer = NewIssue("space", "meeting", "Several places ask for a shared lending box.")
    actions.raise_issue(members[0].scheme, by_officer, by=officers["chair"], by_officer=True)


def _tally(members, manager, chance):
    """The manager's counter, in use in the current quarter."""
    own = next((each for each in members if each.venue.name == OF_THE_MANAGER), members[0])
    tally = actions.start_tally(own, by=manager)
    now = Period.containing(QUARTER, timezone.localdate())
    lines = list(ReturnItem.objects.filter(scheme=own.scheme, kind="reason"))
    for __ in range(3):
        actions.count_one(tally, None, period=now)
        actions.count_one(tally, chance.choice(lines), period=now)


def _people(scheme, officers):
    """Issues go to the officer; the chair is away this week, and the officer stands in."""
    of = {role: scheme.officers.get(user=officers[role]) for role in ("officer", "chair")}
    ReturnSettings.objects.filter(scheme=scheme).update(issues_owner=of["officer"])
    actions.go_away(
        of["chair"],
        deputy=of["officer"],
        until=timezone.localdate() + 5 * ONE_DAY,
        by=officers["chair"],
    )
