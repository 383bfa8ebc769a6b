"""Support services: whoever adds one, its number is public only once somebody confirmed it."""

from django.contrib import admin
from django.forms import CheckboxSelectMultiple, MultipleChoiceField
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from common.admin import ListExport
from common.refusals import refusals_as_messages
from geography.nations import Nation
from signposting import actions
from signposting.models import Service
from venues.models import Event
from venues.sentences import sentence

VIEW = "signposting.view_service"


def may(user, permission: str, service: Service | None) -> bool:
    """A scheme's service is for its officers. National lines are seen by all officers and changed
    only by whoever runs the installation: one council's slip would reach every other's public."""
    if service is None:
        return user.has_perm(permission)
    if service.scheme_id is None:
        return user.is_superuser or (permission == VIEW and user.has_perm(permission))
    return user.has_perm(permission, service.scheme)


@admin.register(Service)
class ServiceAdmin(ListExport):
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
        ("confirmed_by_name", "confirmed_on"),
    ]
    readonly_fields = ["confirmed_by_name", "confirmed_on"]

    def get_queryset(self, request):
        return super().get_queryset(request).for_officer(request.user)

    def has_view_permission(self, request, obj=None):
        return may(request.user, VIEW, obj)

    def has_change_permission(self, request, obj=None):
        return may(request.user, "signposting.change_service", obj)

    def has_delete_permission(self, request, obj=None):
        return may(request.user, "signposting.delete_service", obj)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "scheme":
            field.queryset = field.queryset.for_officer(request.user)
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

    def get_urls(self):
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/confirm/", wrap(self.confirm_service), name="confirm_service"),
            path("<int:pk>/unconfirm/", wrap(self.unconfirm_service), name="unconfirm_service"),
            *super().get_urls(),
        ]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        service = self.get_object(request, object_id)
        about = {"about_type__app_label": "signposting", "about_type__model": "service"}
        events = Event.objects.filter(about_id=service.pk, **about) if service else []
        extra = {
            "may_confirm": service and may(request.user, "signposting.confirm_service", service),
            "events": [(event.at, event.by, sentence(event)) for event in events],
        }
        return super().change_view(request, object_id, form_url, (extra_context or {}) | extra)

    @method_decorator(require_POST)
    def confirm_service(self, request, pk):
        service = self._for(request, pk)
        with refusals_as_messages(request, _("The number is confirmed and public.")):
            actions.confirm_service(service, name=request.POST.get("name", ""), by=request.user)
        return self._back_to(service)

    @method_decorator(require_POST)
    def unconfirm_service(self, request, pk):
        service = self._for(request, pk)
        with refusals_as_messages(request, _("The number is not public any more.")):
            actions.unconfirm_service(service, by=request.user)
        return self._back_to(service)

    def _for(self, request, pk):
        allowed = [
            service.pk
            for service in self.get_queryset(request).filter(pk=pk).select_related("scheme")
            if may(request.user, "signposting.confirm_service", service)
        ]
        return get_object_or_404(Service, pk__in=allowed)

    def _back_to(self, service):
        return HttpResponseRedirect(reverse("admin:signposting_service_change", args=[service.pk]))
