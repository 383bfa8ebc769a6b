"""Who a return's pages are for: a link holder, a portal member, or an officer on the phone."""

from dataclasses import dataclass

from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from partnership.actions import set_up_returns
from partnership.models import ReturnItem, ReturnSettings, TallyCount, UsageReturn
from partnership.periods import Period
from partnership.rules.returns import settings_of, why_not_send
from venues.evidence_kinds import Part
from venues.models import SignUp
from venues.views.fetching import demand_part, of_member

ENTERED = {"return_form": "enter_return", "send_return": "send_entered_return"}
"""The officer's two pages, by their names on the venue's side."""


@dataclass(frozen=True)
class Asked:
    """One venue and period, by whom and which way; the same views serve all of them."""

    sign_up: SignUp
    period: Period
    by: object = None
    token: str = ""
    is_entered: bool = False

    @classmethod
    def by_link(cls, token, found):
        return cls(found.sign_up, found.period, token=token)

    @classmethod
    def in_portal(cls, request, sign_up_id, period):
        sign_up = demand_part(of_member(request, sign_up_id), Part.RETURNS)
        if sign_up.approved_at is None:
            raise Http404
        return cls(sign_up, period, by=request.user)

    @classmethod
    def by_officer(cls, request, sign_up, period):
        """For a venue that rang or wrote: numbers only, recorded as entered by the officer."""
        return cls(sign_up, period, by=request.user, is_entered=True)

    @property
    def way(self) -> str:
        if self.is_entered:
            return UsageReturn.Way.OFFICER
        return UsageReturn.Way.LINK if self.token else UsageReturn.Way.PORTAL

    def address(self, name: str) -> str:
        """The URL of the page or button `name`, for this way in."""
        if self.is_entered:
            return self._officers_address(name)
        if self.token:
            return reverse(name, args=[self.token])
        return reverse(f"portal_{name}", args=[self.sign_up.pk, self.period])

    def _officers_address(self, name):
        if name == "period_page":
            url = reverse("admin:partnership_usagereturn_changelist")
            return f"{url}?period={self.period.code}"
        return reverse(f"admin:{ENTERED[name]}", args=[self.period, self.sign_up.pk])

    @property
    def addresses(self) -> dict[str, str]:
        if self.is_entered:
            return {name: self.address(name) for name in ("period_page", *ENTERED)}
        names = ("period_page", "return_form", "send_nil", "send_return", "send_tally")
        more = ("take_back_return", "confirm_period_hours", "ask_for_call", "issue_form")
        return {name: self.address(name) for name in (*names, *more, "raise_issue")}

    def why_not(self) -> list[str]:
        return why_not_send(self.sign_up, self.period, timezone.localdate())

    def usage_return(self) -> UsageReturn | None:
        found = UsageReturn.objects.of(self.period).filter(sign_up=self.sign_up)
        return found.select_related("progress").prefetch_related("counts__item").first()

    def settings(self) -> ReturnSettings:
        """The scheme's settings; its lists are created on first use."""
        settings = settings_of(self.sign_up.scheme)
        return settings if settings.pk else set_up_returns(self.sign_up.scheme)

    def items(self, usage_return) -> list[ReturnItem]:
        """The items asked for, and retired ones that this return counted."""
        settings = self.settings()
        counted = {count.item_id for count in usage_return.counts.all()} if usage_return else set()
        asked_for = [
            item
            for item in ReturnItem.objects.filter(scheme=self.sign_up.scheme)
            if item.pk in counted
            or (item.is_active and (item.kind != "age_band" or settings.asks_age_band))
        ]
        return sorted(asked_for, key=lambda item: item.place)

    def tallied(self) -> dict[int | None, int]:
        """Item id (None for people) -> the tally's total in this period, without zeros."""
        totals = TallyCount.objects.of(self.period).filter(tally__sign_up=self.sign_up)
        return dict(totals.filter(count__gt=0).values_list("item", "count"))
