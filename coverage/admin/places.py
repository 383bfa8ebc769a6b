"""Other people's places: the list, one place, and which of them may be ours already."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from common.refusals import complain, refusals_as_messages
from coverage import actions
from coverage.duplicates import MOST, possible_duplicates
from coverage.forms import InvitePlaceForm
from coverage.models import Approach, Gap, Place
from venues.admin.base import SchemeFilter
from venues.hours.reading import week_in_words
from venues.models import Event, SignUp, Venue

from .base import CoverageAdmin


class StandingFilter(admin.SimpleListFilter):
    title = gettext_lazy("how it stands")
    parameter_name = "standing"

    def lookups(self, request, model_admin):
        return [
            ("candidate", _("Could be invited")),
            ("ours", _("Is a venue of ours")),
            ("gone", _("No longer in its list")),
        ]

    def queryset(self, request, queryset):
        if self.value() == "candidate":
            return queryset.candidates()
        if self.value() == "ours":
            return queryset.filter(venue__isnull=False)
        if self.value() == "gone":
            return queryset.filter(gone_on__isnull=False)
        return queryset


@admin.register(Place)
class PlaceAdmin(CoverageAdmin):
    """Lists change places, not forms; officers link them, or invite them."""

    geometry = "point"
    list_display = ["name", "standing", "kind", "source", "for_whom", "town", "postcode"]
    list_filter = [StandingFilter, "kind", ("source", SchemeFilter)]
    list_select_related = ["source", "sign_up"]
    search_fields = ["name", "town", "postcode", "reference"]
    change_form_template = "admin/coverage/place.html"
    readonly_fields = ["for_whom"]
    fields = [
        "name",
        "kind",
        "for_whom",
        "source",
        "reference",
        "address",
        "town",
        "postcode",
        "point_is_of_postcode",
        "website",
        "phone",
        "email",
    ]

    def get_queryset(self, request):
        """How far an invitation is concerns the scheme that invited; open lists are for all."""
        ours = SignUp.objects.for_officer(request.user).filter(pk=OuterRef("sign_up"))
        return super().get_queryset(request).annotate(invited_by_us=Exists(ours))

    @admin.display(description=gettext_lazy("whom it serves"))
    def for_whom(self, place):
        return place.serves or place.source.serves

    @admin.display(description=gettext_lazy("how it stands"))
    def standing(self, place):
        if place.sign_up_id and not place.invited_by_us:
            return _("Invited by another scheme")
        if place.sign_up_id:
            return _("Invited: %(state)s") % {"state": place.sign_up.get_state_display().lower()}
        if place.venue_id:
            return _("Is a venue of ours")
        if place.gone_on:
            return _("No longer in its list")
        return _("Could be invited")

    def tools(self, request):
        tools = [(reverse("admin:possible_duplicates"), _("Possible duplicates of our venues"))]
        if request.user.has_perm("coverage.import_places"):
            tools.append((reverse("admin:import_places"), _("Bring in a list of places")))
        return tools

    def events_of(self, place):
        return Event.objects.filter(
            about_type__app_label="coverage", about_type__model="place", about_id=place.pk
        )

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("duplicates/", view(self.possible_duplicates), name="possible_duplicates"),
            path("<int:pk>/link/<int:venue_pk>/", view(self.link_place), name="link_place"),
            path(
                "<int:pk>/not-the-same/<int:venue_pk>/",
                view(self.say_not_the_same),
                name="say_not_the_same",
            ),
            path("<int:pk>/unlink/", view(self.unlink_place), name="unlink_place"),
            path("<int:pk>/invite/", view(self.invite_place), name="invite_place"),
            *super().get_urls(),
        ]

    # One place

    def more_below(self, request, place):
        user = request.user
        gaps = Gap.objects.for_officer(user)
        approaches = Approach.objects.filter(place=place, gap__in=gaps).select_related("gap")
        pairs = []
        if place.venue_id is None:
            this = Place.objects.filter(pk=place.pk)
            pairs = possible_duplicates(this, Venue.objects.for_officer(user))
        own_sign_up = place.sign_up_id and SignUp.objects.for_officer(user).filter(
            pk=place.sign_up_id
        )
        own_venue = place.venue_id and Venue.objects.for_officer(user).filter(pk=place.venue_id)
        current = place.hours.current(timezone.localdate())
        may_unlink = place.venue and self._may_decide(request, "unlink_place", place, place.venue)
        return {
            **super().more_below(request, place),
            "standing": self.standing(place),
            "hours": week_in_words({(each.weekday, each.opens, each.closes) for each in current}),
            "approaches": approaches,
            "pairs": self._buttons(request, pairs),
            "sign_up": own_sign_up.first() if own_sign_up else None,
            "venue": own_venue.first() if own_venue else None,
            "may_unlink": may_unlink and not place.sign_up_id,
            "invite_form": self._invite_form(request, place),
        }

    def _invite_form(self, request, place, data=None):
        if place.venue_id or place.gone_on or not request.user.has_perm("coverage.invite_place"):
            return None
        gap = request.GET.get("gap", "")
        initial = {"gap": gap} if gap.isdecimal() else {}
        form = InvitePlaceForm(data, user=request.user, place=place, initial=initial)
        return form if form.fields["scheme"].queryset.exists() else None

    @method_decorator(require_POST)
    def invite_place(self, request, pk):
        place = get_object_or_404(self.get_queryset(request), pk=pk)
        form = self._invite_form(request, place, request.POST)
        if form is None:
            raise PermissionDenied
        if form.is_valid():
            with refusals_as_messages(
                request, _("Invited: the e-mail with the link is on its way.")
            ):
                sign_up = actions.invite_place(place, **form.cleaned_data, by=request.user)
                if gap := form.cleaned_data["gap"]:
                    return redirect("admin:coverage_gap_change", gap.pk)
                return redirect("admin:venues_signup_change", sign_up.pk)
        complain(request, form)
        return redirect("admin:coverage_place_change", pk)

    # The same as ours?

    @method_decorator(require_safe)
    def possible_duplicates(self, request):
        if not self.has_view_permission(request):
            raise PermissionDenied
        places = Place.objects.for_officer(request.user)
        pairs = possible_duplicates(places, Venue.objects.for_officer(request.user))
        page = self.page(
            request,
            title=_("Possible duplicates of our venues"),
            pairs=self._buttons(request, pairs),
            there_may_be_more=len(pairs) == MOST,
        )
        return render(request, "admin/coverage/duplicates.html", page)

    def _buttons(self, request, pairs):
        """Each pair, and whether this officer may decide on it."""
        return [
            (pair, self._may_decide(request, "link_place", pair.place, pair.venue))
            for pair in pairs
        ]

    def _may_decide(self, request, permission, place, venue):
        """In the list's own scheme, or in the venue's."""
        name = f"coverage.{permission}"
        return request.user.has_perm(name, place) or request.user.has_perm(name, venue)

    def _pair(self, request, pk, venue_pk, permission):
        place = get_object_or_404(self.get_queryset(request), pk=pk)
        venue = Venue.objects.for_officer(request.user).filter(pk=venue_pk).first()
        if venue is None:
            raise Http404
        if not self._may_decide(request, permission, place, venue):
            raise PermissionDenied
        return place, venue

    def _back(self, request, place):
        if request.POST.get("back") == "place":
            return redirect("admin:coverage_place_change", place.pk)
        return redirect("admin:possible_duplicates")

    @method_decorator(require_POST)
    def link_place(self, request, pk, venue_pk):
        place, venue = self._pair(request, pk, venue_pk, "link_place")
        with refusals_as_messages(request, _("Linked: it is not counted twice.")):
            actions.link_place(place, venue=venue, by=request.user)
        return self._back(request, place)

    @method_decorator(require_POST)
    def say_not_the_same(self, request, pk, venue_pk):
        place, venue = self._pair(request, pk, venue_pk, "say_not_the_same")
        with refusals_as_messages(request, _("Noted: these are two places.")):
            actions.say_not_the_same(place, venue=venue, by=request.user)
        return self._back(request, place)

    @method_decorator(require_POST)
    def unlink_place(self, request, pk):
        place = get_object_or_404(self.get_queryset(request), pk=pk)
        if not self._may_decide(request, "unlink_place", place, place.venue):
            raise PermissionDenied
        with refusals_as_messages(request, _("Unlinked.")):
            actions.unlink_place(place, by=request.user)
        return redirect("admin:coverage_place_change", pk)
