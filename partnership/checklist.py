"""Meetings and returns on a new scheme's checklist."""

from django.urls import reverse
from django.utils.translation import gettext as _

from partnership.models import Series
from venues.checklist import Line, register
from venues.models import Scheme


def _cadence(scheme: Scheme):
    """Returns need only a cadence; meetings also need their series."""
    if not scheme.has_meetings:
        return
    series = Series.objects.filter(scheme=scheme).first()
    if series:
        url = reverse("admin:partnership_series_change", args=[series.pk])
        says = f"{series}, {scheme.get_meetings_every_display().lower()}"
    else:
        url = reverse("admin:partnership_series_add")
        says = _("Say how the partnership meets, or that the scheme has no meetings.")
    yield Line(_("Meetings"), series is not None, says, url)


register(60, _cadence)
