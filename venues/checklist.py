"""What a scheme's administrator has to do before opening: computed, never ticked by hand.

Higher apps register their own lines in their `checklist.py`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from venues.models import Clearance, Scheme
from venues.rules import missing_to_open, numbers_to_try, texts_not_signed_off


@dataclass(frozen=True)
class Line:
    """One item: whether it is done, its status or what is missing, and a link."""

    words: str
    is_done: bool
    says: str
    url: str


Lines = Callable[[Scheme], Iterable[Line]]
_lines: list[tuple[int, Lines]] = []


def register(order: int, lines: Lines) -> None:
    """`lines(scheme)` yields one line, or none if the item does not apply to the scheme."""
    _lines.append((order, lines))


def checklist(scheme: Scheme) -> list[Line]:
    """The scheme's checklist, in order."""
    placed = sorted(_lines, key=lambda each: each[0])
    return [line for __, lines in placed for line in lines(scheme)]


def _page(scheme, part=""):
    return reverse("admin:venues_scheme_change", args=[scheme.pk]) + part


def _area(scheme):
    says = str(scheme.area) if scheme.area else _("Choose the area.")
    yield Line(_("Area"), scheme.area is not None, says, _page(scheme, "#id_area"))


def _numbers(scheme):
    kinds = scheme.contact_kinds.filter(is_needed=True)
    unnamed = [str(kind) for kind in kinds.filter(contacts__isnull=True)]
    to_try = numbers_to_try(scheme)
    if unnamed:
        says = _("Name the number for: %(what)s.") % {"what": ", ".join(unnamed)}
    else:
        says = _("Each that is needed is named.")
    yield Line(_("Numbers"), not unnamed, says, _page(scheme, "#contacts-group"))
    if scheme.contacts.exists():
        says = " ".join(to_try) or _("Each was rung, and the right service answered.")
        url = reverse("admin:record_test_call", args=[scheme.pk])
        yield Line(_("Test calls"), not to_try, says, url)


def _principles(scheme):
    count = scheme.principles.count()
    says = ngettext("%(count)s principle", "%(count)s principles", count) % {"count": count}
    url = reverse("admin:venues_principle_changelist") + f"?scheme__id__exact={scheme.pk}"
    yield Line(_("Principles"), count > 0, says, url)


def _questions(scheme):
    count = scheme.criteria.count()
    says = ngettext("%(count)s question", "%(count)s questions", count) % {"count": count}
    yield Line(_("Questions"), count > 0, says, _page(scheme, "#id_criteria"))


def _sticker(scheme):
    if scheme.has_stickers:
        says = f"“{scheme.sticker_title}”: {scheme.sticker_wording}"
        url = reverse("admin:change_look", args=[scheme.pk])
        yield Line(_("Sticker"), bool(scheme.sticker_wording), says, url)


def _texts(scheme):
    missing = texts_not_signed_off(scheme)
    says = " ".join(missing) or _("Signed off by the safeguarding lead.")
    url = reverse("admin:sign_off_texts", args=[scheme.pk])
    yield Line(_("Texts"), not missing, says, url)


def _partner(scheme):
    """A pack may name the partner that delivers the scheme: the council says whether it is so."""
    if scheme.delivered_by:
        is_confirmed = not texts_not_signed_off(scheme)
        words = _("%(partner)s: confirmed with the texts.")
        if not is_confirmed:
            words = _("%(partner)s: to be confirmed by the council, or changed.")
        says = words % {"partner": scheme.delivered_by}
        yield Line(
            _("Delivered by"), is_confirmed, says, reverse("admin:change_look", args=[scheme.pk])
        )


def _clearances(scheme):
    """A line each: what waits for an outside owner, and for the council."""
    url = reverse("admin:record_clearance", args=[scheme.pk])
    for each in scheme.clearances.all():
        if each.kind == Clearance.Kind.PERMISSION:
            title = _("Permission: %(owner)s") % {"owner": each.owner}
            says = _("%(what)s Stays off until permission is recorded.")
        else:
            title = _("To be confirmed by the council")
            says = _("%(what)s Nobody has confirmed it yet.")
        says %= {"what": each.what}
        if each.is_given:
            says = _("%(what)s Recorded: %(who)s, %(day)s.") % {
                "what": each.what,
                "who": each.given_by,
                "day": date_format(each.given_on, "j F Y"),
            }
        yield Line(title, each.is_given, says, url)


def _look(scheme):
    is_done = bool(scheme.about and (scheme.colour or scheme.logo))
    says = _("Words about it, and a colour or a logo.") if is_done else ""
    says = says or _("Say what the scheme is, and give it a colour or a logo.")
    yield Line(_("Look"), is_done, says, reverse("admin:change_look", args=[scheme.pk]))


def _open(scheme):
    is_done = scheme.opened_at is not None
    says = _("Open.") if is_done else " ".join(missing_to_open(scheme)) or _("Ready to open.")
    yield Line(_("Open"), is_done, says, reverse("admin:open_scheme", args=[scheme.pk]))


for place, each in enumerate([_area, _numbers, _principles, _questions], start=1):
    register(10 * place, each)
register(75, _partner)
register(85, _clearances)
for place, each in enumerate([_sticker, _texts, _look, _open], start=7):
    register(10 * place, each)
