"""The officers' pages of the meeting pack, with PDF and CSV."""

from dataclasses import dataclass

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.admin import Decision, Office, officers_page
from common.admin.decisions import version_of
from partnership.actions import figures as actions
from partnership.models import PeriodFigures, UsageReturn
from partnership.pack import make_pack
from partnership.pack.returns import returns_missing
from partnership.pack.spreadsheet import pack_zip
from partnership.periods import Period
from partnership.printing import ask_for_pack, packs_on_paper
from partnership.rules.figures import FEWEST_VENUES, changed_since, why_not_make
from partnership.rules.periods import has_pack, pack_periods
from venues.admin.base import history_of
from venues.models import Event, Scheme

SHOWN_ON_PAPER = 3
ONE = "<slug:scheme>/<period:period>/"


@dataclass(frozen=True)
class Row:
    """One period of a scheme, and the state of its figures."""

    period: Period
    words: str
    may_make: bool


@dataclass(frozen=True)
class PackOf:
    """The pack of one period of a scheme."""

    scheme: Scheme
    period: Period


class PackDecision(Decision):
    """A decision made on a pack's page, returning there."""

    site = ""
    template = ""

    def may(self, user, pack):
        return super().may(user, pack.scheme)


class PrintPack(PackDecision):
    """Have a worker make the PDF, and show its progress."""

    words = _("Make a PDF")
    permission = "view_pack"
    route = f"{ONE}print/"

    def do(self, pack, *, by):
        return ask_for_pack(pack.scheme, pack.period, by=by)

    def after(self, desk, pack, run):
        return reverse("admin:venues_printrun_change", args=[run.pk])


class MakeFigures(PackDecision):
    words = _("Make the figures")
    done = _("The figures are made. The pack is ready.")
    route = f"{ONE}make-figures/"

    def do(self, pack, *, by):
        return actions.make_figures(pack.scheme, pack.period, by=by)


class OfFigures(PackDecision):
    """A decision about the latest figures, as the page showed them."""

    def part(self, pack, user):
        found = PeriodFigures.objects.filter(scheme=pack.scheme).of(pack.period)
        return get_object_or_404(found.latest()), {}


class WhyForm(forms.Form):
    why = forms.CharField(required=False)

    def clean_why(self):
        return self.cleaned_data["why"][:200]


class ReviseFigures(OfFigures):
    words = _("Revise the figures")
    done = _("The figures have been revised.")
    action = actions.revise_figures
    form = WhyForm
    route = f"{ONE}revise-figures/"


class PublishFigures(OfFigures):
    words = _("Put them on the public page")
    done = _("The figures are on the public page.")
    action = actions.publish_figures
    route = f"{ONE}publish-figures/"


def _has_packs(scheme):
    """Whether it has meetings, which look at packs, or returns, whose figures are made anyway."""
    return scheme.has_meetings or scheme.has_returns


class Packs(Office):
    """The periods of each of the officer's schemes, with their packs."""

    base = "admin/packs/"
    key = "scheme"
    decisions = [PrintPack, MakeFigures, ReviseFigures, PublishFigures]

    def things(self, request):
        return Scheme.objects.for_officer(request.user)

    def named(self, rows, keys):
        scheme = get_object_or_404(rows, slug=keys.pop("scheme"))
        period = keys.pop("period")
        if not has_pack(scheme, period):
            raise Http404
        return PackOf(scheme, period)

    def may(self, user, permission, thing=None):
        return super().may(user, permission, getattr(thing, "scheme", thing))

    def home(self, pack, goes_to=""):
        return reverse("pack", args=[pack.scheme.slug, pack.period])

    @officers_page("", permission="view_pack")
    def packs(self, request):
        schemes = [each for each in self.things(request) if _has_packs(each)]
        made = {
            (each.scheme_id, each.period): each
            for each in PeriodFigures.objects.latest().filter(scheme__in=schemes)
        }
        returns = UsageReturn.objects.filter(sign_up__scheme__in=schemes).order_by()
        sent = {
            (scheme, Period(*period))
            for scheme, *period in returns.values_list(
                "sign_up__scheme", "length", "year", "number"
            ).distinct()
        }
        today = timezone.localdate()
        page = self.page(
            request,
            title=_("Meeting packs"),
            schemes=[
                (
                    scheme,
                    [
                        self._row(request, scheme, each, made, sent)
                        for each in pack_periods(scheme, today)
                    ],
                )
                for scheme in schemes
            ],
        )
        return render(request, "admin/partnership/packs.html", page)

    def _row(self, request, scheme, period, made, sent):
        figures = made.get((scheme.pk, period))
        is_over = period.ends < timezone.localdate()
        if figures and figures.published_at:
            words = _("its figures are published")
        elif figures:
            words = _("its figures are made")
        elif is_over and (scheme.pk, period) not in sent:
            words = _("no returns")
        elif is_over:
            words = _("its figures are not made yet")
        else:
            words = _("is not over yet")
        may_make = is_over and not figures and (scheme.pk, period) in sent
        return Row(period, words, may_make and self.may(request.user, "make_figures", scheme))

    @officers_page(ONE, permission="view_pack")
    def pack(self, request, pack):
        """A pack as a page, with the decisions about its figures."""
        scheme, period, today = pack.scheme, pack.period, timezone.localdate()
        figures = PeriodFigures.objects.filter(scheme=scheme).of(period).first()
        changed = changed_since(figures) if figures else 0
        events = Event.objects.filter(
            scheme=scheme, kind__startswith="partnership.figures", data__period=period.code
        )
        user = request.user
        page = self.page(
            request,
            title=_("Pack for %(period)s") % {"period": period},
            pack=make_pack(scheme, period, today),
            on_paper=packs_on_paper(scheme, period)[:SHOWN_ON_PAPER],
            figures=figures,
            version=version_of(figures),
            changed=changed,
            missing=0 if figures else returns_missing(scheme, period, today),
            may_make=self.may(user, "make_figures", scheme)
            and not why_not_make(scheme, period, today),
            may_publish=self.may(user, "publish_figures", scheme),
            may_revise=changed >= FEWEST_VENUES and self.may(user, "revise_figures", scheme),
            history=history_of(events, user),
        )
        return render(request, "admin/partnership/pack.html", page)

    @officers_page(f"{ONE}tables.zip", permission="view_pack")
    def pack_csv(self, request, pack):
        archive = pack_zip(make_pack(pack.scheme, pack.period, timezone.localdate()))
        response = HttpResponse(archive, content_type="application/zip")
        name = f"pack-{pack.scheme.slug}-{pack.period.code}.zip"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response
