"""Officers' roles in a scheme."""

from django import forms
from django.contrib import admin
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from common.admin import Decision
from common.refusals import refusals_as_messages
from venues import actions
from venues.models import (
    Officer,
)

from .base import OfficersAdmin, SchemeFilter, administered


class RoleForm(forms.ModelForm):
    email = forms.EmailField(
        label=_("E-mail address of the officer"),
        help_text=_("They sign in with a code sent to this address, and add an authenticator app."),
    )

    class Meta:
        model = Officer
        fields = ["scheme", "role"]

    def clean(self):
        """Skip the unique check: the action enforces one role per scheme by replacing the first."""
        return self.cleaned_data


class TakeRole(Decision):
    words = _("Remove this role")
    done = _("The role is taken away.")
    action = actions.take_role
    goes_to = "list"
    grave = True


@admin.register(Officer)
class OfficerAdmin(OfficersAdmin):
    """Officers and their roles, in the schemes the user administers."""

    form = RoleForm
    list_display = ["user", "email", "role", "scheme"]
    list_filter = ["role", ("scheme", SchemeFilter)]
    list_select_related = ["user", "scheme"]
    search_fields = ["user__email", "user__name"]
    decisions = [TakeRole]

    @admin.display(description=_("e-mail address"), ordering="user__email")
    def email(self, officer):
        return officer.user.email

    def get_fields(self, request, obj=None):
        return ["scheme", "user", "role"] if obj else ["scheme", "email", "role"]

    def get_readonly_fields(self, request, obj=None):
        return ["scheme", "user"] if obj else []

    def get_form(self, request, obj=None, change=False, **kwargs):
        if obj is not None:
            kwargs["form"] = forms.ModelForm
        return super().get_form(request, obj, change=change, **kwargs)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "scheme":
            field.queryset = administered(request.user)
        return field

    def save_model(self, request, obj, form, change):
        email = obj.user.email if change else form.cleaned_data["email"]
        with refusals_as_messages(request, _("The role is given.")):
            actions.give_role(obj.scheme, email=email, role=obj.role, by=request.user)

    def response_add(self, request, obj, post_url_continue=None):
        return redirect("admin:venues_officer_changelist")

    def response_change(self, request, obj):
        return redirect("admin:venues_officer_changelist")

    def more_below(self, request, officer):
        return {**super().more_below(request, officer), "history": None}

    def has_delete_permission(self, request, obj=None):
        return False  # removed by a button instead, which protects the last administrator
