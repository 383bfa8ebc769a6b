"""The signed link to a return: it identifies a sign-up and a period and nothing else."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from common import signed_links
from common.refusals import Refused
from partnership.models import Tally
from partnership.periods import Period
from venues.letters import venue_addresses
from venues.models import SignUp

PERIOD = "partnership.quarter"  # the salt of links in letters already sent
PERIOD_LASTS = timedelta(days=120)
TALLY = "partnership.tally"
TALLY_LASTS = timedelta(days=400)


@dataclass(frozen=True)
class LinkedPeriod:
    """The sign-up and period of a link."""

    sign_up: SignUp
    period: Period


def make_period_token(sign_up: SignUp, period: Period, to: Iterable[str] = ()) -> str:
    """A token for the letter to `to`; it works while all of them look after the place."""
    data = [sign_up.pk, period.code, *signed_links.marks_of(to)]
    return signed_links.make(PERIOD, data, lasts=PERIOD_LASTS)


def make_period_link(sign_up: SignUp, period: Period, to: Iterable[str] = ()) -> str:
    """The absolute URL that the letter to `to` carries."""
    path = reverse("period_page", args=[make_period_token(sign_up, period, to)])
    return f"{settings.SITE_URL}{path}"


def read_period_link(token: str) -> LinkedPeriod:
    """The sign-up and period behind a link; Refused with a message for the person who opened it."""
    pk, code, *marks = signed_links.read(PERIOD, token)
    sign_ups = SignUp.objects.select_related("venue__organisation", "venue__lead_scheme", "scheme")
    sign_up = sign_ups.filter(pk=pk).first()
    if sign_up is None:
        raise Refused(_("This place is not a member of the scheme any more."))
    if marks:
        signed_links.refuse_unless_reached(marks, venue_addresses(sign_up.venue))
    return LinkedPeriod(sign_up, Period.parse(code))


def make_tally_token(tally: Tally) -> str:
    return signed_links.make(TALLY, tally.code, lasts=TALLY_LASTS)


def make_tally_link(tally: Tally) -> str:
    return f"{settings.SITE_URL}{reverse('tally_page', args=[make_tally_token(tally)])}"


def read_tally(token: str) -> Tally:
    """The tally behind a counter's link; else Refused. A new code revokes older links."""
    code = signed_links.read(TALLY, token)
    tally = (
        Tally.objects.select_related("sign_up__venue", "sign_up__scheme").filter(code=code).first()
    )
    if tally is None:
        raise Refused(_("This link has been replaced by a newer one. Ask your manager for it."))
    return tally


def link_page(find):
    """Open a view to anybody with a valid link; it receives what `find(token)` returns.

    The pages are never cached, because phones are shared. A bad link gets a page that says why and
    what to do, and names nobody.
    """

    def wrap(view):
        @wraps(view)
        @login_not_required
        @never_cache
        def wrapper(request, token, **kwargs):
            try:
                found = find(token)
            except Refused as refusal:
                page = {"reasons": refusal.reasons, "hide_links": True}
                return render(request, "partnership/link_refused.html", page, status=403)
            return view(request, token, found, **kwargs)

        return wrapper

    return wrap
