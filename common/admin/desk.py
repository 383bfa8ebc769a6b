"""Where decisions are made: a ModelAdmin whose addresses and buttons come from declarations."""

from collections.abc import Callable
from functools import partial, update_wrapper

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse

from common.refusals import Refused, complain, refusals_as_messages, success_with_undo

from .decisions import CHANGED_MEANWHILE, Decision, Offer, version_of

READ = ("GET", "HEAD")


def officers_page(route: str, *, name: str = "", permission: str = "", methods=READ):
    """Declare a method of a Desk as a page that officers read.

    With `<int:pk>` in the route the method is given the thing instead of its key: one the officer
    may see (else 404) and for which they hold `permission` (else 403). Without, the permission is
    asked in general. `methods` other than reading are for forms that another view takes in.
    """

    def declare(method: Callable):
        method.is_page = {
            "route": route,
            "name": name or method.__name__,
            "permission": permission,
            "methods": methods,
        }
        return method

    return declare


class Desk(admin.ModelAdmin):
    """A list and its pages, on which officers decide. `decisions` are classes of Decision."""

    decisions: list[type[Decision]] = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._decisions = [each() for each in self.decisions]

    # Addresses

    def get_urls(self):
        view = self.admin_site.admin_view
        own = []
        for each in self._decisions:
            one = view(update_wrapper(partial(self._decide, each), type(each)))
            own.append(path(each.route, one, name=each.name))
            if each.several:
                many = view(update_wrapper(partial(self._decide_several, each), type(each)))
                own.append(path(f"{each.name.replace('_', '-')}/", many, name=each.several))
        for name in dir(type(self)):
            method = getattr(type(self), name, None)
            page = getattr(method, "is_page", None)
            if page:
                shown = view(update_wrapper(partial(self._read, name, page), method))
                called = page["name"].format(app=self.opts.app_label, model=self.opts.model_name)
                own.append(path(page["route"], shown, name=called))
        return [*own, *super().get_urls()]

    def own(self, request, pk, permission):
        """The thing, if it is this officer's to see (else 404) and to act on (else 403)."""
        thing = get_object_or_404(self.get_queryset(request), pk=pk)
        if not self.may(request.user, permission, thing):
            raise PermissionDenied
        return thing

    def may(self, user, permission, thing=None) -> bool:
        name = permission if "." in permission else f"{self.opts.app_label}.{permission}"
        return user.has_perm(name, thing)

    def page(self, request, **more):
        return {**self.admin_site.each_context(request), "opts": self.opts, **more}

    def _read(self, method, page, request, **keys):
        if request.method not in page["methods"]:
            return HttpResponseNotAllowed(page["methods"])
        if "<int:pk>" in page["route"] and page["permission"]:
            thing = self.own(request, keys.pop("pk"), page["permission"])
            return getattr(self, method)(request, thing, **keys)
        if page["permission"] and not self.may(request.user, page["permission"]):
            raise PermissionDenied
        return getattr(self, method)(request, **keys)

    # One thing

    @property
    def creates(self) -> Decision | None:
        """The decision by which things of this list are made; None, by Django's own form."""
        return next((each for each in self._decisions if each.creates), None)

    def add_view(self, request, form_url="", extra_context=None):
        if self.creates:
            return self._decide(self.creates, request)
        return super().add_view(request, form_url, extra_context)

    def decide(self, request, name, owner):
        """The page that asks for one decision, at another address than its own."""
        decision = next(each for each in self._decisions if each.name == name)
        form = _empty_form(request, decision, owner)
        address = decision.url(owner)
        return self._ask(request, decision, owner, owner, version_of(owner), form, address=address)

    def _decide(self, decision, request, pk=None, **keys):
        if request.method not in ("GET", "HEAD", "POST"):
            return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
        owner = None
        if not decision.creates:
            owner = get_object_or_404(decision.rows(self, request), pk=pk)
        thing, more = decision.part(owner, request.user, **keys)
        if not decision.may_here(request.user, owner, more):
            raise PermissionDenied
        version = version_of(thing)  # before a form writes what was typed into the thing
        ask = partial(self._ask, request, decision, owner, thing, version)
        if request.method != "POST":
            return ask(_empty_form(request, decision, thing))
        form = decision.form_for(thing, request.user, request.POST, request.FILES)
        again = partial(ask, form)
        if decision.checks_version and request.POST.get("version", version) not in ("", version):
            messages.error(request, CHANGED_MEANWHILE)
            return again()
        if form is not None and not form.is_valid():
            complain(request, form)
            return again()
        given = decision.cleaned(form, thing) if form is not None else {}
        if decision.must_confirm(thing, given) and "confirmed" not in request.POST:
            return again(given=given)
        with refusals_as_messages(request):
            outcome = decision.do(thing, by=request.user, **more, **given)
            words = decision.said(thing, outcome)
            if decision.undo:
                success_with_undo(request, words, decision.undo().url(owner))
            elif words:
                messages.success(request, words)
            return redirect(decision.after(self, owner, outcome))
        if form is not None:
            return again()
        return redirect(decision.back(self, owner))

    def _ask(self, request, decision, owner, thing, version, form, given=None, address=""):
        """The page that says what the decision does and asks for it."""
        if not decision.template:
            return redirect(decision.back(self, owner))
        page = {
            "title": decision.title(thing),
            "subtitle": None,
            "original": owner,
            "thing": thing,
            "form": form,
            "decision": decision,
            "action": address or request.path,
            "version": version,
            "effect": decision.effect([thing]),
            "reasons": decision.why_not(thing) if thing is not None else (),
            "possible": thing is None or decision.possible(thing, request.user),
            "back": decision.back(self, owner),
            "to_confirm": given is not None,
            **decision.context(self, request, thing),
        }
        if given is not None:
            page |= decision.confirm_context(self, request, thing, given)
        template = decision.confirm_template if given is not None else decision.template
        return render(request, template, self.page(request, **page))

    def offers(self, request, thing) -> dict[str, Offer | None]:
        """Each decision about the thing by its name: None where this officer cannot take it now."""
        found = {}
        for each in self._decisions:
            if each.creates or "<" in each.route.replace("<int:pk>", ""):
                continue
            now = each.may(request.user, thing) and each.possible(thing, request.user)
            found[each.name] = self.offer(request, each, thing) if now else None
        return found

    def offer(self, request, decision, thing) -> Offer:
        return Offer(
            decision,
            decision.url(thing),
            version_of(thing),
            _empty_form(request, decision, thing),
            decision.why_not(thing),
            decision.effect([thing]),
        )

    def offers_of(self, request, thing) -> dict[str, Offer | None]:
        """The same about a thing that has a list of its own."""
        return self.admin_site.get_model_admin(type(thing)).offers(request, thing)

    # Several things

    def get_actions(self, request):
        found = super().get_actions(request)
        for each in self._decisions:
            if each.several and each.may(request.user, None):
                act = partial(_show_several, each)
                found[each.several] = (act, each.several, each.in_list or each.words)
        return found

    def _ask_several(self, request, decision, things, form=None):
        page = self.page(
            request,
            title=decision.in_list or decision.words,
            subtitle=None,
            decision=decision,
            form=form or decision.form_for(None, request.user),
            effects=[(each, version_of(each), decision.effect([each])) for each in things],
            action=reverse(f"admin:{decision.several}"),
            checkbox=ACTION_CHECKBOX_NAME,
            back=decision.back(self, None),
            **decision.context_of_several(self, request, things),
        )
        return render(request, decision.several_template, page)

    def _decide_several(self, decision, request):
        if request.method not in ("GET", "HEAD", "POST"):
            return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
        sent = request.POST if request.method == "POST" else request.GET
        things = self.chosen(request, decision, sent.getlist("id"))
        if request.method != "POST":
            return self._ask_several(request, decision, things)
        form = decision.form_for(None, request.user, request.POST)
        if form is not None and not form.is_valid():
            complain(request, form)
            return self._ask_several(request, decision, things, form)
        given = decision.cleaned(form, None) if form is not None else {}
        for thing in things:
            try:
                version = version_of(thing)
                if request.POST.get(f"version_{thing.pk}", version) != version:
                    raise Refused(f"{thing}: {CHANGED_MEANWHILE}")
                outcome = decision.do(thing, by=request.user, **given)
            except Refused as refusal:
                for reason in refusal.reasons:
                    messages.error(request, reason)
            else:
                messages.success(request, decision.said_of_one(thing, outcome))
        return redirect(decision.back(self, None))

    def chosen(self, request, decision, ids):
        """The rows of these keys; refused as a whole when one of them is not theirs to decide."""
        keys = [int(key) for key in ids if key.isdecimal()]
        things = list(decision.rows(self, request).filter(pk__in=keys).order_by("pk"))
        refuse_others(request, decision, things)
        return things


def _empty_form(request, decision, thing):
    known = {name: request.GET[name] for name in decision.prefill if name in request.GET}
    more = {"known": known} if known else {}
    return decision.form_for(thing, request.user, **more)


def refuse_others(request, decision, things):
    """One thing that is not theirs to decide about refuses them all."""
    user = request.user
    if not decision.may(user, None) or not all(decision.may(user, each) for each in things):
        raise PermissionDenied


def _show_several(decision, desk, request, queryset):
    """The list's action: shows what would happen to each, and does nothing."""
    things = list(queryset.order_by("pk"))
    refuse_others(request, decision, things)
    return desk._ask_several(request, decision, things)
