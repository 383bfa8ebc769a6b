"""Officers' pages about issues, held text and absences."""

from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.admin import Decision
from partnership import actions
from partnership.actions import NewIssue
from partnership.forms.officers import (
    AwayForm,
    CloseForm,
    GiveForm,
    NoteForm,
    OfficersIssueForm,
    RedactForm,
)
from partnership.models import Away, Issue, Progress
from partnership.models.issues import IssueState
from venues.admin.base import OfficersAdmin, SchemeFilter


class ReleaseText(Decision):
    words = _("Let them through as they are")
    done = _("The words are let through as they are.")
    action = actions.release_text
    permission = "release_text"
    route = "<int:pk>/release/"

    def possible(self, thing, user):
        return bool(thing.is_held)


class RedactText(Decision):
    words = _("Take something out")
    press = _("Keep only these words")
    done = _("Taken out for good.")
    permission = "release_text"
    route = "<int:pk>/redact/"
    form = RedactForm
    grave = True

    def form_kwargs(self, thing, user):
        return {"initial": {"text": thing.text}}

    def possible(self, thing, user):
        return bool(thing.text)

    def do(self, thing, *, by, text):
        return actions.redact_text(thing, text, by=by)


class ReleaseProgressText(ReleaseText):
    """Release the sentence of a return."""


class RedactProgressText(RedactText):
    """Redact the sentence of a return."""


class ReleaseIssueText(ReleaseText):
    """Release the text of an issue."""


class RedactIssueText(RedactText):
    """Redact the text of an issue."""


class HeldTextAdmin(OfficersAdmin):
    """A page on which an officer reads, releases or redacts text.

    Held text is shown only to those who may release it.
    """

    by_form = ()

    def more_below(self, request, thing):
        below, name = super().more_below(request, thing), self.opts.model_name
        may_read = self.may(request.user, "release_text", thing)
        return {
            **below,
            "words": thing.text if may_read else thing.readable_text,
            "waits": thing.is_held,
            "release": below["offers"][f"release_{name}_text"],
            "redact": below["offers"][f"redact_{name}_text"],
        }


class MarkProgressShared(Decision):
    words = _("I have told others")
    done = _("Noted.")
    action = actions.mark_progress_shared
    route = "<int:pk>/shared/"

    def possible(self, progress, user):
        return bool(progress.may_share and progress.readable_text and not progress.shared_at)


@admin.register(Progress)
class ProgressAdmin(HeldTextAdmin):
    """Venues' sentences: to be read, and successes to be shared."""

    scheme_path = "usage_return__sign_up__scheme"
    list_display = ["usage_return", "text_state", "may_share", "shared_at"]
    list_filter = ["text_state", "may_share"]
    fields = ["usage_return", "text_state", "may_share"]
    readonly_fields = fields
    ordering = ["-usage_return__sent_at"]
    change_form_template = "admin/partnership/words.html"
    decisions = [ReleaseProgressText, RedactProgressText, MarkProgressShared]

    def get_queryset(self, request):
        related = ("usage_return__sign_up__venue__organisation", "usage_return__sign_up__scheme")
        return super().get_queryset(request).select_related(*related)


class RaiseIssue(Decision):
    """Raise an issue in an officer's own words, which are not held."""

    words = _("Raise an issue")
    press = _("Raise it")
    done = _("The issue is raised.")
    permission = "add_issue"
    form = OfficersIssueForm
    creates = True

    def form_kwargs(self, issue, user):
        return {"user": user}

    def do(self, issue, *, by, scheme, sign_up, theme, urgency, text):
        new = NewIssue(theme, urgency, text)
        return actions.raise_issue(scheme, new, sign_up=sign_up, by=by, by_officer=True)

    def after(self, desk, owner, issue):
        return self.back(desk, issue)


class HandleIssue(Decision):
    words = _("I take this on")
    done = _("You look after it now.")
    action = actions.handle_issue
    route = "<int:pk>/handle/"

    def possible(self, issue, user):
        return IssueState.HANDLED in issue.MOVES[issue.state]


class GiveIssue(Decision):
    words = _("Owner")
    press = _("Give it to them")
    done = _("It has a new owner.")
    form = GiveForm
    route = "<int:pk>/give/"

    def form_kwargs(self, issue, user):
        return {"scheme": issue.scheme}

    def possible(self, issue, user):
        return issue.state != IssueState.CLOSED

    def do(self, issue, *, by, officer):
        return actions.give_issue(issue, officer, by=by)


class NoteWhatWasDone(Decision):
    words = _("What was done")
    press = _("Write it down")
    done = _("Written down.")
    form = NoteForm
    route = "<int:pk>/note/"

    def form_kwargs(self, issue, user):
        return {"initial": {"text": issue.what_was_done}}

    def do(self, issue, *, by, text):
        return actions.note_what_was_done(issue, text, by=by)


class CloseIssue(Decision):
    words = _("Close with an answer")
    press = _("Close it")
    done = _("Closed.")
    action = actions.close_issue
    form = CloseForm
    route = "<int:pk>/close/"

    def possible(self, issue, user):
        return issue.state != IssueState.CLOSED


class MarkStaffChecked(Decision):
    words = _("I asked how the staff are")
    done = _("Thank you for asking.")
    action = actions.mark_staff_checked
    route = "<int:pk>/staff-checked/"

    def possible(self, issue, user):
        return bool(issue.is_urgent and issue.sign_up_id and not issue.staff_checked_at)


class OwnerFilter(admin.SimpleListFilter):
    title = _("owner")
    parameter_name = "owner"

    def lookups(self, request, model_admin):
        return [("me", _("Me")), ("nobody", _("Nobody yet"))]

    def queryset(self, request, queryset):
        if self.value() == "me":
            return queryset.filter(owner=request.user)
        if self.value() == "nobody":
            return queryset.filter(owner__isnull=True)
        return queryset


@admin.register(Issue)
class IssueAdmin(HeldTextAdmin):
    """Issues by theme, urgency and owner. Text is only on each issue's page, never in the list."""

    by_form = ()
    list_display = ["theme", "venue", "urgency", "state", "owner", "words", "raised_at"]
    list_filter = [
        "state",
        "urgency",
        "theme",
        OwnerFilter,
        "text_state",
        ("scheme", SchemeFilter),
    ]
    list_select_related = ["sign_up__venue", "owner"]
    fields = [
        "theme",
        "urgency",
        "state",
        "venue",
        "scheme",
        "raised_at",
        "raised_by",
        "owner",
        "words",
        "closed_at",
        "closed_by",
    ]
    readonly_fields = fields
    change_form_template = "admin/partnership/issue.html"
    decisions = [
        RaiseIssue,
        ReleaseIssueText,
        RedactIssueText,
        HandleIssue,
        GiveIssue,
        NoteWhatWasDone,
        CloseIssue,
        MarkStaffChecked,
    ]

    @admin.display(description=_("venue"), ordering="sign_up__venue__name")
    def venue(self, issue):
        return issue.sign_up.venue if issue.sign_up_id else _("none: raised by an officer")

    @admin.display(description=_("words"), ordering="text_state")
    def words(self, issue):
        return issue.get_text_state_display() if issue.text else _("none")


class GoAway(Decision):
    words = _("Say who is away")
    press = _("Note it")
    done = _("Noted.")
    action = actions.go_away
    permission = "add_away"
    form = AwayForm
    creates = True

    def form_kwargs(self, away, user):
        return {"user": user}

    def do(self, away, *, by, officer, deputy, until):
        return actions.go_away(officer, deputy=deputy, until=until, by=by)


class ComeBack(Decision):
    words = _("Back already")
    done = _("Welcome back.")
    route = "<int:pk>/back/"
    goes_to = "list"

    def do(self, away, *, by):
        return actions.come_back(away.officer, by=by)


@admin.register(Away)
class AwayAdmin(OfficersAdmin):
    """Officers' absences and their deputies for urgent issues."""

    by_form = ()
    scheme_path = "officer__scheme"
    fields = ["officer", "until", "deputy"]
    list_display = ["officer", "until", "deputy", "is_over"]
    decisions = [GoAway, ComeBack]
    list_select_related = ["officer__user", "officer__scheme", "deputy__user", "deputy__scheme"]

    @admin.display(description=_("back"), boolean=True)
    def is_over(self, away):
        return away.until < timezone.localdate()

    def more_below(self, request, away):
        return {**super().more_below(request, away), "history": None}
