"""Officers' pages about returns: one period, one return, the lists and the settings.

A venue's numbers appear only on the officer's screen. Exports contain states alone; figures leave
in the pack, after disclosure control.
"""

from dataclasses import replace
from functools import cache

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Exists, FilteredRelation, OuterRef, Prefetch, Q
from django.db.models.functions import Greatest, TruncDate
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from common.admin import Decision, officers_page
from common.spreadsheets import csv_response
from partnership import actions
from partnership.models import (
    ClosedPeriod,
    ReturnItem,
    ReturnSettings,
    UsageReturn,
)
from partnership.models.of_period import period_columns
from partnership.periods import QUARTER, Period
from partnership.rules.periods import ended_periods, is_asked
from partnership.rules.returns import MEMBERS, is_closed, standing_by_days, standing_of
from venues.admin.base import OfficersAdmin, SchemeFilter
from venues.evidence_kinds import Part
from venues.models import Event, Scheme, SignUp

from .entered import EntersReturns

PAGE = 100
SENT = {"received", "nil"}
STATES = ("received", "nil", "late", "missing", "waiting", "not_owed")


class ClosePeriod(Decision):
    """A decision about a scheme on the page of one period."""

    words = _("Close for returns")
    done = _("It is closed: its figures are final.")
    action = actions.close_period
    route = "<period:period>/close/<int:pk>/"
    checks_version = False  # each closed period has its own row

    def rows(self, desk, request):
        return Scheme.objects.for_officer(request.user)

    def do(self, scheme, *, by, period):
        type(self).action(scheme, period, by=by)
        return period

    def after(self, desk, scheme, period):
        return f"{self.back(desk, scheme)}?period={period.code}"

    def back(self, desk, scheme):
        return reverse("admin:partnership_usagereturn_changelist")


class ReopenPeriod(ClosePeriod):
    words = _("Open again for returns")
    done = _("It is open for returns again.")
    action = actions.reopen_period
    route = "<period:period>/reopen/<int:pk>/"


class ThankVenue(Decision):
    words = _("Thank the venue by letter")
    done = _("A word of thanks is written.")
    action = actions.thank_venue
    route = "<int:pk>/thank/"

    def possible(self, usage_return, user):
        return usage_return.thanked_at is None


@admin.register(UsageReturn)
class UsageReturnAdmin(EntersReturns, OfficersAdmin):
    """Lists venues rather than returns, so that those who sent nothing appear too."""

    part = Part.RETURNS
    by_form = ()
    scheme_path = "sign_up__scheme"
    fields = ["venue", "period", "people", "lines", "way", "sent_at", "sent_by", "changed_at"]
    readonly_fields = fields
    change_form_template = "admin/partnership/usage_return.html"
    decisions = [ClosePeriod, ReopenPeriod, ThankVenue]

    def get_queryset(self, request):
        related = ("sign_up__venue__organisation", "sign_up__scheme", "sent_by", "thanked_by")
        return super().get_queryset(request).select_related(*related)

    @admin.display(description=_("venue"))
    def venue(self, usage_return):
        return usage_return.sign_up.venue

    @admin.display(description=_("about"))
    def period(self, usage_return):
        return usage_return.period

    @admin.display(description=_("separate totals"))
    def lines(self, usage_return):
        counts = sorted(
            usage_return.counts.select_related("item"), key=lambda each: each.item.place
        )
        said = ((each.item.get_kind_display(), each.item, each.count) for each in counts)
        return format_html_join(mark_safe("<br>"), "{}. {}: {}", said) or _("none")

    # One period

    @method_decorator(require_safe)
    def changelist_view(self, request, extra_context=None):
        """Every member of the officer's schemes with the state of its return."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        mine = list(Scheme.objects.for_officer(request.user))
        choice = _choice(mine)
        period, state = self._asked_for(request, choice)
        standings = self._standings(request, period)
        numbers = {key: sum(_is(each, key) for __, each in standings) for key in STATES}
        shown = [pk for pk, each in standings if not state or _is(each, state)]
        rows = Paginator(shown, PAGE).get_page(request.GET.get("page"))
        rows.object_list = self._rows(request, period, rows.object_list)
        schemes = self._schemes(request, mine, period)
        page = self.page(
            request,
            title=_("Returns: %(period)s") % {"period": period.label},
            period=period,
            earlier=max((each for each in choice if each < period), default=period.previous),
            later=min((each for each in choice if each > period), default=None),
            rows=rows,
            filters=[(key, WORDS[key], numbers[key]) for key in STATES if numbers[key]],
            state=state,
            all_rows=len(standings),
            schemes=schemes,
            may_enter=_open_to(request.user, schemes, period),
        )
        return render(request, "admin/partnership/returns.html", page)

    @officers_page("export/", name="{app}_{model}_export")
    def export(self, request):
        """Export the same rows as CSV without numbers: one venue's figures stay on the screen.

        Nil is a number too: knowing which venues reported nil helps to work out whose a hidden
        total is. So the file says only that a return was received, whatever filter was chosen.
        """
        if not self.has_view_permission(request):
            raise PermissionDenied
        choice = _choice(Scheme.objects.for_officer(request.user))
        period, state = self._asked_for(request, choice)
        header = [_("Period"), _("Venue"), _("Scheme"), _("State"), _("Late"), _("Sent")]
        rows = (
            [
                period.code,
                row["sign_up"].venue,
                row["sign_up"].scheme,
                replace(row["standing"], key=_exported(row), is_late=False).words,
                _("yes") if row["standing"].is_late else "",
                timezone.localdate(row["sent"].sent_at).isoformat() if row["sent"] else "",
            ]
            for row in self._rows(request, period)
            if not state or _is(row["standing"], state) or {state, row["standing"].key} <= SENT
        )
        return csv_response(f"returns-{period.code}", header, rows)

    def _asked_for(self, request, choice):
        state = request.GET.get("state", "")
        try:
            period = Period.parse(request.GET["period"])
        except (KeyError, ValueError):
            period = choice[0]
        return period, state if state in STATES else ""

    def _standings(self, request, period):
        """(sign-up id, standing) of everybody in the list, in two queries.

        Ten thousand members would take seconds to load whole, and a page shows a hundred.
        """
        today, sent = timezone.localdate(), period_columns(period)
        schemes = Scheme.objects.for_officer(request.user).select_related("return_settings")
        due_on = {scheme.pk: _settings(scheme).due_on(period) for scheme in schemes}
        asking = {scheme.pk for scheme in schemes if is_asked(scheme, period)}

        @cache
        def standing(scheme, sent_on, is_nil, owed_on):
            return standing_by_days(
                period,
                sent_on=sent_on,
                is_nil=is_nil,
                owed_on=owed_on,
                due_on=due_on[scheme],
                at=today,
            )

        facts = (
            self._members(request, period)
            .annotate(
                of_period=FilteredRelation(
                    "usage_returns",
                    condition=Q(**{f"usage_returns__{name}": of for name, of in sent.items()}),
                ),
                sent_on=TruncDate("of_period__sent_at"),
                is_nil=Q(of_period__people=0),
                owed_on=TruncDate(Greatest("approved_at", "imported_at")),
            )
            .values_list("pk", "scheme_id", "sent_on", "is_nil", "owed_on")
        )
        return [
            (pk, standing(scheme, sent_on, is_nil, owed_on))
            for pk, scheme, sent_on, is_nil, owed_on in facts
            if sent_on or scheme in asking
        ]

    def _members(self, request, period):
        """Members, and those who sent a return for the period and have left since."""
        sent = UsageReturn.objects.of(period).filter(sign_up=OuterRef("pk"))
        return (
            SignUp.objects.for_officer(request.user)
            .filter(approved_at__isnull=False)
            .filter(Q(state__in=MEMBERS) | Exists(sent))
            .order_by("venue__name", "pk")
        )

    def _rows(self, request, period, keys=None):
        """The rows, all or those of the sign-ups with these keys, in two queries."""
        sent = UsageReturn.objects.of(period).select_related("progress")
        sign_ups = self._members(request, period)
        if keys is not None:
            sign_ups = sign_ups.filter(pk__in=keys)
        sign_ups = sign_ups.select_related("venue", "scheme__return_settings").prefetch_related(
            Prefetch("usage_returns", sent, to_attr="of_period")
        )
        today = timezone.localdate()
        return [
            _row(sign_up, period, today)
            for sign_up in sign_ups
            if sign_up.of_period or is_asked(sign_up.scheme, period)
        ]

    def _schemes(self, request, mine, period):
        """(scheme, closed period or None, may close it) for each of the user's schemes."""
        closed = {each.scheme_id: each for each in ClosedPeriod.objects.of(period)}
        is_over = period.ends < timezone.localdate()
        return [
            (
                scheme,
                closed.get(scheme.pk),
                is_over and request.user.has_perm("partnership.close_period", scheme),
            )
            for scheme in mine
            if is_asked(scheme, period) or scheme.pk in closed
        ]

    # One return

    def events_of(self, usage_return):
        return Event.objects.filter(
            sign_up=usage_return.sign_up_id,
            kind__startswith="partnership.",
            data__period=usage_return.period.code,
        )

    def more_below(self, request, usage_return):
        may_enter = request.user.has_perm("partnership.enter_return", usage_return)
        closed = is_closed(usage_return.sign_up.scheme, usage_return.period)
        return {
            **super().more_below(request, usage_return),
            "may_enter": may_enter and not closed,
            "progress": getattr(usage_return, "progress", None),
            "issues": usage_return.issues.select_related("sign_up__venue", "scheme"),
        }


WORDS = {
    "received": _("Received with numbers"),
    "nil": _("Received: nobody needed it"),
    "late": _("Received late"),
    "missing": _("Missing"),
    "waiting": _("Not due yet"),
    "not_owed": _("Not asked for"),
}


def _choice(schemes):
    """The periods these schemes ask about, newest first."""
    today = timezone.localdate()
    found = {period for scheme in schemes for period in ended_periods(scheme, today)}
    return sorted(found, reverse=True) or [Period.containing(QUARTER, today).previous]


def _row(sign_up, period, today):
    sent = sign_up.of_period[0] if sign_up.of_period else None
    scheme = sign_up.scheme
    standing = standing_of(
        sent, period, settings=_settings(scheme), owed_from=sign_up.owed_from, at=today
    )
    may_send = sign_up.state in MEMBERS and period.ends >= timezone.localdate(sign_up.approved_at)
    return {"sign_up": sign_up, "sent": sent, "standing": standing, "may_send": may_send}


def _settings(scheme):
    return getattr(scheme, "return_settings", None) or ReturnSettings(scheme=scheme)


def _open_to(user, schemes, period):
    """Ids of the schemes for whose venues the officer may enter a return."""
    if period.ends >= timezone.localdate():
        return set()
    return {
        scheme.pk
        for scheme, closed, __ in schemes
        if not closed and user.has_perm("partnership.enter_return", scheme)
    }


def _exported(row):
    """A row's state as exported."""
    return "received" if row["standing"].key in SENT else row["standing"].key


def _is(standing, key):
    """Whether it matches the filter; late overlaps with the others, as a nil can be late."""
    return standing.is_late if key == "late" else standing.key == key


@admin.register(ReturnItem)
class ReturnItemAdmin(OfficersAdmin):
    """The scheme's own lists. An item that was counted is retired, never deleted."""

    part = Part.RETURNS
    by_form = ("add", "change")
    scheme_permission = "partnership.add_returnitem"
    changed = "partnership.return_item_changed"
    list_display = ["label", "kind", "order", "is_active", "scheme"]
    list_filter = ["kind", "is_active", ("scheme", SchemeFilter)]
    list_select_related = ["scheme"]
    search_fields = ["label"]
    fields = ["scheme", "kind", "label", "order", "is_active"]

    def get_readonly_fields(self, request, obj=None):
        if obj is None:
            return []
        always = ["scheme", "kind"]
        return [*always, "order", "is_active"] if obj.is_not_asked else always

    def said_of_change(self, item, what):
        return {"list": str(item.kind)}


@admin.register(ReturnSettings)
class ReturnSettingsAdmin(OfficersAdmin):
    """When returns are due, when reminders go out and whether ages are asked for."""

    part = Part.RETURNS
    by_form = ("change",)
    changed = "partnership.return_settings_changed"
    list_display = ["scheme", "due_after_days", "asks_age_band", "issues_owner"]
    list_select_related = ["scheme", "issues_owner__user", "issues_owner__scheme"]
    fields = [
        "scheme",
        "due_after_days",
        "remind_before_days",
        "remind_after_days",
        "asks_age_band",
        "issues_owner",
    ]
    readonly_fields = ["scheme"]

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        if obj and "issues_owner" in form.base_fields:
            field = form.base_fields["issues_owner"]
            field.queryset = obj.scheme.officers.select_related("user", "scheme")
        return form

    def said_of_change(self, settings, what):
        return {}
