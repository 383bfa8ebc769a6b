"""Printing packs in a worker: with hundreds of venues a PDF takes too long for a request."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from partnership.pack import make_pack
from partnership.pack.pdf import pack_pdf
from partnership.periods import Period
from venues.actions import ask_for_print_run
from venues.models import PrintRun, Scheme
from venues.papers import Pages, Paper, register

KIND = "pack"


def ask_for_pack(scheme: Scheme, period: Period, *, by: User) -> PrintRun:
    """Queue the pack as of the day it is requested."""
    return ask_for_print_run(
        KIND,
        scheme,
        {"period": period.code},
        title=_("Pack for %(period)s") % {"period": period},
        file_name=f"pack-{scheme.slug}-{period.code}.pdf",
        by=by,
    )


def packs_on_paper(scheme: Scheme, period: Period):
    """Print runs of this period's pack, newest first, without loading their files."""
    runs = PrintRun.objects.filter(kind=KIND, scheme=scheme, options__period=period.code)
    return runs.defer("file")


def parts(run: PrintRun) -> list[list[str]]:
    return [[run.options["period"]]]


def draw(run: PrintRun, part: list[str]) -> Pages:
    at = timezone.localdate(run.asked_at)
    return Pages(pack_pdf(make_pack(run.scheme, Period.parse(part[0]), at), at))


register(
    Paper(
        key=KIND,
        permission="partnership.view_pack",
        parts=parts,
        draw=draw,
        page=lambda run: reverse(
            "pack", args=[run.scheme.slug, Period.parse(run.options["period"])]
        ),
    )
)
