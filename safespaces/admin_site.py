"""The officers' side: Django's admin in our name."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _


class SafeSpacesAdminSite(admin.AdminSite):
    site_header = _("Safe Spaces: officers")
    site_title = _("Safe Spaces")
    index_title = _("What needs a decision")
