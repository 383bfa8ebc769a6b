"""Raising an issue by link or in the portal, and reading the answers."""

from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from common.refusals import refusals_as_messages
from partnership import actions
from partnership.forms.returns import IssueForm
from partnership.rules.issues import theme_words, urgency_words
from partnership.views.asked import Asked
from partnership.views.returns import both_ways
from venues.evidence_kinds import Part
from venues.views.fetching import of_member


def _issue_form(request, asked):
    return _issue_page(request, asked, IssueForm(parts=asked.sign_up.scheme.parts))


def _raise_issue(request, asked):
    form = IssueForm(request.POST, parts=asked.sign_up.scheme.parts)
    if form.is_valid():
        with refusals_as_messages(request, _("Thank you. The team has it.")):
            actions.raise_issue(
                asked.sign_up.scheme, form.issue(), sign_up=asked.sign_up, by=asked.by
            )
            return redirect(asked.address("period_page"))
    return _issue_page(request, asked, form)


def _ask_for_call(request, asked):
    """Request a call after a difficult incident, without any details."""
    with refusals_as_messages(request, _("Somebody from the team will ring you.")):
        actions.ask_for_call(asked.sign_up, usage_return=asked.usage_return(), by=asked.by)
    return redirect(asked.address("period_page"))


def _issue_page(request, asked: Asked, form):
    page = {
        "asked": asked,
        "sign_up": asked.sign_up,
        "form": form,
        "to": asked.addresses,
        "contacts": asked.sign_up.numbers,
        "hide_links": bool(asked.token),
    }
    return render(request, "partnership/issue_form.html", page)


issue_form, portal_issue_form = both_ways(require_safe(_issue_form))
raise_issue, portal_raise_issue = both_ways(require_POST(_raise_issue))
ask_for_call, portal_ask_for_call = both_ways(require_POST(_ask_for_call))


@require_safe
def issues_home(request, sign_up_id):
    """The venue's issues with their states and answers, and a form for a new one."""
    sign_up = of_member(request, sign_up_id)
    return _home(request, sign_up, IssueForm(parts=sign_up.scheme.parts))


@require_POST
def raise_issue_any_time(request, sign_up_id):
    sign_up = of_member(request, sign_up_id)
    form = IssueForm(request.POST, parts=sign_up.scheme.parts)
    if form.is_valid():
        with refusals_as_messages(request, _("Thank you. The team has it.")):
            actions.raise_issue(sign_up.scheme, form.issue(), sign_up=sign_up, by=request.user)
            return redirect("issues_home", sign_up_id)
    return _home(request, sign_up, form)


@require_POST
def ask_for_call_any_time(request, sign_up_id):
    sign_up = of_member(request, sign_up_id)
    with refusals_as_messages(request, _("Somebody from the team will ring you.")):
        actions.ask_for_call(sign_up, by=request.user)
    return redirect("issues_home", sign_up_id)


def _home(request, sign_up, form):
    issues, parts = list(sign_up.issues.all()[:50]), sign_up.scheme.parts
    themes, urgencies = theme_words(parts), urgency_words(has_meetings=Part.MEETINGS in parts)
    for issue in issues:
        issue.about = themes.get(issue.theme) or issue.get_theme_display()
        issue.how_soon = urgencies[issue.urgency]
    page = {
        "sign_up": sign_up,
        "form": form,
        "issues": issues,
        "contacts": sign_up.numbers,
    }
    return render(request, "partnership/issues_home.html", page)
