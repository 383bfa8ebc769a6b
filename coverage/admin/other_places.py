"""Other organisations' spaces: the list, one space, and possible duplicates of our venues."""

from django import forms
from django.contrib import admin
from django.db.models import Exists, OuterRef
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.admin import Decision, officers_page
from coverage import actions
from coverage.duplicates import MOST, possible_duplicates
from coverage.forms import InviteOtherPlaceForm
from coverage.models import Approach, Gap, OtherPlace
from venues.admin.base import SchemeFilter
from venues.hours.intervals import week_in_words
from venues.models import SignUp, Venue

from .base import CoverageAdmin, OnTheMap


class StandingFilter(admin.SimpleListFilter):
    title = _("how it stands")
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


class PairForm(forms.Form):
    """Remembers the page on which a pair was decided, to return to it."""

    back = forms.CharField(required=False, widget=forms.HiddenInput)


class LinkOtherPlace(Decision):
    """A pair of another space and one of our venues, in the scheme of the list or of the venue."""

    words = _("The same: link them")
    done = _("Linked: it is not counted twice.")
    form = PairForm
    route = "<int:pk>/link/<int:venue_pk>/"

    def part(self, other_place, user, venue_pk):
        venue = get_object_or_404(Venue.objects.for_officer(user), pk=venue_pk)
        return other_place, {"venue": venue}

    def may_here(self, user, other_place, more):
        return self.may(user, other_place) or self.may(user, more["venue"])

    def do(self, other_place, *, by, venue, back):
        actions.link_other_place(other_place, venue=venue, by=by)
        return back

    def after(self, desk, other_place, back):
        if back == "other_place":
            return self.back(desk, other_place)
        return reverse("admin:possible_duplicates")


class SayNotTheSame(LinkOtherPlace):
    words = _("Not the same")
    done = _("Noted: these are two spaces.")
    route = "<int:pk>/not-the-same/<int:venue_pk>/"

    def do(self, other_place, *, by, venue, back):
        actions.say_not_the_same(other_place, venue=venue, by=by)
        return back


class UnlinkOtherPlace(Decision):
    words = _("Unlink: it is a different space")
    done = _("Unlinked.")
    action = actions.unlink_other_place
    route = "<int:pk>/unlink/"

    def may(self, user, other_place):
        in_its_venue = other_place.venue is not None and super().may(user, other_place.venue)
        return super().may(user, other_place) or in_its_venue

    def possible(self, other_place, user):
        return other_place.venue_id is not None and other_place.sign_up_id is None


class InviteOtherPlace(Decision):
    words = _("Invite it to join")
    press = _("Invite")
    explains = _(
        "A sign-up is made with what is known filled in. The space gets an e-mail with a link, "
        "reads and completes it, and agrees to the core principles itself."
    )
    done = _("Invited: the e-mail with the link is on its way.")
    form = InviteOtherPlaceForm
    prefill = ("gap",)
    route = "<int:pk>/invite/"

    def may(self, user, other_place):
        return user.has_perm(self.permission)  # the form asks in which scheme

    def form_kwargs(self, other_place, user):
        return {"user": user, "other_place": other_place}

    def possible(self, other_place, user):
        if other_place.venue_id or other_place.gone_on:
            return False
        return self.form_for(other_place, user).fields["scheme"].queryset.exists()

    def do(self, other_place, *, by, gap, **given):
        return gap, actions.invite_other_place(other_place, **given, gap=gap, by=by)

    def after(self, desk, other_place, made):
        gap, sign_up = made
        if gap:
            return reverse("admin:coverage_gap_change", args=[gap.pk])
        return reverse("admin:venues_signup_change", args=[sign_up.pk])


@admin.register(OtherPlace)
class OtherPlaceAdmin(OnTheMap, CoverageAdmin):
    """Spaces change by import only; officers link or invite them."""

    geometry = "point"
    list_display = ["name", "standing", "kind", "source", "for_whom", "town", "postcode"]
    list_filter = [StandingFilter, "kind", ("source", SchemeFilter)]
    list_select_related = ["source", "sign_up"]
    search_fields = ["name", "town", "postcode", "reference"]
    change_form_template = "admin/coverage/other_place.html"
    decisions = [LinkOtherPlace, SayNotTheSame, UnlinkOtherPlace, InviteOtherPlace]
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
        """Only the inviting scheme sees an invitation; open lists are visible to all."""
        ours = SignUp.objects.for_officer(request.user).filter(pk=OuterRef("sign_up"))
        return super().get_queryset(request).annotate(invited_by_us=Exists(ours))

    @admin.display(description=_("who it serves"))
    def for_whom(self, other_place):
        return other_place.serves or other_place.source.serves

    @admin.display(description=_("how it stands"))
    def standing(self, other_place):
        if other_place.sign_up_id and not other_place.invited_by_us:
            return _("Invited by another scheme")
        if other_place.sign_up_id:
            return _("Invited: %(state)s") % {
                "state": other_place.sign_up.get_state_display().lower()
            }
        if other_place.venue_id:
            return _("Is a venue of ours")
        if other_place.gone_on:
            return _("No longer in its list")
        return _("Could be invited")

    def tools(self, request):
        tools = [(reverse("admin:possible_duplicates"), _("Possible duplicates of our venues"))]
        if request.user.has_perm("coverage.import_other_places"):
            tools.append(
                (reverse("admin:import_other_places"), _("Bring in a list of other spaces"))
            )
        return tools

    # One space

    def more_below(self, request, other_place):
        user = request.user
        gaps = Gap.objects.for_officer(user)
        pairs = []
        if other_place.venue_id is None:
            this = OtherPlace.objects.filter(pk=other_place.pk)
            pairs = possible_duplicates(this, Venue.objects.for_officer(user))
        own_sign_up = SignUp.objects.for_officer(user).filter(pk=other_place.sign_up_id)
        own_venue = Venue.objects.for_officer(user).filter(pk=other_place.venue_id)
        current = other_place.hours.current(timezone.localdate())
        return {
            **super().more_below(request, other_place),
            "standing": self.standing(other_place),
            "hours": week_in_words({(each.weekday, each.opens, each.closes) for each in current}),
            "approaches": Approach.objects.filter(
                other_place=other_place, gap__in=gaps
            ).select_related("gap"),
            "pairs": _decidable(user, pairs),
            "sign_up": own_sign_up.first() if other_place.sign_up_id else None,
            "venue": own_venue.first() if other_place.venue_id else None,
        }

    # Possible duplicates

    @officers_page("duplicates/", permission="view_otherplace")
    def possible_duplicates(self, request):
        other_places = OtherPlace.objects.for_officer(request.user)
        pairs = possible_duplicates(other_places, Venue.objects.for_officer(request.user))
        page = self.page(
            request,
            title=_("Possible duplicates of our venues"),
            pairs=_decidable(request.user, pairs),
            there_may_be_more=len(pairs) == MOST,
        )
        return render(request, "admin/coverage/duplicates.html", page)


def _decidable(user, pairs):
    """Pairs, each with whether this officer may decide on it."""
    link = LinkOtherPlace()
    return [(pair, link.may_here(user, pair.other_place, {"venue": pair.venue})) for pair in pairs]
