"""A member's home page, task list, submission, sticker and history."""

from collections import Counter

from django.core.paginator import Paginator
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from common.refusals import refusals_as_messages, success_with_undo
from venues import actions
from venues.due import link_of
from venues.edits import open_edit, side_by_side
from venues.event_sentences import sentence
from venues.evidence_kinds import Part
from venues.explanations import explanation_of
from venues.forms import WithdrawForm
from venues.home_lines import home_lines
from venues.hours.timetable import days_ahead, now_in_words, week_as_read
from venues.letters import venue_addresses
from venues.models import Event, OrganisationSignUp, SignUp, Venue
from venues.next_steps import one_sentence, standing, to_do
from venues.preview import preview
from venues.rules import current_agreements, missing_for_submission
from venues.taking_back import takes_back_until
from venues.tasks import help_wanted, needed_tasks, task_groups
from venues.views.fetching import demand_part, editable, managed, may_edit, of_member

PAGE = 50
MOST_CARDS = 10
"""Places of one organisation shown as cards; more are read in its table."""
SENDABLE = (SignUp.State.DRAFT, SignUp.State.CHANGES_ASKED_FOR)


@require_safe
def portal_home(request, pk=None):
    """The home page of a place; without a number, a list of the user's places."""
    if pk is None:
        return _places(request)
    sign_up = of_member(request, pk)
    now = timezone.now()
    how = standing(sign_up, timezone.localdate(now))
    edit = open_edit(sign_up.venue)
    wanted = help_wanted(sign_up)
    step, *coming = to_do(sign_up, how, now, wanted)
    is_manager = SignUp.objects.managed_by(request.user).filter(pk=pk).exists()
    rights = {
        "may_edit": is_manager or may_edit(request, sign_up),
        "is_manager": is_manager,
    }
    state = Venue.objects.with_hours_state(now).get(pk=sign_up.venue_id).hours_state
    page = {
        **rights,
        "edit": edit,
        "edit_rows": side_by_side(edit) if edit else [],
        "sign_up": sign_up,
        "venue": sign_up.venue,
        "today": timezone.localdate(now),
        "sentence": one_sentence(sign_up, how, now),
        "is_well": how.is_listed and not how.leaves_on,
        "step": step,
        "coming": coming,
        "lines": home_lines(sign_up, how, now, **rights),
        "hours_state": state,
        "hours_words": now_in_words(sign_up.venue, state, now),
        "help_wanted": wanted,
        "is_away": _is_away(sign_up.venue, now),
        "days": days_ahead(sign_up.venue, now),
        "usual_week": week_as_read(sign_up.venue, timezone.localdate(now)),
        "contacts": sign_up.numbers,
        "takes_back_until": takes_back_until(sign_up, request.user),
    }
    return render(request, "venues/home.html", page)


def _places(request):
    sign_ups = list(
        SignUp.objects.of_member(request.user)
        .select_related("venue__organisation", "scheme")
        .order_by("venue__name", "pk")
    )
    wholes = OrganisationSignUp.objects.newest().managed_by(request.user)
    as_organisation = list(wholes.select_related("organisation", "scheme").order_by("pk"))
    if len(as_organisation) == 1 and not sign_ups:
        only = as_organisation[0]
        return redirect("organisation_sign_up", only.organisation_id, only.scheme.slug)
    if len(sign_ups) == 1 and not as_organisation:
        return redirect("portal_home", sign_ups[0].pk)
    places_of = Counter(each.venue.organisation for each in sign_ups)
    if len(places_of) == 1 and len(sign_ups) > MOST_CARDS and not as_organisation:
        return redirect("organisation_home", next(iter(places_of)).pk)
    managed = set(SignUp.objects.managed_by(request.user).values_list("pk", flat=True))
    for each in sign_ups:
        each.is_managed = each.pk in managed
    several = [owner for owner, places in places_of.items() if places > 1]
    page = {
        "sign_ups": sign_ups,
        "owners": several,
        "as_organisation": as_organisation,
    }
    return render(request, "venues/your_venues.html", page)


def _is_away(venue, now):
    return venue.unavailable_until is not None and venue.unavailable_until > now


@require_safe
def sign_up(request, pk):
    """The task list: steps in any order, each saved separately."""
    found = editable(request, pk)
    groups = task_groups(found)
    needed = needed_tasks(groups)
    page = {
        "sign_up": found,
        "groups": groups,
        "is_manager": SignUp.objects.managed_by(request.user).filter(pk=pk).exists(),
        "needed": len(needed),
        "needed_done": sum(task.done for task in needed),
        "next_task": next((task for task in needed if not task.done), None),
        "may_send": found.state in SENDABLE,
        "general": found.change_requests.filter(answered_at__isnull=True, principle=None),
    }
    return render(request, "venues/sign_up.html", page)


@require_safe
def check_answers(request, pk):
    """Every answer, and the place exactly as the public will see it."""
    found = editable(request, pk)
    now = timezone.now()
    page = {
        "sign_up": found,
        "venue": found.venue,
        "agreements": current_agreements(found),
        "missing": missing_for_submission(found),
        "may_send": found.state in SENDABLE,
        "seen": preview(found, now),
    }
    return render(request, "venues/check_answers.html", page)


@require_POST
def submit_sign_up(request, pk):
    found = editable(request, pk)
    with refusals_as_messages(request):
        actions.submit_sign_up(found, by=request.user)
        return redirect("sign_up_sent", pk)
    return redirect("check_answers", pk)


@require_safe
def sign_up_sent(request, pk):
    """The reference and what happens next; also shown to an officer who has just submitted it."""
    sent = SignUp.objects.exclude(submitted_at=None).filter(
        Q(pk__in=SignUp.objects.managed_by(request.user))
        | Q(pk__in=SignUp.objects.filter(submitted_by=request.user, entered_by__isnull=False))
    )
    found = get_object_or_404(sent.select_related("venue", "scheme"), pk=pk)
    is_manager = SignUp.objects.managed_by(request.user).filter(pk=pk).exists()
    page = {
        "sign_up": found,
        "is_manager": is_manager,
        "has_address": bool(venue_addresses(found.venue)),
    }
    return render(request, "venues/sign_up_sent.html", page)


@require_safe
def leave_scheme(request, pk):
    return _leave_page(request, managed(request, pk), WithdrawForm())


@require_POST
def withdraw_sign_up(request, pk):
    found = managed(request, pk)
    form = WithdrawForm(request.POST)
    if form.is_valid():
        with refusals_as_messages(request):
            actions.withdraw_sign_up(found, by=request.user, **form.cleaned_data)
            undo_url = reverse("take_back_leaving", args=[pk])
            success_with_undo(request, _("Your place has left the scheme."), undo_url)
        return redirect("portal_home", pk)
    return _leave_page(request, found, form)


@require_POST
def take_back_leaving(request, pk):
    """Undo leaving, for ten minutes, for whoever did it."""
    found = managed(request, pk)
    with refusals_as_messages(request, _("Taken back. Your place is in the scheme as before.")):
        actions.take_back_decision(found, by=request.user)
    return redirect("portal_home", pk)


@require_POST
def start_again(request, pk):
    """Start a new draft after a sign-up has ended, and go to it."""
    found = managed(request, pk)
    with refusals_as_messages(request, _("You can sign up again. Nothing is sent yet.")):
        return redirect("sign_up", actions.start_again(found, by=request.user).pk)
    return redirect("portal_home", pk)


def _leave_page(request, found, form):
    page = {"sign_up": found, "form": form, "why": explanation_of("withdraw")}
    return render(request, "venues/leave_scheme.html", page)


@require_safe
def portal_sticker(request, pk):
    found = demand_part(of_member(request, pk), Part.STICKERS)
    today = timezone.localdate()
    sticker = found.stickers.live().first()
    how = standing(found, today)
    page = {
        "sign_up": found,
        "sticker": sticker,
        "is_current": sticker is not None and sticker.is_current(today),
        "left": [
            (proof, link_of(proof, found))
            for proof in how.proofs
            if not proof.is_held and proof.requirement.needed_for != "standing"
        ],
    }
    return render(request, "venues/sticker.html", page)


@require_POST
def mark_sticker_displayed(request, pk):
    """The sticker is up: one press, for any member."""
    found = demand_part(of_member(request, pk), Part.STICKERS)
    sticker = get_object_or_404(found.stickers.live())
    with refusals_as_messages(request, _("Thank you. People can see it now.")):
        actions.mark_sticker_displayed(sticker, by=request.user)
    return redirect("portal_home", pk)


@require_safe
def portal_history(request, pk):
    """What happened, in plain words, leaving out anything about a complaint."""
    found = of_member(request, pk)
    events = Event.objects.for_venue(found.venue).filter(Q(scheme=None) | Q(scheme=found.scheme_id))
    listed = Paginator(events.select_related("by"), PAGE).get_page(request.GET.get("page"))
    page = {
        "sign_up": found,
        "page": listed,
        "lines": [{"event": event, "words": sentence(event)} for event in listed],
    }
    return render(request, "venues/history.html", page)
