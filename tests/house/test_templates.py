"""Templates keep to the width that people can read beside each other."""

import re
from pathlib import Path

import pytest
from django.conf import settings

WIDTH = 120
TEMPLATES = sorted((Path(settings.BASE_DIR) / "templates").rglob("*.html"))
TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}")
"""Django reads a tag only if it is on one line."""
ELEMENT = re.compile(r'<[^<>]*>|<[^<>]*$|^[^<>]*(?:"|x)>')
"""Whole, or begun or ended on another line: djlint decides how its attributes are laid out."""


def can_be_broken(line: str) -> bool:
    """Whether the line has a space in its text, outside tags and elements."""
    bare = TAG.sub(lambda found: "x" * len(found[0]), line.strip())
    bare = ELEMENT.sub(lambda found: "x" * len(found[0]), bare)
    return " " in bare


def too_long(source: str) -> list[int]:
    """Numbers of the lines that are too wide and can be broken."""
    lines = enumerate(source.splitlines(), 1)
    return [number for number, line in lines if len(line) > WIDTH and can_be_broken(line)]


@pytest.mark.parametrize(
    "line",
    [
        f"<p>{'word ' * 30}</p>",
        f'{{% if place %}}<a href="/">{"name " * 25}</a>{{% endif %}}',
        f"{{{{ place }}}} {'x' * WIDTH}",
    ],
)
def test_a_wide_line_of_text_is_found(line):
    assert too_long(line) == [1]


def test_a_single_tag_or_drawing_may_be_wide():
    include = f"{{% include 'card.html' with {'name=value ' * 15}only %}}"
    path = f'<path d="{"m1 1 " * 40}" />'
    assert not too_long(f"{include}\n{path}")


def test_no_template_line_is_wider_than_120_columns():
    """Except a single tag or element (a path of a drawing), which cannot be broken."""
    assert TEMPLATES
    found = {each.name: too_long(each.read_text()) for each in TEMPLATES}
    assert {name: lines for name, lines in found.items() if lines} == {}
