"""All of an organisation's returns on one page, with totals for head office."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from common.refusals import refusals_as_messages
from common.spreadsheets import csv_response
from partnership import actions
from partnership.forms.branches import BranchNumbersForm
from partnership.periods import QUARTER, Period
from partnership.rules.branches import returns_of, totals_of
from partnership.rules.periods import ended_periods, is_asked
from venues.models import SignUp
from venues.views.organisations import of_member


@require_safe
def branch_returns_now(request, organisation_id):
    """Redirect to the last ended period."""
    _organisation, asked = _asked(request, organisation_id)
    return redirect("branch_returns", organisation_id, _periods(asked)[0])


@require_safe
def branch_returns(request, organisation_id, period):
    """A row for each venue in the user's scope: what it sent, or a field for its number."""
    organisation, choice, rows = _rows(request, organisation_id, period)
    return _page(request, organisation, (period, choice), rows, BranchNumbersForm(rows=rows))


@require_POST
def send_branch_numbers(request, organisation_id, period):
    """Send the numbers entered; venues with an empty field are left alone."""
    organisation, choice, rows = _rows(request, organisation_id, period)
    form = BranchNumbersForm(request.POST, rows=rows)
    if form.is_valid() and _send(request, form.people(), period):
        return redirect("branch_returns", organisation_id, period)
    return _page(request, organisation, (period, choice), rows, form)


@require_POST
def send_branch_nils(request, organisation_id, period):
    """Send nil for each remaining venue that owes a return."""
    _organisation, _choice, rows = _rows(request, organisation_id, period)
    shown = set(request.POST.getlist("sign_up"))
    nil = {row.sign_up.pk: 0 for row in rows if row.takes_nil and str(row.sign_up.pk) in shown}
    if nil:
        _send(request, nil, period)
    else:
        messages.info(request, _("Every place has sent its return already."))
    return redirect("branch_returns", organisation_id, period)


@require_safe
def branch_returns_csv(request, organisation_id, period):
    organisation, _choice, rows = _rows(request, organisation_id, period)
    header = [_("Place"), _("Scheme"), _("State"), _("People helped"), _("Asked for by")]
    table = [
        [
            row.sign_up.venue,
            row.sign_up.scheme,
            row.standing.words,
            row.usage_return.people if row.usage_return else "",
            row.due_on.isoformat(),
        ]
        for row in rows
    ]
    name = f"{slugify(organisation.name) or 'places'}-{period.code.lower()}"
    return csv_response(name, header, table)


def _send(request, people, period) -> bool:
    with refusals_as_messages(request):
        number = len(actions.send_branch_returns(people, period, by=request.user))
        words = ngettext(
            "Thank you. The return of %(n)s place is sent.",
            "Thank you. The returns of %(n)s places are sent.",
            number,
        )
        messages.success(request, words % {"n": number})
        return True
    return False


def _rows(request, organisation_id, period):
    """(organisation, periods to choose from, rows by name) of the venues asked about this period.

    Schemes that ask about other periods are on those periods' pages.
    """
    organisation, asked = _asked(request, organisation_id)
    choice = _periods(asked)
    if period not in choice:
        raise Http404
    asked = [each for each in asked if is_asked(each.scheme, period)]
    return organisation, choice, returns_of(asked, period, timezone.localdate())


def _periods(asked):
    """The periods these venues' schemes ask about, newest first."""
    today = timezone.localdate()
    schemes = {one.scheme for one in asked}
    found = {period for scheme in schemes for period in ended_periods(scheme, today)}
    return sorted(found, reverse=True) or [Period.containing(QUARTER, today).previous]


def _asked(request, organisation_id):
    """(organisation, sign-ups by name) of venues in scope whose scheme asks for returns."""
    organisation = of_member(request, organisation_id)
    sign_ups = (
        SignUp.objects.of_member(request.user)
        .filter(venue__organisation=organisation)
        .select_related("venue")
        .prefetch_related("scheme")  # share one object per scheme
        .order_by("venue__name", "pk")
    )
    return organisation, [each for each in sign_ups if each.scheme.has_returns]


def _page(request, organisation, about, rows, form):
    period, choice = about
    context = {
        "organisation": organisation,
        "period": period,
        "periods": choice,
        "form": form,
        "lines": form.lines(),
        "nil": [row for row in rows if row.takes_nil],
        "is_open": any(row.is_open for row in rows),
        "totals": totals_of(rows),
    }
    return render(request, "partnership/branch_returns.html", context)
