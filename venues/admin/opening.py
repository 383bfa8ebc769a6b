"""Starting a scheme, what is recorded before it opens, and ending it."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from common.admin import Decision
from venues import actions
from venues.forms.opening import (
    ClearanceForm,
    CloseSchemeForm,
    HandOnForm,
    SignOffForm,
    StartSchemeForm,
    TestCallForm,
    WithdrawClearanceForm,
)


class StartScheme(Decision):
    """For installation administrators: a new scheme means a new council or partnership."""

    words = _("Start a scheme")
    explains = _(
        "From a pack that comes with the software, a file, another scheme or nothing. It is not "
        "open yet: its administrator walks a checklist first. People and places are not copied, "
        "nor who confirmed a number."
    )
    done = _("The scheme is made. What is left before it opens stands here.")
    action = actions.start_scheme
    form = StartSchemeForm
    creates = True
    permission = "add_scheme"
    route = "start/"

    def may(self, user, thing):
        return user.is_superuser

    def cleaned(self, form, thing):
        return {"text": form.text(), **form.given()}

    def do(self, thing, *, by, **given):
        return actions.start_scheme(by=by, **given)

    def after(self, desk, owner, scheme):
        return reverse("admin:scheme_checklist", args=[scheme.pk])


class ToChecklist(Decision):
    """Reached from the checklist, and returns to it."""

    def after(self, desk, scheme, outcome):
        return reverse("admin:scheme_checklist", args=[scheme.pk])


class SignOffTexts(ToChecklist):
    words = _("Sign off the texts")
    explains = _(
        "The named safeguarding lead has read the principles, what a person says at the counter, "
        "the sticker, who delivers the scheme and what is said about it, as they stand today. When "
        "one of these changes before the scheme opens, they are signed off again."
    )
    done = _("The sign-off is recorded.")
    action = actions.sign_off_texts
    form = SignOffForm


class RecordTestCall(ToChecklist):
    words = _("Record a test call")
    explains = _(
        "Ring each number, at the hours it is meant for, and say who you are. A number that is "
        "changed later is rung again before the scheme opens."
    )
    done = _("The call is recorded.")
    action = actions.record_test_call
    form = TestCallForm
    checks_version = False  # several people may be making test calls at once

    def form_kwargs(self, scheme, user):
        return {"scheme": scheme}


class RecordClearance(ToChecklist):
    words = _("Record a permission or a confirmation")
    explains = _(
        "Names, logos, terms, cards and lists of others stay off until their owner has agreed, and "
        "what only the council knows is confirmed before the scheme opens. Record who said so and "
        "when."
    )
    done = _("It is recorded.")
    action = actions.record_clearance
    form = ClearanceForm
    checks_version = False  # several may be recorded at once

    def form_kwargs(self, scheme, user):
        return {"scheme": scheme}

    def possible(self, scheme, user):
        return scheme.clearances.exists()


class WithdrawClearance(ToChecklist):
    words = _("Take a permission or a confirmation back")
    explains = _("What it is about leaves the public pages at once.")
    done = _("It is taken back.")
    action = actions.withdraw_clearance
    form = WithdrawClearanceForm
    checks_version = False

    def form_kwargs(self, scheme, user):
        return {"scheme": scheme}

    def possible(self, scheme, user):
        return scheme.clearances.given().exists()


class CloseScheme(Decision):
    words = _("Close the scheme")
    explains = _(
        "For good: nobody signs up any more and its places are no longer found by it. The codes "
        "of its stickers and its addresses stay, and say where to look now."
    )
    done = _("The scheme is closed.")
    action = actions.close_scheme
    form = CloseSchemeForm
    grave = True

    def form_kwargs(self, scheme, user):
        return {"scheme": scheme}

    def possible(self, scheme, user):
        return scheme.closed_at is None and scheme.opened_at is not None

    def must_confirm(self, scheme, cleaned):
        return True

    def effect(self, schemes):
        return [
            ngettext(
                "%(count)s place is a member. It leaves the finder at once, unless another scheme "
                "lists it.",
                "%(count)s places are members. They leave the finder at once, unless another "
                "scheme lists them.",
                count,
            )
            % {"count": count}
            for count in (scheme.sign_ups.approved().count() for scheme in schemes)
        ]


class HandOnScheme(Decision):
    words = _("Hand it on to another council")
    explains = _(
        "Another council runs the scheme from now on. Places, training, stickers and addresses "
        "stay as they are. Take the old officers’ roles away once the new ones have signed in."
    )
    done = _("The scheme is handed on.")
    action = actions.hand_on_scheme
    form = HandOnForm

    def possible(self, scheme, user):
        return scheme.closed_at is None


ENDS = [CloseScheme, HandOnScheme]
BEFORE_IT_OPENS = [
    StartScheme,
    SignOffTexts,
    RecordTestCall,
    RecordClearance,
    WithdrawClearance,
]
