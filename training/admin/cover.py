"""Officers' pages about cover: expiring training, shortages, and gaps by ward."""

from dataclasses import dataclass

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.admin import Decision, Office, officers_page
from common.spreadsheets import csv_response
from training import actions
from training.forms import KeptByForm
from training.rules import (
    HORIZONS,
    Shortage,
    shortages,
    specialist_modules,
    wards,
    why_not_invite,
)
from venues.letters import venue_addresses
from venues.models import Scheme, SignUp


@dataclass(frozen=True)
class Band:
    """Venues that become short of trained people within the same horizon."""

    within: int
    title: str
    rows: list[Shortage]


class InviteToTraining(Decision):
    """Invite each chosen venue; one that cannot be written to does not stop the others."""

    words = _("Invite venues to training")
    action = actions.invite_to_training
    site = ""
    route = None
    several = "invite_to_training"
    several_asked_at = ("look/", "look_at_invitations")
    several_route = "invite/"
    several_template = "admin/training/invite.html"
    checks_version = False  # each letter has its own row

    def context_of_several(self, desk, request, sign_ups):
        now = timezone.now()
        effects = [
            (sign_up, len(venue_addresses(sign_up.venue)), why_not_invite(sign_up, now))
            for sign_up in sign_ups
        ]
        to_invite = [sign_up for sign_up, __, reason in effects if not reason]
        return {"effects": effects, "to_invite": to_invite}

    def said_of_several(self, done):
        words = ngettext("%(sent)s venue is invited.", "%(sent)s venues are invited.", len(done))
        return [words % {"sent": len(done)}] if done else []

    def back_from_several(self, desk, sign_ups):
        home = self.back(desk, None)
        return f"{home}?scheme={sign_ups[0].scheme_id}" if sign_ups else home


class Cover(Office):
    """Which venues will lapse as training expires, and which training a ward lacks."""

    base = "admin/training/cover/"
    decisions = [InviteToTraining]

    def things(self, request):
        sign_ups = SignUp.objects.for_officer(request.user)
        return sign_ups.select_related("venue__organisation", "scheme")

    def home(self, sign_up, goes_to=""):
        return reverse("training_cover")

    @officers_page("", permission="view_cover")
    def training_cover(self, request):
        schemes, scheme = _scheme(request)
        today = timezone.localdate()
        found = shortages(scheme, today)
        form = KeptByForm(request.GET if "by" in request.GET else None, today=today)
        day = form.cleaned_data["by"] if form.is_valid() else form.default
        modules = specialist_modules(scheme)
        page = self.page(
            request,
            title=_("Training cover"),
            schemes=schemes,
            scheme=scheme,
            today=today,
            form=form,
            sentences=_sentences(found, day, today),
            bands=_bands(found),
            modules=modules,
            wards=_ward_rows(scheme, modules, today),
            may_invite=self.may(request.user, "invite_to_training", scheme),
        )
        return render(request, "admin/training/cover.html", page)

    @officers_page("export/", permission="view_cover")
    def export_shortages(self, request):
        """Export the shortages as CSV."""
        __, scheme = _scheme(request)
        header = [
            _("venue"),
            _("training"),
            _("people needed"),
            _("people trained"),
            _("too few from"),
            _("enough until"),
            _("leaves the finder after"),
            _("last invited"),
        ]
        rows = (
            [
                row.sign_up.venue,
                row.module,
                row.at_least,
                row.people,
                _band_title(row.within),
                row.ends_on,
                row.leaves_after,
                row.sign_up.invited_at and timezone.localdate(row.sign_up.invited_at),
            ]
            for row in shortages(scheme, timezone.localdate())
        )
        return csv_response("training-cover", header, rows)

    @officers_page("wards/export/", permission="view_cover")
    def export_wards(self, request):
        """Export, by ward, how many venues have done each specialist training, as CSV."""
        __, scheme = _scheme(request)
        modules = specialist_modules(scheme)
        header = [_("ward"), _("venues"), *(module.title for module in modules)]
        rows = (
            [
                row.name or _("not known"),
                row.venues,
                *(row.done.get(each.pk, 0) for each in modules),
            ]
            for row in wards(scheme, modules, timezone.localdate())
        )
        return csv_response("training-by-ward", header, rows)

    def chosen(self, request, decision, ids):
        """The chosen venues by name; 404 if any of them is not the officer's."""
        found = super().chosen(request, decision, ids)
        if len(found) != len(set(ids)):
            raise Http404
        return sorted(found, key=lambda sign_up: sign_up.venue.name)


def _scheme(request):
    """The officer's schemes, and the one this page is about."""
    schemes = list(Scheme.objects.for_officer(request.user))
    asked = request.GET.get("scheme", "")
    chosen = [scheme for scheme in schemes if str(scheme.pk) == asked] if asked else schemes[:1]
    if not chosen:
        raise Http404
    return schemes, chosen[0]


def _band_title(within):
    if not within:
        return _("today")
    return _("within %(days)s days") % {"days": within}


def _bands(found):
    titles = {
        0: _("Too few trained people today"),
        **{days: _("Training ends within %(days)s days") % {"days": days} for days in HORIZONS},
    }
    return [
        Band(within, title, [row for row in found if row.within == within])
        for within, title in titles.items()
    ]


def _venues(rows):
    return len({row.sign_up.pk for row in rows})


def _sentences(found, day, today):
    """The demand in sentences: venues one person short, those that can be kept, those lost."""
    one_short = _venues(row for row in found if not row.within and row.short == 1)
    at_risk = [row for row in found if row.leaves_after and row.leaves_after >= today]
    too_late = {row.sign_up.pk for row in at_risk if not row.is_kept_by(day)}
    kept = _venues(row for row in at_risk if row.sign_up.pk not in too_late)
    gone = {row.sign_up.pk for row in found} - {row.sign_up.pk for row in at_risk}
    words = {"day": date_format(day, "j F Y")}
    said = [
        ngettext(
            "%(many)s venue is one person short today.",
            "%(many)s venues are one person short today.",
            one_short,
        )
        % {"many": one_short},
        ngettext(
            "%(many)s venue would keep its place if trained by %(day)s.",
            "%(many)s venues would keep their place if trained by %(day)s.",
            kept,
        )
        % {"many": kept, **words},
    ]
    if too_late:
        said.append(
            ngettext(
                "%(many)s venue loses it before that day.",
                "%(many)s venues lose it before that day.",
                len(too_late),
            )
            % {"many": len(too_late)}
        )
    if gone:
        said.append(
            ngettext(
                "%(many)s venue has lost it already and comes back once trained.",
                "%(many)s venues have lost it already and come back once trained.",
                len(gone),
            )
            % {"many": len(gone)}
        )
    return said


def _ward_rows(scheme, modules, today):
    return [
        {
            "ward": row,
            "cells": [row.done.get(module.pk, 0) for module in modules],
            "missing": row.missing(modules),
        }
        for row in wards(scheme, modules, today)
    ]
