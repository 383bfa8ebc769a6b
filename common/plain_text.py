"""Normalise text: remove characters that nobody can see."""

import re

# Soft hyphen, zero-width space, direction marks, word joiners, byte order mark. They are copied
# along from web pages and PDFs, and make two strings that look equal differ.
# when text is copied from web pages and PDFs, and make two addresses of one.
INVISIBLE = re.compile(r"[\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
# A zero-width joiner belongs between two letters of Persian, Hindi or an emoji, and nowhere else.
STRAY_JOINER = re.compile(r"(?<![^\x00-\x7f])[\u200c\u200d]|[\u200c\u200d](?![^\x00-\x7f])")
BLANKS = re.compile(r"[ \xa0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
# Windows text that was taken for Latin-1 on the way has its dashes and quotation marks here. What
# they stood for is certain (browsers read them so); the five that stood for nothing stay controls.
WINDOWS_MARKS = {
    code: character
    for code in range(0x80, 0xA0)
    if (character := bytes([code]).decode("cp1252", "ignore"))
}
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def without_invisible(text: str) -> str:
    """`text` without zero-width characters, with plain spaces, and nothing blank around it."""
    if text.isascii():
        return text.strip()
    text = text.translate(WINDOWS_MARKS)
    return BLANKS.sub(" ", STRAY_JOINER.sub("", INVISIBLE.sub("", text))).strip()


def has_control_characters(text: str) -> bool:
    """Whether there is one besides tab and line breaks: no keyboard types it."""
    return bool(CONTROL.search(text))
