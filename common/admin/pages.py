"""URLs and pages generated from declarations: shared by `Desk` and `Office`."""

from collections.abc import Callable
from functools import partial, update_wrapper

from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from common.refusals import Refused, complain, refusals_as_messages, success_with_undo

from .decisions import CHANGED_MEANWHILE, Decision, version_of

READ = ("GET", "HEAD")
DECIDE = (*READ, "POST")


def officers_page(route: str, *, name: str = "", permission: str = "", methods=READ):
    """Declare a method of a Desk or an Office as a page for officers.

    With a key (`<int:pk>`) in the route and a `permission`, the method receives the object instead
    of its key: one visible to the officer (else 404) and for which they hold the permission (else
    403). Without a key the permission is checked in general. `methods` other than GET are for forms
    that another view includes.
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


class Deciding:
    """URLs, pages and decisions that a `Desk` or an `Office` declares."""

    decisions: list[type[Decision]] = []
    key = "pk"
    """The name of the object's key in URLs."""
    lookup = "pk"
    """The field that the key refers to."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._decisions = [each() for each in self.decisions]

    # Kinds of page: abstract here, implemented by `Desk` and `Office`

    @property
    def app(self) -> str:
        """The app whose permissions apply where none is named."""
        raise NotImplementedError

    def things(self, request):
        """The objects visible to this officer."""
        raise NotImplementedError

    def home(self, owner, goes_to="") -> str:
        """The URL of the object's page, or of the list."""
        raise NotImplementedError

    def page(self, request, **more) -> dict:
        """Template context of a page."""
        raise NotImplementedError

    # Addresses

    def addresses(self):
        """(route, view, name) of each decision and each page."""
        for each in self._decisions:
            kind = type(each)
            if each.route is not None:
                yield each.route, update_wrapper(partial(self._decide, each), kind), each.name
            if each.asked_at:
                route, name = each.asked_at
                yield route, update_wrapper(partial(self._ask_first, each), kind), name
            if each.several:
                many = update_wrapper(partial(self._decide_several, each), kind)
                yield each.several_route or f"{each.name.replace('_', '-')}/", many, each.several
            if each.several_asked_at:
                route, name = each.several_asked_at
                yield route, update_wrapper(partial(self._look_at_several, each), kind), name
        for name in dir(type(self)):
            method = getattr(type(self), name, None)
            page = getattr(method, "is_page", None)
            if page:
                shown = update_wrapper(partial(self._read, name, page), method)
                yield page["route"], shown, page["name"]

    def named(self, rows, keys: dict):
        """Look up the object the URL names among these rows (else 404); removes its keys from
        `keys`.
        """
        return get_object_or_404(rows, **{self.lookup: keys.pop(self.key)})

    def own(self, request, keys: dict, permission):
        """The object, if this officer may see it (else 404) and act on it (else 403)."""
        thing = self.named(self.things(request), keys)
        if not self.may(request.user, permission, thing):
            raise PermissionDenied
        return thing

    def may(self, user, permission, thing=None) -> bool:
        name = permission if "." in permission else f"{self.app}.{permission}"
        return user.has_perm(name, thing)

    def _read(self, method, page, request, **keys):
        if request.method not in page["methods"]:
            return HttpResponseNotAllowed(page["methods"])
        if self.key in keys and page["permission"]:
            thing = self.own(request, keys, page["permission"])
            return getattr(self, method)(request, thing, **keys)
        if page["permission"] and not self.may(request.user, page["permission"]):
            raise PermissionDenied
        return getattr(self, method)(request, **keys)

    # One object

    def decide(self, request, name, owner, *more, part=None):
        """Serve one decision on a URL other than its own.

        `more` are further keys of its own URL, and `part` what is acted on, if not `owner`.
        """
        decision = next(each for each in self._decisions if each.name == name)
        thing = owner if part is None else part
        form = empty_form(request, decision, thing)
        address = decision.url(owner, *more)
        return self._ask(request, decision, owner, thing, version_of(thing), form, address=address)

    def _found(self, decision, request, keys):
        """Look up the URL's object and what is acted on; checks the permission."""
        owner = None
        if not decision.creates:
            owner = self.named(decision.rows(self, request), keys)
        try:
            thing, more = decision.part(owner, request.user, **keys)
        # 403 rather than 404, so that a user without permission cannot probe which parts exist.
        except Http404:
            if not decision.may(request.user, owner):
                raise PermissionDenied from None
            raise
        if not decision.may_here(request.user, owner, more):
            raise PermissionDenied
        return owner, thing, more

    def _ask_first(self, decision, request, **keys):
        """Render the page `asked_at`, whose form posts to the decision's own URL."""
        if request.method not in READ:
            return HttpResponseNotAllowed(READ)
        address = reverse(f"{decision.site}{decision.name}", kwargs=keys)
        owner, thing, _more = self._found(decision, request, dict(keys))
        if not decision.possible(thing, request.user):
            return redirect(decision.back(self, owner))
        form = empty_form(request, decision, thing)
        return self._ask(request, decision, owner, thing, version_of(thing), form, address=address)

    def _decide(self, decision, request, **keys):
        if request.method not in DECIDE:
            return HttpResponseNotAllowed(DECIDE)
        if decision.asked_at and request.method in READ:
            return redirect(reverse(f"{decision.site}{decision.asked_at[1]}", kwargs=keys))
        owner, thing, more = self._found(decision, request, keys)
        # Before a form writes the input into the instance.
        version = version_of(thing) if decision.checks_version else ""
        ask = partial(self._ask, request, decision, owner, thing, version)
        if request.method != "POST":
            return ask(empty_form(request, decision, thing))
        form = decision.form_for(thing, request.user, request.POST, request.FILES)

        def again(**more):
            return ask(decision.shown_again(form, thing), **more)

        if decision.checks_version and request.POST.get("version", version) not in ("", version):
            messages.error(request, CHANGED_MEANWHILE)
            return again()
        if form is not None and not form.is_valid():
            if not decision.shows_errors:
                complain(request, form)
            return again()
        given = decision.cleaned(form, thing) if form is not None else {}
        if decision.must_confirm(thing, given) and "confirmed" not in request.POST:
            return again(given=given)
        with refusals_as_messages(request):
            outcome = decision.do(thing, by=request.user, **more, **given)
            self._say(request, decision, owner, thing, outcome)
            return redirect(decision.after(self, owner, outcome))
        if form is not None:
            return again()
        return redirect(decision.back(self, owner))

    def _say(self, request, decision, owner, thing, outcome):
        if complaint := decision.complaint(thing, outcome):
            messages.error(request, complaint)
            return
        words = decision.said(thing, outcome)
        if decision.undo:
            success_with_undo(request, words, decision.undo().url(owner))
        elif words:
            messages.success(request, words)

    def _ask(self, request, decision, owner, thing, version, form, given=None, address=""):
        """Render the page that describes the decision and shows its form."""
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

    # Several objects

    def _ask_several(self, request, decision, things, form=None):
        page = {
            "title": decision.in_list or decision.words,
            "subtitle": None,
            "decision": decision,
            "form": form or decision.form_for(None, request.user),
            "effects": [(each, version_of(each), decision.effect([each])) for each in things],
            "action": reverse(f"{decision.site}{decision.several}"),
            "checkbox": ACTION_CHECKBOX_NAME,
            "back": decision.back(self, None),
            **decision.context_of_several(self, request, things),
        }
        return render(request, decision.several_template, self.page(request, **page))

    def _look_at_several(self, decision, request):
        """Preview for several objects: what happens to each."""
        if request.method not in READ:
            return HttpResponseNotAllowed(READ)
        things = self.chosen(request, decision, request.GET.getlist("id"))
        return self._ask_several(request, decision, things)

    def _decide_several(self, decision, request):
        if request.method in READ:
            if decision.several_asked_at:
                return redirect(decision.back(self, None))
            return self._look_at_several(decision, request)
        if request.method != "POST":
            return HttpResponseNotAllowed(DECIDE)
        things = self.chosen(request, decision, request.POST.getlist("id"))
        form = decision.form_for(None, request.user, request.POST)
        if form is not None and not form.is_valid():
            complain(request, form)
            return self._ask_several(request, decision, things, form)
        given = decision.cleaned(form, None) if form is not None else {}
        done = []
        for thing in things:
            with refusals_as_messages(request):
                version = version_of(thing)
                if request.POST.get(f"version_{thing.pk}", version) != version:
                    raise Refused(f"{thing}: {CHANGED_MEANWHILE}")
                done.append((thing, decision.do(thing, by=request.user, **given)))
        for words in decision.said_of_several(done):
            messages.success(request, words)
        return redirect(decision.back_from_several(self, things))

    def chosen(self, request, decision, ids):
        """The selected rows; refuses the whole selection if any is not theirs to decide."""
        keys = [int(key) for key in ids if key.isdecimal()]
        things = list(decision.rows(self, request).filter(pk__in=keys).order_by("pk"))
        refuse_others(request, decision, things)
        return things


def empty_form(request, decision, thing):
    known = {name: request.GET[name] for name in decision.prefill if name in request.GET}
    more = {"known": known} if known else {}
    return decision.form_for(thing, request.user, **more)


def refuse_others(request, decision, things):
    """Refuse everything if one object is not theirs to decide about."""
    user = request.user
    if not decision.may(user, None) or not all(decision.may(user, each) for each in things):
        raise PermissionDenied
