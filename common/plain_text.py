"""Normalise text: remove characters that nobody can see."""

import re

# Soft hyphen, zero-width space, direction marks, word joiners, byte order mark. They are copied
# along from web pages and PDFs, and make two strings that look equal differ.
INVISIBLE = re.compile(r"[\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
# A zero-width joiner belongs between two letters of Persian, Hindi or an emoji, and nowhere else.
STRAY_JOINER = re.compile(r"(?<![^\x00-\x7f])[\u200c\u200d]|[\u200c\u200d](?![^\x00-\x7f])")
BLANKS = re.compile(r"[ \xa0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
# Windows text that was mistaken for Latin-1 has its dashes and quotation marks here. Which ones is
# certain (browsers read them so); the five code points without a meaning stay control characters.
WINDOWS_MARKS = {
    code: character
    for code in range(0x80, 0xA0)
    if (character := bytes([code]).decode("cp1252", "ignore"))
}
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def without_invisible(text: str) -> str:
    """`text` without zero-width characters, with ordinary spaces, and stripped."""
    if text.isascii():
        return text.strip()
    text = text.translate(WINDOWS_MARKS)
    return BLANKS.sub(" ", STRAY_JOINER.sub("", INVISIBLE.sub("", text))).strip()


def has_control_characters(text: str) -> bool:
    """Whether there is one besides tabs and line breaks: no keyboard types it."""
    return bool(CONTROL.search(text))
