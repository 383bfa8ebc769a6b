"""What each role may do about returns, issues, meetings and figures, and each object's scheme."""

from partnership.models import (
    Action,
    Away,
    CalendarFeed,
    ClosedPeriod,
    Issue,
    Meeting,
    Partner,
    PeriodFigures,
    Progress,
    ReturnItem,
    ReturnSettings,
    Series,
    Tally,
    UsageCount,
    UsageReturn,
    VenueLetter,
)
from venues.roles import CHAIRS, EVERYONE, PARTNERS, allow, belongs_to

allow(
    "partnership",
    EVERYONE,
    "view_usagereturn",
    "view_progress",
    "view_issue",
    "view_returnitem",
    "view_returnsettings",
    "view_away",
    "view_pack",
    "view_series",
    "view_partner",
    "view_meeting",
    "view_attendance",
    "view_action",
)
allow(
    "partnership",
    PARTNERS,
    "thank_venue",
    "enter_return",
    "mark_progress_shared",
    "release_text",
    "redact_text",
    "add_issue",
    "raise_issue",
    "handle_issue",
    "give_issue",
    "note_what_was_done",
    "close_issue",
    "mark_staff_checked",
    "add_away",
    "go_away",
    "come_back",
    "add_series",
    "change_series",
    "add_partner",
    "change_partner",
    "add_meeting",
    "confirm_meeting",
    "move_meeting",
    "cancel_meeting",
    "invite_to_meeting",
    "change_agenda",
    "add_document",
    "take_attendance",
    "read_report",
    "note_call",
    "agree_action",
    "change_action",
    "change_minutes",
)
allow(
    "partnership",
    CHAIRS,
    "close_period",
    "reopen_period",
    "add_returnitem",
    "change_returnitem",
    "change_returnsettings",
    "make_figures",
    "revise_figures",
    "publish_figures",
    "approve_minutes",
)

SCHEMES = (
    *(Action, CalendarFeed, ClosedPeriod, Issue, Meeting, Partner),
    *(PeriodFigures, ReturnItem, ReturnSettings, Series),
)
for each in SCHEMES:
    belongs_to(each, "scheme")
for each in (UsageReturn, VenueLetter, Tally):
    belongs_to(each, "sign_up")
for each in (Progress, UsageCount):
    belongs_to(each, "usage_return")
belongs_to(Away, "officer")
