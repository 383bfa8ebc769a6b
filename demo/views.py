"""The demonstration's mail, which is displayed instead of sent."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from post_office.models import Email


@login_not_required
@never_cache
@require_safe
def demo_mail(request):
    """Every message, newest first, with its links, to follow another person's journey."""
    if not settings.DEMO:
        raise Http404
    page = Paginator(Email.objects.order_by("-pk"), 20).get_page(request.GET.get("page"))
    return render(request, "demo/mail.html", {"page": page})
