"""Meetings as a list, and the one page that a chair needs."""

from django.contrib import admin
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from common.refusals import complain, refusals_as_messages
from partnership import calendars
from partnership.actions import attendance as attending
from partnership.actions import documents, meetings, minutes
from partnership.actions.agreed import agree_action
from partnership.forms.meetings import AgendaItemForm, DocumentForm, MinutesForm
from partnership.models import Attendance, Meeting
from partnership.views.meetings import calendar_response, document_response, pdf_response
from venues.admin.base import SchemeFilter

from .base import PartnershipAdmin
from .meeting_page import agree_form, meeting_page, move_form
from .register import Register

ITEM = "<int:pk>/items/<int:item_pk>/"
PAPER = "<int:pk>/documents/<int:document_pk>/"
ROW = "<int:pk>/attendance/<int:row_pk>/"


@admin.register(Meeting)
class MeetingAdmin(Register, PartnershipAdmin):
    """A row a meeting; behind it everything about it."""

    list_display = ["when", "state", "place_words", "scheme", "came"]
    list_filter = ["state", ("scheme", SchemeFilter)]
    list_select_related = ["scheme", "venue"]
    date_hierarchy = "starts_at"
    ordering = ["-starts_at", "-pk"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("scheme__series", "venue")

    @admin.display(description=gettext_lazy("begins"), ordering="starts_at")
    def when(self, meeting):
        return str(meeting)

    @admin.display(description=gettext_lazy("place"))
    def place_words(self, meeting):
        return meeting.place or _("online")

    @admin.display(description=gettext_lazy("register"))
    def came(self, meeting):
        return _("closed") if meeting.held_at else _("not taken")

    def has_add_permission(self, request):
        """Dates are made by the series, or added on its page."""
        return False

    def has_change_permission(self, request, obj=None):
        return False

    @method_decorator(require_safe)
    def change_view(self, request, object_id, form_url="", extra_context=None):
        meeting = self.get_object(request, object_id)
        if meeting is None:
            raise Http404
        page = self.page(request, title=str(meeting), **meeting_page(meeting, request.user))
        return render(request, "admin/partnership/meeting/page.html", page)

    def get_urls(self):
        view = self.admin_site.admin_view
        pages = [
            ("<int:pk>/confirm/", self.confirm_meeting, "confirm_meeting"),
            ("<int:pk>/move/", self.move_meeting, "move_meeting"),
            ("<int:pk>/cancel/", self.cancel_meeting, "cancel_meeting"),
            ("<int:pk>/invite/", self.invite_to_meeting, "invite_to_meeting"),
            ("<int:pk>/meeting.ics", self.calendar_file, "meeting_calendar_file"),
            ("<int:pk>/items/add/", self.add_agenda_item, "add_agenda_item"),
            (f"{ITEM}change/", self.change_agenda_item, "change_agenda_item"),
            (f"{ITEM}up/", self.agenda_item_up, "agenda_item_up"),
            (f"{ITEM}down/", self.agenda_item_down, "agenda_item_down"),
            (f"{ITEM}remove/", self.remove_agenda_item, "remove_agenda_item"),
            ("<int:pk>/documents/add/", self.add_document, "add_document"),
            (PAPER, self.document, "officers_document"),
            (f"{PAPER}remove/", self.remove_document, "remove_document"),
            (f"{ROW}release/", self.release_report, "release_report"),
            (f"{ROW}redact/", self.redact_report, "redact_report"),
            (f"{ROW}called/", self.note_call, "note_call"),
            ("<int:pk>/agree/", self.agree_action, "agree_action"),
            ("<int:pk>/minutes/", self.minutes, "minutes"),
            ("<int:pk>/minutes.pdf", self.minutes_pdf, "minutes_pdf"),
            ("<int:pk>/minutes/draft/", self.draft_minutes, "draft_minutes"),
            ("<int:pk>/minutes/save/", self.change_minutes, "change_minutes"),
            ("<int:pk>/minutes/approve/", self.approve_minutes, "approve_minutes"),
            ("<int:pk>/minutes/reopen/", self.reopen_minutes, "reopen_minutes"),
            *self.register_pages(),
        ]
        own = [path(route, view(page), name=name) for route, page, name in pages]
        return [*own, *super().get_urls()]

    # The date

    @method_decorator(require_POST)
    def confirm_meeting(self, request, pk):
        meeting = self.own(request, pk, "confirm_meeting")
        with refusals_as_messages(request, _("The date is confirmed.")):
            meetings.confirm_meeting(meeting, by=request.user)
        return _back(pk)

    @method_decorator(require_POST)
    def move_meeting(self, request, pk):
        meeting = self.own(request, pk, "move_meeting")
        form = move_form(meeting, request.POST)
        if not form.is_valid():
            complain(request, form)
            return _back(pk)
        with refusals_as_messages(request, _("Saved.")):
            meetings.move_meeting(meeting, by=request.user, **form.cleaned_data)
        return _back(pk)

    @method_decorator(require_POST)
    def cancel_meeting(self, request, pk):
        meeting = self.own(request, pk, "cancel_meeting")
        with refusals_as_messages(request, _("It is cancelled.")):
            meetings.cancel_meeting(meeting, by=request.user)
        return _back(pk)

    @method_decorator(require_POST)
    def invite_to_meeting(self, request, pk):
        meeting = self.own(request, pk, "invite_to_meeting")
        with refusals_as_messages(request):
            number = attending.invite_to_meeting(meeting, by=request.user)
            said = ngettext("%(count)s is invited.", "%(count)s are invited.", number)
            self.message_user(request, said % {"count": number})
        return _back(pk)

    @method_decorator(require_safe)
    def calendar_file(self, request, pk):
        meeting = self.own(request, pk, "view_meeting")
        return calendar_response(calendars.calendar_file(meeting), "meeting.ics")

    # The agenda and its papers

    @method_decorator(require_POST)
    def add_agenda_item(self, request, pk):
        meeting = self.own(request, pk, "change_agenda")
        form = AgendaItemForm(request.POST)
        if not form.is_valid():
            complain(request, form)
            return _back(pk, "agenda")
        with refusals_as_messages(request):
            meetings.add_agenda_item(meeting, by=request.user, **form.cleaned_data)
        return _back(pk, "agenda")

    @method_decorator(require_POST)
    def change_agenda_item(self, request, pk, item_pk):
        item = self._item(request, pk, item_pk)
        form = AgendaItemForm(request.POST, instance=item)
        if not form.is_valid():
            complain(request, form)
            return _back(pk, "agenda")
        with refusals_as_messages(request):
            meetings.change_agenda_item(item, by=request.user, **form.cleaned_data)
        return _back(pk, "agenda")

    @method_decorator(require_POST)
    def agenda_item_up(self, request, pk, item_pk):
        with refusals_as_messages(request):
            meetings.move_agenda_item(self._item(request, pk, item_pk), step=-1, by=request.user)
        return _back(pk, "agenda")

    @method_decorator(require_POST)
    def agenda_item_down(self, request, pk, item_pk):
        with refusals_as_messages(request):
            meetings.move_agenda_item(self._item(request, pk, item_pk), step=1, by=request.user)
        return _back(pk, "agenda")

    @method_decorator(require_POST)
    def remove_agenda_item(self, request, pk, item_pk):
        with refusals_as_messages(request):
            meetings.remove_agenda_item(self._item(request, pk, item_pk), by=request.user)
        return _back(pk, "agenda")

    def _item(self, request, pk, item_pk):
        meeting = self.own(request, pk, "change_agenda")
        return get_object_or_404(meeting.items.select_related("meeting"), pk=item_pk)

    @method_decorator(require_POST)
    def add_document(self, request, pk):
        meeting = self.own(request, pk, "add_document")
        form = DocumentForm(request.POST, request.FILES, meeting=meeting)
        if not form.is_valid():
            complain(request, form)
            return _back(pk, "agenda")
        with refusals_as_messages(request, _("The document is there.")):
            documents.add_document(meeting, by=request.user, **form.cleaned_data)
        return _back(pk, "agenda")

    @method_decorator(require_safe)
    def document(self, request, pk, document_pk):
        meeting = self.own(request, pk, "view_meeting")
        return document_response(get_object_or_404(meeting.documents, pk=document_pk))

    @method_decorator(require_POST)
    def remove_document(self, request, pk, document_pk):
        meeting = self.own(request, pk, "add_document")
        document = get_object_or_404(
            meeting.documents.select_related("meeting__scheme"), pk=document_pk
        )
        with refusals_as_messages(request, _("The document is deleted.")):
            documents.remove_document(document, by=request.user)
        return _back(pk, "agenda")

    # Replies, reports and calls

    @method_decorator(require_POST)
    def release_report(self, request, pk, row_pk):
        row = self._row(request, pk, row_pk, "read_report")
        with refusals_as_messages(request, _("It may stand in the minutes.")):
            attending.release_report(row, by=request.user)
        return _back(pk, "replies")

    @method_decorator(require_POST)
    def redact_report(self, request, pk, row_pk):
        row = self._row(request, pk, row_pk, "read_report")
        with refusals_as_messages(request, _("Changed. The first words are kept nowhere.")):
            attending.redact_report(row, text=request.POST.get("text", ""), by=request.user)
        return _back(pk, "replies")

    @method_decorator(require_POST)
    def note_call(self, request, pk, row_pk):
        row = self._row(request, pk, row_pk, "note_call")
        with refusals_as_messages(request, _("Thank you for ringing them.")):
            attending.note_call(row, by=request.user)
        return _back(pk, "grid")

    def _row(self, request, pk, row_pk, permission):
        meeting = self.own(request, pk, permission)
        return get_object_or_404(Attendance, meeting=meeting, pk=row_pk)

    # What was agreed, and the minutes

    @method_decorator(require_POST)
    def agree_action(self, request, pk):
        meeting = self.own(request, pk, "agree_action")
        form = agree_form(meeting, request.POST)
        if not form.is_valid():
            complain(request, form)
            return _back(pk, "actions")
        given = form.cleaned_data
        with refusals_as_messages(request, _("The action is noted.")):
            agree_action(
                meeting.scheme,
                meeting=meeting,
                what=given["what"],
                due_on=given["due_on"],
                by=request.user,
                **given["owner"],
            )
        return _back(pk, "actions")

    @method_decorator(require_safe)
    def minutes(self, request, pk):
        """The draft to be written on."""
        meeting = self.own(request, pk, "change_minutes")
        found = getattr(meeting, "record", None)
        if found is None or found.approved_at:
            return _back(pk, "minutes")
        return self._minutes_page(request, meeting, MinutesForm(initial={"text": found.text}))

    @method_decorator(require_safe)
    def minutes_pdf(self, request, pk):
        meeting = self.own(request, pk, "view_meeting")
        return pdf_response(meeting) if hasattr(meeting, "record") else _back(pk, "minutes")

    @method_decorator(require_POST)
    def draft_minutes(self, request, pk):
        meeting = self.own(request, pk, "change_minutes")
        with refusals_as_messages(request, _("Here is a draft of what is known.")):
            minutes.draft_minutes(meeting, by=request.user)
            return redirect("admin:minutes", pk)
        return _back(pk, "minutes")

    @method_decorator(require_POST)
    def change_minutes(self, request, pk):
        meeting = self.own(request, pk, "change_minutes")
        form = MinutesForm(request.POST)
        if form.is_valid() and hasattr(meeting, "record"):
            with refusals_as_messages(request, _("The draft is saved.")):
                minutes.change_minutes(meeting.record, by=request.user, **form.cleaned_data)
                return _back(pk, "minutes")
        complain(request, form)
        return self._minutes_page(request, meeting, form)

    def _minutes_page(self, request, meeting, form):
        page = self.page(request, title=_("Minutes"), meeting=meeting, form=form)
        return render(request, "admin/partnership/meeting/minutes.html", page)

    @method_decorator(require_POST)
    def approve_minutes(self, request, pk):
        meeting = self.own(request, pk, "approve_minutes")
        with refusals_as_messages(request, _("The minutes are approved.")):
            minutes.approve_minutes(_record_of(meeting), by=request.user)
        return _back(pk, "minutes")

    @method_decorator(require_POST)
    def reopen_minutes(self, request, pk):
        meeting = self.own(request, pk, "approve_minutes")
        with refusals_as_messages(request, _("The minutes are a draft again.")):
            minutes.reopen_minutes(_record_of(meeting), by=request.user)
        return _back(pk, "minutes")


def _record_of(meeting):
    if not hasattr(meeting, "record"):
        raise Http404
    return meeting.record


def _back(pk, part=""):
    address = redirect("admin:partnership_meeting_change", pk)
    if part:
        address["Location"] += f"#{part}"
    return address
