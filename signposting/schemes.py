"""What a scheme's public page shows beside the scheme's own words."""

import datetime
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse

from venues.models import Scheme
from venues.sticker_pdf import qr_of

EXAMPLE_CODE = "ABCD2345"


@dataclass(frozen=True)
class ExampleSticker:
    """The context of `venues/_sticker_face.html` for the public; no sticker has this code or
    number.

    The QR leads to the scheme's own page.
    """

    address: str
    qr: str  # a data URL
    logo: str
    until: datetime.date
    code: str = EXAMPLE_CODE
    number: int = 1


def example_sticker(scheme: Scheme, today: datetime.date) -> ExampleSticker:
    """A sticker as it would look if issued on the date `today`."""
    page = f"{settings.SITE_URL}{reverse('scheme_page', args=[scheme.slug])}"
    return ExampleSticker(
        address=f"{settings.SITE_URL}{reverse('sticker_page', args=[EXAMPLE_CODE])}",
        qr=qr_of(page),
        logo=reverse("scheme_logo", args=[scheme.slug]) if scheme.logo else "",
        until=today + datetime.timedelta(days=30 * scheme.sticker_valid_months),
    )
