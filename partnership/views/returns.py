"""A period's page: the return, the hours and the next meeting, by link or in the portal."""

from django.contrib import messages
from django.http import HttpResponsePermanentRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from common.refusals import refusals_as_messages
from partnership import actions
from partnership.actions import Figures
from partnership.forms.returns import NumbersForm, ReturnForm, VersionForm
from partnership.links.meetings import reply_card
from partnership.links.returns import link_page, read_period_link
from partnership.rules.returns import past_periods, settings_of
from partnership.views.asked import Asked
from venues.actions import confirm_hours
from venues.evidence_kinds import Part
from venues.hours.model import is_stale
from venues.hours.timetable import bank_holidays_in_words, week
from venues.views.fetching import demand_part, of_member

_SENT = gettext_lazy("Thank you. Your return is sent.")


def both_ways(view):
    """The pair (by link, in the portal) of `view(request, asked)`."""

    @link_page(read_period_link)
    def by_link(request, token, found):
        return view(request, Asked.by_link(token, found))

    def in_portal(request, sign_up_id, period):
        return view(request, Asked.in_portal(request, sign_up_id, period))

    return by_link, in_portal


@require_safe
def returns_home(request, sign_up_id):
    """The venue's periods with their states, and the tally."""
    sign_up = demand_part(of_member(request, sign_up_id), Part.RETURNS)
    page = {
        "sign_up": sign_up,
        "rows": past_periods(sign_up, timezone.localdate()),
        "tally": getattr(sign_up, "tally", None),
        "may_tally": sign_up.state == sign_up.State.APPROVED,
    }
    return render(request, "partnership/returns_home.html", page)


@csrf_exempt  # it only redirects; the address it redirects to checks the form's token
@link_page(read_period_link)
def former_address(request, token, found, rest=""):
    """Redirect /quarter/TOKEN/..., the address in letters already sent, keeping the method."""
    address = f"{reverse('period_page', args=[token])}{rest}"
    return HttpResponsePermanentRedirect(address, preserve_request=True)


def _period_page(request, asked):
    """The button for nil, the way to the numbers, hours, next meeting and "please call us"."""
    usage_return = asked.usage_return()
    now = timezone.now()
    venue = asked.sign_up.venue
    tallied = asked.tallied()
    page = {
        "usage_return": usage_return,
        "counts": _by_list(usage_return, asked) if usage_return else [],
        "version": usage_return.version if usage_return else 0,
        "why_not": asked.why_not(),
        "due_on": settings_of(asked.sign_up.scheme).due_on(asked.period),
        "tallied": bool(tallied),
        "tallied_people": tallied.get(None, 0),
        "week": week(venue, timezone.localdate(now)),
        "bank_holidays": bank_holidays_in_words(venue, timezone.localdate(now)),
        "hours_stale": is_stale(venue, now),
        "card": reply_card(asked.sign_up, now),
        "words": _shown_words(usage_return, asked),
    }
    return _page(request, asked, "period_page", **page)


def show_return_form(request, asked):
    """The form, filled from the earlier return or from the tally."""
    if asked.why_not():
        return redirect(asked.address("period_page"))
    usage_return = asked.usage_return()
    return _form_page(request, asked, usage_return, _form(asked, usage_return))


def take_return(request, asked):
    """Save the return, unless somebody else sent one that the sender has not seen."""
    usage_return = asked.usage_return()
    form = _form(asked, usage_return, request.POST)
    if form.is_valid() and not form.questions:
        thanks = _("The return is kept.") if asked.is_entered else _SENT
        with refusals_as_messages(request, thanks):
            actions.send_return(
                asked.sign_up,
                asked.period,
                form.figures(),
                version=form.cleaned_data["version"],
                way=asked.way,
                by=asked.by,
                issue=form.issue(),
            )
            return redirect(asked.address("period_page"))
    return _form_page(request, asked, usage_return, form)


def _send_nil(request, asked):
    """Nobody came: a full answer in one press."""
    return _send_at_once(request, asked, Figures())


def _send_tally(request, asked):
    """Send the tally's totals as they are."""
    totals = asked.tallied()
    people = totals.pop(None, 0)
    return _send_at_once(request, asked, Figures(people=people, counts=totals))


def _send_at_once(request, asked, figures):
    form = VersionForm(request.POST)
    version = form.cleaned_data["version"] if form.is_valid() else 0
    with refusals_as_messages(request, _SENT):
        actions.send_return(
            asked.sign_up, asked.period, figures, version=version, way=asked.way, by=asked.by
        )
    return redirect(asked.address("period_page"))


def _take_back_return(request, asked):
    """Undo, while the period is open."""
    form = VersionForm(request.POST)
    usage_return = asked.usage_return()
    if usage_return and form.is_valid():
        with refusals_as_messages(request, _("Taken back. Nothing is sent for this time now.")):
            actions.take_back_return(
                usage_return, version=form.cleaned_data["version"], by=asked.by
            )
    return redirect(asked.address("period_page"))


def _confirm_period_hours(request, asked):
    """Confirm that the opening hours are right."""
    if asked.sign_up.state != asked.sign_up.State.APPROVED:
        messages.error(request, _("This place is not a member of the scheme at the moment."))
        return redirect(asked.address("period_page"))
    with refusals_as_messages(request, _("Thank you. The hours are confirmed.")):
        confirm_hours(asked.sign_up.venue, by=asked.by)
    return redirect(asked.address("period_page"))


period_page, portal_period_page = both_ways(require_safe(_period_page))
return_form, portal_return_form = both_ways(require_safe(show_return_form))
send_return, portal_send_return = both_ways(require_POST(take_return))
send_nil, portal_send_nil = both_ways(require_POST(_send_nil))
send_tally, portal_send_tally = both_ways(require_POST(_send_tally))
take_back_return, portal_take_back_return = both_ways(require_POST(_take_back_return))
confirm_period_hours, portal_confirm_period_hours = both_ways(require_POST(_confirm_period_hours))


def _form(asked, usage_return, data=None):
    items = asked.items(usage_return)
    numbers = _numbers(asked, usage_return)
    if asked.is_entered:
        return NumbersForm(data, items=items, initial=numbers)
    words = _shown_words(usage_return, asked)
    hidden = bool(usage_return and hasattr(usage_return, "progress") and not words)
    said = {"progress": words, "may_share": bool(words) and usage_return.progress.may_share}
    parts = asked.sign_up.scheme.parts
    initial = {**numbers, **said}
    return ReturnForm(data, items=items, parts=parts, words_hidden=hidden, initial=initial)


def _numbers(asked, usage_return):
    """Initial values: the earlier return's, otherwise the tally's."""
    if usage_return:
        counts = {count.item_id: count.count for count in usage_return.counts.all()}
        people = usage_return.people
    else:
        counts = asked.tallied()
        people = counts.pop(None, None)
    return {
        "version": usage_return.version if usage_return else 0,
        "people": people,
        **{f"item_{item}": count for item, count in counts.items()},
    }


def _shown_words(usage_return, asked):
    """The earlier sentence; by link, which may be forwarded, only once an officer has read it."""
    if usage_return is None or not hasattr(usage_return, "progress"):
        return ""
    progress = usage_return.progress
    return progress.readable_text if asked.token else progress.text


def _form_page(request, asked, usage_return, form):
    """The form, with what somebody else sent meanwhile if it has not seen that."""
    earlier = None
    version = usage_return.version if usage_return else 0
    if form.is_bound and str(form.data.get("version")) != str(version):
        earlier = usage_return
        form.data = form.data.copy()
        form.data["version"] = version
    return _page(
        request,
        asked,
        "return_form",
        form=form,
        earlier=earlier,
        earlier_counts=_by_list(earlier, asked) if earlier else [],
        from_tally=usage_return is None and bool(asked.tallied()),
    )


def _by_list(usage_return, asked):
    """(list, [(item, count)]) of what was counted, in the scheme's order."""
    found = {}
    counts = {count.item_id: count.count for count in usage_return.counts.all()}
    for item in asked.items(usage_return):
        if item.pk in counts:
            found.setdefault(item.get_kind_display(), []).append((item.label, counts[item.pk]))
    return list(found.items())


def _page(request, asked, name, **context):
    page = {
        "asked": asked,
        "sign_up": asked.sign_up,
        "period": asked.period,
        "to": asked.addresses,
        "contacts": asked.sign_up.numbers,
        "hide_links": bool(asked.token),
        **context,
    }
    return render(request, f"partnership/{name}.html", page)
