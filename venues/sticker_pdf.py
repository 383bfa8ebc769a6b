"""Window stickers as a PDF for printing, in two sizes, one per page."""

from dataclasses import dataclass

import segno
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from common.colours import STANDARD_COLOUR, text_on
from common.pdf import make_pdf
from venues.logos import logo_url

SIZES = {
    "window": _("Window, A5 (148 by 210 mm)"),
    "door": _("Door or till, A6 (105 by 148 mm)"),
}


@dataclass(frozen=True)
class Printed:
    """The content of one sticker."""

    sticker: object
    address: str
    qr: str
    brand: str = STANDARD_COLOUR
    logo: str = ""  # a data URL

    @property
    def brand_ink(self) -> str:
        return text_on(self.brand)


def sticker_address(sticker) -> str:
    """The URL in the QR code: the page that says whether the sticker is current."""
    return f"{settings.SITE_URL}/stickers/{sticker.code}/"


def sticker_pdf(stickers, size: str) -> bytes:
    """The PDF of `stickers`, in the order given, one per page. `size` is a key of SIZES."""
    schemes = {each.sign_up.scheme.pk: each.sign_up.scheme for each in stickers}
    logos = {pk: logo_url(scheme) for pk, scheme in schemes.items()}
    sheets = [
        Printed(
            each,
            sticker_address(each),
            qr_of(sticker_address(each)),
            brand=each.sign_up.scheme.colour or STANDARD_COLOUR,
            logo=logos[each.sign_up.scheme.pk],
        )
        for each in stickers
    ]
    return make_pdf(
        "venues/sticker_print.html",
        {"sheets": sheets, "size": size},
        style="css/sticker.css",
        identifier=b"sticker",
    )


def qr_of(address: str) -> str:
    """The QR code of an address, as a data URL."""
    return segno.make(address, error="m", micro=False).svg_data_uri(border=2)
