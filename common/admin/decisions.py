"""An officer's decision: declared once, it provides a URL, a button and a page.

    class IssueSticker(Decision):
        words = _("Issue a sticker")
        done = _("The sticker is issued. Print it and send it.")
        action = actions.issue_sticker

A `Desk` (a ModelAdmin with `decisions = [IssueSticker]`) does the rest. GET describes the decision
and shows its form; POST carries it out. Both look the object up among those visible to the officer
(else 404), check the permission (else 403), and refuse if the object changed since the page was
rendered. A refusal is explained and keeps what was typed.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

CHANGED_MEANWHILE = _(
    "Somebody changed this after you opened the page, so nothing was done. "
    "Look at it again, then decide."
)


def version_of(thing) -> str:
    """A short token that changes whenever a stored field of the row changes."""
    if getattr(thing, "pk", None) is None:
        return ""
    fields = (field for field in thing._meta.concrete_fields if field.editable or field.is_relation)
    held = [f"{field.attname}={field.value_from_object(thing)}" for field in fields]
    return hashlib.sha256("\n".join(held).encode()).hexdigest()[:16]


class Decision:
    """One decision about one object, or about several selected in a list.

    `name` is both its URL name (`admin:NAME`) and its permission (`app.NAME`) unless overridden; it
    defaults to the class's name. The app is the one that defines the class.
    """

    name: str = ""
    words: ClassVar[Any] = ""
    """On the button and above the page."""
    press: ClassVar[Any] = ""
    """On the submit button, if it should say more than `words`."""
    explains: ClassVar[Any] = ""
    """A sentence about the effect, above the form."""
    done: ClassVar[Any] = ""
    """The message after success."""
    permission: str = ""
    action: ClassVar[Any] = None
    """The action `verb(thing, *, by, **cleaned_data)` that `do` calls."""
    form: ClassVar[type[forms.BaseForm] | None] = None
    prefill: ClassVar[Sequence[str]] = ()
    """Fields that the query of the page's address may fill in, from a link on another page."""
    route: str | None = ""
    """Below the model's URL; `<int:pk>/` is the object, other keys are passed to `part` and `do`.
    None for a decision only offered for several.
    """
    site: ClassVar[str] = "admin:"
    """The namespace for reversing its URL; empty in an `Office`."""
    asked_at: ClassVar[tuple[str, str]] = ()
    """(route, name) of the page that shows the form, if that is not its own URL. It redirects back
    while the decision is not `possible`.
    """
    grave: ClassVar[bool] = False
    creates: ClassVar[bool] = False
    """Whether it creates a row instead of acting on one. The admin's "add" page is this
    decision.
    """
    several: ClassVar[str] = ""
    """The name of the URL for rows selected in the list; empty if it acts on one row at a time."""
    several_route: ClassVar[str] = ""
    several_asked_at: ClassVar[tuple[str, str]] = ()
    """(route, name) of the page that shows the effect on each row, if it has its own."""
    checks_version: ClassVar[bool] = True
    """Off if several people may safely submit at once, as with a register."""
    goes_to: ClassVar[str] = ""
    """The page afterwards: the object's page, "list", or a "#part" of the object's page."""
    in_list: ClassVar[Any] = ""
    """In the list's menu of actions, if it should say more than `words`."""
    undo: ClassVar[type["Decision"] | None] = None
    """The decision that undoes it; its button is shown beside `done`."""
    shows_errors: ClassVar[bool] = False
    """Whether its template has an error summary, so that messages need not repeat the errors."""
    template: ClassVar[str] = "admin/decision.html"
    """The page with the form; if empty, the form is only on the page that `back` names."""
    confirm_template: ClassVar[str] = "admin/decision.html"
    several_template: ClassVar[str] = "admin/decision_on_several.html"

    def __init__(self):
        kind = type(self)
        self.name = vars(kind).get("name") or re.sub(r"(?<!^)(?=[A-Z])", "_", kind.__name__).lower()
        permission = self.permission or self.name
        app = kind.__module__.partition(".")[0]
        self.permission = permission if "." in permission else f"{app}.{permission}"
        slug = self.name.replace("_", "-")
        if self.route == "":
            self.route = f"{slug}/" if self.creates else f"<int:pk>/{slug}/"

    # Who, what and when

    def rows(self, desk, request):
        """The queryset of objects visible to this officer, from which one is looked up."""
        return desk.things(request)

    def part(self, owner, user, **keys) -> tuple[Any, dict]:
        """What is acted on, and further arguments for `do`, from the URL's other keys."""
        return owner, keys

    def title(self, thing) -> str:
        return f"{self.words}: {thing}" if thing is not None else str(self.words)

    def may(self, user, thing) -> bool:
        """Whether this officer may decide about the object named by the URL's `pk`."""
        return user.has_perm(self.permission, thing)

    def may_here(self, user, owner, more: dict) -> bool:
        """Like `may`, where the answer also depends on what `part` found."""
        return self.may(user, owner)

    def possible(self, thing, user) -> bool:
        """Whether the button is offered in the object's current state."""
        return True

    def why_not(self, thing) -> Sequence[str]:
        """Reasons why the button is shown but disabled."""
        return ()

    def effect(self, things: Sequence) -> Sequence[str]:
        """Sentences describing the effect on these objects, shown before it happens."""
        return ()

    # The form

    def form_kwargs(self, thing, user) -> dict:
        return {}

    def form_for(self, thing, user, data=None, files=None, known=None):
        """The form, or None; `known` are initial values from the query string."""
        if self.form is None:
            return None
        more = {"auto_id": f"{self.name}_%s", **self.form_kwargs(thing, user)}
        if known:
            more["initial"] = {**more.get("initial", {}), **known}
        if files:
            more["files"] = files
        return self.form(data, **more)

    def shown_again(self, form, thing):
        """The form as shown again after a refusal."""
        return form

    def cleaned(self, form, thing) -> dict:
        """Arguments for `do` from a valid form."""
        return form.cleaned_data

    def must_confirm(self, thing, cleaned: dict) -> bool:
        """Whether this input needs a confirmation page first."""
        return False

    # Doing it

    def do(self, thing, *, by, **given):
        return type(self).action(thing, by=by, **given)

    def said(self, thing, outcome) -> str:
        return self.done

    def complaint(self, thing, outcome) -> str:
        """What could not be done although the rest was; shown as an error instead of `said`."""
        return ""

    def said_of_one(self, thing, outcome) -> str:
        """The success message for one of several objects decided at once."""
        return f"{thing}: {self.said(thing, outcome)}"

    def said_of_several(self, done: Sequence[tuple[Any, Any]]) -> Sequence[str]:
        """The success message for all (thing, outcome) pairs that were not refused."""
        return [self.said_of_one(thing, outcome) for thing, outcome in done]

    def back_from_several(self, desk, things) -> str:
        return self.back(desk, None)

    def after(self, desk, owner, outcome) -> str:
        """Where to redirect when it is done."""
        return self.back(desk, owner)

    def back(self, desk, owner) -> str:
        """The page of the object, or the list."""
        return desk.home(owner, self.goes_to)

    def context(self, desk, request, thing) -> dict:
        """Extra context for the decision's own template."""
        return {}

    def confirm_context(self, desk, request, thing, given: dict) -> dict:
        """Context for `confirm_template`: the effect of the submitted form."""
        return {}

    def context_of_several(self, desk, request, things) -> dict:
        return {}

    def url(self, owner=None, *more) -> str:
        return reverse(f"{self.site}{self.name}", args=[*([owner.pk] if owner else []), *more])


@dataclass(frozen=True)
class Offer:
    """A decision as offered on a page; rendered by `admin/_offer.html`."""

    decision: Decision
    url: str
    version: str
    form: Any
    reasons: Sequence[str]
    effect: Sequence[str]

    @property
    def words(self):
        return self.decision.words

    @property
    def press(self):
        return self.decision.press or self.decision.words

    @property
    def kind(self) -> str:
        return "app-grave" if self.decision.grave else ""
