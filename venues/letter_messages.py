"""Messages telling an officer about the letters their action wrote."""

from collections.abc import Iterable
from contextlib import contextmanager

from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from venues.letters import noting
from venues.models import Letter

Fate = Letter.Fate


@contextmanager
def letters_as_messages(request: HttpRequest):
    """Say which of the letters written inside will be emailed and which must be posted.

    The admin site wraps every submitted page in it, so decisions need not mention letters.
    """
    with noting() as written:
        yield
    if written:
        # Query again: if the action was refused after writing a letter, the letter was rolled back.
        found = Letter.objects.filter(pk__in=[letter.pk for letter in written])
        say_what_became(request, found.select_related("email"))


def say_what_became(request: HttpRequest, letters: Iterable[Letter]) -> None:
    letters = list(letters)
    to_post = [letter for letter in letters if letter.fate == Fate.TO_POST]
    if leaving := [letter for letter in letters if letter not in to_post]:
        messages.info(request, _words_for_leaving(leaving))
    if len(to_post) == 1:
        where = reverse("admin:venues_letter_change", args=[to_post[0].pk])
        words = _("There is no e-mail address: no letter was sent.")
        link = _("Print and post it")
    elif to_post:
        where = f"{reverse('admin:venues_letter_changelist')}?fate={Fate.TO_POST}"
        words = _("%(count)s have no e-mail address: no letter was sent to them.") % {
            "count": len(to_post)
        }
        link = _("Print and post their letters")
    if to_post:
        messages.warning(request, format_html('{} <a href="{}">{}</a>', words, where, link))


def _words_for_leaving(letters):
    if letters[0].waits_until:
        time = date_format(timezone.localtime(letters[0].waits_until), "H:i")
        return ngettext(
            "The letter leaves at %(time)s.", "%(count)s letters leave at %(time)s.", len(letters)
        ) % {"count": len(letters), "time": time}
    return ngettext(
        "The letter is on its way.", "%(count)s letters are on their way.", len(letters)
    ) % {"count": len(letters)}
