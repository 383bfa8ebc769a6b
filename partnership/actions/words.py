"""Rules for venues' free text, however it arrives."""

from django.utils.translation import gettext as _

from common.personal_details import personal_details_in
from common.refusals import Refused


def refuse_too_long(text: str, length: int) -> None:
    if len(text) > length:
        raise Refused(_("At most %(length)s letters, please.") % {"length": length})


def refuse_words(text: str, length: int) -> None:
    """Refuse text that is too long or may identify somebody."""
    refuse_too_long(text, length)
    if found := personal_details_in(text):
        raise Refused(_("Please take out %(found)s.") % {"found": ", ".join(found)})
