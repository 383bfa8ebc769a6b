"""The written form of postcodes; whether one exists is up to `geography`."""

import re

WHOLE_POSTCODE = re.compile(r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}", re.IGNORECASE)


def normalise_postcode(text: str) -> str:
    """Upper case with one space before the last three characters: `so140aa` is `SO14 0AA`.

    Does not check whether the postcode exists. Empty if it is too short or too long.
    """
    compact = "".join(c for c in text.upper() if c.isascii() and c.isalnum())
    if not 5 <= len(compact) <= 7:
        return ""
    inward = compact[-3].replace("O", "0").replace("I", "1") + compact[-2:]
    return f"{compact[:-3]} {inward}"
