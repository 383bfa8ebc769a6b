"""Comparing two entries of a place or organisation, merging them, or marking them as different."""

from django.contrib import admin
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext_lazy as _

from common.admin import Decision
from venues import actions
from venues.models import Event, Merge, Organisation, Venue
from venues.rules import schemes_of_merge
from venues.same_place import Pair, seen_or_public
from venues.taking_back import UNDO_FOR

from .base import OfficersAdmin


class AboutTwo(Decision):
    """An action on two entries: the one in the URL, and another."""

    permission = ""
    key = ""
    template = "admin/venues/merge.html"
    checks_version = False  # it concerns two rows, which the action locks and checks

    def may(self, user, thing):
        """Either entry may be another scheme's, so `may_here` checks once both are known."""
        return user.has_perm(self.permission)

    def may_here(self, user, owner, more):
        concerned = schemes_of_merge(owner, more["other"])
        return user.is_superuser or any(user.has_perm(self.permission, one) for one in concerned)

    def others(self, user):
        """Abstract: the venues or the organisations that this officer may merge."""
        raise NotImplementedError

    def part(self, owner, user, **keys):
        return owner, {"other": get_object_or_404(self.others(user), pk=keys[self.key])}

    def _other(self, request):
        return get_object_or_404(
            self.others(request.user), pk=request.resolver_match.kwargs[self.key]
        )


class MergeTwo(AboutTwo):
    press = _("Merge the two")
    explains = _(
        "One entry is kept and takes up everything of the other. You can take it back for ten "
        "minutes. Each scheme that has one of the two has to agree; those you do not speak for "
        "are asked first."
    )
    grave = True

    def context(self, desk, request, keep):
        other = self._other(request)
        effect, reasons = self.effect_of(keep, other, by=request.user)
        concerned = schemes_of_merge(keep, other)
        asked = [each for each in concerned if not request.user.has_perm(self.permission, each)]
        return {
            "effect": effect,
            "reasons": reasons,
            "two": [(_("Kept"), keep), (_("Taken up into it"), other)],
            "asked": get_text_list([str(each) for each in asked], _("and")),
            "the_other_way": self.url(other, keep.pk),
        }

    def effect_of(self, keep, other, by):
        return actions.effect_of_merge(keep, other, by=by)

    def title(self, keep):
        return self.words

    def said(self, keep, merge):
        if merge.done_at:
            return _("The two are merged. You can take it back for ten minutes.")
        asked = set(merge.schemes.all()) - set(merge.agreed.all())
        names = get_text_list(sorted(str(scheme) for scheme in asked), _("and"))
        return _("%(schemes)s is asked first. Nothing has changed yet.") % {"schemes": names}

    def after(self, desk, owner, merge):
        return reverse("admin:venues_merge_change", args=[merge.pk])


class OfVenues(AboutTwo):
    key = "other_venue_pk"

    def others(self, user):
        return seen_or_public(user)

    def rows(self, desk, request):
        """The officer's own places; public ones too, when compared with one of their own."""
        other = Venue.objects.for_officer(request.user).filter(
            pk=request.resolver_match.kwargs.get(self.key)
        )
        return seen_or_public(request.user) if other.exists() else desk.things(request)


class MergeVenues(OfVenues, MergeTwo):
    words = _("Merge two entries of one place")
    action = actions.merge_venues
    permission = "venues.merge_venues"
    route = "<int:pk>/merge/<int:other_venue_pk>/"

    def context(self, desk, request, keep):
        found = super().context(desk, request, keep)
        other = found["two"][1][1]
        return {**found, "not_the_same": SayNotTheSameVenue().url(keep, other.pk)}

    def back(self, desk, owner):
        return reverse("admin:same_places")


class SayNotTheSameVenue(OfVenues):
    words = _("They are two places")
    explains = _("It is kept who said so and when. The two are not proposed again.")
    done = _("Kept: these are two places.")
    action = actions.say_not_the_same_venue
    permission = "venues.say_not_the_same_venue"
    route = "<int:pk>/not-the-same/<int:other_venue_pk>/"
    template = "admin/decision.html"

    def back(self, desk, owner):
        return reverse("admin:same_places")


def pair_with_links(pair: Pair) -> tuple[Pair, str, str]:
    """(pair, URL to preview the merge, URL to mark them as different)."""
    two = pair.keep, pair.other.pk
    return pair, MergeVenues().url(*two), SayNotTheSameVenue().url(*two)


class MergeOrganisations(MergeTwo):
    words = _("Merge two entries of one organisation")
    action = actions.merge_organisations
    permission = "venues.merge_organisations"
    key = "other_organisation_pk"
    route = "<int:pk>/merge/<int:other_organisation_pk>/"

    def others(self, user):
        return Organisation.objects.for_officer(user)


FOUND = 50
"""Entries found per page."""


def merge_with_page(desk, request, keep, *, find, about, merge: MergeTwo, label, explains):
    """Search for the second entry. `find(words, user, of)` returns a queryset, `about(other)` a few
    words that tell entries of one name apart.
    """
    words = request.GET.get("q", "").replace("\0", "")[:100].strip()
    rows = find(words, request.user, keep) if words else type(keep).objects.none()
    listed = Paginator(rows, FOUND).get_page(request.GET.get("page"))
    page = desk.page(
        request,
        title=_("Merge %(keep)s with another entry") % {"keep": keep},
        subtitle=None,
        original=keep,
        label=label,
        explains=explains,
        words=words,
        page=listed,
        found=[(each, about(each), merge.url(keep, each.pk)) for each in listed],
        back=desk.home(keep),
    )
    return render(request, "admin/venues/merge_with.html", page)


class AnswerMerge(Decision):
    checks_version = False

    def possible(self, merge, user):
        return merge.closed_at is None


class AgreeToMerge(AnswerMerge):
    words = _("Agree: they are one")
    explains = _("When no other scheme is left to ask, the two are merged at once.")
    action = actions.agree_to_merge
    grave = True

    def must_confirm(self, merge, cleaned):
        return True

    def context(self, desk, request, merge):
        """The effect is computed for the requested page only, not for every button."""
        if merge.closed_at:
            return {}
        two = merge.keep, merge.other
        effect, reasons = actions.effect_of_merge(*two, by=request.user)
        return {"effect": effect, "reasons": reasons}

    def said(self, merge, outcome):
        return _("The two are merged.") if outcome.done_at else _("Your agreement is kept.")


class RefuseMerge(AnswerMerge):
    words = _("Do not merge them")
    explains = _("Both stay as they are.")
    done = _("Both stay as they are.")
    action = actions.refuse_merge


class UndoMerge(Decision):
    words = _("Take it back")
    explains = _("Both are as they were before, and the letter to their managers is not sent.")
    done = _("Taken back. Both are as they were before.")
    action = actions.undo_merge
    checks_version = False

    def possible(self, merge, user):
        theirs = user.pk in (merge.asked_by_id, merge.done_by_id)
        since = timezone.now() - UNDO_FOR
        return theirs and not merge.undone_at and bool(merge.done_at) and merge.done_at > since


class StateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [("waits", _("Waits for an answer"))]

    def queryset(self, request, queryset):
        return queryset.waiting() if self.value() == "waits" else queryset


@admin.register(Merge)
class MergeAdmin(OfficersAdmin):
    """Completed and requested merges, read-only; each is started from the comparison page."""

    list_display = ["__str__", "state", "asked_by", "asked_at"]
    list_filter = [StateFilter]
    list_select_related = [
        *("keep_venue", "other_venue", "keep_organisation", "other_organisation", "asked_by"),
    ]
    fields = ["kept", "taken_up", "state", "asked_by", "asked_at", "who_agreed", "done_at"]
    readonly_fields = fields
    decisions = [AgreeToMerge, RefuseMerge, UndoMerge]

    @admin.display(description=_("state"))
    def state(self, merge):
        return merge.state_in_words

    @admin.display(description=_("kept"))
    def kept(self, merge):
        return merge.keep

    @admin.display(description=_("taken up into it"))
    def taken_up(self, merge):
        return merge.other

    @admin.display(description=_("schemes that agreed"))
    def who_agreed(self, merge):
        agreed = sorted(str(scheme) for scheme in merge.agreed.all())
        asked = sorted(str(each) for each in set(merge.schemes.all()) - set(merge.agreed.all()))
        words = get_text_list(agreed, _("and")) or _("none")
        if not asked:
            return words
        return _("%(agreed)s; asked: %(asked)s") % {
            "agreed": words,
            "asked": get_text_list(asked, _("and")),
        }

    def events_of(self, merge):
        about = (
            {"venue": merge.keep_venue}
            if merge.keep_venue_id
            else {"organisation": merge.keep_organisation}
        )
        return Event.objects.filter(**about, kind__startswith="venues.merge_of_")
