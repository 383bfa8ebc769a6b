"""The bodies that sign up, for the officers of their venues' schemes."""

from django.contrib import admin
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from common.refusals import refusals_as_messages
from venues import actions
from venues.models import Event, Organisation

from .base import OfficersAdmin


@admin.register(Organisation)
class OrganisationAdmin(OfficersAdmin):
    list_display = ["name", "sector", "registered_number", "created_at"]
    list_filter = ["sector"]
    search_fields = ["name", "registered_number"]
    fields = ["name", "sector", "registered_number", "created_at"]
    readonly_fields = ["created_at"]

    def has_add_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def events_of(self, organisation):
        return Event.objects.filter(organisation=organisation)

    def save_model(self, request, obj, form, change):
        changes = {name: form.cleaned_data[name] for name in form.changed_data}
        with refusals_as_messages(request, _("Saved.")):
            actions.change_organisation(obj, changes, by=request.user)

    def response_change(self, request, obj):
        return redirect("admin:venues_organisation_change", obj.pk)
