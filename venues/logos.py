"""A scheme's logo, re-encoded as a small PNG on white, whatever the upload contained."""

import base64
import secrets
import subprocess
import sys
import warnings
from io import BytesIO

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from PIL import Image

from common import draw_svg, sizes
from venues.models import Scheme
from venues.photos import one_at_a_time

WIDTH, HEIGHT = 480, 128  # four times the displayed size: sharp on any screen and in print
LONGEST_WAIT = 10  # seconds


def redraw_logo(upload) -> ContentFile:
    """A PNG of at most 480 by 128 pixels, from an uploaded PNG or SVG.

    ValidationError in words for anything else.
    """
    if upload.size > sizes.LOGO:
        raise ValidationError(
            _("This logo is larger than %(most)s MB. Choose a smaller file.")
            % {"most": sizes.megabytes(sizes.LOGO)}
        )
    upload.seek(0)
    content = upload.read()
    if b"<svg" in content[:4096].lower() or content.lstrip().startswith(b"<?xml"):
        content = draw_png(content, WIDTH, HEIGHT)
    return ContentFile(_png(content), name=f"{secrets.token_hex(8)}.png")


def logo_url(scheme: Scheme) -> str:
    """The saved logo as a data URL, for print and previews; empty if there is none."""
    if not scheme.logo:
        return ""
    with scheme.logo.open("rb") as file:
        return f"data:image/png;base64,{base64.b64encode(file.read()).decode()}"


def draw_png(source: bytes, width: int, height: int) -> bytes:
    """The PNG of an SVG, at most `width` by `height` pixels.

    Rendered in a subprocess that is killed if it uses too much. ValidationError if it cannot be.
    """
    command = [sys.executable, draw_svg.__file__, str(width), str(height)]
    try:
        with one_at_a_time():
            done = subprocess.run(command, input=source, capture_output=True, timeout=LONGEST_WAIT)
    except subprocess.TimeoutExpired:
        raise ValidationError(_not_readable()) from None
    if done.returncode == draw_svg.REFERS_ELSEWHERE:
        raise ValidationError(
            _("This SVG takes in another file. Save it with everything in it, or as a PNG.")
        )
    if done.returncode:
        raise ValidationError(_not_readable())
    return done.stdout


def _png(content: bytes) -> bytes:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(content), formats=["PNG"]) as picture:
                if picture.width * picture.height > sizes.PIXELS:
                    raise ValidationError(_("This logo has over 24 million dots. Make it smaller."))
                with one_at_a_time():
                    return _on_white(picture)
    except ValidationError:
        raise
    except Exception:  # a damaged file can make the decoder raise anything
        raise ValidationError(_not_readable()) from None


def _not_readable() -> str:
    return _("This file is not a logo we can read. Send a PNG or an SVG file.")


def _on_white(picture) -> bytes:
    drawn = picture.convert("RGBA")
    drawn.thumbnail((WIDTH, HEIGHT))
    page = Image.new("RGB", drawn.size, "white")
    page.paste(drawn, mask=drawn.getchannel("A"))
    out = BytesIO()
    page.save(out, "PNG", optimize=True)
    return out.getvalue()
