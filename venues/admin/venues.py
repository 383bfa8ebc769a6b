"""Places: visible to the officers of every scheme they are in, edited by the lead scheme's."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext_lazy as _

from common.admin import Decision, officers_page
from common.refusals import refusals_as_messages
from venues import actions
from venues.edits import metres_moved, open_edit, side_by_side
from venues.hours.lines import lines_of
from venues.hours.osm import as_osm
from venues.hours.timetable import bank_holidays_in_words, season_in_words, week
from venues.models import Event, SignUp, Venue, VenueEdit
from venues.rules import schemes_that_may_lead, schemes_to_ask
from venues.same_place import likely_pairs, perhaps_the_same, read_pairs, venues_matching

from .base import OfficersAdmin, SchemeFilter
from .forms import ConfirmPhoneForm, HandOverForm, HandOverLeadForm, RefuseEditForm
from .merges import MergeVenues, SayNotTheSameVenue, merge_with_page, pair_with_links

PAIRS = 50
"""Pairs of places per page."""


class ConfirmPhone(Decision):
    words = _("Public telephone")
    press = _("Confirm the number")
    done = _("The number is confirmed.")
    action = actions.confirm_phone
    form = ConfirmPhoneForm

    def possible(self, venue, user):
        return bool(venue.phone)


class HandOverVenue(Decision):
    words = _("Hand over to a new organisation")
    press = _("Hand over")
    explains = _(
        "When the business is sold or its only manager has left. Every sign-up of the place is "
        "withdrawn, what was issued to it ends, and its people’s posts end today. Nothing agreed "
        "or learnt passes on. The new manager is invited by e-mail and signs up afresh."
    )
    form = HandOverForm
    grave = True

    def effect(self, venues):
        words = _("%(scheme)s has to agree too, because its sign-up would end with it.")
        return [
            words % {"scheme": scheme}
            for venue in venues
            for scheme in schemes_to_ask(venue)
            if scheme.pk != venue.lead_scheme_id
        ]

    def do(self, venue, *, by, **given):
        """An officer agrees only on behalf of the schemes whose hand-overs they could decide."""
        own = [scheme for scheme in schemes_to_ask(venue) if self.may(by, scheme)]
        return actions.ask_to_hand_over(venue, by=by, agreed=own, **given)

    def said(self, venue, asked):
        if not asked:
            return _("The place is handed over.")
        names = get_text_list([str(scheme) for scheme in asked], _("and"))
        return _("%(schemes)s is asked first. Nothing has changed yet.") % {"schemes": names}


class EditDecision(Decision):
    """Decides an edit that the venue has asked its lead scheme to accept."""

    checks_version = False  # it answers a VenueEdit row, which the action checks

    def possible(self, venue, user):
        return open_edit(venue) is not None


class AcceptVenueEdit(EditDecision):
    words = _("Accept the change")
    explains = _("The public sees it from now on, in every scheme. The place gets a letter.")
    done = _("Changed as the place asked.")
    action = actions.accept_venue_edit

    def effect(self, venues):
        found = [edit for venue in venues if (edit := open_edit(venue))]
        rows = [row for edit in found for row in side_by_side(edit)]
        return [f"{what}: {was} → {wanted}" for what, was, wanted in rows]


class RefuseVenueEdit(EditDecision):
    words = _("Do not accept it")
    explains = _("Everything stays as it is. The place gets a letter with your reason.")
    done = _("Not accepted. The place is told why.")
    action = actions.refuse_venue_edit
    form = RefuseEditForm


class HandOverLead(Decision):
    words = _("Hand the lead to another scheme")
    press = _("Hand over the lead")
    explains = _(
        "The lead scheme decides on the name, address and point of the place. Its team is told by "
        "e-mail; what waits for a decision waits for it."
    )
    done = _("The other scheme leads now.")
    action = actions.hand_over_lead
    form = HandOverLeadForm

    def possible(self, venue, user):
        return schemes_that_may_lead(venue).exists()

    def form_kwargs(self, venue, user):
        return {"schemes": schemes_that_may_lead(venue)}


class EditFilter(admin.SimpleListFilter):
    """Places with an edit pending at their lead scheme."""

    title = _("change waiting")
    parameter_name = "edit"

    def lookups(self, request, model_admin):
        return [("waits", _("Waits for a decision"))]

    def queryset(self, request, queryset):
        if self.value() != "waits":
            return queryset
        waiting = VenueEdit.objects.open().for_officer(request.user)
        return queryset.filter(pk__in=waiting.values("venue"))


@admin.register(Venue)
class VenueAdmin(OfficersAdmin):
    """Details only. The point, the hours and the rest are edited on the portal's own pages."""

    by_form = ("change",)
    list_display = ["name", "type", "town", "postcode", "listing", "hours_confirmed_at", "led_by"]
    exported = ("hours_as_lines", "hours_as_osm")
    list_filter = ["type", "listing", EditFilter, ("lead_scheme", SchemeFilter)]
    list_select_related = ["lead_scheme"]
    search_fields = ["name", "town", "postcode"]
    change_form_template = "admin/venues/venue/change_form.html"
    fieldsets = [
        (None, {"fields": ["name", "type", "listing", "led_by", "hours_confirmed_at"]}),
        (
            _("Address"),
            {"fields": ["address_1", "address_2", "town", "postcode", "landmark", "uprn"]},
        ),
        (
            _("Contact"),
            {"fields": ["website", "phone", "contact_name", "contact_email", "contact_phone"]},
        ),
        (
            _("Facilities"),
            {
                "fields": [
                    *Venue.FACILITIES,
                    "languages",
                    "woman_on_request",
                    *Venue.OFFERS,
                    "transport",
                ]
            },
        ),
        (
            _("Also"),
            {"fields": ["insurance_checked", "bank_holidays", "division", "photo_alt"]},
        ),
    ]
    readonly_fields = ["led_by", "hours_confirmed_at"]
    decisions = [
        ConfirmPhone,
        AcceptVenueEdit,
        RefuseVenueEdit,
        HandOverLead,
        HandOverVenue,
        MergeVenues,
        SayNotTheSameVenue,
    ]

    @admin.display(description=_("lead scheme"), ordering="lead_scheme__name")
    def led_by(self, venue):
        return venue.lead_scheme

    def found(self, request):
        return super().found(request).prefetch_related("opening_hours")

    @admin.display(description=_("opening hours"))
    def hours_as_lines(self, venue):
        """In the notation that the portal and the imports read; seasons are named, which imports
        refuse.
        """
        today, seasons = timezone.localdate(), {}
        for each in venue.opening_hours.all():
            if each.valid_from <= today and (each.valid_to is None or each.valid_to > today):
                seasons.setdefault((each.season_from, each.season_to), []).append(each)
        return "; ".join(
            line if first is None else f"{line} ({season_in_words(first, last)})"
            for (first, last), hours in seasons.items()
            for line in lines_of(hours)
        )

    @admin.display(description="opening_hours (OpenStreetMap)")
    def hours_as_osm(self, venue):
        return as_osm(venue, timezone.localdate())

    def events_of(self, venue):
        return Event.objects.filter(venue=venue)

    @officers_page("perhaps-the-same/", name="same_places", permission="venues.merge_venues")
    def same_places(self, request):
        """Every pair that may be one place, the likeliest first."""
        page = Paginator(likely_pairs(request.user), PAIRS).get_page(request.GET.get("page"))
        page.object_list = [pair_with_links(pair) for pair in read_pairs(page.object_list)]
        context = {
            **self.admin_site.each_context(request),
            "title": _("Perhaps the same place"),
            "page": page,
        }
        return render(request, "admin/venues/same_places.html", context)

    @officers_page("<int:pk>/merge-with/", name="merge_venue_with", permission="view_venue")
    def merge_with(self, request, venue):
        """Search for the other entry of this place, where it was not proposed."""
        if not self.may(request.user, "merge_venues"):
            raise PermissionDenied
        return merge_with_page(
            self,
            request,
            venue,
            find=venues_matching,
            about=lambda other: ", ".join([*other.address[:1], other.town, other.postcode]),
            merge=MergeVenues(),
            label=_("Name, town, postcode or reference"),
            explains=_("Among the places of your schemes, and those that the public finds."),
        )

    def save_model(self, request, obj, form, change):
        changes = {name: form.cleaned_data[name] for name in form.changed_data}
        with refusals_as_messages(request, _("Saved.")):
            actions.change_venue(obj, changes, by=request.user)

    def response_change(self, request, obj):
        return redirect("admin:venues_venue_change", obj.pk)

    def more_below(self, request, venue):
        venue = Venue.objects.prefetch_related("opening_hours", "closures").get(pk=venue.pk)
        mine = SignUp.objects.for_officer(request.user).select_related("scheme")
        mine = Prefetch("sign_ups", mine.order_by("scheme__name"))
        sign_ups = Venue.objects.prefetch_related(mine).get(pk=venue.pk).sign_ups.all()
        edit = open_edit(venue)
        return {
            **super().more_below(request, venue),
            "edit": edit,
            "pairs": self._pairs(request.user, venue),
            "may_merge": self.may(request.user, "merge_venues"),
            "edit_rows": side_by_side(edit) if edit else [],
            "metres_moved": metres_moved(edit) if edit else None,
            "week": week(venue, timezone.localdate()),
            "bank_holidays": bank_holidays_in_words(venue, timezone.localdate()),
            "sign_ups": [
                (each, reverse("admin:venues_signup_change", args=[each.pk])) for each in sign_ups
            ],
        }

    def _pairs(self, user, venue):
        """Possible duplicates of this place, for users who may merge."""
        if not self.may(user, "merge_venues"):
            return []
        return [pair_with_links(pair) for pair in perhaps_the_same(user, of=venue)]
