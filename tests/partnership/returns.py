"""Shared by the tests of returns: a venue that has been a member for two years."""

import datetime

from django.utils import timezone

from partnership.actions import set_up_returns
from partnership.links.returns import make_period_token
from partnership.models import ReturnItem
from partnership.periods import QUARTER, Period
from tests.factories import ALWAYS, MembershipFactory, SignUpFactory


def last_quarter():
    return Period.containing(QUARTER, timezone.localdate()).previous


def a_member(**kwargs):
    """An approved sign-up with a manager, opening hours and the scheme's lists."""
    long_ago = timezone.now() - datetime.timedelta(days=730)
    kwargs.setdefault("venue__hours", ALWAYS)
    sign_up = SignUpFactory(**{"approved": True, "approved_at": long_ago, **kwargs})
    MembershipFactory(organisation=sign_up.venue.organisation)
    set_up_returns(sign_up.scheme)
    return sign_up


def manager_of(sign_up):
    return sign_up.venue.organisation.memberships.get(role="manager").user


def line(sign_up, label):
    return ReturnItem.objects.get(scheme=sign_up.scheme, label=label)


def lines(sign_up, kind):
    return list(ReturnItem.objects.filter(scheme=sign_up.scheme, kind=kind))


def link(sign_up, page="", quarter=None):
    """The URL of a page behind the quarter's signed link."""
    return f"/returns/{make_period_token(sign_up, quarter or last_quarter())}/{page}"


def typed(version=0, people="", **more):
    """What a browser posts; the caller passes list items as `**{"item_7": "3"}`."""
    return {"version": str(version), "asked_about": "", "people": str(people), **more}
