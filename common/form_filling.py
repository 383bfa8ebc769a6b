"""Put typed values back into a form of a rendered page.

Works on the page's HTML, so it serves every form of the site, the admin's included, without any
view or form knowing about it. Everything outside that form's controls is unchanged.
"""

import re
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from django.http import QueryDict

NEVER_FILLED = {"file", "password", "submit", "button", "image", "reset"}
TICKED = {"checkbox", "radio"}
_ROW = re.compile(r"[\w-]+-\d+-\w+")
"""A field of one row of a formset: rows added by script are not in the page as it is served."""


@dataclass
class _Control:
    kind: str
    name: str
    attrs: dict[str, str | None]
    start: int
    end: int
    inner: tuple[int, int] | None = None


@dataclass
class _Form:
    action: str
    controls: list[_Control] = field(default_factory=list)
    end: int = 0


def fill(html: str, path: str, action: str, typed: QueryDict, skip: set[str]) -> str | None:
    """`html` (the page at `path`) with `typed` filled into its form that posts to `action`.

    `skip` names fields never filled, such as tokens. None if the page has no such form.
    """
    finder = _FormFinder(html)
    here = [form for form in finder.forms if urlsplit(urljoin(path, form.action)).path == action]
    if not here:
        return None
    form = max(here, key=lambda each: _same_hidden(each, typed))
    changes = [*_filled(form, typed, skip), (form.end, form.end, _rows(form, typed, skip))]
    for start, end, words in sorted(changes, reverse=True):
        html = html[:start] + words + html[end:]
    return html


def _same_hidden(form, typed) -> int:
    """Of several forms with one action, pick the one with the same hidden values: the same row."""
    return sum(
        control.attrs.get("value") in typed.getlist(control.name)
        for control in form.controls
        if control.kind == "hidden"
    )


def _filled(form, typed, skip):
    """(start, end, text) for each control of the form whose state changes."""
    seen: dict[str, int] = {}
    for control in form.controls:
        name, values = control.name, typed.getlist(control.name)
        if not name or name in skip or control.kind in NEVER_FILLED:
            continue
        if control.kind in TICKED:
            is_on = control.attrs.get("value", "on") in values
            yield control.start, control.end, _tag("input", control.attrs, "checked", is_on)
        elif control.kind == "option":
            is_on = control.attrs.get("value") in values
            yield control.start, control.end, _tag("option", control.attrs, "selected", is_on)
        else:
            number = seen.get(name, 0)
            seen[name] = number + 1
            if number < len(values):
                yield _with_text(control, values[number])


def _with_text(control, value):
    if control.inner:
        # HTML drops the first line break of a textarea.
        return *control.inner, "\n" + escape(value)
    attrs = {**control.attrs, "value": value}
    return control.start, control.end, _tag("input", attrs)


def _tag(tag, attrs, flag="", is_on=False):
    kept = {name: value for name, value in attrs.items() if name != flag}
    if is_on:
        kept[flag] = None
    said = [name if value is None else f'{name}="{escape(value)}"' for name, value in kept.items()]
    return f"<{' '.join([tag, *said])}>"


def _rows(form, typed, skip) -> str:
    """Hidden inputs for rows a script had added: without them the management form's count is
    wrong.
    """
    there = {control.name for control in form.controls} | skip
    return "".join(
        _tag("input", {"type": "hidden", "name": name, "value": value})
        for name, values in typed.lists()
        if name not in there and _ROW.fullmatch(name)
        for value in values
    )


class _FormFinder(HTMLParser):
    """Finds the forms of a page and the positions of their controls."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.lines = [0, *(found.end() for found in re.finditer("\n", html))]
        self.forms: list[_Form] = []
        self.form: _Form | None = None
        self.select = ""
        self.area: _Control | None = None
        self.feed(html)
        self.close()

    def _at(self) -> int:
        line, column = self.getpos()
        return self.lines[line - 1] + column

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        if tag == "form":
            self.form = _Form(found.get("action") or "")
            if (found.get("method") or "").lower() == "post":
                self.forms.append(self.form)
        elif self.form and tag in ("input", "select", "textarea", "option"):
            self._control(tag, found)

    def _control(self, tag, attrs):
        if tag == "select":
            self.select = attrs.get("name") or ""
            return
        start = self._at()
        end = start + len(self.get_starttag_text())
        name = self.select if tag == "option" else attrs.get("name") or ""
        kind = (attrs.get("type") or "text").lower() if tag == "input" else tag
        control = _Control(kind, name, attrs, start, end)
        self.form.controls.append(control)
        if tag == "textarea":
            self.area = control

    def handle_endtag(self, tag):
        if tag == "textarea" and self.area:
            self.area.inner = (self.area.end, self._at())
            self.area = None
        elif tag == "select":
            self.select = ""
        elif tag == "form" and self.form:
            self.form.end = self._at()
            self.form = None
