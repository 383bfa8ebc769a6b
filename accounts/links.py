"""The link with which the owner of a former address recovers their account."""

from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import FormerAddress
from common import signed_links
from common.signed_links import LinkRefused

BACK = "accounts.take_back_address"
BACK_LASTS = timedelta(days=14)


def take_back_link(former: FormerAddress) -> str:
    token = signed_links.make(BACK, former.pk, lasts=BACK_LASTS)
    return settings.SITE_URL + reverse("take_back_address", args=[token])


def read_take_back(token: str) -> FormerAddress:
    """The former address behind a link; raises LinkRefused."""
    former = FormerAddress.objects.filter(pk=signed_links.read(BACK, token)).first()
    if former is None:
        raise LinkRefused(_("This link has run out. Tell your council’s officers."))
    return former
