"""The list of meetings, and the one page that a chair needs."""

from django.contrib import admin
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from common.admin import Decision, officers_page
from common.refusals import Refused
from partnership import calendars
from partnership.actions import attendance as attending
from partnership.actions import documents, meetings, minutes
from partnership.actions.agreed import agree_action
from partnership.forms.meetings import AgendaItemForm, DocumentForm, MinutesForm, RedactForm
from partnership.models import Attendance, Meeting
from partnership.rules.meetings import missing_to_confirm, why_not_change
from partnership.views.meetings import calendar_response, document_response, pdf_response
from venues.admin.base import OfficersAdmin, SchemeFilter
from venues.evidence_kinds import Part

from .meeting_page import agree_form, meeting_page, move_form, not_invited
from .register import DOOR, Register

ITEM = "<int:pk>/items/<int:item_pk>/"
PAPER = "<int:pk>/documents/<int:document_pk>/"
ROW = "<int:pk>/attendance/<int:row_pk>/"


# The date


class ConfirmMeeting(Decision):
    words = _("Confirm this date")
    done = _("The date is confirmed.")
    action = meetings.confirm_meeting
    route = "<int:pk>/confirm/"

    def possible(self, meeting, user):
        return meeting.state == Meeting.State.PROPOSED

    def why_not(self, meeting):
        return missing_to_confirm(meeting, timezone.now())


class StillToCome(Decision):
    def possible(self, meeting, user):
        return not why_not_change(meeting, timezone.now())


class MoveMeeting(StillToCome):
    words = _("Move it, or change the place")
    press = _("Save the change")
    done = _("Saved.")
    action = meetings.move_meeting
    route = "<int:pk>/move/"

    def form_for(self, meeting, user, data=None, files=None):
        return move_form(meeting, data, auto_id="move_%s")

    def effect(self, found):
        words = _(
            "Everybody invited is written to, with a new calendar file. "
            "Another time asks for new replies."
        )
        return [words for meeting in found if meeting.invited_at]


class CancelMeeting(StillToCome):
    words = _("Cancel the meeting")
    done = _("It is cancelled.")
    action = meetings.cancel_meeting
    route = "<int:pk>/cancel/"
    grave = True

    def effect(self, found):
        told = _("Everybody invited is written to. This cannot be undone.")
        nobody = _("Nobody has been invited yet. This cannot be undone.")
        return [told if meeting.invited_at else nobody for meeting in found]


class InviteToMeeting(StillToCome):
    words = _("Send the invitations now")
    action = attending.invite_to_meeting
    route = "<int:pk>/invite/"

    def possible(self, meeting, user):
        confirmed = meeting.state == Meeting.State.CONFIRMED and super().possible(meeting, user)
        return confirmed and bool(not meeting.invited_at or not_invited(meeting))

    def said(self, meeting, number):
        said = ngettext("%(count)s is invited.", "%(count)s are invited.", number)
        return said % {"count": number}


# The agenda and its papers


class OfAgenda(Decision):
    permission = "change_agenda"
    goes_to = "#agenda"
    checks_version = False  # each item and paper has its own row


class AddAgendaItem(OfAgenda):
    words = _("Add an item")
    press = _("Add it")
    action = meetings.add_agenda_item
    form = AgendaItemForm
    route = "<int:pk>/items/add/"


class OfItem(OfAgenda):
    checks_version = True

    def part(self, meeting, user, item_pk):
        return get_object_or_404(meeting.items.select_related("meeting"), pk=item_pk), {}


class ChangeAgendaItem(OfItem):
    words = _("Change an item")
    press = _("Save")
    action = meetings.change_agenda_item
    form = AgendaItemForm
    route = f"{ITEM}change/"

    def form_kwargs(self, item, user):
        return {"instance": item}


class AgendaItemUp(OfItem):
    words = _("Move up")
    route = f"{ITEM}up/"

    def do(self, item, *, by):
        return meetings.move_agenda_item(item, step=-1, by=by)


class AgendaItemDown(OfItem):
    words = _("Move down")
    route = f"{ITEM}down/"

    def do(self, item, *, by):
        return meetings.move_agenda_item(item, step=1, by=by)


class RemoveAgendaItem(OfItem):
    words = _("Take it off")
    action = meetings.remove_agenda_item
    route = f"{ITEM}remove/"
    grave = True


class AddDocument(OfAgenda):
    words = _("Add a document")
    press = _("Add the document")
    done = _("The document is there.")
    action = documents.add_document
    permission = "add_document"
    form = DocumentForm
    route = "<int:pk>/documents/add/"

    def form_kwargs(self, meeting, user):
        return {"meeting": meeting}


class RemoveDocument(OfAgenda):
    words = _("Delete a document")
    done = _("The document is deleted.")
    action = documents.remove_document
    permission = "add_document"
    route = f"{PAPER}remove/"
    grave = True

    def part(self, meeting, user, document_pk):
        papers = meeting.documents.select_related("meeting__scheme")
        return get_object_or_404(papers, pk=document_pk), {}


# Replies, reports and calls


class OfRow(Decision):
    goes_to = "#replies"

    def part(self, meeting, user, row_pk):
        return get_object_or_404(Attendance, meeting=meeting, pk=row_pk), {}


class ReleaseReport(OfRow):
    words = _("Let it through as it is")
    done = _("It may stand in the minutes.")
    action = attending.release_report
    permission = "read_report"
    route = f"{ROW}release/"


class RedactReport(OfRow):
    words = _("Take something out of a report")
    press = _("Keep only this")
    done = _("Changed. The first words are kept nowhere.")
    action = attending.redact_report
    permission = "read_report"
    form = RedactForm
    route = f"{ROW}redact/"

    def form_kwargs(self, row, user):
        return {"initial": {"text": row.text}}


class NoteCall(OfRow):
    words = _("We have rung them")
    done = _("Thank you for ringing them.")
    action = attending.note_call
    route = f"{ROW}called/"
    goes_to = "#grid"


# What was agreed, and the minutes


class AgreeAction(Decision):
    words = _("Note an action")
    press = _("Note it")
    done = _("The action is noted.")
    route = "<int:pk>/agree/"
    goes_to = "#actions"
    checks_version = False  # each action has its own row

    def form_for(self, meeting, user, data=None, files=None):
        return agree_form(meeting, data, auto_id="agree_%s")

    def do(self, meeting, *, by, what, due_on, owner):
        return agree_action(
            meeting.scheme, meeting=meeting, what=what, due_on=due_on, by=by, **owner
        )


class OfMinutes(Decision):
    permission = "change_minutes"
    goes_to = "#minutes"
    is_of_draft = True

    def possible(self, meeting, user):
        record = getattr(meeting, "record", None)
        return record is not None and self.is_of_draft == (record.approved_at is None)


class DraftMinutes(OfMinutes):
    words = _("Draft them from what is known")
    explains = _("What was written on an earlier draft is lost.")
    done = _("Here is a draft of what is known.")
    action = minutes.draft_minutes
    route = "<int:pk>/minutes/draft/"

    def possible(self, meeting, user):
        record = getattr(meeting, "record", None)
        return bool(meeting.held_at) and (record is None or record.approved_at is None)

    def after(self, desk, meeting, outcome):
        return reverse("admin:change_minutes", args=[meeting.pk])


class ChangeMinutes(OfMinutes):
    words = _("Write on the draft")
    press = _("Save the draft")
    done = _("The draft is saved.")
    form = MinutesForm
    route = "<int:pk>/minutes/"

    def part(self, meeting, user):
        return getattr(meeting, "record", None) or meeting, {}

    def possible(self, record, user):
        return super().possible(getattr(record, "meeting", record), user)

    def form_kwargs(self, record, user):
        return {"initial": {"text": getattr(record, "text", "")}}

    def do(self, record, *, by, text):
        if isinstance(record, Meeting):
            raise Refused(_("There are no minutes yet."))
        return minutes.change_minutes(record, text=text, by=by)


class ApproveMinutes(OfMinutes):
    words = _("Approve, and send the link round")
    done = _("The minutes are approved.")
    permission = "approve_minutes"
    route = "<int:pk>/minutes/approve/"

    def do(self, meeting, *, by):
        return minutes.approve_minutes(_record_of(meeting), by=by)


class ReopenMinutes(OfMinutes):
    words = _("Open them again")
    done = _("The minutes are a draft again.")
    permission = "approve_minutes"
    route = "<int:pk>/minutes/reopen/"
    is_of_draft = False

    def do(self, meeting, *, by):
        return minutes.reopen_minutes(_record_of(meeting), by=by)


def _record_of(meeting):
    if not hasattr(meeting, "record"):
        raise Refused(_("There are no minutes yet."))
    return meeting.record


@admin.register(Meeting)
class MeetingAdmin(Register, OfficersAdmin):
    """The list of meetings, each leading to its page."""

    part = Part.MEETINGS
    by_form = ()
    list_display = ["when", "state", "place_words", "scheme", "came"]
    list_filter = ["state", ("scheme", SchemeFilter)]
    list_select_related = ["scheme", "venue"]
    date_hierarchy = "starts_at"
    ordering = ["-starts_at", "-pk"]
    decisions = [
        ConfirmMeeting,
        MoveMeeting,
        CancelMeeting,
        InviteToMeeting,
        AddAgendaItem,
        ChangeAgendaItem,
        AgendaItemUp,
        AgendaItemDown,
        RemoveAgendaItem,
        AddDocument,
        RemoveDocument,
        ReleaseReport,
        RedactReport,
        NoteCall,
        AgreeAction,
        DraftMinutes,
        ChangeMinutes,
        ApproveMinutes,
        ReopenMinutes,
        *DOOR,
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("scheme__series", "venue")

    @admin.display(description=_("begins"), ordering="starts_at")
    def when(self, meeting):
        return str(meeting)

    @admin.display(description=_("place"))
    def place_words(self, meeting):
        return meeting.place or _("online")

    @admin.display(description=_("register"))
    def came(self, meeting):
        return _("closed") if meeting.held_at else _("not taken")

    @method_decorator(require_safe)
    def change_view(self, request, object_id, form_url="", extra_context=None):
        meeting = self.get_object(request, object_id)
        if meeting is None:
            raise Http404
        page = self.page(
            request,
            title=str(meeting),
            offers=self.offers(request, meeting),
            **meeting_page(meeting, request.user),
        )
        return render(request, "admin/partnership/meeting/page.html", page)

    @officers_page("<int:pk>/meeting.ics", name="meeting_calendar_file", permission="view_meeting")
    def calendar_file(self, request, meeting):
        return calendar_response(calendars.calendar_file(meeting), "meeting.ics")

    @officers_page(PAPER, name="officers_document", permission="view_meeting")
    def document(self, request, meeting, document_pk):
        return document_response(get_object_or_404(meeting.documents, pk=document_pk))

    @officers_page("<int:pk>/minutes.pdf", permission="view_meeting")
    def minutes_pdf(self, request, meeting):
        if not hasattr(meeting, "record"):
            return redirect(ChangeMinutes().back(self, meeting))
        return pdf_response(meeting)
