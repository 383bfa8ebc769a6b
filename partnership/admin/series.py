"""How a scheme's partnership meets, and the partners without a venue."""

from django.contrib import admin
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from common.admin import Decision
from partnership.actions.feeds import renew_feed, revoke_feed
from partnership.actions.meetings import add_meeting, propose_meetings
from partnership.actions.partners import end_partner
from partnership.forms.meetings import AddMeetingForm
from partnership.links.meetings import feed_link
from partnership.models import CalendarFeed, Meeting, Partner, Series
from venues.admin.base import OfficersAdmin, SchemeFilter
from venues.evidence_kinds import Part


class InOwnScheme(OfficersAdmin):
    """New objects belong to one of the officer's schemes, and the scheme never changes."""

    by_form = ("add", "change")

    def get_readonly_fields(self, request, obj=None):
        return ["scheme"] if obj else []


class ProposeMeetings(Decision):
    words = _("Make the usual dates of the next year")
    permission = "add_meeting"
    route = "<int:pk>/propose/"

    def do(self, series, *, by):
        return propose_meetings(series, on=timezone.localdate(), by=by)

    def said(self, series, made):
        said = ngettext("%(count)s date was made.", "%(count)s dates were made.", len(made))
        return said % {"count": len(made)}


class AddMeeting(Decision):
    words = _("Add a date out of turn")
    press = _("Propose this date")
    done = _("The date is proposed. Confirm it when it is sure.")
    form = AddMeetingForm

    def do(self, series, *, by, **given):
        return add_meeting(series.scheme, by=by, **given)

    def after(self, desk, series, meeting):
        return reverse("admin:partnership_meeting_change", args=[meeting.pk])


class RenewOwnFeed(Decision):
    """Renew the officer's own calendar feed; anybody who may see the meetings may have one."""

    words = _("Make an address for my calendar; an earlier one stops")
    done = _("Here is the address for your calendar.")
    permission = "view_series"
    route = "<int:pk>/calendar/"

    def do(self, series, *, by):
        return renew_feed(series.scheme, officer=by, by=by)


class RevokeOwnFeed(Decision):
    words = _("Stop this address")
    done = _("The address has stopped working.")
    permission = "view_series"
    route = "<int:pk>/calendar/end/"
    grave = True

    def possible(self, series, user):
        return _own_feeds(series, user).exists()

    def do(self, series, *, by):
        for feed in _own_feeds(series, by):
            revoke_feed(feed, by=by)


@admin.register(Series)
class SeriesAdmin(InOwnScheme):
    """One series per scheme: its usual day and place, and its reminders."""

    part = Part.MEETINGS
    scheme_permission = "partnership.add_series"
    changed = "partnership.series_changed"
    list_display = ["name", "scheme", "how_often", "starts"]
    list_select_related = ["scheme"]
    decisions = [ProposeMeetings, AddMeeting, RenewOwnFeed, RevokeOwnFeed]
    change_form_template = "admin/partnership/series/change_form.html"
    fieldsets = [
        (None, {"fields": ["scheme", "name"]}),
        (
            _("Usually"),
            {"fields": ["week", "weekday", "starts", "minutes", "address", "video_link"]},
        ),
        (_("Agenda"), {"fields": ["standing_items"]}),
        (_("Letters"), {"fields": ["invite_days", "remind_days"]}),
        (
            _("What counts as attendance"),
            {"fields": ["report_counts", "apologies_count"]},
        ),
    ]

    @admin.display(description=_("how often"), ordering="scheme__meetings_every")
    def how_often(self, series):
        return series.scheme.get_meetings_every_display()

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "video_link":
            kwargs["assume_scheme"] = "https"
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def more_below(self, request, series):
        feed = _own_feeds(series, request.user).first()
        return {
            **super().more_below(request, series),
            "coming": Meeting.objects.planned()
            .filter(scheme=series.scheme_id)
            .select_related("venue")
            .order_by("starts_at")[:20],
            "feed_url": feed_link(feed) if feed else "",
        }


def _own_feeds(series, user):
    return CalendarFeed.objects.live().filter(scheme=series.scheme_id, officer=user)


class PartnerDecision(Decision):
    permission = "change_partner"

    def possible(self, partner, user):
        return not partner.ended_at


class RenewPartnerFeed(PartnerDecision):
    words = _("Give their calendar a new address; the old one stops")
    done = _("The old address has stopped. They find the new one on their next page.")

    def do(self, partner, *, by):
        return renew_feed(partner.scheme, partner=partner, by=by)


class EndPartner(PartnerDecision):
    words = _("This partner has left")
    done = _("They are no longer invited.")
    action = end_partner
    grave = True


@admin.register(Partner)
class PartnerAdmin(InOwnScheme):
    """Seats without a venue. A seat needs no name."""

    part = Part.MEETINGS
    scheme_permission = "partnership.add_partner"
    changed = "partnership.partner_changed"
    list_display = ["role", "organisation", "email", "scheme", "ended_at"]
    list_filter = [("scheme", SchemeFilter), ("ended_at", admin.EmptyFieldListFilter)]
    list_select_related = ["scheme"]
    search_fields = ["role", "organisation"]
    fields = ["scheme", "role", "organisation", "email"]
    decisions = [RenewPartnerFeed, EndPartner]

    def has_change_permission(self, request, obj=None):
        if obj is not None and obj.ended_at:
            return False
        return super().has_change_permission(request, obj)

    def said_of_change(self, partner, what):
        return {"what": what or str(_("the seat was made"))}
