"""Minutes: the draft text, the page and the PDF."""

import re

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from common.pdf import make_pdf
from common.prose import as_html
from partnership.models import Attendance, Meeting
from partnership.models.attendance import CAME
from partnership.rules.agreed import carried_to

Outcome = Attendance.Outcome


def draft_text(meeting: Meeting) -> str:
    """The draft in Markdown: attendance by organisation and role, the agenda, and actions.

    No personal names and no addresses.
    """
    rows = list(meeting.attendances.select_related("organisation", "partner"))
    following = (
        Meeting.objects.planned()
        .filter(scheme=meeting.scheme_id, starts_at__gt=meeting.starts_at)
        .order_by("starts_at")
        .first()
    )
    return (
        render_to_string(
            "partnership/minutes.md",
            {
                "meeting": meeting,
                "series": meeting.scheme.series,
                "present": [_present(row) for row in rows if row.outcome in CAME],
                "apologies": [row.who for row in rows if row.outcome == Outcome.APOLOGIES],
                "reports": [row for row in rows if row.outcome == Outcome.REPORT],
                "items": meeting.items.all(),
                "carried": carried_to(meeting),
                "agreed": meeting.actions.with_owner(),
                "following": following,
            },
        ).strip()
        + "\n"
    )


def without_unanswered(text: str) -> str:
    """The text without each "What was said:" that has nothing below it."""
    asked = re.escape(_("What was said:"))
    return re.sub(rf"^{asked}\s*(?=^#|\Z)", "", text, flags=re.MULTILINE)


def _present(row):
    return {
        "who": row.who,
        "deputy": row.outcome == Outcome.DEPUTY,
        "role": row.deputy_role if row.outcome == Outcome.DEPUTY else "",
        "online": row.outcome == Outcome.ONLINE,
    }


def minutes_pdf(meeting: Meeting) -> bytes:
    """The minutes as a PDF; a draft is marked as one."""
    return make_pdf(
        "partnership/minutes_print.html",
        {
            "meeting": meeting,
            "series": meeting.scheme.series,
            "approved": meeting.record.approved_at,
            "html": as_html(meeting.record.text),
            "printed": timezone.localdate(),
        },
        style="css/minutes.css",
        identifier=b"minutes",
    )
