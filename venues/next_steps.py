"""The home page: one sentence, the next step, and what is due after it."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from venues.due import Danger, Due, due_at, due_for
from venues.evidence import LEFT_TO_DO, Proof, outstanding, proofs_by_sign_up
from venues.evidence_kinds import Stage, find_kind
from venues.models import Scheme, SignUp, Sticker, Venue
from venues.rules import missing_for_submission
from venues.safety import hidden_in_words, schemes_that_hide, team_to_ring
from venues.tasks import help_wanted, needed_tasks, task_groups

State = SignUp.State
STICKERS = ("current_sticker", "sticker_displayed")


_asked_elsewhere: list[Callable[[SignUp, datetime.date], Due | None]] = []


def ask_members(find: Callable[[SignUp, datetime.date], Due | None]):
    """Register a higher app's function that asks members for something of its own."""
    _asked_elsewhere.append(find)
    return find


@dataclass(frozen=True)
class Standing:
    """The state of a sign-up today: read once for the sentence, the step and the list."""

    proofs: list[Proof]
    left: list[Proof]
    is_listed: bool
    sticker: object
    hidden_by: list[Scheme] = field(default_factory=list)
    """The schemes that hide the place everywhere for safety."""

    @property
    def leaves_on(self) -> datetime.date | None:
        """The last day it is listed if nothing in grace is put right."""
        days = [proof.grace_until for proof in self.left if proof.grace_until]
        return min(days, default=None)


def standing(sign_up: SignUp, at: datetime.date) -> Standing:
    return standings([sign_up], at)[sign_up.pk]


def standings(sign_ups: list[SignUp], at: datetime.date) -> dict[int, Standing]:
    """Standing per sign-up id on the date `at`, in a constant number of queries."""
    if not sign_ups:
        return {}  # building the queries is the most expensive part
    keys = [sign_up.pk for sign_up in sign_ups]
    found = proofs_by_sign_up(sign_ups, Stage.STANDING, at)
    listed = set(SignUp.objects.listed(at).filter(pk__in=keys).values_list("pk", flat=True))
    stickers = {each.sign_up_id: each for each in Sticker.objects.live().filter(sign_up__in=keys)}
    hidden = schemes_that_hide(sign_up.venue_id for sign_up in sign_ups)
    venues = {sign_up.pk: sign_up.venue_id for sign_up in sign_ups}
    return {
        key: Standing(
            proofs=found[key],
            left=[proof for proof in found[key] if proof.state in LEFT_TO_DO],
            is_listed=key in listed,
            sticker=stickers.get(key),
            hidden_by=hidden.get(venues[key], []),
        )
        for key in keys
    }


def one_sentence(sign_up: SignUp, how: Standing, at: datetime.datetime) -> str:
    """The status of this place in one sentence."""
    venue = sign_up.venue
    if sign_up.state != State.APPROVED:
        return str(SENTENCES[sign_up.state]()) % {"council": sign_up.scheme.council}
    if how.hidden_by:
        return hidden_in_words(how.hidden_by)
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


def next_step(sign_up: SignUp, how: Standing, at: datetime.datetime) -> Due:
    """The next step, or one that says nothing is left to do."""
    return to_do(sign_up, how, at)[0]


def to_do(
    sign_up: SignUp, how: Standing, at: datetime.datetime, wanted: list | None = None
) -> list[Due]:
    """What is due at a place, most urgent first; never empty.

    Pass `help_wanted(sign_up)` as `wanted` if already computed. If nothing is due, the one entry
    says so and links nowhere.
    """
    found = {
        State.DRAFT: _finish_draft,
        State.CHANGES_ASKED_FOR: _answer_changes,
        State.SUBMITTED: _while_waiting,
        State.APPROVED: _as_member,
        State.DECLINED: _after_the_end,
        State.WITHDRAWN: _after_the_end,
    }.get(sign_up.state)
    if found is _as_member:
        return _as_member(sign_up, how, at, help_wanted(sign_up) if wanted is None else wanted)
    if found:
        return found(sign_up, how, at)
    return [Due(_("If you want to talk about it, ask the team."))]


def _to(name, sign_up):
    return reverse(name, args=[sign_up.pk])


def _after_the_end(sign_up, how, at):
    return [
        Due(
            _("If you want to talk about it, ask the team. You can also sign up again."),
            press=_to("start_again", sign_up),
            button=_("Sign up again"),
            why=_("What we know of the place is kept; principles are answered afresh."),
        )
    ]


def _finish_draft(sign_up, how, at):
    missing = missing_for_submission(sign_up)
    if not missing:
        words = _("Check your answers and send them.")
        return [Due(words, _to("check_answers", sign_up), button=_("Check your answers"))]
    needed = needed_tasks(task_groups(sign_up))
    left = len([task for task in needed if not task.done])
    words = ngettext(
        "One part is left before you can send it.",
        "%(left)s of %(all)s parts are left before you can send it.",
        left,
    ) % {"left": left, "all": len(needed)}
    if not left:  # a part that is answered, but not as the scheme requires
        words = _("Something has to change before you can send it.")
    return [Due(words, _to("sign_up", sign_up), button=_("Go on with your sign-up"))]


def _answer_changes(sign_up, how, at):
    words = _("Read what the team asks for, change it, and send it again.")
    return [Due(words, _to("sign_up", sign_up), button=_("See what to change"))]


def _while_waiting(sign_up, how, at):
    found = []
    for proof in how.proofs:
        kind = find_kind(proof.requirement.evidence)
        if not proof.is_held and kind and kind.while_waiting:
            words, button = kind.while_waiting
            found.append(Due(str(words), _to(kind.url_name, sign_up), button=str(button)))
    nothing = Due(_("There is nothing for you to do now. The team will write or ring."))
    return found[:1] or [nothing]


def _as_member(sign_up, how, at, wanted):
    today = timezone.localdate(at)
    # A place cannot renew its own sticker: expiry is for the team to handle.
    proofs = [p for p in how.proofs if not (p.is_held and p.requirement.evidence in STICKERS)]
    found = due_at(sign_up, proofs, at)
    if not how.left:
        found += [
            due_for(proof, sign_up, today) for proof in outstanding(sign_up, Stage.STICKER, today)
        ]
    found += [due for find in _asked_elsewhere if (due := find(sign_up, today))]
    found += [_has_it_changed(sign_up, agreement) for agreement in wanted]
    found += [
        Due(_("Ring %(whom)s.") % {"whom": team_to_ring(scheme)}, danger=Danger.HIDDEN)
        for scheme in how.hidden_by
    ]
    nothing = Due(_("There is nothing to do. Thank you."))
    return sorted(_each_once(found), key=lambda due: due.urgency) or [nothing]


def _each_once(found):
    """Drop news, and merge entries about the same proof: the more specific wording wins.

    The merged entry keeps the worse of the two dangers.
    """
    found = [due for due in found if not due.is_news]
    asked = {due.evidence: due for due in found if due.evidence and due.title}
    for due in found:
        own = asked.get(due.evidence)
        if own is None:
            yield due
        elif own is due:
            danger = min(each.danger for each in found if each.evidence == due.evidence)
            yield replace(due, danger=danger)


def _has_it_changed(sign_up, agreement):
    return Due(
        _("You said “%(answer)s” to “%(principle)s”. Has that changed?")
        % {"answer": agreement.get_answer_display(), "principle": agreement.principle.title},
        reverse("edit_principle", args=[sign_up.pk, agreement.principle_id]),
        agreement.will_by,
        danger=Danger.WISHED,
        button=_("Answer again"),
        title=_("%(principle)s: %(answer)s")
        % {"principle": agreement.principle.title, "answer": agreement.get_answer_display()},
    )
