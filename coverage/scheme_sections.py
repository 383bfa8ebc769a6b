"""The section of a scheme's public page about how much of its area it covers."""

import datetime
from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coverage.models import PublicMap
from venues.models import Scheme
from venues.scheme_sections import Line, Section, register


def _coverage(scheme: Scheme, at: datetime.datetime) -> Iterable[Line]:
    if PublicMap.objects.shown().filter(scheme=scheme).exists():
        yield Line(
            _("How much of the area is covered"), reverse("scheme_coverage", args=[scheme.slug])
        )


register(Section(gettext_lazy("Figures"), _coverage, order=20))
