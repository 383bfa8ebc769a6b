"""Postcodes as they are written; whether one exists is for `geography` to say."""

import re

WHOLE_POSTCODE = re.compile(r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}", re.IGNORECASE)


def normalise_postcode(text: str) -> str:
    """Upper case with the one space before the last three: `so140aa` is `SO14 0AA`.

    Whether such a postcode exists is for a look-up to say. Empty when it is too short or too long.
    """
    compact = "".join(c for c in text.upper() if c.isascii() and c.isalnum())
    if not 5 <= len(compact) <= 7:
        return ""
    inward = compact[-3].replace("O", "0").replace("I", "1") + compact[-2:]
    return f"{compact[:-3]} {inward}"
