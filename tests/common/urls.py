"""URLs where things go wrong on purpose."""

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import OperationalError, connections
from django.urls import include, path

from common.errors import too_many_requests

handler400 = "common.errors.bad_request"
handler403 = "common.errors.permission_denied"
handler404 = "common.errors.page_not_found"
handler500 = "common.errors.server_error"


def failing_with(error):
    @login_not_required
    def view(request):
        raise error

    return view


@login_not_required
def database_down(request):
    """Connects to a database server that is not there, as any page would."""
    away = connections["default"].copy()
    away.settings_dict["HOST"] = "/nowhere"
    with away.wrap_database_errors:
        away.connect()


urlpatterns = [
    path("", include("common.urls")),
    path("400/", failing_with(BadRequest("no"))),
    path("403/", failing_with(PermissionDenied("no"))),
    path("429/", login_not_required(too_many_requests)),
    path("500/", failing_with(ValueError("no"))),
    path("503/", database_down),
    path("late/", failing_with(OperationalError("the server closed the connection"))),
]
