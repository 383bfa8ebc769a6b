"""The returns of all places of an organisation on one page, added up for head office."""

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
from partnership.rules.branches import returns_of, totals_of
from partnership.rules.returns import SHOWN, last_ended
from venues.models import SignUp
from venues.views.organisations import of_member


@require_safe
def branch_returns_now(request, organisation_id):
    """The last quarter that is over."""
    of_member(request, organisation_id)
    return redirect("branch_returns", organisation_id, last_ended(timezone.localdate()))


@require_safe
def branch_returns(request, organisation_id, quarter):
    """A row for each place in one's scope: what it sent, or a box for the number."""
    organisation, rows = _rows(request, organisation_id, quarter)
    return _page(request, organisation, quarter, rows, BranchNumbersForm(rows=rows))


@require_POST
def send_branch_numbers(request, organisation_id, quarter):
    """The numbers that were written; places with an empty box are left as they are."""
    organisation, rows = _rows(request, organisation_id, quarter)
    form = BranchNumbersForm(request.POST, rows=rows)
    if form.is_valid() and _send(request, form.people(), quarter):
        return redirect("branch_returns", organisation_id, quarter)
    return _page(request, organisation, quarter, rows, form)


@require_POST
def send_branch_nils(request, organisation_id, quarter):
    """Nobody came to any of the others: nil for each that is asked and has sent nothing."""
    _organisation, rows = _rows(request, organisation_id, quarter)
    shown = set(request.POST.getlist("sign_up"))
    nil = {row.sign_up.pk: 0 for row in rows if row.takes_nil and str(row.sign_up.pk) in shown}
    if nil:
        _send(request, nil, quarter)
    else:
        messages.info(request, _("Every place has sent its return already."))
    return redirect("branch_returns", organisation_id, quarter)


@require_safe
def branch_returns_csv(request, organisation_id, quarter):
    organisation, rows = _rows(request, organisation_id, quarter)
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
    name = f"{slugify(organisation.name) or 'places'}-{quarter.code.lower()}"
    return csv_response(name, header, table)


def _send(request, people, quarter) -> bool:
    with refusals_as_messages(request):
        number = len(actions.send_branch_returns(people, quarter, by=request.user))
        words = ngettext(
            "Thank you. The return of %(n)s place is sent.",
            "Thank you. The returns of %(n)s places are sent.",
            number,
        )
        messages.success(request, words % {"n": number})
        return True
    return False


def _rows(request, organisation_id, quarter):
    """(organisation, rows by name) of the places in scope whose scheme asks for returns."""
    organisation = of_member(request, organisation_id)
    today = timezone.localdate()
    if quarter > last_ended(today) or quarter < last_ended(today).shift(1 - SHOWN):
        raise Http404
    sign_ups = (
        SignUp.objects.of_member(request.user)
        .filter(venue__organisation=organisation)
        .select_related("venue")
        .prefetch_related("scheme")  # one object a scheme
        .order_by("venue__name", "pk")
    )
    asked = [each for each in sign_ups if each.scheme.has_returns]
    return organisation, returns_of(asked, quarter, today)


def _page(request, organisation, quarter, rows, form):
    newest = last_ended(timezone.localdate())
    context = {
        "organisation": organisation,
        "quarter": quarter,
        "quarters": list(reversed(newest.last(SHOWN))),
        "form": form,
        "lines": form.lines(),
        "nil": [row for row in rows if row.takes_nil],
        "is_open": any(row.is_open for row in rows),
        "totals": totals_of(rows),
    }
    return render(request, "partnership/branch_returns.html", context)
