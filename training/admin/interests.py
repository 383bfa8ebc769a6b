"""The demand for training: which modules people want, and what they should cover."""

from dataclasses import dataclass

from django.contrib import admin
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.admin import Decision, officers_page
from training import actions
from training.models import Interest, Module, Session
from venues.admin.base import OfficersAdmin, SchemeFilter
from venues.evidence_kinds import Part


class OpenFilter(admin.SimpleListFilter):
    title = _("told about a session")
    parameter_name = "told"

    def lookups(self, request, model_admin):
        return [("no", _("Not yet")), ("yes", _("Told"))]

    def queryset(self, request, queryset):
        if self.value() in ("yes", "no"):
            return queryset.filter(told_at__isnull=self.value() == "no")
        return queryset


@dataclass(frozen=True)
class Demand:
    """The interest in one module, or in any."""

    module: Module | None
    asked: list[Interest]
    next_session: Session | None

    @property
    def people(self) -> int:
        return sum(each.people for each in self.asked)


class DeleteInterest(Decision):
    words = _("Delete it: they asked us to")
    done = _("Deleted.")
    goes_to = "list"
    grave = True

    def do(self, interest, *, by):
        actions.withdraw_interest(interest)


@admin.register(Interest)
class InterestAdmin(OfficersAdmin):
    part = Part.TRAINING
    by_form = ()
    decisions = [DeleteInterest]
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

    @admin.display(description=_("training"), ordering="module__title")
    def what(self, interest):
        return interest.module or _("Any")

    @admin.display(description=_("who"))
    def who(self, interest):
        return who(interest)

    @officers_page("demand/", name="training_demand", permission="view_interest")
    def demand(self, request):
        """Open interest by module, most wanted first."""
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


def who(interest) -> str:
    """The venue, or what somebody without one said about themselves."""
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
