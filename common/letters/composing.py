"""From one source to the text part, the HTML part, and the stored copy of a letter."""

import re
import secrets
from dataclasses import dataclass, replace
from hashlib import blake2s

from django.conf import settings
from django.template import Context
from django.template.loader import get_template
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from common.signed_links import PRIVATE_LINK

SUBJECT_LENGTH = 200  # characters; mail programs show far fewer
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u2028\u2029]")
BULLET = "- "


@dataclass(frozen=True)
class Logo:
    """A picture at the head of the HTML part: a PNG and its alternative text."""

    png: bytes
    alt: str

    @property
    def cid(self) -> str:
        """Its Content-ID: the same picture has the same one in every letter."""
        return f"logo-{blake2s(self.png, digest_size=8).hexdigest()}"


@dataclass(frozen=True)
class Signature:
    """Who a letter is from: for example a scheme, the council that runs it and how to reach it."""

    name: str
    council: str = ""
    email: str = ""
    phone: str = ""
    logo: Logo | None = None
    delivered_by: str = ""
    """The partner that does the work, where it is another than the council."""
    about: str = ""
    """What the letter is about, if its text does not say so: the name of a place."""

    @classmethod
    def of_installation(cls) -> "Signature":
        """For a letter that no scheme sends."""
        return cls(name=str(settings.INSTALLATION_NAME))

    @property
    def title(self) -> str:
        return ", ".join(part for part in (self.council, self.name) if part)

    @property
    def lines(self) -> list[str]:
        about = _("About: %(what)s") % {"what": self.about} if self.about else ""
        partner = self.delivered_by and _("Delivered by %(partner)s") % {
            "partner": self.delivered_by
        }
        return [part for part in (about, self.title, partner, self.email, self.phone) if part]


@dataclass(frozen=True)
class Letter:
    """A composed letter.

    `body` is the text without the signature: what an officer may edit before sending. `kept` is the
    copy for the history, without links that act for the recipient and without private words.
    """

    subject: str
    body: str
    text: str
    html: str
    kept: str
    signature: Signature


@dataclass(frozen=True)
class _Link:
    words: str
    url: str
    is_button: bool


class _Source:
    """What template tags collect during one rendering.

    Tags put a placeholder into the text instead of a link. It contains a random number, so no
    venue's name can be mistaken for one of our links.
    """

    def __init__(self):
        self.secret = secrets.token_hex(8)
        self.subject = ""
        self.links: list[_Link] = []
        self.private_words: list[str] = []

    def set_subject(self, words):
        if self.subject:
            raise ValueError("A letter has one subject.")
        self.subject = Truncator(_one_line(words)).chars(SUBJECT_LENGTH)
        return ""

    def add_link(self, words, url, *, is_button=False):
        if is_button and self.button:
            raise ValueError("A letter has one button.")
        self.links.append(_Link(_one_line(words).rstrip(".:"), url, is_button))
        return f"\x02{self.secret}:link:{len(self.links) - 1}\x03"

    def add_private(self, words):
        self.private_words.append(_one_line(words))
        return f"\x02{self.secret}:private:{len(self.private_words) - 1}\x03"

    @property
    def button(self) -> _Link | None:
        return next((link for link in self.links if link.is_button), None)

    def fill(self, text, *, draw_link, draw_private):
        """Replace every placeholder in `text` by the result of the two functions."""

        def draw(match):
            number = int(match[2])
            if match[1] == "link":
                return draw_link(self.links[number])
            return draw_private(self.private_words[number])

        return re.sub(f"\x02{self.secret}:(link|private):(\\d+)\x03", draw, text)


def compose(
    template: str,
    context: dict,
    *,
    signature: Signature | None = None,
    text: str | None = None,
    about: str = "",
) -> Letter:
    """Render the source `template`, a path below the templates folder.

    A source is plain text: paragraphs separated by empty lines, and lists of lines that begin with
    a hyphen. It loads the `letters` tags and contains one `{% subject %}`, at most one `{% button
    %}`, further `{% link %}`s, and `{% private %}` words. Nothing in it is escaped by hand.

    `text` replaces the rendered body: an officer's edited draft (see `Letter.body`). `about` is
    added above the signature unless the body already contains it.
    """
    signature = signature or Signature.of_installation()
    source = _Source()
    rendered = get_template(template).template.render(
        Context({**context, "letter": source}, autoescape=False)
    )
    if not source.subject:
        raise ValueError(f"{template} has no subject.")
    body = _tidy(rendered if text is None else _with_button(text, source))
    plain = _unmarked(source.fill(body, draw_link=_link_as_text, draw_private=str))
    if about and _one_line(about) not in plain:
        signature = replace(signature, about=_one_line(about))
    kept = _unmarked(source.fill(body, draw_link=_link_as_kept, draw_private=_private_as_kept))
    return Letter(
        subject=source.subject,
        body=plain,
        text="\n\n".join([plain, "\n".join(signature.lines)]) + "\n",
        html=_html(source, body, signature),
        kept=_without_private_links(kept),
        signature=signature,
    )


def _one_line(words: str) -> str:
    return CONTROL.sub("", " ".join(words.split()))


def _tidy(text):
    """Normalise line endings, and collapse several blank lines into one."""
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _unmarked(text):
    return CONTROL.sub("", text)


def _with_button(text, source):
    """An edited draft keeps its button as long as the URL stays on its own line."""
    link = source.button
    if link is None:
        return text
    mark = f"\x02{source.secret}:link:{source.links.index(link)}\x03"
    text = text.replace("\r\n", "\n")
    whole = _link_as_text(link)
    if whole in text:
        return text.replace(whole, mark, 1)
    alone = re.compile(rf"^[ \t]*{re.escape(link.url)}[ \t]*$", re.MULTILINE)
    return alone.sub(lambda _match: mark, text, count=1)


def _link_as_text(link):
    return f"{link.words}:\n{link.url}" if link.is_button else f"{link.words}: {link.url}"


def _link_as_kept(link):
    if PRIVATE_LINK.search(link.url):
        by_hand = _("%(words)s: by the link in our e-mail, or ring or write to us.")
        return by_hand % {"words": link.words}
    return _link_as_text(link)


def _private_as_kept(_words):
    return _("(left out of this copy)")


def _without_private_links(text):
    found = re.compile(rf"{re.escape(settings.SITE_URL)}\S*")
    hidden = _("(a link for the recipient alone)")
    return found.sub(lambda match: hidden if PRIVATE_LINK.search(match[0]) else match[0], text)


def _html(source, body, signature):
    blocks = [_block(source, paragraph) for paragraph in body.split("\n\n") if paragraph.strip()]
    return get_template("common/letters/letter.html").render(
        {
            "subject": source.subject,
            "blocks": [part for block in blocks for part in block],
            "signature": signature,
            "language": get_language() or settings.LANGUAGE_CODE,
        }
    )


def _block(source, paragraph) -> list[SafeString]:
    """A paragraph of the source as HTML: words, lists and buttons in their order."""
    parts, words, items = [], [], []
    is_button = re.compile(rf"\s*\x02{source.secret}:link:(\d+)\x03\s*")

    def close():
        if words:
            lines = format_html_join(mark_safe("<br>"), "{}", ((line,) for line in words))
            parts.append(format_html('<p style="margin:0 0 20px">{}</p>', lines))
        if items:
            rows = format_html_join("", '<li style="margin:0 0 8px">{}</li>', ((i,) for i in items))
            parts.append(
                format_html('<ul style="margin:0 0 20px;padding:0 0 0 24px">{}</ul>', rows)
            )
        words.clear()
        items.clear()

    for line in paragraph.split("\n"):
        match = is_button.fullmatch(line)
        if match and source.links[int(match[1])].is_button:
            close()
            parts.append(_button_as_html(source.links[int(match[1])]))
        elif line.startswith(BULLET):
            if words:
                close()
            items.append(_line_as_html(source, line.removeprefix(BULLET)))
        elif items and line.startswith("  "):
            items[-1] = format_html("{}<br>{}", items[-1], _line_as_html(source, line.strip()))
        else:
            if items:
                close()
            words.append(_line_as_html(source, line))
    close()
    return parts


def _line_as_html(source, line) -> SafeString:
    """Text as HTML; only our own links become links, even if an officer typed others."""
    ours = re.compile(rf"{re.escape(escape(settings.SITE_URL))}(?=[/?#\s]|$)[^\s&<>]*")
    escaped = ours.sub(lambda m: f'<a href="{m[0]}" style="{LINK}">{m[0]}</a>', str(escape(line)))
    filled = source.fill(escaped, draw_link=_link_as_html, draw_private=lambda w: str(escape(w)))
    return mark_safe(_unmarked(filled))


LINK = "color:#1d4f91"


def _link_as_html(link) -> str:
    return format_html('<a href="{}" style="{}">{}</a>', link.url, LINK, link.words)


def _button_as_html(link) -> SafeString:
    return format_html(
        '<p style="margin:0 0 24px"><a href="{}" style="display:inline-block;padding:12px 18px;'
        "background:#1d4f91;color:#ffffff;font-weight:bold;text-decoration:none;"
        'border-radius:4px">{}</a></p>',
        link.url,
        link.words,
    )
