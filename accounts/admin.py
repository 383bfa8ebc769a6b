from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from accounts import actions
from accounts.models import User
from common.admin import Desk
from common.refusals import refusals_as_messages

admin.site.unregister(UserSession)  # where people are signed in is nobody else's business


@admin.register(User)
class UserAdmin(Desk):
    """People, for superusers. It sets no passwords: people sign in by code or set their own."""

    list_display = ["email", "name", "is_active", "is_staff", "last_login"]
    list_filter = ["is_active", "is_staff"]
    search_fields = ["email", "name"]
    fields = ["email", "name", "phone", "is_active", "is_staff", "last_login", "joined_at"]
    readonly_fields = ["last_login", "joined_at"]
    actions = ["make_anonymous"]

    def has_delete_permission(self, request, obj=None):
        return False

    def get_readonly_fields(self, request, obj=None):
        """Keep the email read-only: only its owner changes it, confirming with a code sent to
        it.
        """
        return [*self.readonly_fields, "email"] if obj else self.readonly_fields

    @admin.action(description=_("Make anonymous, for good"), permissions=["change"])
    def make_anonymous(self, request, queryset):
        for user in queryset:
            with refusals_as_messages(request, _("Made anonymous.")):
                actions.anonymise(user, by=request.user)
