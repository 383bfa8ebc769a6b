"""How place names and postcodes are spelt, and what people type instead. No database access."""

import re
import unicodedata
from dataclasses import dataclass

LONGEST_READ = 6000
"""Characters. Of a longer text only the beginning and the end are read."""
MOST_UNITS = 24
MOST_NUMBERS = 30
"""Words with a digit around which to look for a postcode, half of them from the end."""
LONGEST_WINDOW = 7  # words that may make up one postcode: `S O 1 4 7 L P`

# Regular expressions with the same meaning in Python and in PostgreSQL, applied in order:
# `models.PlaceKey` applies them in the database. They expect lower case, decomposed text (NFKD).
# Stored keys are not updated when these change: add a migration that computes them again.
KEY_RULES = [
    ("[\u0300-\u036f'’‘`ʼ.]", ""),
    ("[&+]", " and "),
    ("[^a-z0-9]+", " "),
    ("(^| )((royal|london|metropolitan|county) )?(city|county|borough|isle) of(?= |$)", r"\1"),
    ("(^| )(the|and|of|upon|on|in)(?= |$)", r"\1"),
    ("(^| )(saints?|street)(?= |$)", r"\1st"),
    ("(^| )great(?= |$)", r"\1gt"),
    ("(^| )mount(?= |$)", r"\1mt"),
    ("(^| )road(?= |$)", r"\1rd"),
    ("(^| )avenue(?= |$)", r"\1ave"),
    ("(^| )lane(?= |$)", r"\1ln"),
    (" +", " "),
]
_compiled = [(re.compile(pattern), put) for pattern, put in KEY_RULES]

_FILLERS = (
    "a about am around at borough britain by centre center city close council county district"
    " england from gb here i im is kingdom me my near nearby next nr off opposite outside please"
    " somewhere to town uk united village we where"
    " area behind being beside between closest current currently emergency find for get go going"
    " got hello help hi just live living location lost nearest need now open place places region"
    " safe scared sitting space spaces standing staying stood stuck tonight towards urgent walking"
    " want was were"
)
FILLERS = frozenset(_FILLERS.split())
"""Words beside a name that do not change which place it is."""

SHORT_NAMES = {
    "bham": "Birmingham",
    "brum": "Birmingham",
    "bmouth": "Bournemouth",
    "iow": "Isle of Wight",
    "lpool": "Liverpool",
    "manc": "Manchester",
    "mcr": "Manchester",
    "pompey": "Portsmouth",
    "soton": "Southampton",
    "wton": "Wolverhampton",
    "beds": "Bedfordshire",
    "berks": "Berkshire",
    "bucks": "Buckinghamshire",
    "cambs": "Cambridgeshire",
    "glos": "Gloucestershire",
    "hants": "Hampshire",
    "herts": "Hertfordshire",
    "lancs": "Lancashire",
    "leics": "Leicestershire",
    "lincs": "Lincolnshire",
    "northants": "Northamptonshire",
    "notts": "Nottinghamshire",
    "oxon": "Oxfordshire",
    "staffs": "Staffordshire",
    "wilts": "Wiltshire",
    "worcs": "Worcestershire",
    "yorks": "Yorkshire",
}
"""What people write for towns and counties, by `place_key`. Of use only where those are known."""


def in_full(text: str) -> str:
    """Text with the names in it that are usually shortened: `Shirley, Soton`, `B'ham`."""
    words = re.split(r"([\s,;/()]+)", text)
    return "".join(SHORT_NAMES.get(re.sub("['’.]", "", word).lower(), word) for word in words)


def place_key(text: str) -> str:
    """A name normalised for comparison: `The Saint Mary’s & Holy-Rood` is `st marys holy rood`.

    The same as `models.PlaceKey` in the database.
    """
    key = unicodedata.normalize("NFKD", text).lower()
    for pattern, put in _compiled:
        key = pattern.sub(put, key)
    return key.strip()


def readable(text: str) -> str:
    """Text without invisible characters, in ordinary forms: full-width letters become plain
    ones.
    """
    if len(text) > LONGEST_READ:
        text = f"{text[: LONGEST_READ // 2]} {text[-LONGEST_READ // 2 :]}"
    text = unicodedata.normalize("NFKC", text)[:LONGEST_READ]
    text = _MARKS_HEAPED.sub(r"\1", text)
    seen = (c if c.isprintable() else " " if c.isspace() else "" for c in text)
    return " ".join("".join(seen).split())


_MARKS_HEAPED = re.compile("([\u0300-\u036f])[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff]+")
"""No language puts more than one mark on a letter that has no form of its own with them."""


# Postcodes

SHAPES = {2: ["A9"], 3: ["A99", "A9A", "AA9"], 4: ["AA99", "AA9A"]}
"""The forms of an outward code, by its length (Royal Mail, PAF guide)."""
NEVER_LAST = frozenset("CFGIJKLOQTUZ")
"""Letters that never end an outward code; where one seems to, O and I are digits."""
DIGITS = {"O": "0", "I": "1", "L": "1"}
LETTERS = {"0": "O", "1": "IL"}


@dataclass(frozen=True)
class TypedPostcodes:
    """Possible postcodes in a text, the most likely first.

    `units` are whole postcodes (`SO14 7LP`); `parts` are outward codes (`SO14`) and sectors (`SO14
    7`). `words` are the words they are made of, in upper case.
    """

    units: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    words: frozenset[str] = frozenset()


def postcodes_in(text: str, *, without_digits: bool = False) -> TypedPostcodes:
    """Postcodes anywhere in `text`, which must be the result of `readable()`.

    O may stand for 0, and l and I for 1, and vice versa; spaces and punctuation may be anywhere.
    `without_digits` also reads letters alone as a postcode (`ZXl lAA`), as some names could be too.
    """
    words = re.findall(r"[A-Z0-9]+", _plain(text))
    units: list[tuple] = []
    parts: list[tuple] = []
    used: set[str] = set()
    for start in _starts(words, without_digits):
        compact = ""
        for end in range(start, min(start + LONGEST_WINDOW, len(words))):
            compact += words[end]
            if len(compact) > LONGEST_WINDOW:
                break
            whole = words[start : end + 1]
            is_all = len(whole) == len(words)
            if len(compact) < 2 or compact.isdigit():
                continue
            if compact.isalpha() and not (without_digits and is_all):
                continue
            found = [(odd, -start, unit) for unit, odd in _units(compact, whole, is_all)]
            some = [(odd, -start, -len(p), p) for p, odd in _parts(compact, whole, is_all)]
            units, parts = units + found, parts + some
            if found or some:
                used.update(whole)
    return TypedPostcodes(_best(units), _best(parts), frozenset(used))


def _plain(text: str) -> str:
    """Upper case without accents, with the digits that other scripts have written as ours."""
    letters = unicodedata.normalize("NFKD", text.upper())
    return "".join(
        str(digit) if not c.isascii() and (digit := unicodedata.decimal(c, None)) is not None else c
        for c in letters
        if not unicodedata.combining(c)
    )


def _starts(words: list[str], without_digits: bool) -> list[int]:
    """Where a postcode may begin: at a word with a digit, or shortly before one."""
    if without_digits:
        return [0] if words else []
    numbers = [index for index, word in enumerate(words) if not word.isalpha()]
    if len(numbers) > MOST_NUMBERS:
        numbers = [*numbers[: MOST_NUMBERS // 2], *numbers[-MOST_NUMBERS // 2 :]]
    near = {index - back for index in numbers for back in range(LONGEST_WINDOW)}
    return sorted(start for start in near if start >= 0)


def _best(ranked: list[tuple]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(written for *_rank, written in sorted(ranked)))[:MOST_UNITS]


def _units(compact: str, words: list[str], is_all: bool):
    """(postcode, oddness) for each way to read consecutive words as a whole postcode."""
    if not 5 <= len(compact) <= 7:
        return
    is_plain = len(words) == 1 or (len(words) == 2 and len(words[1]) == 3)
    odd_blanks = 0 if is_all or is_plain else len(words)
    for outward, cost in _outwards(compact[:-3]):
        for inward, more in _inwards(compact[-3:]):
            yield f"{outward} {inward}", cost + more + odd_blanks


def _parts(compact: str, words: list[str], is_all: bool):
    """(outward code or sector, oddness) for each way to read words as the start of a postcode."""
    if len(words) == 1 or is_all:
        for outward, cost in _outwards(compact):
            yield outward, cost + len(words) - 1
    for tail in (1, 2):  # `SO14 7` and `SO14 7L`
        head, digit, letter = compact[:-tail], compact[-tail], compact[-tail:][1:]
        is_apart = len(words) == 2 and words[1] == compact[-tail:]
        if not (is_apart or is_all) or letter.isdigit():
            continue
        for outward, cost in _outwards(head):
            for number, more in _as_digit(digit):
                yield f"{outward} {number}", cost + more + (not is_apart)


def _outwards(text: str):
    """(outward code, number of characters exchanged) for each way to read `text`."""
    for shape in SHAPES.get(len(text), ()):
        readings = [("", 0)]
        for position, (want, c) in enumerate(zip(shape, text, strict=True)):
            options = _as_digit(c) if want == "9" else _as_letter(c)
            if want == "A" and position > 1:  # the letter that may end it
                options = [] if c in NEVER_LAST or c.isdigit() else options
            readings = [(so_far + o, n + m) for so_far, n in readings for o, m in options]
        yield from readings


def _inwards(text: str):
    for first, cost in _as_digit(text[0]):
        for second, more in _as_letter(text[1]):
            for third, most in _as_letter(text[2]):
                yield first + second + third, cost + more + most


def _as_digit(c: str) -> list[tuple[str, int]]:
    if c.isdigit():
        return [(c, 0)]
    return [(DIGITS[c], 1)] if c in DIGITS else []


def _as_letter(c: str) -> list[tuple[str, int]]:
    if c.isalpha():
        return [(c, 0)]
    return [(letter, 1) for letter in LETTERS.get(c, "")]


# Names


def phrases(words: list[str], longest: int = 6) -> list[tuple[int, int, str]]:
    """Every run of up to `longest` words of a text: its start, its end and the run itself."""
    return [
        (start, end, " ".join(words[start:end]))
        for start in range(len(words))
        for end in range(start + 1, min(start + longest, len(words)) + 1)
    ]


def edits(one: str, other: str, most: int = 3) -> int:
    """How many letters to add, drop, replace or swap with a neighbour; `most` + 1 if more.

    The optimal string alignment distance.
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, start=1):
        earlier, before, row = before, row, [i]
        for j, b in enumerate(other, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)
