"""Photographs, drawn anew: nothing but the picture is kept (no place, no camera, no code)."""

import secrets
import warnings
from io import BytesIO

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

LARGEST_FILE = 8 * 1024 * 1024
MOST_PIXELS = 50_000_000
LONGEST_SIDE = 1600


def redraw(upload) -> ContentFile:
    """A new JPEG of the uploaded JPEG, PNG or WebP; ValidationError in words for anything else."""
    if upload.size > LARGEST_FILE:
        raise ValidationError(_("This photo is larger than 8 MB. Choose a smaller one."))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(upload, formats=["JPEG", "PNG", "WEBP"]) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise ValidationError(
                        _("This photo has too many dots (over 50 million). Choose a smaller one.")
                    )
                return _jpeg(picture)
    except ValidationError:
        raise
    except Image.DecompressionBombWarning:
        raise ValidationError(
            _("This photo has too many dots (over 50 million). Choose a smaller one.")
        ) from None
    except Exception:  # a damaged file may fail anywhere in the decoder, in any way
        raise ValidationError(
            _("This file is not a photo we can read. Send a JPEG, PNG or WebP picture.")
        ) from None


def _jpeg(picture) -> ContentFile:
    picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    drawn = ImageOps.exif_transpose(picture).convert("RGBA")
    drawn.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    page = Image.new("RGB", drawn.size, "white")
    page.paste(drawn, mask=drawn.getchannel("A"))
    out = BytesIO()
    page.save(out, "JPEG", quality=82, optimize=True, progressive=True)
    return ContentFile(out.getvalue(), name=f"{secrets.token_hex(8)}.jpg")
