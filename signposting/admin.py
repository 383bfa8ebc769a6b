"""Support services and staffed places: public only once somebody there has confirmed them."""

from django.contrib import admin
from django.forms import CheckboxSelectMultiple, MultipleChoiceField
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from common.admin import Decision
from geography.nations import Nation
from signposting import actions
from signposting.forms import ConfirmServiceForm
from signposting.models import Service, StaffedPlace
from signposting.officers_forms import ConfirmStaffedPlaceForm, StaffedPlaceForm
from venues.admin.base import OfficersAdmin

VIEW = "signposting.view_service"


def may(user, permission: str, service: Service | None) -> bool:
    """Whether the user may act on this service: a scheme's service belongs to its officers.

    National lines are visible to all officers, but only whoever runs the installation may change
    them: one council's slip would reach every other's public.
    """
    if service is None:
        return user.has_perm(permission)
    if service.scheme_id is None:
        return user.is_superuser or (permission == VIEW and user.has_perm(permission))
    return user.has_perm(permission, service.scheme)


class ConfirmService(Decision):
    words = _("Confirm this number")
    done = _("The number is confirmed and public.")
    action = actions.confirm_service
    form = ConfirmServiceForm
    route = "<int:pk>/confirm/"

    def may(self, user, service):
        return may(user, self.permission, service)

    def possible(self, service, user):
        return service.confirmed_on is None


class UnconfirmService(ConfirmService):
    words = _("Take it from the public pages")
    done = _("The number is not public any more.")
    action = actions.unconfirm_service
    permission = "confirm_service"
    form = None
    route = "<int:pk>/unconfirm/"

    def possible(self, service, user):
        return service.confirmed_on is not None


@admin.register(Service)
class ServiceAdmin(OfficersAdmin):
    list_display = [
        "name",
        "number",
        "answers",
        "scheme",
        "where",
        "confirmed_by_name",
        "confirmed_on",
    ]
    list_filter = ["answers", ("confirmed_on", admin.EmptyFieldListFilter)]
    search_fields = ["name", "what_for"]
    list_select_related = ["scheme"]
    fields = [
        "scheme",
        "nations",
        ("name", "what_for"),
        ("by", "number", "text_word"),
        ("answers", "when"),
        ("website", "order"),
        "for_followed",
        ("confirmed_by_name", "confirmed_on"),
    ]
    readonly_fields = ["confirmed_by_name", "confirmed_on"]

    decisions = [ConfirmService, UnconfirmService]
    change_form_template = "admin/signposting/service/change_form.html"

    def _may(self, request, verb, obj=None):
        return may(request.user, f"signposting.{verb}_service", obj)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "scheme":
            # Only whoever runs the installation adds a national line.
            field.required = not request.user.is_superuser
        return field

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "nations":
            return MultipleChoiceField(
                label=capfirst(db_field.verbose_name),
                choices=Nation.choices,
                required=False,
                widget=CheckboxSelectMultiple,
                help_text=db_field.help_text,
            )
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def save_model(self, request, obj, form, change):
        actions.change_service(obj, form.changed_data, by=request.user)


class ConfirmStaffedPlace(Decision):
    words = _("It agreed: show it in the finder")
    done = _("The finder names this place when nothing else is open near enough.")
    action = actions.confirm_staffed_place
    form = ConfirmStaffedPlaceForm
    route = "<int:pk>/confirm/"

    def possible(self, place, user):
        return place.confirmed_on is None


class UnconfirmStaffedPlace(Decision):
    words = _("Take it from the finder")
    done = _("The finder does not name this place any more.")
    action = actions.unconfirm_staffed_place
    permission = "confirm_staffed_place"
    route = "<int:pk>/unconfirm/"

    def possible(self, place, user):
        return place.confirmed_on is not None


@admin.register(StaffedPlace)
class StaffedPlaceAdmin(OfficersAdmin):
    form = StaffedPlaceForm
    list_display = ["name", "kind", "street", "hours", "scheme", "confirmed_on"]
    list_filter = ["kind", ("confirmed_on", admin.EmptyFieldListFilter)]
    search_fields = ["name", "street", "postcode"]
    list_select_related = ["scheme"]
    fields = [
        "scheme",
        ("name", "kind"),
        ("street", "postcode"),
        "hours",
        ("confirmed_by_name", "confirmed_on"),
    ]
    readonly_fields = ["confirmed_by_name", "confirmed_on"]
    scheme_permission = "signposting.add_staffedplace"
    decisions = [ConfirmStaffedPlace, UnconfirmStaffedPlace]

    def save_model(self, request, obj, form, change):
        actions.change_staffed_place(obj, form.changed_data, by=request.user)
