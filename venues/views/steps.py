"""The simple steps of the task list: one form per page, saved separately, in any order."""

from collections.abc import Callable
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from common.refusals import refusals_as_messages
from venues import actions
from venues.edits import as_asked
from venues.explanations import Explanation, explanation_of
from venues.forms import (
    AddressForm,
    ContactForm,
    FacilitiesForm,
    InsuranceForm,
    ListingForm,
    OffersForm,
    OrganisationForm,
)
from venues.models import SignUp, VenueEdit
from venues.views.fetching import being_saved, editable


@dataclass(frozen=True)
class StepPage:
    """One form, what it is about, and the action that saves it."""

    key: str
    title: str
    form: type[forms.Form]
    about: Callable = lambda sign_up: sign_up.venue
    action: Callable = actions.change_venue
    intro: str = ""
    after: str = ""

    @property
    def why(self) -> Explanation:
        return explanation_of(self.key)


STEPS = {
    step.key: step
    for step in (
        StepPage(
            "organisation",
            gettext_lazy("Your organisation"),
            OrganisationForm,
            about=lambda sign_up: sign_up.venue.organisation,
            action=actions.change_organisation,
        ),
        StepPage(
            "venue",
            gettext_lazy("Name, kind and address"),
            AddressForm,
            about=lambda sign_up: as_asked(sign_up.venue),
            action=actions.edit_venue,
        ),
        StepPage("contact", gettext_lazy("Contact and website"), ContactForm),
        StepPage(
            "facilities",
            gettext_lazy("What is there"),
            FacilitiesForm,
            intro=gettext_lazy(
                "“Not known” is a good answer. Somebody in trouble relies on what you say here."
            ),
        ),
        StepPage(
            "offers",
            gettext_lazy("What you offer"),
            OffersForm,
            after="venues/_what_it_is_not.html",
        ),
        StepPage(
            "insurance",
            gettext_lazy("Insurance"),
            InsuranceForm,
            intro=gettext_lazy(
                "Most public liability policies cover this. Ring your insurer and ask. "
                "“Not sure” is fine for now: the team can help."
            ),
        ),
        StepPage("listing", gettext_lazy("Who may find it"), ListingForm),
    )
}


@require_safe
def edit_step(request, pk, step):
    sign_up = editable(request, pk)
    page = _page(step)
    return _step_page(request, sign_up, page, page.form(instance=page.about(sign_up)))


@require_POST
@transaction.atomic
def change_step(request, pk, step):
    sign_up = being_saved(request, pk)
    page = _page(step)
    thing = page.about(sign_up)
    form = page.form(request.POST, instance=thing)
    if form.is_valid():
        with refusals_as_messages(request):
            changes = form.changes()
            say_saved(request, page.action(thing, changes, by=request.user))
            if changes.get("point") and sign_up.state == SignUp.State.APPROVED:
                return redirect("edit_point", pk)  # the public is directed to the pin
            return redirect_back(sign_up)
    return _step_page(request, sign_up, page, form)


def say_saved(request, outcome) -> None:
    """ "Saved.", or that the change is pending with the lead scheme."""
    if not isinstance(outcome, VenueEdit):
        messages.success(request, _("Saved."))
        return
    words = _(
        "Sent to %(scheme)s, which decides on the name, address and point. Until then people see "
        "what stood before."
    )
    messages.success(request, words % {"scheme": outcome.venue.lead_scheme})


def redirect_back(sign_up):
    """To the task list for a draft, or to a member's details page."""
    return redirect("sign_up", sign_up.pk)


def _page(step) -> StepPage:
    if step not in STEPS:
        raise Http404
    return STEPS[step]


def _step_page(request, sign_up, page, form):
    context = {
        "sign_up": SignUp.objects.select_related("venue", "scheme").get(pk=sign_up.pk),
        "step": page,
        "form": form,
        "why": page.why,
        "save_name": f"change_{page.key}",
    }
    return render(request, "venues/step.html", context)
