"""Photographs are re-encoded: only the pixels are kept (no location, camera or embedded code)."""

import fcntl
import secrets
import time
import warnings
from contextlib import contextmanager
from io import BytesIO

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from common import sizes

LONGEST_SIDE = 1600
LONGEST_WAIT = 20  # seconds to wait for other photos


def redraw(upload) -> ContentFile:
    """A new JPEG from the uploaded JPEG, PNG or WebP; ValidationError in words for anything
    else.
    """
    if upload.size > sizes.PHOTO:
        raise ValidationError(
            _("This photo is larger than %(most)s MB. Choose a smaller one.")
            % {"most": sizes.megabytes(sizes.PHOTO)}
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(upload, formats=["JPEG", "PNG", "WEBP"]) as picture:
                if picture.width * picture.height > sizes.PIXELS:
                    raise ValidationError(_too_many_pixels())
                with one_at_a_time():
                    return _jpeg(picture)
    except ValidationError:
        raise
    except Image.DecompressionBombWarning:
        raise ValidationError(_too_many_pixels()) from None
    except Exception:  # a damaged file can make the decoder raise anything
        raise ValidationError(
            _("This file is not a photo we can read. Send a JPEG, PNG or WebP picture.")
        ) from None


def _too_many_pixels() -> str:
    return _(
        "This photo has too many dots (over %(most)s million). Choose a smaller one, or a smaller "
        "size in the telephone’s camera."
    ) % {"most": sizes.PIXELS // 1_000_000}


@contextmanager
def one_at_a_time():
    """Hold the lock under which photos are decoded, across threads and processes.

    A small file can decode to a hundred megabytes. It is a file lock rather than a database lock
    because the operating system releases it when the process dies.
    """
    settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
    with open(settings.VAR_DIR / "photos.lock", "w") as place:
        until = time.monotonic() + LONGEST_WAIT
        while True:
            try:
                fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > until:
                    raise ValidationError(
                        _("Many photos arrive at this moment. Wait a minute, then send it again.")
                    ) from None
                time.sleep(0.05)
        yield


def _jpeg(picture) -> ContentFile:
    """Scale down first, so that at most one full-size copy is in memory."""
    if picture.mode not in ("RGB", "RGBA", "L"):
        picture = picture.convert("RGBA" if "transparency" in picture.info else "RGB")
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))  # lets the JPEG decoder work at reduced scale
    drawn = ImageOps.exif_transpose(picture).convert("RGBA")
    page = Image.new("RGB", drawn.size, "white")
    page.paste(drawn, mask=drawn.getchannel("A"))
    out = BytesIO()
    page.save(out, "JPEG", quality=82, optimize=True, progressive=True)
    return ContentFile(out.getvalue(), name=f"{secrets.token_hex(8)}.jpg")
