"""Organisations, for the officers of their venues' schemes."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from common.admin import Decision, officers_page
from common.refusals import refusals_as_messages
from venues import actions
from venues.branches import PLACES_A_PAGE, branches_csv, franchisees, overview
from venues.forms import BranchFilterForm
from venues.models import Event, Membership, Organisation, SignUp
from venues.same_place import organisations_like, organisations_matching

from .base import OfficersAdmin
from .forms import ManagerForm, ParentForm
from .merges import MergeOrganisations, merge_with_page


class AddManager(Decision):
    words = _("Add a manager")
    press = _("Send the invitation")
    explains = _(
        "They get an e-mail with a link, and look after the organisation as soon as they open it. "
        "Nothing is handed over: sign-ups, stickers and training stay as they are."
    )
    done = _("The invitation is on its way.")
    action = actions.add_manager
    form = ManagerForm


class RemoveManager(Decision):
    words = _("Remove this manager")
    press = _("Remove")
    explains = _(
        "They can no longer open the organisation in the portal, and their address gets no more "
        "letters or links."
    )
    done = _("This person no longer looks after the organisation.")
    action = actions.remove_manager
    route = "<int:pk>/managers/<int:membership_pk>/remove/"
    grave = True

    def part(self, organisation, user, membership_pk):
        memberships = organisation.memberships.select_related("user", "organisation")
        return get_object_or_404(memberships, pk=membership_pk), {}

    def title(self, membership):
        return f"{self.words}: {membership.user.email}"

    def effect(self, memberships):
        managers = Membership.objects.managers()
        return [
            _("Nobody will look after the organisation in the portal until you add somebody.")
            for each in memberships
            if not managers.filter(organisation=each.organisation_id).exclude(pk=each.pk).exists()
        ]


class SetParent(Decision):
    words = _("Say whose franchisee it is")
    press = _("Save")
    explains = _(
        "The head office of the other organisation then sees how each place of this one stands, in "
        "one sentence: no people, no letters, no returns. Those who look after this one are told."
    )
    done = _("Saved.")
    action = actions.set_parent
    form = ParentForm

    def form_kwargs(self, organisation, user):
        seen = Q(pk__in=Organisation.objects.for_officer(user)) | Q(pk=organisation.parent_id)
        return {
            "organisations": Organisation.objects.filter(seen).exclude(name=""),
            "initial": {"parent": organisation.parent and organisation.parent.name},
        }


@admin.register(Organisation)
class OrganisationAdmin(OfficersAdmin):
    by_form = ("change",)
    list_display = ["name", "sector", "registered_number", "created_at"]
    list_filter = ["sector"]
    search_fields = ["name", "registered_number"]
    fields = ["name", "sector", "registered_number", "parent", "created_at"]
    readonly_fields = ["parent", "created_at"]
    decisions = [AddManager, RemoveManager, SetParent, MergeOrganisations]
    change_form_template = "admin/venues/organisation/change_form.html"

    def events_of(self, organisation):
        return Event.objects.filter(organisation=organisation)

    def more_below(self, request, organisation):
        remove, may = RemoveManager(), self.may(request.user, "remove_manager", organisation)
        members = organisation.memberships.select_related("user").prefetch_related("venues")
        return {
            **super().more_below(request, organisation),
            "members": [
                (each, remove.url(organisation, each.pk) if may else "") for each in members
            ],
            "may_merge": self.may(request.user, "merge_organisations"),
            "like_it": self._like_it(request.user, organisation),
            "invitations": organisation.invitations.filter(accepted_at__isnull=True),
        }

    def _like_it(self, user, organisation):
        """(organisation, URL to preview merging it into this one), for users who may merge."""
        if not self.may(user, "merge_organisations"):
            return []
        merge = MergeOrganisations()
        found = organisations_like(organisation, user)
        return [(each, merge.url(organisation, each.pk)) for each in found]

    @officers_page(
        "<int:pk>/merge-with/", name="merge_organisation_with", permission="view_organisation"
    )
    def merge_with(self, request, organisation):
        """Search for the other entry of this organisation, where it was not proposed."""
        if not self.may(request.user, "merge_organisations"):
            raise PermissionDenied
        return merge_with_page(
            self,
            request,
            organisation,
            find=organisations_matching,
            about=lambda other: other.registered_number,
            merge=MergeOrganisations(),
            label=_("Name, or charity or company number"),
            explains=_("Among the organisations of your schemes."),
        )

    @officers_page("<int:pk>/places/", name="organisation_places", permission="view_organisation")
    def places(self, request, organisation):
        """All its places in one table, limited to this officer's schemes."""
        table, form = _places(request, organisation)
        page = self.page(
            request,
            title=_("All places of %(organisation)s") % {"organisation": organisation},
            organisation=organisation,
            table=table,
            form=form,
            page=Paginator(table.rows(), PLACES_A_PAGE).get_page(request.GET.get("page")),
            franchisees=franchisees(
                SignUp.objects.newest().for_officer(request.user).distinct(),
                organisation,
                timezone.now(),
                request.GET.get("franchisees"),
            ),
        )
        return render(request, "admin/venues/organisation/places.html", page)

    @officers_page(
        "<int:pk>/places.csv", name="organisation_places_csv", permission="view_organisation"
    )
    def places_csv(self, request, organisation):
        table, _form = _places(request, organisation)
        return branches_csv(slugify(organisation.name) or "places", table)

    def save_model(self, request, obj, form, change):
        changes = {name: form.cleaned_data[name] for name in form.changed_data}
        with refusals_as_messages(request, _("Saved.")):
            actions.change_organisation(obj, changes, by=request.user)

    def response_change(self, request, obj):
        return redirect("admin:venues_organisation_change", obj.pk)


def _places(request, organisation):
    """(table, filter form) of its places in this officer's schemes."""
    sign_ups = SignUp.objects.newest().for_officer(request.user).distinct()
    table = overview(sign_ups.filter(venue__organisation=organisation), timezone.now())
    form = BranchFilterForm(request.GET, table=table)
    table.branches = form.chosen(table)
    return table, form
