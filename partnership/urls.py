"""URLs for meetings, returns, issues and packs."""

from django.urls import path, register_converter

from partnership.periods import PeriodConverter
from partnership.views import (
    branches,
    issues,
    meetings,
    packs,
    portal_meetings,
    returns,
    statistics,
    tally,
)

register_converter(PeriodConverter, "period")

MEETING = "meetings/<str:token>/"
MEETINGS = "portal/<int:pk>/meetings/"
PORTAL = "portal/returns/<int:sign_up_id>/"
BRANCHES = "portal/organisations/<int:organisation_id>/returns/"
PORTAL_ISSUES = "portal/issues/<int:sign_up_id>/"
PERIOD_PAGES = [
    ("", "period_page", returns),
    ("numbers/", "return_form", returns),
    ("send/", "send_return", returns),
    ("nil/", "send_nil", returns),
    ("tally/", "send_tally", returns),
    ("undo/", "take_back_return", returns),
    ("hours/", "confirm_period_hours", returns),
    ("issue/", "issue_form", issues),
    ("issue/send/", "raise_issue", issues),
    ("call-us/", "ask_for_call", issues),
]
"""The pages of one period, each by signed link and, as portal_..., behind a login."""

urlpatterns = [
    *(
        path(f"returns/<str:token>/{route}", getattr(module, name), name=name)
        for route, name, module in PERIOD_PAGES
    ),
    path("quarter/<str:token>/<path:rest>", returns.former_address, name="former_period_subpage"),
    path("quarter/<str:token>/", returns.former_address, name="former_period_page"),
    path(PORTAL, returns.returns_home, name="returns_home"),
    *(
        path(
            f"{PORTAL}<period:period>/{route}",
            getattr(module, f"portal_{name}"),
            name=f"portal_{name}",
        )
        for route, name, module in PERIOD_PAGES
    ),
    path(BRANCHES, branches.branch_returns_now, name="branch_returns_now"),
    *(
        path(f"{BRANCHES}<period:period>/{route}", view, name=view.__name__)
        for route, view in (
            ("", branches.branch_returns),
            ("send/", branches.send_branch_numbers),
            ("nil/", branches.send_branch_nils),
            ("returns.csv", branches.branch_returns_csv),
        )
    ),
    path(f"{PORTAL}tally/", tally.tally_home, name="tally_home"),
    path(f"{PORTAL}tally/start/", tally.start_tally, name="start_tally"),
    path(f"{PORTAL}tally/renew/", tally.renew_tally_link, name="renew_tally_link"),
    path(f"{PORTAL}tally/end/", tally.end_tally, name="end_tally"),
    path("tally/<str:token>/", tally.tally_page, name="tally_page"),
    path("tally/<str:token>/count/", tally.count_one, name="count_one"),
    path(PORTAL_ISSUES, issues.issues_home, name="issues_home"),
    path(f"{PORTAL_ISSUES}raise/", issues.raise_issue_any_time, name="raise_issue_any_time"),
    path(f"{PORTAL_ISSUES}call-us/", issues.ask_for_call_any_time, name="ask_for_call_any_time"),
    *packs.Packs().urls,
    path("statistics/", statistics.statistics, name="statistics"),
    path("statistics/<slug:scheme>/", statistics.statistics_scheme, name="statistics_scheme"),
    path(
        "statistics/<slug:scheme>/<period:period>/",
        statistics.statistics_period,
        name="statistics_period",
    ),
    path(MEETING, meetings.meeting, name="meeting"),
    path(f"{MEETING}reply/", meetings.reply, name="reply_to_meeting"),
    path(f"{MEETING}meeting.ics", meetings.meeting_calendar, name="meeting_calendar"),
    path(f"{MEETING}minutes.pdf", meetings.meeting_minutes, name="meeting_minutes"),
    path(
        f"{MEETING}documents/<int:document_pk>/",
        meetings.meeting_document,
        name="meeting_document",
    ),
    path(
        f"{MEETING}actions/<int:action_pk>/done/",
        meetings.finish_own_action,
        name="finish_own_action",
    ),
    path("calendars/<uuid:key>/meetings.ics", meetings.meetings_feed, name="meetings_feed"),
    path(MEETINGS, portal_meetings.portal_meetings, name="portal_meetings"),
    path(
        f"{MEETINGS}<int:attendance_pk>/reply/", portal_meetings.portal_reply, name="portal_reply"
    ),
    path(
        f"{MEETINGS}actions/<int:action_pk>/done/",
        portal_meetings.portal_finish_action,
        name="portal_finish_action",
    ),
    path(
        f"{MEETINGS}calendar/new/",
        portal_meetings.renew_meetings_feed,
        name="renew_meetings_feed",
    ),
    path(
        f"{MEETINGS}calendar/end/",
        portal_meetings.revoke_meetings_feed,
        name="revoke_meetings_feed",
    ),
]
