"""The page that answers a search: a cached frame around what was found."""

from typing import Any

from django.http import HttpRequest
from django.template import engines, loader
from django.utils import timezone
from django.utils.formats import date_format

from common.shells import in_shell
from signposting.answers import Answer
from signposting.paper import Paper


def answer_page(
    request: HttpRequest, *, answer: Answer, paper: Paper, here: str, asked: Any, **more: Any
) -> str:
    """The HTML. `here` is where the map of the answer starts (signposting.map_views); `more` is the
    rest of the context of `signposting/answer.html`.
    """
    jinja = engines["jinja2"]
    context = {"answer": answer, "asked": asked, **more}
    inside = jinja.get_template("signposting/answer.html").render(context)
    if not answer.is_empty:
        inside += jinja.get_template("signposting/answer_map.html").render({"here": here})
    # Not cached with the frame: the words of a scheme that is hidden must go at once.
    words = {"back": "#main", "is_neutral": answer.names_no_scheme}
    inside += loader.render_to_string("signposting/_show_this.html", words)
    today = date_format(timezone.localdate(), "l j F Y")
    inside += jinja.get_template("signposting/paper.html").render({"paper": paper, "today": today})
    return in_shell(
        request,
        "signposting/result.html",
        inside,
        is_wrong=bool(asked.errors),
        is_open_near=bool(answer.count),
    )
