"""Places, for the officers of every scheme they are in; changed by those of the lead scheme."""

from django.contrib import admin
from django.db.models import Prefetch
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from common.refusals import refusals_as_messages
from venues import actions
from venues.models import Event, SignUp, Venue
from venues.timetable import week

from .base import OfficersAdmin, SchemeFilter, complain
from .forms import ConfirmPhoneForm, HandOverForm


@admin.register(Venue)
class VenueAdmin(OfficersAdmin):
    """Details only. The point, the hours and the rest are filled in on the portal's own pages."""

    list_display = ["name", "type", "town", "postcode", "listing", "hours_confirmed_at", "led_by"]
    list_filter = ["type", "listing", ("lead_scheme", SchemeFilter)]
    list_select_related = ["lead_scheme"]
    search_fields = ["name", "town", "postcode"]
    change_form_template = "admin/venues/venue/change_form.html"
    fieldsets = [
        (None, {"fields": ["name", "type", "listing", "led_by", "hours_confirmed_at"]}),
        (
            gettext_lazy("Address"),
            {"fields": ["address_1", "address_2", "town", "postcode", "uprn"]},
        ),
        (
            gettext_lazy("Contact"),
            {"fields": ["website", "phone", "contact_name", "contact_email", "contact_phone"]},
        ),
        (
            gettext_lazy("Facilities"),
            {"fields": [*Venue.FACILITIES, "languages", "woman_on_request", *Venue.OFFERS]},
        ),
        (
            gettext_lazy("Also"),
            {"fields": ["insurance_checked", "bank_holidays", "division", "photo_alt"]},
        ),
    ]
    readonly_fields = ["led_by", "hours_confirmed_at"]

    @admin.display(description=gettext_lazy("lead scheme"), ordering="lead_scheme__name")
    def led_by(self, venue):
        return venue.lead_scheme

    def has_add_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def events_of(self, venue):
        return Event.objects.filter(venue=venue)

    def save_model(self, request, obj, form, change):
        changes = {name: form.cleaned_data[name] for name in form.changed_data}
        with refusals_as_messages(request, _("Saved.")):
            actions.change_venue(obj, changes, by=request.user)

    def response_change(self, request, obj):
        return redirect("admin:venues_venue_change", obj.pk)

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/confirm-phone/", view(self.confirm_phone), name="confirm_phone"),
            path("<int:pk>/hand-over/", view(self.hand_over_venue), name="hand_over_venue"),
            *super().get_urls(),
        ]

    def more_below(self, request, venue):
        user = request.user
        venue = Venue.objects.prefetch_related("opening_hours", "closures").get(pk=venue.pk)
        mine = SignUp.objects.for_officer(user).select_related("scheme").order_by("scheme__name")
        sign_ups = Venue.objects.prefetch_related(Prefetch("sign_ups", mine)).get(pk=venue.pk)
        may_confirm = venue.phone and user.has_perm("venues.confirm_phone", venue)
        return {
            **super().more_below(request, venue),
            "week": week(venue, timezone.localdate()),
            "sign_ups": [
                (each, reverse("admin:venues_signup_change", args=[each.pk]))
                for each in sign_ups.sign_ups.all()
            ],
            "phone_form": ConfirmPhoneForm() if may_confirm else None,
            "hand_over_form": HandOverForm()
            if user.has_perm("venues.hand_over_venue", venue)
            else None,
        }

    @method_decorator(require_POST)
    def confirm_phone(self, request, pk):
        venue = self.own(request, pk, "confirm_phone")
        form = ConfirmPhoneForm(request.POST)
        if form.is_valid():
            with refusals_as_messages(request, _("The number is confirmed.")):
                actions.confirm_phone(venue, **form.cleaned_data, by=request.user)
        complain(request, form)
        return redirect("admin:venues_venue_change", pk)

    @method_decorator(require_POST)
    def hand_over_venue(self, request, pk):
        venue = self.own(request, pk, "hand_over_venue")
        form = HandOverForm(request.POST)
        if form.is_valid():
            with refusals_as_messages(request, _("The place is handed over.")):
                actions.hand_over_venue(venue, **form.cleaned_data, by=request.user)
        complain(request, form)
        return redirect("admin:venues_venue_change", pk)
