"""Sign-ups: the list, and one screen to decide on."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from common.refusals import refusals_as_messages
from venues import actions
from venues.emails import default_letter, venue_addresses
from venues.models import Event, Scheme, SignUp
from venues.queues import QUEUES, find_queue
from venues.rules import missing_for_approval

from .base import OfficersAdmin, SchemeFilter, complain
from .decision import decision
from .forms import (
    ChangesForm,
    CheckForm,
    DeclineForm,
    EnterSignUpForm,
    LetterForm,
    SuspendForm,
    WithdrawForm,
)


class QueueFilter(admin.SimpleListFilter):
    """The same queues as on the first page, whole."""

    title = gettext_lazy("what needs doing")
    parameter_name = "queue"

    def lookups(self, request, model_admin):
        return [(queue.key, queue.title) for queue in QUEUES]

    def queryset(self, request, queryset):
        queue = find_queue(self.value() or "")
        return queue.find(queryset, timezone.now()) if queue else queryset


@admin.register(SignUp)
class SignUpAdmin(OfficersAdmin):
    """Nothing is typed in here: a sign-up changes by the buttons on its screen."""

    list_display = ["venue", "reference", "state", "scheme", "town", "submitted_at", "approved_at"]
    list_filter = ["state", QueueFilter, ("scheme", SchemeFilter)]
    list_select_related = ["venue", "scheme"]
    search_fields = ["venue__name", "venue__postcode", "reference", "venue__organisation__name"]
    ordering = ["-started_at"]

    @admin.display(description=gettext_lazy("town or city"), ordering="venue__town")
    def town(self, sign_up):
        return sign_up.venue.town

    def has_add_permission(self, request, obj=None):
        return request.user.has_perm("venues.enter_sign_up")

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_urls(self):
        pages = [
            ("enter/", self.enter_sign_up),
            ("<int:pk>/approve/letter/", self.approve_sign_up_letter),
            ("<int:pk>/approve/", self.approve_sign_up),
            ("<int:pk>/ask-for-changes/letter/", self.ask_for_changes_letter),
            ("<int:pk>/ask-for-changes/", self.ask_for_changes),
            ("<int:pk>/decline/letter/", self.decline_sign_up_letter),
            ("<int:pk>/decline/", self.decline_sign_up),
            ("<int:pk>/suspend/", self.suspend_sign_up),
            ("<int:pk>/suspension-letter/letter/", self.send_suspension_letter_letter),
            ("<int:pk>/suspension-letter/", self.send_suspension_letter),
            ("<int:pk>/reinstate/letter/", self.reinstate_sign_up_letter),
            ("<int:pk>/reinstate/", self.reinstate_sign_up),
            ("<int:pk>/withdraw/", self.withdraw_sign_up),
            ("<int:pk>/record-check/", self.record_check),
            ("<int:pk>/confirm-agreement/", self.confirm_agreement_on_paper),
            ("<int:pk>/issue-sticker/", self.issue_sticker),
        ]
        view = self.admin_site.admin_view
        own = [path(route, view(page), name=page.__name__) for route, page in pages]
        return [*own, *super().get_urls()]

    # The screen

    @method_decorator(require_safe)
    def change_view(self, request, object_id, form_url="", extra_context=None):
        sign_up = self.get_object(request, object_id)
        if sign_up is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_permission(request, sign_up):
            raise PermissionDenied
        page = self.page(
            request,
            title=str(sign_up.venue),
            subtitle=None,
            original=sign_up,
            **decision(sign_up, request.user),
        )
        return render(request, "admin/venues/signup/decision.html", page)

    def events_of(self, sign_up):
        return Event.objects.filter(sign_up=sign_up)

    # A venue that applies by telephone or on paper

    @method_decorator(require_safe)
    def add_view(self, request, form_url="", extra_context=None):
        schemes = self._schemes_to_enter(request)
        return self._enter_page(request, EnterSignUpForm(schemes=schemes))

    @method_decorator(require_POST)
    def enter_sign_up(self, request):
        form = EnterSignUpForm(request.POST, schemes=self._schemes_to_enter(request))
        if form.is_valid():
            with refusals_as_messages(request, _("Started. Fill in what the venue told you.")):
                sign_up = actions.start_sign_up(
                    **form.cleaned_data, by=request.user, entered_by_officer=True
                )
                return redirect("sign_up", sign_up.pk)
        return self._enter_page(request, form)

    def _schemes_to_enter(self, request):
        if not request.user.has_perm("venues.enter_sign_up"):
            raise PermissionDenied
        schemes = Scheme.objects.for_officer(request.user).open()
        mine = [each.pk for each in schemes if request.user.has_perm("venues.enter_sign_up", each)]
        return schemes.filter(pk__in=mine)

    def _enter_page(self, request, form):
        page = self.page(request, title=_("Enter a sign-up for a venue"), subtitle=None, form=form)
        return render(request, "admin/venues/signup/enter.html", page)

    # Decisions with a letter: a page that shows it, and a button that sends it

    def approve_sign_up_letter(self, request, pk):
        return self._letter_page(request, pk, "approve_sign_up", "approve", LetterForm)

    def approve_sign_up(self, request, pk):
        done = _("Approved. The letter is sent.")
        return self._decide(request, pk, "approve_sign_up", LetterForm, done)

    def ask_for_changes_letter(self, request, pk):
        return self._letter_page(request, pk, "ask_for_changes", "ask_for_changes", ChangesForm)

    @method_decorator(require_POST)
    def ask_for_changes(self, request, pk):
        sign_up = self.own(request, pk, "ask_for_changes")
        form = self._form(ChangesForm, sign_up, request.POST)
        if form.is_valid():
            with refusals_as_messages(request, _("The venue is asked for changes.")):
                actions.ask_for_changes(
                    sign_up,
                    by=request.user,
                    requests=form.requests(),
                    letter=form.cleaned_data["letter"],
                )
                return redirect("admin:venues_signup_change", pk)
        return self._letter(request, sign_up, "ask_for_changes", form)

    def decline_sign_up_letter(self, request, pk):
        return self._letter_page(request, pk, "decline_sign_up", "decline", DeclineForm)

    def decline_sign_up(self, request, pk):
        done = _("Declined. The letter is sent.")
        return self._decide(request, pk, "decline_sign_up", DeclineForm, done)

    def reinstate_sign_up_letter(self, request, pk):
        return self._letter_page(request, pk, "reinstate_sign_up", "reinstate", LetterForm)

    def reinstate_sign_up(self, request, pk):
        done = _("Reinstated. The letter is sent.")
        return self._decide(request, pk, "reinstate_sign_up", LetterForm, done)

    def send_suspension_letter_letter(self, request, pk):
        return self._letter_page(request, pk, "send_suspension_letter", "suspend", LetterForm)

    def send_suspension_letter(self, request, pk):
        done = _("The letter is sent.")
        return self._decide(request, pk, "send_suspension_letter", LetterForm, done)

    @method_decorator(require_safe)
    def _letter_page(self, request, pk, action, draft, form_class):
        sign_up = self.own(request, pk, action)
        form = self._form(form_class, sign_up, None, {"letter": default_letter(draft, sign_up)})
        return self._letter(request, sign_up, action, form)

    @method_decorator(require_POST)
    def _decide(self, request, pk, action, form_class, done):
        """Do it with the letter as the officer left it; refused, the page keeps what was typed."""
        sign_up = self.own(request, pk, action)
        form = self._form(form_class, sign_up, request.POST)
        if form.is_valid():
            with refusals_as_messages(request, done):
                getattr(actions, action)(sign_up, by=request.user, **form.cleaned_data)
                return redirect("admin:venues_signup_change", pk)
        return self._letter(request, sign_up, action, form)

    def _form(self, form_class, sign_up, data, initial=None):
        more = {"principles": sign_up.scheme.principles.all()} if form_class is ChangesForm else {}
        return form_class(data, initial=initial, **more)

    def _letter(self, request, sign_up, action, form):
        page = self.page(
            request,
            title=TITLES[action] % {"venue": sign_up.venue},
            subtitle=None,
            original=sign_up,
            form=form,
            action=f"admin:{action}",
            recipients=sorted(venue_addresses(sign_up.venue)),
            reasons=missing_for_approval(sign_up) if action == "approve_sign_up" else [],
        )
        return render(request, "admin/venues/signup/letter.html", page)

    # What works at once

    @method_decorator(require_POST)
    def suspend_sign_up(self, request, pk):
        return self._at_once(
            request,
            pk,
            "suspend_sign_up",
            SuspendForm,
            _("Suspended: the public no longer finds it. Now send the letter."),
        )

    @method_decorator(require_POST)
    def withdraw_sign_up(self, request, pk):
        return self._at_once(
            request, pk, "withdraw_sign_up", WithdrawForm, _("The venue has left the scheme.")
        )

    @method_decorator(require_POST)
    def record_check(self, request, pk):
        return self._at_once(request, pk, "record_check", CheckForm, _("The check is recorded."))

    @method_decorator(require_POST)
    def confirm_agreement_on_paper(self, request, pk):
        sign_up = self.own(request, pk, "confirm_agreement")
        with refusals_as_messages(request, _("The signed paper is recorded.")):
            actions.confirm_agreement(sign_up, how="paper", by=request.user)
        return redirect("admin:venues_signup_change", pk)

    @method_decorator(require_POST)
    def issue_sticker(self, request, pk):
        sign_up = self.own(request, pk, "issue_sticker")
        with refusals_as_messages(request, _("The sticker is issued. Print it and send it.")):
            actions.issue_sticker(sign_up, by=request.user)
        return redirect("admin:venues_signup_change", pk)

    def _at_once(self, request, pk, action, form_class, done):
        sign_up = self.own(request, pk, action)
        form = form_class(request.POST)
        if form.is_valid():
            with refusals_as_messages(request, done):
                getattr(actions, action)(sign_up, by=request.user, **form.cleaned_data)
        complain(request, form)
        return redirect("admin:venues_signup_change", pk)


TITLES = {
    "approve_sign_up": gettext_lazy("Approve %(venue)s"),
    "ask_for_changes": gettext_lazy("Ask %(venue)s for changes"),
    "decline_sign_up": gettext_lazy("Decline %(venue)s"),
    "reinstate_sign_up": gettext_lazy("Reinstate %(venue)s"),
    "send_suspension_letter": gettext_lazy("Letter to %(venue)s about its suspension"),
}
