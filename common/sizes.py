"""Limits of uploads, in bytes, and of text, in characters; messages take their numbers from here.

The settings limit whole requests (`DATA_UPLOAD_MAX_MEMORY_SIZE`, `MOST_BYTES_OF_UPLOAD`); rate
limits are in `common/limits.py`.
"""

MEGABYTE = 1024 * 1024

DOCUMENT = 10 * MEGABYTE
"""A meeting document."""
PHOTO = 8 * MEGABYTE
LOGO = 5 * MEGABYTE
MATERIAL = 3 * MEGABYTE
"""A file that a scheme hands out; its pack holds all of them."""
PACK = 20 * MEGABYTE
"""A scheme's pack in TOML, with its pictures and files."""
TABLE = 5 * MEGABYTE
"""A list uploaded on a page; CSV or a workbook."""
LOCATED = 20 * MEGABYTE
"""A list with locations, imported on the command line."""

PIXELS = 24_000_000
"""Of a photo or logo: 72 MB when decoded. Phones send 12 million by default."""

FIRST_NAME = 60
WEB_ADDRESS = 200
ANSWER = 600
"""A written answer to one of a scheme's questions."""


def megabytes(size: int) -> int:
    """`size` in whole megabytes, for words on screen."""
    return size // MEGABYTE
