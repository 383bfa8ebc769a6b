"""Officers' pages about issues raised, words that wait to be read, and absences."""

from django.contrib import admin
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from common.refusals import complain, refusals_as_messages
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
from partnership.models.issues import ISSUE_MOVES, IssueState
from venues.admin.base import OfficersAdmin, SchemeFilter
from venues.models import Event, Officer


class HeldTextAdmin(OfficersAdmin):
    """A page on which an officer reads words, lets them through or takes something out.

    Held words are shown to those alone who may release them.
    """

    def get_urls(self):
        view, name = self.admin_site.admin_view, self.opts.model_name
        return [
            path("<int:pk>/release/", view(self.release_text), name=f"release_{name}_text"),
            path("<int:pk>/redact/", view(self.redact_text), name=f"redact_{name}_text"),
            *super().get_urls(),
        ]

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def events_of(self, thing):
        return Event.objects.filter(
            about_type__app_label="partnership",
            about_type__model=self.opts.model_name,
            about_id=thing.pk,
        )

    def more_below(self, request, thing):
        name = self.opts.model_name
        may_read = self.may(request.user, "release_text", thing)
        return {
            **super().more_below(request, thing),
            "words": thing.text if may_read else thing.readable_text,
            "waits": thing.is_held,
            "release_url": reverse(f"admin:release_{name}_text", args=[thing.pk]),
            "redact_url": reverse(f"admin:redact_{name}_text", args=[thing.pk]),
            "redact_form": RedactForm(initial={"text": thing.text}, auto_id="redact_%s")
            if may_read and thing.text
            else None,
        }

    @method_decorator(require_POST)
    def release_text(self, request, pk):
        thing = self.own(request, pk, "release_text")
        with refusals_as_messages(request, _("The words are let through as they are.")):
            actions.release_text(thing, by=request.user)
        return self.back(pk)

    @method_decorator(require_POST)
    def redact_text(self, request, pk):
        thing = self.own(request, pk, "redact_text")
        form = RedactForm(request.POST)
        if form.is_valid():
            with refusals_as_messages(request, _("Taken out for good.")):
                actions.redact_text(thing, form.cleaned_data["text"], by=request.user)
        else:
            complain(request, form)
        return self.back(pk)

    def back(self, pk):
        return redirect(f"admin:partnership_{self.opts.model_name}_change", pk)


@admin.register(Progress)
class ProgressAdmin(HeldTextAdmin):
    """The venues' sentences: waiting to be read, and what went well to be told to others."""

    scheme_path = "usage_return__sign_up__scheme"
    list_display = ["usage_return", "text_state", "may_share", "shared_at"]
    list_filter = ["text_state", "may_share"]
    fields = ["usage_return", "text_state", "may_share"]
    readonly_fields = fields
    ordering = ["-usage_return__sent_at"]
    change_form_template = "admin/partnership/words.html"

    def get_queryset(self, request):
        related = ("usage_return__sign_up__venue__organisation", "usage_return__sign_up__scheme")
        return super().get_queryset(request).select_related(*related)

    def has_add_permission(self, request, obj=None):
        return False

    def get_urls(self):
        view = self.admin_site.admin_view(self.mark_progress_shared)
        return [
            path("<int:pk>/shared/", view, name="mark_progress_shared"),
            *super().get_urls(),
        ]

    def more_below(self, request, progress):
        buttons = []
        may = self.may(request.user, "mark_progress_shared", progress)
        if progress.may_share and progress.readable_text and not progress.shared_at and may:
            url = reverse("admin:mark_progress_shared", args=[progress.pk])
            buttons = [(url, _("I have told others"), "")]
        return {**super().more_below(request, progress), "buttons": buttons}

    @method_decorator(require_POST)
    def mark_progress_shared(self, request, pk):
        progress = self.own(request, pk, "mark_progress_shared")
        with refusals_as_messages(request, _("Noted.")):
            actions.mark_progress_shared(progress, by=request.user)
        return self.back(pk)


class OwnerFilter(admin.SimpleListFilter):
    title = gettext_lazy("owner")
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
    """By theme, urgency and owner. The words are on each issue's own page and in no list."""

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
    readonly_fields = ["venue"]
    add_form = OfficersIssueForm
    change_form_template = "admin/partnership/issue.html"

    @admin.display(description=gettext_lazy("venue"), ordering="sign_up__venue__name")
    def venue(self, issue):
        return issue.sign_up.venue if issue.sign_up_id else _("none: raised by an officer")

    @admin.display(description=gettext_lazy("words"), ordering="text_state")
    def words(self, issue):
        return issue.get_text_state_display() if issue.text else _("none")

    def get_fields(self, request, obj=None):
        return self.fields if obj else OfficersIssueForm.Meta.fields

    def get_readonly_fields(self, request, obj=None):
        return self.fields if obj else []

    def get_form(self, request, obj=None, change=False, **kwargs):
        if obj is None:
            kwargs["form"] = OfficersIssueForm
        return super().get_form(request, obj, change=change, **kwargs)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "scheme":
            mine = [
                scheme.pk
                for scheme in field.queryset
                if request.user.has_perm("partnership.raise_issue", scheme)
            ]
            field.queryset = field.queryset.filter(pk__in=mine)
        return field

    def save_model(self, request, obj, form, change):
        """An officer's own words: nobody need read them first."""
        with refusals_as_messages(request, _("The issue is raised.")):
            made = actions.raise_issue(
                obj.scheme,
                NewIssue(obj.theme, obj.urgency, obj.text),
                sign_up=obj.sign_up,
                by=request.user,
                by_officer=True,
            )
            obj.pk = made.pk

    def response_add(self, request, obj, post_url_continue=None):
        if obj.pk is None:
            return redirect("admin:partnership_issue_add")
        return self.back(obj.pk)

    def get_urls(self):
        pages = [
            ("<int:pk>/handle/", self.handle_issue),
            ("<int:pk>/give/", self.give_issue),
            ("<int:pk>/note/", self.note_what_was_done),
            ("<int:pk>/close/", self.close_issue),
            ("<int:pk>/staff-checked/", self.mark_staff_checked),
        ]
        view = self.admin_site.admin_view
        own = [path(route, view(page), name=page.__name__) for route, page in pages]
        return [*own, *super().get_urls()]

    def more_below(self, request, issue):
        below = super().more_below(request, issue)
        moves = ISSUE_MOVES[issue.state]
        buttons = []
        if IssueState.HANDLED in moves and self.may(request.user, "handle_issue", issue):
            url = reverse("admin:handle_issue", args=[issue.pk])
            again = issue.state == IssueState.CLOSED
            buttons.append((url, _("Take it up again") if again else _("I take this on"), ""))
        hard = issue.is_urgent and issue.sign_up_id and not issue.staff_checked_at
        if hard and self.may(request.user, "mark_staff_checked", issue):
            url = reverse("admin:mark_staff_checked", args=[issue.pk])
            buttons.append((url, _("I asked how the staff are"), ""))
        open_ = issue.state != IssueState.CLOSED
        forms = {}
        if open_ and self.may(request.user, "give_issue", issue):
            forms["give_form"] = GiveForm(scheme=issue.scheme)
        if self.may(request.user, "note_what_was_done", issue):
            forms["note_form"] = NoteForm(initial={"text": issue.what_was_done}, auto_id="note_%s")
        if open_ and self.may(request.user, "close_issue", issue):
            forms["close_form"] = CloseForm(auto_id="close_%s")
        nothing = dict.fromkeys(("give_form", "note_form", "close_form"))
        return {**below, **nothing, **forms, "buttons": buttons}

    def _do(self, request, pk, permission, form, done, act):
        """One button with a form: `act(issue, cleaned data)`, or the form's complaints."""
        issue = self.own(request, pk, permission)
        filled = form(issue)
        if filled is not None and not filled.is_valid():
            complain(request, filled)
        else:
            with refusals_as_messages(request, done):
                act(issue, filled.cleaned_data if filled else {})
        return self.back(pk)

    @method_decorator(require_POST)
    def handle_issue(self, request, pk):
        return self._do(
            request,
            pk,
            "handle_issue",
            lambda issue: None,
            _("You look after it now."),
            lambda issue, data: actions.handle_issue(issue, by=request.user),
        )

    @method_decorator(require_POST)
    def give_issue(self, request, pk):
        return self._do(
            request,
            pk,
            "give_issue",
            lambda issue: GiveForm(request.POST, scheme=issue.scheme),
            _("It has a new owner."),
            lambda issue, data: actions.give_issue(issue, data["officer"], by=request.user),
        )

    @method_decorator(require_POST)
    def note_what_was_done(self, request, pk):
        return self._do(
            request,
            pk,
            "note_what_was_done",
            lambda issue: NoteForm(request.POST),
            _("Written down."),
            lambda issue, data: actions.note_what_was_done(issue, data["text"], by=request.user),
        )

    @method_decorator(require_POST)
    def close_issue(self, request, pk):
        return self._do(
            request,
            pk,
            "close_issue",
            lambda issue: CloseForm(request.POST),
            _("Closed."),
            lambda issue, data: actions.close_issue(issue, answer=data["answer"], by=request.user),
        )

    @method_decorator(require_POST)
    def mark_staff_checked(self, request, pk):
        return self._do(
            request,
            pk,
            "mark_staff_checked",
            lambda issue: None,
            _("Thank you for asking."),
            lambda issue, data: actions.mark_staff_checked(issue, by=request.user),
        )


@admin.register(Away)
class AwayAdmin(OfficersAdmin):
    """Who is away until when, and who gets urgent issues meanwhile."""

    scheme_path = "officer__scheme"
    form = AwayForm
    list_display = ["officer", "until", "deputy", "is_over"]
    list_select_related = ["officer__user", "officer__scheme", "deputy__user", "deputy__scheme"]

    @admin.display(description=gettext_lazy("back"), boolean=True)
    def is_over(self, away):
        return away.until < timezone.localdate()

    def get_readonly_fields(self, request, obj=None):
        return ["officer", "until", "deputy"] if obj else []

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        mine = [
            role.scheme_id
            for role in request.user.officer_roles.select_related("scheme")
            if request.user.has_perm("partnership.go_away", role.scheme)
        ]
        officers = Officer.objects.select_related("user", "scheme")
        if not request.user.is_superuser:
            officers = officers.filter(scheme__in=mine)
        field.queryset = officers
        return field

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_urls(self):
        view = self.admin_site.admin_view(self.come_back)
        return [path("<int:pk>/back/", view, name="come_back"), *super().get_urls()]

    def save_model(self, request, obj, form, change):
        with refusals_as_messages(request, _("Noted.")):
            actions.go_away(obj.officer, deputy=obj.deputy, until=obj.until, by=request.user)

    def response_add(self, request, obj, post_url_continue=None):
        return redirect("admin:partnership_away_changelist")

    def more_below(self, request, away):
        buttons = []
        if request.user.has_perm("partnership.come_back", away):
            url = reverse("admin:come_back", args=[away.pk])
            buttons = [(url, _("Back already"), "")]
        return {"history": None, "buttons": buttons}

    @method_decorator(require_POST)
    def come_back(self, request, pk):
        away = self.own(request, pk, "come_back")
        with refusals_as_messages(request, _("Welcome back.")):
            actions.come_back(away.officer, by=request.user)
        return redirect("admin:partnership_away_changelist")
