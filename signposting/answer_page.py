"""The page that answers a search: a frame that is kept, and inside it what was found."""

import datetime
from typing import Any

from django.http import HttpRequest, QueryDict
from django.template import loader
from django.utils import timezone
from django.utils.safestring import mark_safe

from common.jinja import macros, template
from common.languages import words_now
from common.shells import drawn_once, in_shell
from signposting.answers import Answer
from signposting.around import Around
from signposting.forms import LocationForm
from signposting.paper import Paper
from signposting.wishes import NothingWished, WishesForm
from venues.nouns import Nouns


def answer_page(
    request: HttpRequest,
    *,
    answer: Answer,
    around: Around,
    paper: Paper,
    here: str,
    asked: WishesForm | NothingWished,
    form: LocationForm,
    **more: Any,
) -> str:
    """The HTML. `here` is where the map of the answer starts (signposting.map_views); `more` is the
    rest of what `signposting/answer.html` names.
    """
    now = asked.now
    inside = template("signposting/answer.html").render(
        answer=answer,
        asked=asked,
        form=form,
        here=here,
        paper=paper,
        today=words_now().date(timezone.localdate(), "l j F Y"),
        helplines=helplines(around, now.replace(second=0, microsecond=0)),
        wish_fields=wish_fields(asked),
        show_this=show_this(answer.names_no_scheme, around.known.nouns),
        typed=form["location"].value() if form.data.get("location") else "",
        box=form.fields["location"],
        **more,
    )
    return in_shell(
        request,
        "signposting/result.html",
        inside,
        is_wrong=bool(asked.errors),
        is_open_near=bool(answer.count),
    )


@drawn_once
def helplines(around: Around, minute: datetime.datetime) -> str:
    """The numbers around, those that answer first. Whether one does changes on a full minute."""
    return macros("signposting/helplines.html").rows(around.lines(minute))


def wish_fields(asked: WishesForm | NothingWished) -> str:
    if isinstance(asked, WishesForm):
        return macros("signposting/wishes.html").fields(asked)
    return _no_wish_fields(timezone.localdate(asked.now))


@drawn_once
def _no_wish_fields(today: datetime.date) -> str:
    noon = timezone.make_aware(datetime.datetime.combine(today, datetime.time(12)))
    return macros("signposting/wishes.html").fields(WishesForm(QueryDict(), now=noon))


@drawn_once
def show_this(is_neutral: bool, nouns: Nouns) -> str:
    """What somebody shows at the counter. A scheme that is hidden takes its noun along at once."""
    words = {"back": "#main", "is_neutral": is_neutral, "nouns": nouns}
    return mark_safe(loader.render_to_string("signposting/_show_this.html", words))
