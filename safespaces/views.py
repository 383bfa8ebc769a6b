"""Whether the server is well, and the demonstration's mail."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db import connection
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from post_office.models import Email


@login_not_required
@never_cache
@require_safe
def health(request):
    """For whoever watches the server: 200 when the database answers, 503 when not."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
@never_cache
@require_safe
def demo_mail(request):
    """Every message, newest first, with its links: how somebody else's journey is followed."""
    if not settings.DEMO:
        raise Http404
    page = Paginator(Email.objects.order_by("-pk"), 20).get_page(request.GET.get("page"))
    return render(request, "safespaces_demo/mail.html", {"page": page})
