"""What a place is called within a sentence: a scheme's own noun, or one that fits every scheme."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from venues.models import Scheme

VOWEL_SOUND = re.compile(r"(?!eu|uni|use|one\b|once)[aeiouàáâèéêìíîòóôùúû]|hour|honest|heir", re.I)


@dataclass(frozen=True)
class Nouns:
    """One place and several: `safe space`, `safe spaces`. `is_neutral`: not a scheme's own
    words.
    """

    one: str
    several: str
    is_neutral: bool = False

    @property
    def a_one(self) -> str:
        """With the indefinite article: `a safe space`, `an open door`."""
        if VOWEL_SOUND.match(self.one):
            return _("an %(noun)s") % {"noun": self.one}
        return _("a %(noun)s") % {"noun": self.one}


def nouns_of(scheme: Scheme) -> Nouns:
    return Nouns(scheme.noun, scheme.noun_plural)


def shared_nouns(schemes: Iterable[Scheme]) -> Nouns:
    """The words shared by all of these schemes; `place` if they differ or there is no scheme."""
    found = {nouns_of(scheme) for scheme in schemes}
    if len(found) == 1:
        return found.pop()
    return Nouns(_("place"), _("places"), is_neutral=True)
