"""The demand before the next round: who wants which training, and what they want it to cover."""

from dataclasses import dataclass

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from common.refusals import refusals_as_messages
from training import actions
from training.models import Interest, Module, Session
from venues.admin.base import OfficersAdmin, SchemeFilter


class OpenFilter(admin.SimpleListFilter):
    title = gettext_lazy("told of a session")
    parameter_name = "told"

    def lookups(self, request, model_admin):
        return [("no", _("Not yet")), ("yes", _("Told"))]

    def queryset(self, request, queryset):
        if self.value() in ("yes", "no"):
            return queryset.filter(told_at__isnull=self.value() == "no")
        return queryset


@dataclass(frozen=True)
class Demand:
    """What is asked of one module, or of any."""

    module: Module | None
    asked: list[Interest]
    next_session: Session | None

    @property
    def people(self) -> int:
        return sum(each.people for each in self.asked)


@admin.register(Interest)
class InterestAdmin(OfficersAdmin):
    by_form = ()
    list_display = [
        "what",
        "people",
        "who",
        "wants_covered",
        "brings",
        "suits",
        "asked_at",
        "told_at",
    ]
    list_filter = [OpenFilter, ("module", SchemeFilter), ("scheme", SchemeFilter)]
    list_select_related = ["module", "sign_up__venue", "scheme"]
    search_fields = ["module__title", "wants_covered", "organisation_name", "sign_up__venue__name"]
    fields = [
        "scheme",
        "module",
        "sign_up",
        "name",
        "organisation_name",
        "email",
        "people",
        "wants_covered",
        "brings",
        "suits",
        "asked_at",
        ("told_at", "told_session"),
    ]
    change_list_template = "admin/training/interest/change_list.html"

    @admin.display(description=gettext_lazy("training"), ordering="module__title")
    def what(self, interest):
        return interest.module or _("Any")

    @admin.display(description=gettext_lazy("who"))
    def who(self, interest):
        return who(interest)

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("demand/", view(self.demand), name="training_demand"),
            path("<int:pk>/delete-interest/", view(self.delete_interest), name="delete_interest"),
            *super().get_urls(),
        ]

    def more_below(self, request, interest):
        may = request.user.has_perm("training.delete_interest", interest)
        url = reverse("admin:delete_interest", args=[interest.pk])
        buttons = [(url, _("Delete it: they asked us to"), "app-grave")] if may else []
        return {**super().more_below(request, interest), "buttons": buttons}

    @method_decorator(require_safe)
    def demand(self, request):
        """Interest that no session met, by module, the most wanted first."""
        if not request.user.has_perm("training.view_interest"):
            raise PermissionDenied
        asked = (
            self.get_queryset(request)
            .open()
            .select_related("module", "sign_up__venue", "scheme")
            .order_by("asked_at", "pk")
        )
        page = self.page(
            request,
            title=_("What people want to learn"),
            subtitle=None,
            rows=[
                (each, [(interest, who(interest)) for interest in each.asked])
                for each in _by_module(asked, request.user)
            ],
            may_plan=request.user.has_perm("training.plan_session"),
        )
        return render(request, "admin/training/interest/demand.html", page)

    @method_decorator(require_POST)
    def delete_interest(self, request, pk):
        interest = get_object_or_404(self.get_queryset(request), pk=pk)
        if not request.user.has_perm("training.delete_interest", interest):
            raise PermissionDenied
        with refusals_as_messages(request, _("Deleted.")):
            actions.withdraw_interest(interest)
        return redirect("admin:training_interest_changelist")


def who(interest) -> str:
    """A venue, or what somebody without one wrote about themselves."""
    if interest.sign_up:
        return str(interest.sign_up.venue)
    known = [interest.name, interest.organisation_name, interest.email]
    return ", ".join(each for each in known if each) or _("Somebody without an organisation")


def _by_module(asked, user) -> list[Demand]:
    groups: dict = {}
    for interest in asked:
        groups.setdefault(interest.module, []).append(interest)
    to_come = {}
    for session in Session.objects.for_officer(user).to_come(timezone.now()).order_by("-starts_at"):
        to_come[session.module_id] = session
    found = [
        Demand(module, interests, to_come.get(module.pk) if module else None)
        for module, interests in groups.items()
    ]
    return sorted(found, key=lambda demand: -demand.people)
