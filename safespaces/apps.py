from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig


class SafespacesConfig(AppConfig):
    name = "safespaces"


class AdminConfig(DjangoAdminConfig):
    """Puts our own admin site in the place of Django's; apps register as usual."""

    default_site = "safespaces.admin_site.SafeSpacesAdminSite"
