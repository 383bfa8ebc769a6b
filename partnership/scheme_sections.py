"""How venues are used, on a scheme's public page."""

import datetime
from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from venues.models import Scheme
from venues.scheme_sections import Line, Section, register


def _figures(scheme: Scheme, at: datetime.datetime) -> Iterable[Line]:
    if scheme.has_returns:
        yield Line(
            _("How often its places are used"), reverse("statistics_scheme", args=[scheme.slug])
        )


register(Section(gettext_lazy("Figures"), _figures, order=30))
