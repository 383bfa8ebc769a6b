"""Whether a postcode is in the scheme's area, asked before somebody fills in ten pages."""

from django.utils.translation import gettext as _

from geography.locations import no_longer_in_use
from geography.models import Area, Postcode
from venues.models import Scheme


def doubt_about(postcode: str, scheme: Scheme, *, statement: bool = False) -> str:
    """The question that `postcode` (as `SO14 0AA`) raises for this scheme; empty if none.

    With `statement`, the oddity as a statement, for the officer who decides later.

    Nothing is doubtful if it cannot be checked: without a postcode list, or for a scheme without an
    area.
    """
    found = Postcode.objects.filter(postcode=postcode).first()
    if found is None:
        if not Postcode.objects.exists():
            return ""
        words = _("We do not know the postcode %(postcode)s.")
        return _asked(words % {"postcode": postcode}, statement)
    if not found.in_use:
        return _asked(no_longer_in_use(postcode, found.ended_on), statement)
    if not scheme.area_id or found.point is None:
        return ""
    if Area.objects.filter(pk=scheme.area_id, boundary__covers=found.point).exists():
        return ""
    words = _("%(postcode)s is outside %(area)s. %(scheme)s is for places there.")
    named = {"postcode": postcode, "area": scheme.area.name, "scheme": scheme.name}
    return _asked(words % named, statement)


def _asked(words, statement):
    if statement:
        return words
    return f"{words} {_('Is it right? Tick it, or change it.')}"
