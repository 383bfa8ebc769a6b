"""The officers' side: Django's admin in our name."""

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _

from accounts.views import log_in_to_admin


class SafeSpacesAdminSite(admin.AdminSite):
    site_header = _("Safe Spaces: officers")
    site_title = _("Safe Spaces")
    index_title = _("What needs a decision")

    @method_decorator(login_not_required)
    def login(self, request, extra_context=None):
        return log_in_to_admin(request, self)
