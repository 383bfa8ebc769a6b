"""URLs of coverage: the public pages and the officers'."""

from django.urls import path

from coverage.views import next_best, officers, public

urlpatterns = [
    path("coverage/", public.public_coverage, name="public_coverage"),
    path("coverage/<slug:slug>/", public.scheme_coverage, name="scheme_coverage"),
    path("coverage/<slug:slug>/data/", public.scheme_coverage_data, name="scheme_coverage_data"),
    *officers.Coverage().urls,
    *next_best.NextBest().urls,
]
