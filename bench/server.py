"""The project with one additional page for the benchmarks: an empty page with the same base.

`gunicorn bench.server:application`. BENCH_CLOCK sets the moment at which its clock starts.
"""

import datetime
import os

from safespaces.wsgi import application  # isort: skip  (it sets Django up for the imports below)

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.template import engines
from django.urls import path
from django.utils import timezone

from safespaces import urls

EMPTY = "bench/empty/"
_page = engines["django"].from_string('{% extends "base.html" %}{% block title %}-{% endblock %}')


@login_not_required
def empty(request):
    return HttpResponse(_page.render({}, request))


if os.environ.get("BENCH_CLOCK"):
    real_now = timezone.now
    ahead = datetime.datetime.fromisoformat(os.environ["BENCH_CLOCK"]) - real_now()
    timezone.now = lambda: real_now() + ahead

urls.urlpatterns.insert(0, path(EMPTY, empty))

__all__ = ["EMPTY", "application", "empty"]
