"""The officers' pages of the meeting pack, and its PDF and CSV."""

from dataclasses import dataclass

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from common.refusals import refusals_as_messages
from partnership.actions import figures as actions
from partnership.models import QuarterFigures, UsageReturn
from partnership.pack import make_pack
from partnership.pack.returns import returns_missing
from partnership.pack.spreadsheet import pack_zip
from partnership.printing import ask_for_pack, packs_on_paper
from partnership.quarters import Quarter
from partnership.rules.figures import FEWEST_VENUES, changed_since, why_not_make
from venues.admin.base import history_of
from venues.models import Event, Scheme

LISTED = 9
"""Quarters that can be chosen: two years, and the one that runs."""

SHOWN_ON_PAPER = 3


@dataclass(frozen=True)
class Row:
    """One quarter of a scheme, and how far its figures are."""

    quarter: Quarter
    words: str
    may_make: bool


@never_cache
@require_safe
def packs(request):
    """The quarters of each of the officer's schemes."""
    _demand(request, "view_pack", None)
    schemes = list(Scheme.objects.for_officer(request.user))
    made = {
        (each.scheme_id, each.quarter): each
        for each in QuarterFigures.objects.latest().filter(scheme__in=schemes)
    }
    returns = UsageReturn.objects.filter(sign_up__scheme__in=schemes).order_by()
    sent = {
        (scheme, Quarter(year, number))
        for scheme, year, number in returns.values_list(
            "sign_up__scheme", "year", "number"
        ).distinct()
    }
    quarters = Quarter.containing(timezone.localdate()).last(LISTED)[::-1]
    context = {
        **admin.site.each_context(request),
        "title": _("Meeting packs"),
        "schemes": [
            (scheme, [_row(request, scheme, quarter, made, sent) for quarter in quarters])
            for scheme in schemes
        ],
    }
    return render(request, "admin/partnership/packs.html", context)


def _row(request, scheme, quarter, made, sent):
    figures = made.get((scheme.pk, quarter))
    is_over = quarter.ends < timezone.localdate()
    if figures and figures.published_at:
        words = _("its figures are published")
    elif figures:
        words = _("its figures are made")
    elif is_over and (scheme.pk, quarter) not in sent:
        words = _("no returns")
    elif is_over:
        words = _("its figures are not made yet")
    else:
        words = _("is not over yet")
    may_make = is_over and not figures and (scheme.pk, quarter) in sent
    return Row(quarter, words, may_make and _may(request, "make_figures", scheme))


@never_cache
@require_safe
def pack(request, scheme, quarter):
    """The pack as a page, with what can be done about its figures."""
    scheme, today = _own(request, scheme, "view_pack"), timezone.localdate()
    figures = QuarterFigures.objects.filter(scheme=scheme).of(quarter).first()
    changed = changed_since(figures) if figures else 0
    events = Event.objects.filter(
        scheme=scheme, kind__startswith="partnership.figures", data__quarter=quarter.code
    )
    context = {
        **admin.site.each_context(request),
        "title": _("Pack for %(quarter)s") % {"quarter": quarter},
        "pack": make_pack(scheme, quarter, today),
        "on_paper": packs_on_paper(scheme, quarter)[:SHOWN_ON_PAPER],
        "figures": figures,
        "changed": changed,
        "missing": 0 if figures else returns_missing(scheme, quarter, today),
        "may_make": _may(request, "make_figures", scheme)
        and not why_not_make(scheme, quarter, today),
        "may_publish": _may(request, "publish_figures", scheme),
        "may_revise": changed >= FEWEST_VENUES and _may(request, "revise_figures", scheme),
        "history": history_of(events, request.user),
    }
    return render(request, "admin/partnership/pack.html", context)


@never_cache
@require_safe
def pack_csv(request, scheme, quarter):
    scheme = _own(request, scheme, "view_pack")
    archive = pack_zip(make_pack(scheme, quarter, timezone.localdate()))
    return _file(archive, "application/zip", f"pack-{scheme.slug}-{quarter.code}.zip")


@require_POST
def print_pack(request, scheme, quarter):
    """Have a worker make the PDF, and show how far it is."""
    run = ask_for_pack(_own(request, scheme, "view_pack"), quarter, by=request.user)
    return redirect("admin:venues_printrun_change", run.pk)


@require_POST
def make_figures(request, scheme, quarter):
    scheme = _own(request, scheme, "make_figures")
    with refusals_as_messages(request, _("The figures are made. The pack is ready.")):
        actions.make_figures(scheme, quarter, by=request.user)
    return redirect("pack", scheme.slug, quarter)


@require_POST
def revise_figures(request, scheme, quarter):
    figures = _figures(request, scheme, quarter, "revise_figures")
    with refusals_as_messages(request, _("The figures are made anew.")):
        actions.revise_figures(figures, request.POST.get("why", "")[:200], by=request.user)
    return redirect("pack", scheme, quarter)


@require_POST
def publish_figures(request, scheme, quarter):
    figures = _figures(request, scheme, quarter, "publish_figures")
    with refusals_as_messages(request, _("The figures are on the public page.")):
        actions.publish_figures(figures, by=request.user)
    return redirect("pack", scheme, quarter)


def _own(request, slug, permission):
    """The scheme, if it is this officer's to see (else 404) and to act on (else 403)."""
    scheme = get_object_or_404(Scheme.objects.for_officer(request.user), slug=slug)
    _demand(request, permission, scheme)
    return scheme


def _figures(request, slug, quarter, permission):
    scheme = _own(request, slug, permission)
    found = QuarterFigures.objects.filter(scheme=scheme).of(quarter)
    return get_object_or_404(found.latest())


def _may(request, permission, scheme):
    return request.user.has_perm(f"partnership.{permission}", scheme)


def _demand(request, permission, scheme):
    if not _may(request, permission, scheme):
        raise PermissionDenied


def _file(content, content_type, name):
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
