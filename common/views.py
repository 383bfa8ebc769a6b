from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import FileResponse, Http404
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from common.forms import SampleForm
from common.installation import LOGO_TYPES, logo_path


@login_not_required
@require_safe
def styleguide(request):
    """Every component of our pages, and a form with each kind of field. For developers."""
    if not (settings.DEBUG or settings.TESTING):
        raise Http404
    context = {
        "form": SampleForm({"toilet": "no"}),
        "plain_form": SampleForm(auto_id="plain_%s"),
        "page": Paginator(range(30), 10).get_page(2),
    }
    return render(request, "common/styleguide.html", context)


@login_not_required
@cache_control(public=True, max_age=3600)
@require_safe
def installation_logo(request):
    """The logo of the installation, for the bar of every page."""
    path = logo_path()
    if path is None or not path.is_file():
        raise Http404
    return FileResponse(path.open("rb"), content_type=LOGO_TYPES[path.suffix.lower()])
