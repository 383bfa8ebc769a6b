"""The home page's one sentence, and the one thing to do next."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from venues.evidence import LEFT_TO_DO, Proof, outstanding, proofs_of_each
from venues.evidence_kinds import FOREVER, Stage, find_kind
from venues.hours.model import is_stale
from venues.models import SignUp, Sticker, Venue
from venues.rules import agreements_to_renew, missing_for_submission
from venues.tasks import help_wanted

State = SignUp.State


@dataclass(frozen=True)
class Step:
    """The one thing to do next. `posts` when a single press does it."""

    words: str
    url: str = ""
    button: str = ""
    posts: bool = False
    why: str = ""


_asked_elsewhere: list[Callable[[SignUp, datetime.date], Step | None]] = []


def ask_members(find: Callable[[SignUp, datetime.date], Step | None]):
    """Let an app above ask members for something of its own, as the registry of proofs does."""
    _asked_elsewhere.append(find)
    return find


@dataclass(frozen=True)
class Standing:
    """How a sign-up is, today: read once for the sentence, the step and the list."""

    proofs: list[Proof]
    left: list[Proof]
    is_listed: bool
    sticker: object

    @property
    def leaves_on(self) -> datetime.date | None:
        """The day after which the public no longer finds it, if something in grace stays so."""
        days = [proof.grace_until for proof in self.left if proof.grace_until]
        return min(days, default=None)


def standing(sign_up: SignUp, at: datetime.date) -> Standing:
    return standings([sign_up], at)[sign_up.pk]


def standings(sign_ups: list[SignUp], at: datetime.date) -> dict[int, Standing]:
    """How each sign-up is on the date `at`, by its key; in a constant number of queries."""
    keys = [sign_up.pk for sign_up in sign_ups]
    found = proofs_of_each(sign_ups, Stage.STANDING, at)
    listed = set(SignUp.objects.listed(at).filter(pk__in=keys).values_list("pk", flat=True))
    stickers = {each.sign_up_id: each for each in Sticker.objects.live().filter(sign_up__in=keys)}
    return {
        key: Standing(
            proofs=found[key],
            left=[proof for proof in found[key] if proof.state in LEFT_TO_DO],
            is_listed=key in listed,
            sticker=stickers.get(key),
        )
        for key in keys
    }


def one_sentence(sign_up: SignUp, how: Standing, at: datetime.datetime) -> str:
    """Where this place stands, in one sentence."""
    venue = sign_up.venue
    if sign_up.state != State.APPROVED:
        return str(SENTENCES[sign_up.state]()) % {"council": sign_up.scheme.council}
    if venue.unavailable_until and venue.unavailable_until > at:
        local = timezone.localtime(venue.unavailable_until)
        return _("You said that you cannot help until %(when)s, so people see you as closed.") % {
            "when": date_format(local, "j F, H:i")
        }
    if venue.listing == Venue.Listing.INTERNAL:
        return _("You are a member. Your place is not shown to the public.")
    if how.is_listed and how.leaves_on:
        return _("People can find you until %(day)s; something needs doing before then.") % {
            "day": date_format(how.leaves_on, "j F Y")
        }
    if how.is_listed:
        return _("You are a member and people can find you.")
    if any(proof.state == "missing" for proof in how.left):
        return _("People no longer find your place, because something is missing.")
    return _("You are approved. People cannot find you yet.")


SENTENCES = {
    State.DRAFT: lambda: _("Your sign-up is not sent yet."),
    State.SUBMITTED: lambda: _("%(council)s has your sign-up and is looking at it."),
    State.CHANGES_ASKED_FOR: lambda: _("%(council)s asks you for changes before it can decide."),
    State.SUSPENDED: lambda: _("Your place is paused and people cannot find it."),
    State.DECLINED: lambda: _("%(council)s could not take your place in."),
    State.WITHDRAWN: lambda: _("Your place has left the scheme."),
}


def next_step(sign_up: SignUp, how: Standing, at: datetime.datetime) -> Step:
    """The one thing to do next; with nothing to do it says so."""
    today = timezone.localdate(at)
    rest = {
        State.DRAFT: _finish_draft,
        State.CHANGES_ASKED_FOR: _answer_changes,
        State.SUBMITTED: _while_waiting,
        State.APPROVED: _as_member,
    }.get(sign_up.state)
    if rest:
        return rest(sign_up, how, at, today)
    if sign_up.state in (State.DECLINED, State.WITHDRAWN):
        return Step(
            _("If you want to talk about it, ask the team. You can also sign up again."),
            _to("start_again", sign_up),
            _("Sign up again"),
            posts=True,
            why=_("What we know of the place is kept; principles are answered afresh."),
        )
    return Step(_("If you want to talk about it, ask the team."))


def _to(name, sign_up):
    return reverse(name, args=[sign_up.pk])


def _finish_draft(sign_up, how, at, today):
    missing = missing_for_submission(sign_up)
    if not missing:
        return Step(
            _("Check your answers and send them."), _to("check_answers", sign_up), _("Check")
        )
    words = ngettext(
        "One thing is left before you can send it.",
        "%(count)s things are left before you can send it.",
        len(missing),
    ) % {"count": len(missing)}
    return Step(words, _to("sign_up", sign_up), _("Go on with your sign-up"))


def _answer_changes(sign_up, how, at, today):
    return Step(
        _("Read what the team asks for, change it, and send it again."),
        _to("sign_up", sign_up),
        _("See what to change"),
    )


def _while_waiting(sign_up, how, at, today):
    for proof in how.proofs:
        kind = find_kind(proof.requirement.evidence)
        if not proof.is_held and kind and kind.while_waiting:
            words, button = kind.while_waiting
            return Step(str(words), _to(kind.url_name, sign_up), str(button))
    return Step(_("There is nothing for you to do now. The team will write or ring."))


def _as_member(sign_up, how, at, today):
    venue = sign_up.venue
    if agreements_to_renew(sign_up):
        return Step(
            _("A core principle has changed. Read it and answer again."),
            _to("edit_principles", sign_up),
            _("Read what changed"),
        )
    waits = how.sticker and not how.sticker.displayed_at and how.sticker.is_current(today)
    if waits and sign_up.scheme.has_stickers:
        return Step(
            _("Put the sticker up where people can see it from the street, then tell us."),
            _to("mark_sticker_displayed", sign_up),
            _("The sticker is up"),
            posts=True,
        )
    if is_stale(venue, at):
        return Step(
            _("Look at your opening hours below. Are they still right? It takes a minute."),
            _to("confirm_hours", sign_up),
            _("Yes, the hours are right"),
            posts=True,
            why=_("Without it people see “hours not confirmed” and may not come."),
        )
    if left := how.left or outstanding(sign_up, Stage.STICKER, today):
        return _put_right(sign_up, left[0])
    for find in _asked_elsewhere:
        if step := find(sign_up, today):
            return step
    if wanted := help_wanted(sign_up):
        return Step(
            _("You said “%(answer)s” to “%(principle)s”. Has that changed?")
            % {
                "answer": wanted[0].get_answer_display(),
                "principle": wanted[0].principle.title,
            },
            _to("edit_principles", sign_up),
            _("Answer again"),
        )
    soon = [proof for proof in how.proofs if proof.state == "lapsing"]
    if soon:
        return _put_right(sign_up, soon[0])
    return Step(_("There is nothing to do. Thank you."))


def _put_right(sign_up, proof):
    until = proof.held_until if proof.is_held else proof.grace_until
    why = ""
    if until and until != FOREVER:
        why = _("Please do it by %(day)s.") % {"day": date_format(until, "j F Y")}
    return Step(
        _("Left to do: %(what)s") % {"what": proof.words},
        link_of(proof, sign_up),
        _("Do it"),
        why=why,
    )


def link_of(proof: Proof, sign_up: SignUp) -> str:
    """The page where a thing is put right."""
    return reverse(proof.url_name or "portal_home", args=[sign_up.pk])
