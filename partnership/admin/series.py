"""How a scheme's partnership meets, and who belongs to it without a venue."""

from django import forms
from django.contrib import admin
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from common.refusals import complain, refusals_as_messages
from partnership.actions.feeds import renew_feed, revoke_feed
from partnership.actions.meetings import add_meeting, propose_meetings
from partnership.actions.partners import end_partner
from partnership.forms.meetings import AddMeetingForm
from partnership.links.meetings import feed_link
from partnership.models import CalendarFeed, Meeting, Partner, Series
from venues.admin.base import SchemeFilter
from venues.models import Event, Scheme

from .base import PartnershipAdmin


class OwnSchemeForm(forms.ModelForm):
    """A new thing goes to a scheme in which the officer may make one; the scheme never changes."""

    def __init__(self, *args, user, permission, **kwargs):
        super().__init__(*args, **kwargs)
        if "scheme" in self.fields:
            schemes = Scheme.objects.for_officer(user)
            may = [each.pk for each in schemes if user.has_perm(permission, each)]
            self.fields["scheme"].queryset = schemes.filter(pk__in=may)


class InOwnScheme(PartnershipAdmin):
    """Adds to the officer's own schemes only."""

    form = OwnSchemeForm

    def get_form(self, request, obj=None, change=False, **kwargs):
        made = super().get_form(request, obj, change=change, **kwargs)
        permission = f"partnership.add_{self.opts.model_name}"

        class Given(made):
            def __init__(self, *args, **more):
                super().__init__(*args, user=request.user, permission=permission, **more)

        return Given

    def get_readonly_fields(self, request, obj=None):
        return ["scheme"] if obj else []


@admin.register(Series)
class SeriesAdmin(InOwnScheme):
    """One a scheme: its cadence, its usual day and place, its reminders."""

    list_display = ["name", "scheme", "cadence_months", "starts"]
    list_select_related = ["scheme"]
    change_form_template = "admin/partnership/series/change_form.html"
    fieldsets = [
        (None, {"fields": ["scheme", "name", "cadence_months"]}),
        (
            gettext_lazy("Usually"),
            {"fields": ["week", "weekday", "starts", "minutes", "address", "video_link"]},
        ),
        (gettext_lazy("Agenda"), {"fields": ["standing_items"]}),
        (gettext_lazy("Letters"), {"fields": ["invite_days", "remind_days"]}),
        (
            gettext_lazy("What counts as attendance"),
            {"fields": ["report_counts", "apologies_count"]},
        ),
    ]

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "video_link":
            kwargs["assume_scheme"] = "https"
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def record(self, request, obj, what):
        Event.objects.record(
            "partnership.series_changed",
            scheme=obj.scheme,
            about=obj,
            by=request.user,
            what=what or str(obj),
        )

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/propose/", view(self.propose_meetings), name="propose_meetings"),
            path("<int:pk>/add-meeting/", view(self.add_meeting), name="add_meeting"),
            path("<int:pk>/calendar/", view(self.renew_own_feed), name="renew_own_feed"),
            path("<int:pk>/calendar/end/", view(self.revoke_own_feed), name="revoke_own_feed"),
            *super().get_urls(),
        ]

    def more_below(self, request, series):
        feed = _own_feeds(series, request.user).first()
        may = request.user.has_perm("partnership.add_meeting", series)
        return {
            **super().more_below(request, series),
            "coming": Meeting.objects.planned()
            .filter(scheme=series.scheme_id)
            .select_related("venue")
            .order_by("starts_at")[:20],
            "may_add": may,
            "add_form": AddMeetingForm(auto_id="add_%s") if may else None,
            "feed_url": feed_link(feed) if feed else "",
        }

    @method_decorator(require_POST)
    def propose_meetings(self, request, pk):
        series = self.own(request, pk, "add_meeting")
        made = propose_meetings(series, on=timezone.localdate(), by=request.user)
        said = ngettext("%(count)s date was made.", "%(count)s dates were made.", len(made))
        self.message_user(request, said % {"count": len(made)})
        return redirect("admin:partnership_series_change", pk)

    @method_decorator(require_POST)
    def add_meeting(self, request, pk):
        series = self.own(request, pk, "add_meeting")
        form = AddMeetingForm(request.POST)
        if not form.is_valid():
            complain(request, form)
            return redirect("admin:partnership_series_change", pk)
        with refusals_as_messages(request, _("The date is proposed. Confirm it when it is sure.")):
            meeting = add_meeting(series.scheme, by=request.user, **form.cleaned_data)
            return redirect("admin:partnership_meeting_change", meeting.pk)
        return redirect("admin:partnership_series_change", pk)

    @method_decorator(require_POST)
    def renew_own_feed(self, request, pk):
        """The officer's own calendar; whoever may see the meetings may have one."""
        series = self.own(request, pk, "view_series")
        with refusals_as_messages(request, _("Here is the address for your calendar.")):
            renew_feed(series.scheme, officer=request.user, by=request.user)
        return redirect("admin:partnership_series_change", pk)

    @method_decorator(require_POST)
    def revoke_own_feed(self, request, pk):
        series = self.own(request, pk, "view_series")
        for feed in _own_feeds(series, request.user):
            revoke_feed(feed, by=request.user)
        self.message_user(request, _("The address has stopped working."))
        return redirect("admin:partnership_series_change", pk)


def _own_feeds(series, user):
    return CalendarFeed.objects.live().filter(scheme=series.scheme_id, officer=user)


@admin.register(Partner)
class PartnerAdmin(InOwnScheme):
    """Seats without a venue. A seat may stay nameless."""

    list_display = ["role", "organisation", "email", "scheme", "ended_at"]
    list_filter = [("scheme", SchemeFilter), ("ended_at", admin.EmptyFieldListFilter)]
    list_select_related = ["scheme"]
    search_fields = ["role", "organisation"]
    fields = ["scheme", "role", "organisation", "email"]

    def has_change_permission(self, request, obj=None):
        if obj is not None and obj.ended_at:
            return False
        return super().has_change_permission(request, obj)

    def record(self, request, obj, what):
        Event.objects.record(
            "partnership.partner_changed",
            scheme=obj.scheme,
            about=obj,
            by=request.user,
            what=what or str(_("the seat was made")),
        )

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/end/", view(self.end_partner), name="end_partner"),
            path(
                "<int:pk>/calendar/",
                view(self.renew_partner_feed),
                name="renew_partner_feed",
            ),
            *super().get_urls(),
        ]

    def more_below(self, request, partner):
        buttons = []
        if request.user.has_perm("partnership.change_partner", partner) and not partner.ended_at:
            buttons = [
                (
                    reverse("admin:renew_partner_feed", args=[partner.pk]),
                    _("Give their calendar a new address; the old one stops"),
                    "",
                ),
                (
                    reverse("admin:end_partner", args=[partner.pk]),
                    _("This partner has left"),
                    "app-grave",
                ),
            ]
        return {**super().more_below(request, partner), "buttons": buttons}

    @method_decorator(require_POST)
    def end_partner(self, request, pk):
        partner = self.own(request, pk, "change_partner")
        with refusals_as_messages(request, _("They are no longer invited.")):
            end_partner(partner, by=request.user)
        return redirect("admin:partnership_partner_change", pk)

    @method_decorator(require_POST)
    def renew_partner_feed(self, request, pk):
        partner = self.own(request, pk, "change_partner")
        with refusals_as_messages(
            request, _("The old address has stopped. They find the new one on their next page.")
        ):
            renew_feed(partner.scheme, partner=partner, by=request.user)
        return redirect("admin:partnership_partner_change", pk)
