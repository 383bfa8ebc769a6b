"""Printing many window stickers as a print run."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from venues.actions import ask_for_print_run
from venues.models import PrintRun, Scheme, Sticker
from venues.papers import Pages, Paper, register
from venues.sticker_pdf import SIZES, sticker_pdf

AT_ONCE = 5
"""Up to this many stickers are made while the officer waits: about a second."""
AT_A_TIME = 20
"""Stickers per part. A killed worker loses no more than this."""


def ask_for_stickers(stickers: list[Sticker], size: str, *, by: User) -> list[PrintRun]:
    """One print run per scheme of these stickers. `size` is a key of SIZES."""
    of_scheme: dict[Scheme, list[int]] = {}
    for sticker in stickers:
        of_scheme.setdefault(sticker.sign_up.scheme, []).append(sticker.pk)
    return [
        ask_for_print_run(
            "stickers",
            scheme,
            {"stickers": keys, "size": size},
            title=ngettext("%(many)s sticker: %(size)s", "%(many)s stickers: %(size)s", len(keys))
            % {"many": len(keys), "size": SIZES[size]},
            file_name=f"stickers-{size}.pdf",
            by=by,
        )
        for scheme, keys in of_scheme.items()
    ]


def parts(run: PrintRun) -> list[list[int]]:
    keys = run.options["stickers"]
    return [keys[start : start + AT_A_TIME] for start in range(0, len(keys), AT_A_TIME)]


def draw(run: PrintRun, part: list[int]) -> Pages:
    """The stickers with these ids; those ended or deleted meanwhile are left out and named."""
    found = (
        Sticker.objects.filter(sign_up__scheme=run.scheme_id)
        .select_related("sign_up__venue", "sign_up__scheme")
        .in_bulk(part)
    )
    stickers = [found[key] for key in part if key in found]
    live = [each for each in stickers if not each.ended_at]
    said = [
        _("Sticker %(number)s has ended meanwhile and was left out.") % {"number": each.number}
        for each in stickers
        if each.ended_at
    ]
    if gone := len(part) - len(stickers):
        said.append(
            ngettext(
                "%(gone)s sticker does not exist any more and was left out.",
                "%(gone)s stickers do not exist any more and were left out.",
                gone,
            )
            % {"gone": gone}
        )
    return Pages(sticker_pdf(live, run.options["size"]) if live else None, said)


register(
    Paper(
        key="stickers",
        permission="venues.print_sticker",
        parts=parts,
        draw=draw,
        page=lambda run: reverse("admin:venues_sticker_changelist"),
    )
)
