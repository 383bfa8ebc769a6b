"""The demonstration's partnership: four past meetings, one to come, and every kind of
attendance.
"""

import datetime
from itertools import cycle

from django.core.files.base import ContentFile
from django.db.models import Min, Value
from django.db.models.functions import Replace
from django.utils import timezone
from weasyprint import HTML

from partnership.actions.agreed import agree_action, drop_action, finish_action
from partnership.actions.attendance import (
    Tick,
    add_walk_in,
    close_register,
    invite_to_meeting,
    release_report,
    reply_to_meeting,
    take_attendance,
)
from partnership.actions.documents import add_document
from partnership.actions.meetings import add_meeting, confirm_meeting, propose_meetings
from partnership.actions.minutes import draft_minutes
from partnership.models import Action, Attendance, Meeting, Minutes, Partner, Series
from partnership.models.attendance import CAME
from partnership.rules.meetings import moment, organisations_of
from venues.models import Event, Scheme, SignUp

QUARTER = datetime.timedelta(days=91)
HELD = 4
PARTNERS = [
    ("Neighbourhood sergeant", "Marrowby Police", "police@demo.example"),
    ("Adviser", "Citizens Advice Marrowby", "advice@demo.example"),
    ("Night-time economy officer", "Marrowby Borough Council", "nights@demo.example"),
    ("Somebody with lived experience", "", ""),
]
AGENDA = """Welcome and apologies
How the safe spaces are used
* Rough sleeping in winter
* Night-time economy
Issues raised by venues
Any other business"""
OF_THE_MANAGER = ["missed", "present", "report", "deputy"]
PATTERNS = [
    ["present", "present", "present", "present"],
    ["present", "online", "apologies", "present"],
    ["present", "present", "missed", "missed"],
    ["apologies", "report", "deputy", "online"],
    ["report", "present", "present", "apologies"],
    ["missed", "missed", "missed", "missed"],
    ["present", "deputy", "present", "report"],
]
"""Attendance at the four meetings, earliest first; members take these patterns in turn."""
REPORT = "Two busy evenings at the fair, else calm. The new chairs in the quiet corner are liked."


def load_meetings(scheme: Scheme, officers: dict) -> None:
    """A series with its past meetings and its next one. `officers` are the users by their role."""
    chair = officers["chair"]
    series = Series.objects.get(scheme=scheme)
    series.address = "Marrowby Guildhall, committee room 2\nMarket Place"
    series.video_link = "https://video.demo.example/partnership"
    series.standing_items = AGENDA
    series.save(update_fields=["address", "video_link", "standing_items"])
    partners = [
        Partner.objects.create(scheme=scheme, role=role, organisation=name, email=email)
        for role, name, email in PARTNERS
    ]
    members = list(organisations_of(scheme))
    day = _next_wednesday(timezone.localdate() + datetime.timedelta(days=12))
    held = []
    for place in range(HELD):
        starts_at = moment(day - (HELD - place) * QUARTER, series.starts)
        held.append(_hold(series, starts_at, place, members, partners, chair))
    coming = add_meeting(scheme, starts_at=moment(day, series.starts), by=chair)
    _agree(scheme, held, members, partners, officers)
    _prepare(confirm_meeting(coming, by=chair), partners, chair)
    propose_meetings(series, on=timezone.localdate(), by=chair)


def _next_wednesday(day):
    return day + datetime.timedelta(days=(2 - day.weekday()) % 7)


def _hold(series, starts_at, place, members, partners, chair):
    """Hold one past meeting through its register, dated to its day."""
    began = timezone.now()
    meeting = add_meeting(series.scheme, starts_at=began + QUARTER + place * QUARTER, by=chair)
    meeting = confirm_meeting(meeting, by=chair)
    Meeting.objects.filter(pk=meeting.pk).update(
        starts_at=starts_at, invited_at=starts_at - 28 * datetime.timedelta(days=1)
    )
    first = dict(
        SignUp.objects.approved()
        .filter(scheme=series.scheme)
        .values_list("venue__organisation")
        .annotate(first=Min("approved_at"))
    )
    ticks = []
    for each, pattern in zip(members, cycle(PATTERNS), strict=False):
        if first[each.pk] > starts_at:
            continue
        is_own = each.venues.filter(name="The Copper Kettle").exists()
        outcome = (OF_THE_MANAGER if is_own else pattern)[place]
        row = _invited(meeting, starts_at, outcome, organisation=each)
        ticks.append(
            Tick(row.pk, "", outcome if outcome in ("present", "deputy", "online") else "")
        )
    for each, outcome in zip(partners, ("present", "online", "apologies", "present"), strict=True):
        row = _invited(meeting, starts_at, outcome, partner=each)
        ticks.append(Tick(row.pk, "", outcome if outcome in CAME else ""))
    take_attendance(meeting, ticks, by=chair)
    if place == 0:
        add_walk_in(meeting, visitor="Ward councillor, Old Town", by=chair)
    meeting = close_register(meeting, by=chair)
    draft_minutes(meeting, by=chair)
    evening = starts_at + datetime.timedelta(hours=8)
    if place < HELD - 1:
        week_later = evening + datetime.timedelta(days=7)
        Minutes.objects.filter(meeting=meeting).update(
            text=Replace("text", Value("What was said:"), Value("Heard, with thanks.")),
            approved_at=week_later,
            approved_by=chair,
        )
    Event.objects.filter(
        scheme=series.scheme, kind__startswith="partnership.", at__gte=began
    ).update(at=evening)
    Meeting.objects.filter(pk=meeting.pk).update(held_at=evening, confirmed_at=starts_at - QUARTER)
    return meeting


def _invited(meeting, starts_at, outcome, **who):
    reply = {"present": "coming", "online": "coming", "missed": ""}.get(outcome, outcome)
    row = Attendance.objects.create(
        meeting=meeting,
        invited_at=starts_at - datetime.timedelta(days=28),
        reply=reply,
        replied_at=starts_at - datetime.timedelta(days=9) if reply else None,
        deputy_role="Shift leader" if reply == "deputy" else "",
        text=REPORT if reply == "report" else "",
        **who,
    )
    if reply == "report":
        release_report(row, by=meeting.confirmed_by)
    return row


def _agree(scheme, held, members, partners, officers):
    """Actions in every state: open, overdue, done, dropped."""
    chair = officers["chair"]
    own = next(each for each in members if each.venues.filter(name="The Copper Kettle").exists())
    today = timezone.localdate()
    rows = [
        (held[3], "Try the new sticker on the inside of the door", {"organisation": own}, 10),
        (
            held[3],
            "Ask for the finder to be shown at bus stops",
            {"partner": partners[2]},
            30,
        ),
        (held[2], "Bring the numbers of the night patrol", {"partner": partners[0]}, -12),
        (held[2], "Find a room with a lift for the next training", {"officer": chair}, -3),
        (held[2], "Translate the card into British Sign Language", {"partner": partners[1]}, -40),
        (held[1], "Print the map for the tourist office", {"officer": officers["officer"]}, -90),
    ]
    made = []
    for meeting, what, owner, days in rows:
        due_on = today + datetime.timedelta(days=days)
        action = agree_action(scheme, meeting=meeting, what=what, due_on=due_on, by=chair, **owner)
        Action.objects.filter(pk=action.pk).update(agreed_at=meeting.starts_at)
        made.append(action)
    finish_action(made[4], by=None)
    drop_action(made[5], by=chair)


def _prepare(meeting, partners, chair):
    """Invitations, a document and a few replies for the coming meeting."""
    invite_to_meeting(meeting, by=chair)
    agenda = HTML(string="<h1>Social Inclusion Partnership</h1><p>Numbers of the quarter.</p>")
    add_document(
        meeting,
        title="Numbers of the quarter",
        upload=ContentFile(agenda.write_pdf(), name="numbers.pdf"),
        item=meeting.items.get(order=2),
        by=chair,
    )
    replies = [
        {"reply": "coming"},
        {"reply": "deputy", "deputy_role": "Duty manager"},
        {"reply": "apologies"},
        {"reply": "report", "text": "Quiet. Could the training be offered in the evening too?"},
    ]
    others = meeting.attendances.exclude(organisation__venues__name="The Copper Kettle")
    for row, reply in zip(others.filter(organisation__isnull=False), replies, strict=False):
        reply_to_meeting(row, **reply)
    reply_to_meeting(meeting.attendances.get(partner=partners[0]), reply="coming")
