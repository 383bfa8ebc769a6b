"""Every URL of the site. Other languages have a prefix; English has none."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from safespaces.failed_work import FailedWork
from safespaces.imports import branch_views
from safespaces.imports.views import Imports
from safespaces.views import health

handler400 = "common.errors.bad_request"
handler403 = "common.errors.permission_denied"
handler404 = "common.errors.page_not_found"
handler429 = "common.errors.too_many_requests"  # required by allauth
handler500 = "common.errors.server_error"

BRANCHES = "portal/organisations/<int:organisation_id>/import/"

toolbar = (
    [path("__debug__/", include("debug_toolbar.urls"))]
    if "debug_toolbar" in settings.INSTALLED_APPS
    else []
)
urlpatterns = toolbar + i18n_patterns(
    path("", include("signposting.urls")),
    path("", include("common.urls")),
    path("", include("venues.urls")),
    path("", include("training.urls")),
    path("", include("coverage.urls")),
    path("", include("partnership.urls")),
    path("", include("demo.urls")),
    path("accounts/", include("accounts.urls")),
    path("accounts/", include("allauth.urls")),
    path("health/", health, name="health"),
    path(BRANCHES, branch_views.import_branches, name="import_branches"),
    *(
        path(f"{BRANCHES}<int:import_pk>/{route}", view, name=view.__name__)
        for route, view in (
            ("", branch_views.branch_import),
            ("confirm/", branch_views.confirm_branch_import),
            ("stop/", branch_views.stop_branch_import),
            ("rows.csv", branch_views.branch_import_rows),
        )
    ),
    *Imports().urls,
    *FailedWork().urls,
    path("admin/", admin.site.urls),
    prefix_default_language=False,
)
