"""Organisations that sign up as a whole: the list, the decision page, and the decisions."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from common.admin import Decision
from venues import actions
from venues.emails import default_organisation_letter
from venues.letters import organisation_addresses
from venues.models import Answer, Criterion, Organisation, OrganisationSignUp, Scheme
from venues.models.questions import applicable
from venues.models.sign_ups import BEING_FILLED_IN, MOVES, State
from venues.organisations_state import is_public
from venues.rules import current_agreements, missing_for_approval_of_organisation
from venues.taking_back import may_take_back
from venues.views.joining_as_organisation import sign_up_url

from .base import OfficersAdmin, SchemeFilter, history_of
from .forms import (
    DeclineForm,
    EnterOrganisationForm,
    LetterForm,
    OrganisationChangesForm,
    SuspendForm,
    WithdrawForm,
)


class EnterOrganisationSignUp(Decision):
    """Enter an organisation that applied by telephone or on paper."""

    words = _("Enter a sign-up for an organisation")
    press = _("Start")
    done = _("Started. Fill in what the organisation told you.")
    form = EnterOrganisationForm
    route = "enter/"
    creates = True
    permission = "enter_sign_up"
    template = "admin/venues/organisationsignup/enter.html"

    def form_kwargs(self, thing, user):
        schemes = Scheme.objects.in_which(user, self.permission).open().for_organisations()
        return {"schemes": schemes, "organisations": Organisation.objects.for_officer(user)}

    def do(self, thing, *, by, **given):
        return actions.enter_organisation_sign_up(**given, by=by)

    def after(self, desk, owner, sign_up):
        return sign_up_url(sign_up)


class OrganisationDecision(Decision):
    moves_to: State | None = None

    def possible(self, sign_up, user):
        return self.moves_to is None or self.moves_to in MOVES[sign_up.state]


class OrganisationLetterDecision(OrganisationDecision):
    """A decision with the draft of its letter, sent by the same button."""

    form = LetterForm
    draft = ""
    press = _("Do this, with this letter")
    template = "admin/venues/signup/letter.html"

    def title(self, sign_up):
        return f"{self.words}: {sign_up.organisation}"

    def form_kwargs(self, sign_up, user):
        return {"initial": {"letter": default_organisation_letter(self.draft, sign_up)}}

    def context(self, desk, request, sign_up):
        return {"recipients": sorted(organisation_addresses(sign_up.organisation))}


class TakeBackAboutOrganisation(Decision):
    words = _("Take it back")
    explains = _("It goes back to what it was before, and the letter is not sent.")
    done = _("Taken back. It is as it was before.")
    permission = "withdraw_organisation"
    action = actions.take_back_about_organisation

    def possible(self, sign_up, user):
        return may_take_back(actions.last_decision_about(sign_up), user) is not None


class ApproveOrganisation(OrganisationLetterDecision):
    words = _("Approve")
    done = _("Approved.")
    action = actions.approve_organisation
    draft = "venues.organisation_approve"
    moves_to = State.APPROVED

    def possible(self, sign_up, user):
        return sign_up.state == State.SUBMITTED

    def why_not(self, sign_up):
        return missing_for_approval_of_organisation(sign_up)


class AskOrganisationForChanges(OrganisationLetterDecision):
    words = _("Ask for changes")
    done = _("The changes you ask for are recorded.")
    undo = TakeBackAboutOrganisation
    action = actions.ask_organisation_for_changes
    form = OrganisationChangesForm
    draft = "venues.organisation_ask_for_changes"
    moves_to = State.CHANGES_ASKED_FOR


class DeclineOrganisation(OrganisationLetterDecision):
    words = _("Decline")
    done = _("Declined.")
    undo = TakeBackAboutOrganisation
    action = actions.decline_organisation
    form = DeclineForm
    draft = "venues.organisation_decline"
    moves_to = State.DECLINED
    grave = True


class SuspendOrganisation(OrganisationDecision):
    words = _("Suspend")
    press = _("Suspend now")
    explains = _("Works at once: the scheme’s page no longer names it. The letter follows.")
    done = _("Suspended. Now write the letter.")
    action = actions.suspend_organisation
    form = SuspendForm
    moves_to = State.SUSPENDED
    grave = True


class ReinstateOrganisation(OrganisationLetterDecision):
    words = _("Reinstate")
    done = _("Reinstated.")
    action = actions.reinstate_organisation
    draft = "venues.organisation_reinstate"

    def possible(self, sign_up, user):
        return sign_up.state == State.SUSPENDED


class WriteAboutSuspendedOrganisation(ReinstateOrganisation):
    words = _("Write the letter about the suspension")
    done = _("The letter is written.")
    action = actions.write_about_suspended_organisation
    draft = "venues.organisation_suspend"


class WithdrawOrganisation(OrganisationDecision):
    words = _("The organisation leaves")
    press = _("It leaves")
    explains = _("The scheme’s page no longer names it.")
    done = _("The organisation has left the scheme.")
    undo = TakeBackAboutOrganisation
    action = actions.withdraw_organisation
    form = WithdrawForm
    moves_to = State.WITHDRAWN
    grave = True


class ConfirmOrganisationOnPaper(Decision):
    words = _("We hold the signed paper")
    done = _("The signed paper is recorded.")
    permission = "confirm_agreement"

    def possible(self, sign_up, user):
        waits = sign_up.entered_by_id and not sign_up.agreement_confirmed_at
        return bool(waits) and sign_up.state == State.SUBMITTED

    def do(self, sign_up, *, by):
        return actions.confirm_organisation_agreement(sign_up, how="paper", by=by)


@admin.register(OrganisationSignUp)
class OrganisationSignUpAdmin(OfficersAdmin):
    """Read-only form: a sign-up changes only through the buttons."""

    by_form = ()
    list_display = ["organisation", "reference", "state", "scheme", "submitted_at", "approved_at"]
    list_filter = ["state", ("scheme", SchemeFilter)]
    list_select_related = ["organisation", "scheme"]
    search_fields = ["organisation__name", "organisation__registered_number", "reference"]
    ordering = ["-submitted_at"]
    decisions = [
        EnterOrganisationSignUp,
        ApproveOrganisation,
        AskOrganisationForChanges,
        DeclineOrganisation,
        SuspendOrganisation,
        WriteAboutSuspendedOrganisation,
        ReinstateOrganisation,
        WithdrawOrganisation,
        ConfirmOrganisationOnPaper,
        TakeBackAboutOrganisation,
    ]

    @method_decorator(require_safe)
    def change_view(self, request, object_id, form_url="", extra_context=None):
        sign_up = self.get_object(request, object_id)
        if sign_up is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_permission(request, sign_up):
            raise PermissionDenied
        organisation = sign_up.organisation
        members = organisation.memberships.select_related("user").order_by("user__email")
        letters = sign_up.letters.for_officer(request.user).select_related("email")
        page = self.page(
            request,
            title=str(organisation),
            subtitle=None,
            original=sign_up,
            sign_up=sign_up,
            organisation=organisation,
            organisation_url=reverse("admin:venues_organisation_change", args=[organisation.pk]),
            is_public=is_public(sign_up),
            missing=missing_for_approval_of_organisation(sign_up),
            agreements=_agreements(sign_up),
            answers=_answers(sign_up),
            members=members,
            letters=letters.order_by("-written_at", "-id")[:100],
            offers=self.offers(request, sign_up),
            fill_in_url=_fill_in_url(sign_up, request.user),
            takes_back_until=may_take_back(actions.last_decision_about(sign_up), request.user),
            history=history_of(self.events_of(sign_up), request.user),
        )
        return render(request, "admin/venues/organisationsignup/decision.html", page)

    def events_of(self, sign_up):
        return sign_up.events


def _fill_in_url(sign_up, user):
    """The portal page on which an officer fills in what they entered; empty if they may not."""
    if not (sign_up.entered_by_id and sign_up.state in BEING_FILLED_IN):
        return ""
    return sign_up_url(sign_up) if user.has_perm("venues.enter_sign_up", sign_up) else ""


def _agreements(sign_up):
    """(principle, agreement or None, whether it is to the current wording)."""
    agreed = {each.principle_id: each for each in current_agreements(sign_up)}
    rows = [(each, agreed.get(each.pk)) for each in sign_up.scheme.principles.all()]
    return [
        (principle, found, found is not None and found.version == principle.version)
        for principle, found in rows
    ]


def _answers(sign_up):
    """Answers about the organisation to the questions this scheme asks, without skipped ones."""
    asked = Criterion.objects.filter(schemes=sign_up.scheme_id)
    found = Answer.objects.filter(organisation=sign_up.organisation_id, criterion__in=asked)
    answers = list(found.select_related("criterion").order_by("criterion__order"))
    said = {each.criterion_id: each.said for each in answers}
    shown = set(applicable((each.criterion for each in answers), said))
    return [each for each in answers if each.criterion in shown]
