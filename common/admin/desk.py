"""Where decisions are offered: on lists (`Desk`) and on standalone pages (`Office`)."""

from functools import partial

from django.contrib import admin
from django.urls import path, reverse
from django.views.decorators.cache import never_cache

from .decisions import Decision, Offer, version_of
from .pages import Deciding, empty_form, refuse_others
from .shared import shared


class Desk(Deciding, admin.ModelAdmin):
    """A list with its pages, on which officers decide. `decisions` are Decision classes."""

    @property
    def app(self) -> str:
        return self.opts.app_label

    def things(self, request):
        return self.get_queryset(request)

    def home(self, owner, goes_to="") -> str:
        """The page of the object, or the list."""
        prefix = f"admin:{self.opts.app_label}_{self.opts.model_name}"
        if owner is None or goes_to == "list":
            return reverse(f"{prefix}_changelist")
        return reverse(f"{prefix}_change", args=[owner.pk]) + goes_to

    def page(self, request, **more):
        return {**self.admin_site.each_context(request), "opts": self.opts, **more}

    def get_urls(self):
        words = {"app": self.opts.app_label, "model": self.opts.model_name}
        own = [
            path(route, self.admin_site.admin_view(view), name=name.format(**words))
            for route, view, name in self.addresses()
        ]
        return [*own, *super().get_urls()]

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        return shared(form) if change else form

    @property
    def creates(self) -> Decision | None:
        """The decision that creates objects of this list; None for Django's own add form."""
        return next((each for each in self._decisions if each.creates), None)

    def add_view(self, request, form_url="", extra_context=None):
        if self.creates:
            return self._decide(self.creates, request)
        return super().add_view(request, form_url, extra_context)

    def offers(self, request, thing) -> dict[str, Offer | None]:
        """Offers about the object by decision name: None where this officer cannot take it now."""
        found = {}
        for each in self._decisions:
            if each.creates or not each.route or "<" in each.route.replace("<int:pk>", ""):
                continue
            now = each.may(request.user, thing) and each.possible(thing, request.user)
            found[each.name] = self.offer(request, each, thing) if now else None
        return found

    def offer(self, request, decision, thing) -> Offer:
        return Offer(
            decision,
            decision.url(thing),
            version_of(thing),
            empty_form(request, decision, thing),
            decision.why_not(thing),
            decision.effect([thing]),
        )

    def offers_of(self, request, thing) -> dict[str, Offer | None]:
        """The same for an object that has a list of its own."""
        return self.admin_site.get_model_admin(type(thing)).offers(request, thing)

    def get_actions(self, request):
        found = super().get_actions(request)
        for each in self._decisions:
            if each.several and each.may(request.user, None):
                act = partial(_show_several, each)
                found[each.several] = (act, each.several, each.in_list or each.words)
        return found


class Office(Deciding):
    """Officers' pages that belong to no list: a report, a register at the door.

        urlpatterns = [*Register().urls, ...]

    Its URLs start with `base` and have no namespace, so its decisions have `site = ""`. The
    middleware sends anonymous users to log in, as everywhere.
    """

    base = ""
    in_admin = True
    """Whether its pages have the admin's frame."""

    @property
    def app(self) -> str:
        return type(self).__module__.partition(".")[0]

    def page(self, request, **more):
        return {**admin.site.each_context(request), **more} if self.in_admin else more

    @property
    def urls(self) -> list:
        return [
            path(f"{self.base}{route}", never_cache(view), name=name)
            for route, view, name in self.addresses()
        ]


def _show_several(decision, desk, request, queryset):
    """The bulk action: previews what would happen to each row, and changes nothing."""
    things = list(queryset.order_by("pk"))
    refuse_others(request, decision, things)
    return desk._ask_several(request, decision, things)
