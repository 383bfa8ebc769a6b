"""Colour tokens of the design, read from the style sheet, with the contrast each must have."""

import re

import pytest
from django.conf import settings

from common.colours import contrast

SCSS = settings.BASE_DIR / "assets" / "scss"
SOURCE = (SCSS / "_tokens.scss").read_text()
OWN_SHEETS = [path for path in SCSS.rglob("*.scss") if path.name != "_tokens.scss"]
TEXT = [
    ("ink", "paper"),
    ("ink", "surface"),
    ("ink", "hush"),
    ("ink", "wash"),
    ("ink", "tint"),
    ("ink", "due-wash"),
    ("ink-2", "paper"),
    ("ink-2", "surface"),
    ("ink-2", "hush"),
    ("link", "paper"),
    ("link", "surface"),
    ("link", "tint"),
    ("action-ink", "action"),
    ("action-ink", "action-hover"),
    ("danger", "paper"),
    ("danger", "surface"),
    ("danger-ink", "danger"),
    ("paper", "ink"),
    ("paper", "good"),
    ("good", "good-wash"),
    ("due", "due-wash"),
    ("bad", "bad-wash"),
    ("brand-ink", "brand"),
]
SHAPES = [
    ("edge", "paper"),
    ("edge", "surface"),
    ("frame", "paper"),
    ("frame", "surface"),
    ("action", "paper"),
    ("brand", "surface"),
]
PHYSICAL = re.compile(
    r"^\s*((margin|padding|border)-(left|right|top|bottom)\b|(left|right|top|bottom):"
    r"|(min-|max-)?(width|height):|text-align: (left|right)|float: (left|right))",
    re.MULTILINE,
)


def colours_of(scheme: str) -> dict[str, str]:
    body = re.search(rf"\${scheme}: \((.*?)\n\);", SOURCE, re.DOTALL)[1]
    found = dict(re.findall(r'"([\w-]+)": (#[0-9a-f]+)', body))
    return {name: f"#{hex[1:] * 2}" if len(hex) == 4 else hex for name, hex in found.items()}


LIGHT = colours_of("light")
DARK = LIGHT | colours_of("dark")


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXT)
def test_text_has_enough_contrast(colours, text, ground):
    assert contrast(colours[text], colours[ground]) >= 4.5


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("shape", "ground"), SHAPES)
def test_controls_and_doors_have_enough_contrast(colours, shape, ground):
    assert contrast(colours[shape], colours[ground]) >= 3


def test_light_and_dark_define_the_same_colours():
    assert {*colours_of("dark")} <= {*LIGHT}
    assert {*LIGHT} - {*colours_of("dark")} == {"focus", "focus-ink"}, (
        "the focus is the same in both"
    )


@pytest.mark.parametrize("path", OWN_SHEETS, ids=lambda path: path.name)
def test_sheets_use_logical_directions_not_left_and_right(path):
    rules = re.sub(r"//.*|/\*.*?\*/|\([^()]*\)", "", path.read_text())

    assert [match[0].strip() for match in PHYSICAL.finditer(rules)] == []


@pytest.mark.parametrize("path", OWN_SHEETS, ids=lambda path: path.name)
def test_sheets_take_their_colours_from_the_tokens(path):
    rules = re.sub(r"//.*", "", path.read_text())
    bare = {each.lower() for each in re.findall(r"#[0-9a-fA-F]{3,8}\b(?!-)", rules)}

    # A council's logo is on white; text on its colour is white or ink, in both colour schemes.
    assert bare <= {"#fff", "#12272f"}
