from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig


class SafespacesConfig(AppConfig):
    name = "safespaces"


class AdminConfig(DjangoAdminConfig):
    """Replaces Django's admin site with our own; apps register as usual."""

    default_site = "safespaces.admin_site.SafeSpacesAdminSite"
