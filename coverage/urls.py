"""The addresses of coverage: the public's pages and the officers'."""

from django.urls import path

from coverage.views import next_best, officers, public

urlpatterns = [
    path("coverage/", public.public_coverage, name="public_coverage"),
    path("coverage/<slug:slug>/", public.scheme_coverage, name="scheme_coverage"),
    path("coverage/<slug:slug>/data/", public.scheme_coverage_data, name="scheme_coverage_data"),
    path("admin/coverage/now/", officers.coverage, name="coverage"),
    path("admin/coverage/now/data/", officers.coverage_map_data, name="coverage_map_data"),
    path("admin/coverage/now/csv/", officers.coverage_csv, name="coverage_csv"),
    path("admin/coverage/now/week/csv/", officers.coverage_week_csv, name="coverage_week_csv"),
    path("admin/coverage/now/geojson/", officers.coverage_geojson, name="coverage_geojson"),
    path("admin/coverage/next-best/", next_best.coverage_next_best, name="coverage_next_best"),
    path(
        "admin/coverage/next-best/csv/",
        next_best.coverage_next_best_csv,
        name="coverage_next_best_csv",
    ),
    path(
        "admin/coverage/next-best/data/",
        next_best.coverage_next_best_data,
        name="coverage_next_best_data",
    ),
    path("admin/coverage/<int:scheme_id>/show/", officers.show_coverage, name="show_coverage"),
    path("admin/coverage/<int:scheme_id>/hide/", officers.hide_coverage, name="hide_coverage"),
]
