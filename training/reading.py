"""How long and how hard a text is: word count, and an estimate of the reading age."""

import re

MARKS = re.compile(r"^\s*(?:#+|[-*>]|\d+\.)\s*|\[\[[^\]]*\]\]|[*_|]+|\]\([^)]*\)", re.MULTILINE)
"""What Markdown adds to the words: headings, bullets, quotes, placeholders, the ends of links."""
WORD = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)*")
END = re.compile(r"[.!?:;]+|\n+")
VOWELS = re.compile(r"[aeiouy]+")
YEARS_BEFORE_SCHOOL = 5
"""A grade of the Flesch-Kincaid formula is a school year; the first begins at this age."""


def words_in(text: str) -> list[str]:
    return WORD.findall(MARKS.sub(" ", text))


def reading_age(text: str) -> float:
    """The age at which a text can be read, by the Flesch-Kincaid grade; 0 for a text without words.

    An estimate: syllables are counted as groups of vowels, and each line of a list as a sentence.
    """
    lines = MARKS.sub(" ", text)
    sentences = [each for each in END.split(lines) if WORD.search(each)]
    words = words_in(text)
    if not words:
        return 0.0
    syllables = sum(_syllables(word) for word in words)
    grade = 0.39 * len(words) / len(sentences) + 11.8 * syllables / len(words) - 15.59
    return grade + YEARS_BEFORE_SCHOOL


def _syllables(word: str) -> int:
    word = word.lower().replace("’", "'").split("'")[0]
    count = len(VOWELS.findall(word))
    if word.endswith("e") and not word.endswith(("le", "ee", "ye")):
        count -= 1
    if word.endswith("ed") and not word.endswith(("ted", "ded")):
        count -= 1
    return max(count, 1)
