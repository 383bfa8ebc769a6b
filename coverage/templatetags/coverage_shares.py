"""A share (0 to 1) and a distance as words."""

from django import template
from django.utils.translation import gettext as _

from coverage.sums.question import metres_in_words

register = template.Library()
register.filter("metres", metres_in_words)


@register.filter
def share(value: float | None) -> str:
    """`38 %`; never 0 or 100 unless exactly so; a dash if there is nobody."""
    if value is None:
        return "–"
    if 0 < value < 0.01:
        return _("less than 1 %")
    if 0.99 < value < 1:
        return _("more than 99 %")
    return _("%(share)s %%") % {"share": round(value * 100)}
