"""Feedback: on a module from the learner's pages, on a session by the link in a letter."""

from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from common.refusals import Refused, refusals_as_messages
from training import actions
from training.forms import FeedbackForm
from training.links.enrolments import learner_page
from training.links.sessions import read_feedback
from training.views.learning import certificate_page


@require_POST
@learner_page
def module_feedback(request, token, enrolment):
    """Feedback on a completed module."""
    form = FeedbackForm(request.POST)
    if not form.is_valid():
        return certificate_page(request, token, enrolment, form)
    with refusals_as_messages(request, _("Thank you for telling us.")):
        actions.give_feedback_on_module(enrolment, **form.cleaned_data)
    return redirect("learn_certificate", token)


def feedback_page(view):
    """Open `view` to anybody who came to a session and has not given feedback yet."""

    @wraps(view)
    @login_not_required
    @never_cache
    def wrapper(request, token):
        try:
            booking = read_feedback(token)
        except Refused as refusal:
            page = {"refusal": refusal, "hide_links": True}
            return render(request, "training/feedback_refused.html", page, status=403)
        return view(request, token, booking)

    return wrapper


@require_safe
@feedback_page
def session_feedback(request, token, booking):
    return _page(request, token, booking, FeedbackForm())


@require_POST
@feedback_page
def give_session_feedback(request, token, booking):
    form = FeedbackForm(request.POST)
    if not form.is_valid():
        return _page(request, token, booking, form)
    with refusals_as_messages(request):
        actions.give_feedback_on_session(booking, **form.cleaned_data)
    return redirect("feedback_given")


@login_not_required
@require_safe
def feedback_given(request):
    return render(request, "training/feedback_given.html", {"hide_links": True})


def _page(request, token, booking, form):
    page = {"token": token, "session": booking.session, "form": form, "hide_links": True}
    return render(request, "training/session_feedback.html", page)
