"""Sign-ups: the list, the decision screen, and the decisions."""

from functools import partial

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from common.admin import Decision
from venues import actions
from venues.actions.stickers import sticker_refusals
from venues.emails import default_letter, venue_addresses
from venues.models import Event, HandOver, SafetySuspension, Scheme, SignUp
from venues.models.sign_ups import ENDED, MOVES, State
from venues.queues import SIGN_UP_QUEUES, find_queue
from venues.roles import parts_of
from venues.rules import missing_for_approval
from venues.safety import effect_of_ending, effect_of_hiding
from venues.taking_back import takes_back_until

from .base import OfficersAdmin, RoundFilter, SchemeFilter
from .decision import decision
from .forms import (
    ChangesForm,
    CheckForm,
    DeclineForm,
    EnterSignUpForm,
    LetterForm,
    RefuseHandOverForm,
    SuspendForm,
    WithdrawForm,
)


class EnterSignUp(Decision):
    """Enter a venue that applied by telephone or on paper."""

    words = _("Enter a sign-up for a venue")
    press = _("Start")
    done = _("Started. Fill in what the venue told you.")
    form = EnterSignUpForm
    route = "enter/"
    creates = True
    template = "admin/venues/signup/enter.html"

    def form_kwargs(self, thing, user):
        schemes = Scheme.objects.for_officer(user).open().for_places()
        mine = [each.pk for each in schemes if self.may(user, each)]
        return {"schemes": schemes.filter(pk__in=mine)}

    def do(self, thing, *, by, **given):
        return actions.start_sign_up(**given, by=by, entered_by_officer=True)

    def after(self, desk, owner, sign_up):
        return reverse("sign_up", args=[sign_up.pk])


class SignUpDecision(Decision):
    moves_to: State | None = None
    """The state it leads to: offered in the states from which that state can be reached."""

    def possible(self, sign_up, user):
        return self.moves_to is None or self.moves_to in MOVES[sign_up.state]


class LetterDecision(SignUpDecision):
    """A decision page that previews the letter; its button takes the decision and sends it."""

    form = LetterForm
    draft = ""
    """The name of the draft the officer begins with."""
    press = _("Do this, with this letter")
    template = "admin/venues/signup/letter.html"

    def title(self, sign_up):
        return self.heading % {"venue": sign_up.venue}

    def form_kwargs(self, sign_up, user):
        return {"initial": {"letter": default_letter(self.draft, sign_up)}}

    def context(self, desk, request, sign_up):
        return {"recipients": sorted(venue_addresses(sign_up.venue))}


class TakeBackDecision(Decision):
    """For ten minutes, for whoever declined, requested changes or recorded that the venue left."""

    words = _("Take it back")
    explains = _("It goes back to what it was before, and the letter is not sent.")
    done = _("Taken back. It is as it was before.")
    permission = "withdraw_sign_up"
    action = actions.take_back_decision

    def possible(self, sign_up, user):
        return takes_back_until(sign_up, user) is not None


class ApproveSignUp(LetterDecision):
    words = _("Approve")
    heading = _("Approve %(venue)s")
    done = _("Approved.")
    action = actions.approve_sign_up
    draft = "approve"
    moves_to = State.APPROVED

    def possible(self, sign_up, user):
        return sign_up.state != State.SUSPENDED and super().possible(sign_up, user)

    def why_not(self, sign_up):
        return missing_for_approval(sign_up)


class AskForChanges(LetterDecision):
    words = _("Ask for changes")
    heading = _("Ask %(venue)s for changes")
    done = _("The changes you ask for are recorded.")
    undo = TakeBackDecision
    action = actions.ask_for_changes
    form = ChangesForm
    draft = "ask_for_changes"
    moves_to = State.CHANGES_ASKED_FOR

    def form_kwargs(self, sign_up, user):
        principles = sign_up.scheme.principles.all()
        return {**super().form_kwargs(sign_up, user), "principles": principles}

    def cleaned(self, form, sign_up):
        return {"requests": form.requests(), "letter": form.cleaned_data["letter"]}


class DeclineSignUp(LetterDecision):
    words = _("Decline")
    heading = _("Decline %(venue)s")
    done = _("Declined.")
    undo = TakeBackDecision
    action = actions.decline_sign_up
    form = DeclineForm
    draft = "decline"
    moves_to = State.DECLINED
    grave = True


class ReinstateSignUp(LetterDecision):
    words = _("Reinstate")
    heading = _("Reinstate %(venue)s")
    done = _("Reinstated.")
    action = actions.reinstate_sign_up
    draft = "reinstate"

    def possible(self, sign_up, user):
        return sign_up.state == State.SUSPENDED


class SendSuspensionLetter(ReinstateSignUp):
    words = _("Write the letter about the suspension")
    heading = _("Letter to %(venue)s about its suspension")
    done = _("The letter is written.")
    action = actions.send_suspension_letter
    draft = "suspend"


class SuspendSignUp(SignUpDecision):
    words = _("Suspend")
    press = _("Suspend now")
    explains = _("Works at once: the public no longer finds the venue. The letter follows.")
    done = _("Suspended: the public no longer finds it. Now write the letter.")
    action = actions.suspend_sign_up
    form = SuspendForm
    moves_to = State.SUSPENDED
    grave = True


class HideForSafety(SignUpDecision):
    """Hides the place in every scheme. No reason is asked, because none is stored."""

    words = _("Hide it everywhere, for safety")
    press = _("Hide it now")
    explains = _("Where somebody may come to harm. Works at once, and in every scheme.")
    done = _("Hidden everywhere. The other schemes’ officers are told whom to ring.")
    action = actions.hide_for_safety
    grave = True

    def possible(self, sign_up, user):
        mine = SafetySuspension.objects.open().filter(
            venue=sign_up.venue_id, scheme=sign_up.scheme_id
        )
        return sign_up.state in SignUp.ON_BOARD and not mine.exists()

    def effect(self, sign_ups):
        return [words for sign_up in sign_ups for words in effect_of_hiding(sign_up)]


class EndSafetySuspension(HideForSafety):
    words = _("No longer hide it for safety")
    press = _("No longer hide it")
    explains = _("Your scheme hides the place everywhere. Only your scheme ends that.")
    done = _("Your scheme no longer hides it.")
    action = actions.end_safety_suspension

    def possible(self, sign_up, user):
        mine = SafetySuspension.objects.open().filter(
            venue=sign_up.venue_id, scheme=sign_up.scheme_id
        )
        return mine.exists()

    def effect(self, sign_ups):
        return [words for sign_up in sign_ups for words in effect_of_ending(sign_up)]


class WithdrawSignUp(SignUpDecision):
    words = _("The venue leaves")
    press = _("Withdraw it")
    explains = _("The public no longer finds it, and what was issued to it ends.")
    done = _("The venue has left the scheme.")
    undo = TakeBackDecision
    action = actions.withdraw_sign_up
    form = WithdrawForm
    moves_to = State.WITHDRAWN
    grave = True


class HandOverAnswer(Decision):
    """Asks another scheme's officer whether they agree to the hand-over."""

    permission = "hand_over_venue"
    checks_version = False  # it answers a HandOver row, which the action checks

    def possible(self, sign_up, user):
        if sign_up.state in (*ENDED, State.DRAFT):
            return False
        asked = HandOver.objects.open().filter(venue=sign_up.venue_id)
        return asked.exclude(agreed=sign_up.scheme_id).exists()

    def effect(self, sign_ups):
        words = _("“%(organisation)s” takes the place over. This sign-up ends and begins afresh.")
        open_ones = HandOver.objects.open().filter(venue__in=[each.venue_id for each in sign_ups])
        return [words % {"organisation": each.organisation_name} for each in open_ones]


class AgreeToHandOver(HandOverAnswer):
    words = _("Agree that the place is handed over")
    done = _("Your scheme has agreed.")
    action = actions.agree_to_hand_over
    grave = True


class RefuseHandOver(HandOverAnswer):
    words = _("Do not agree")
    done = _("The hand-over is dropped. The place stays as it is.")
    action = actions.refuse_hand_over
    form = RefuseHandOverForm


class RecordCheck(Decision):
    words = _("Record a check")
    done = _("The check is recorded.")
    action = actions.record_check
    form = CheckForm
    checks_version = False  # each check is a row of its own

    def possible(self, sign_up, user):
        return sign_up.state not in ENDED


class ConfirmAgreementOnPaper(Decision):
    words = _("We hold the signed paper")
    done = _("The signed paper is recorded.")
    permission = "confirm_agreement"

    def possible(self, sign_up, user):
        return bool(sign_up.entered_by_id and not sign_up.agreement_confirmed_at)

    def do(self, sign_up, *, by):
        return actions.confirm_agreement(sign_up, how="paper", by=by)


class IssueSticker(Decision):
    words = _("Issue a sticker")
    done = _("The sticker is issued. Print it and send it.")
    action = actions.issue_sticker

    def possible(self, sign_up, user):
        return sign_up.state == State.APPROVED

    def why_not(self, sign_up):
        return sticker_refusals(sign_up, timezone.localdate())


class QueueFilter(admin.SimpleListFilter):
    """The dashboard's queues, as a filter that shows each in full."""

    title = _("what needs doing")
    parameter_name = "queue"

    def lookups(self, request, model_admin):
        parts = parts_of(request.user)
        return [
            (queue.key, queue.title)
            for queue in SIGN_UP_QUEUES
            if queue.part is None or queue.part in parts
        ]

    def queryset(self, request, queryset):
        queue = find_queue(self.value() or "")
        return queue.find_once(queryset, timezone.now()) if queue else queryset


@admin.register(SignUp)
class SignUpAdmin(OfficersAdmin):
    """Read-only form: a sign-up changes only through the buttons."""

    by_form = ()
    list_display = ["venue", "reference", "state", "scheme", "town", "submitted_at", "approved_at"]
    list_filter = ["state", QueueFilter, ("round", RoundFilter), ("scheme", SchemeFilter)]
    list_select_related = ["venue", "scheme"]
    search_fields = ["venue__name", "venue__postcode", "reference", "venue__organisation__name"]
    ordering = ["-started_at"]
    decisions = [
        EnterSignUp,
        ApproveSignUp,
        AskForChanges,
        DeclineSignUp,
        ReinstateSignUp,
        SendSuspensionLetter,
        SuspendSignUp,
        HideForSafety,
        EndSafetySuspension,
        WithdrawSignUp,
        RecordCheck,
        ConfirmAgreementOnPaper,
        IssueSticker,
        TakeBackDecision,
        AgreeToHandOver,
        RefuseHandOver,
    ]

    @admin.display(description=_("town or city"), ordering="venue__town")
    def town(self, sign_up):
        return sign_up.venue.town

    @method_decorator(require_safe)
    def change_view(self, request, object_id, form_url="", extra_context=None):
        sign_up = self.get_object(request, object_id)
        if sign_up is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_permission(request, sign_up):
            raise PermissionDenied
        page = self.page(
            request,
            title=str(sign_up.venue),
            subtitle=None,
            original=sign_up,
            offers=self.offers(request, sign_up),
            takes_back_until=takes_back_until(sign_up, request.user),
            **decision(sign_up, request.user, partial(self.offers_of, request)),
        )
        return render(request, "admin/venues/signup/decision.html", page)

    def events_of(self, sign_up):
        return Event.objects.filter(sign_up=sign_up)
