"""Rounds of sign-ups, how far each has come, and those who wait to be told of the next."""

from django.contrib import admin
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from common.admin import Decision
from venues import actions
from venues.forms.rounds import RoundForm
from venues.models import Round, Scheme, Waiting
from venues.rounds import STEPS, progress, round_before, told_just_now, why_not_tell
from venues.taking_back import UNDO_FOR

from .base import OfficersAdmin, SchemeFilter


class MakeRound(Decision):
    words = _("Make a round")
    explains = _(
        "A scheme with rounds takes sign-ups of places only within one. In between, its start page "
        "says so and takes the addresses of those who want to be told. One round at a time."
    )
    done = _("The round is made.")
    action = actions.make_round
    form = RoundForm
    creates = True
    route = "make/"
    prefill = ("scheme",)

    def form_kwargs(self, thing, user):
        places = Scheme.objects.for_places().filter(closed_at=None)
        return {"schemes": places.in_which(user, "venues.make_round")}

    def do(self, thing, *, by, **given):
        return actions.make_round(**given, by=by)

    def after(self, desk, owner, round):
        return desk.home(round)


class ChangeRound(Decision):
    words = _("Change the round")
    done = _("The round is changed.")
    action = actions.change_round
    form = RoundForm

    def form_kwargs(self, round, user):
        return {"round": round}


class RemoveRound(Decision):
    words = _("Remove the round")
    explains = _("Only while nothing has happened in it.")
    done = _("The round is removed.")
    action = actions.remove_round
    goes_to = "list"
    grave = True

    def after(self, desk, round, outcome):
        return reverse("admin:venues_round_changelist")


class TakeBackTelling(Decision):
    words = _("Take the letters back")
    done = _("The letters were taken back before they left.")
    action = actions.take_back_telling
    checks_version = False

    def possible(self, round, user):
        return told_just_now(round, user, timezone.now(), UNDO_FOR).exists()


class TellWaiting(Decision):
    words = _("Tell those who wait")
    press = _("Write to them now")
    explains = _(
        "Each confirmed address gets one letter about this round, and never a second. The letters "
        "wait ten minutes, in which you can take them back."
    )
    action = actions.tell_waiting
    checks_version = False  # however often it is pressed, each is told once
    undo = TakeBackTelling

    def why_not(self, round):
        return why_not_tell(round, timezone.localdate())

    def effect(self, rounds):
        return [_count_in_words(Waiting.objects.to_tell(each).count()) for each in rounds]

    def said(self, round, notices):
        return ngettext(
            "%(count)s address is told.", "%(count)s addresses are told.", len(notices)
        ) % {"count": len(notices)}


def _count_in_words(count: int) -> str:
    if not count:
        return _("No confirmed address waits to be told of this round.")
    words = ngettext(
        "%(count)s confirmed address has not been told of this round.",
        "%(count)s confirmed addresses have not been told of this round.",
        count,
    )
    return words % {"count": count}


@admin.register(Round)
class RoundAdmin(OfficersAdmin):
    """The rounds of each scheme, and a page with the figures of one."""

    by_form = ()
    list_display = ["name", "opens_on", "closes_on", "target_venues", "target_by", "scheme"]
    list_filter = [("scheme", SchemeFilter)]
    list_select_related = ["scheme"]
    search_fields = ["name"]
    fields = [
        *("scheme", "name", "opens_on", "closes_on", "areas", "target_venues", "target_by"),
        *("days_to_send", "words_when_closed", "made_by", "made_at"),
    ]
    decisions = [MakeRound, ChangeRound, TellWaiting, TakeBackTelling, RemoveRound]
    change_form_template = "admin/venues/round/change_form.html"

    def more_below(self, request, round):
        before = round_before(round)
        found = progress([round, before] if before else [round], timezone.localdate())
        return {
            **super().more_below(request, round),
            "steps": STEPS.values(),
            "progress": found[0],
            "before": found[1] if before else None,
            "told": round.notices.count(),
            "waiting_url": reverse("admin:venues_waiting_changelist")
            + f"?scheme__id__exact={round.scheme_id}",
            "sign_ups_url": reverse("admin:venues_signup_changelist")
            + f"?round__id__exact={round.pk}",
        }


class DeleteWaiting(Decision):
    words = _("Delete it: they asked us to")
    done = _("Deleted.")
    action = actions.delete_waiting
    goes_to = "list"
    grave = True

    def after(self, desk, waiting, outcome):
        return reverse("admin:venues_waiting_changelist")


@admin.register(Waiting)
class WaitingAdmin(OfficersAdmin):
    """Addresses that want to be told, to answer who asks what is held, or to be taken off."""

    by_form = ()
    list_display = ["email", "asked_at", "confirmed_at", "scheme"]
    list_filter = [("scheme", SchemeFilter)]
    list_select_related = ["scheme"]
    search_fields = ["email"]
    fields = ["scheme", "email", "asked_at", "confirmed_at"]
    decisions = [DeleteWaiting]

    def more_below(self, request, waiting):
        return {**super().more_below(request, waiting), "history": None}
