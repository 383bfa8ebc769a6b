"""Events: what happened, by whom, when. Written by actions and never edited; shown as "History"."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone

from accounts.models import User

from .schemes import Scheme
from .sign_ups import SignUp
from .venues import Venue


def line_of(
    kind,
    *,
    by=None,
    about=None,
    scheme=None,
    organisation=None,
    venue=None,
    sign_up=None,
    **data,
):
    """An unsaved Event.

    `kind` is `app.what_happened` and has its sentence in the app's `history.py`. `by` is None if
    the software itself acted. The foreign keys above a sign-up or venue are filled in. `data` holds
    ids and codes, never people's names or addresses.
    """
    if sign_up is not None:
        scheme, venue = scheme or sign_up.scheme, venue or sign_up.venue
    if venue is not None:
        organisation = organisation or venue.organisation
    return Event(
        kind=kind,
        by=by,
        about=about,
        scheme=scheme,
        organisation=organisation,
        venue=venue,
        sign_up=sign_up,
        data=data,
    )


class EventQuerySet(models.QuerySet):
    def record(self, kind, **what):
        """Record one event; the keywords are those of `line_of`."""
        event = line_of(kind, **what)
        event.save(force_insert=True)
        return event

    def record_each(self, kind, things, **shared):
        """Record one event per item of `things` (the keywords that differ), in one query."""
        return self.bulk_create(line_of(kind, **shared, **each) for each in things)

    def record_about(self, kind: str, thing: models.Model, *, by: User | None, **data):
        """Record an event with the foreign keys that the model of `thing` supplies.

        Its `event_keys()` returns keywords for `record`: the object, its owners, and the data that
        every event about this model carries. Define it beside `__str__`.
        """
        return self.record(kind, by=by, **thing.event_keys(), **data)

    def for_officer(self, user):
        """What a scheme's officers may read: events of their scheme, and of their venues.

        A change to a fact shared by several schemes has no scheme and is in the history of each;
        one about people only where the place shares its people.
        """
        if user.is_superuser:
            return self
        seen = SignUp.objects.for_officer(user).filter(venue__in=Venue.objects.for_officer(user))
        sharing = seen.sharing_people()
        own = models.Q(scheme__in=Scheme.objects.for_officer(user).values("pk"))
        of_place = models.Q(scheme=None, venue__in=seen.values("venue")) & (
            ~models.Q(kind__in=KINDS_ABOUT_PEOPLE) | models.Q(venue__in=sharing.values("venue"))
        )
        of_organisation = models.Q(
            scheme=None, venue=None, organisation__in=seen.values("venue__organisation")
        ) & (
            ~models.Q(kind__in=KINDS_ABOUT_PEOPLE)
            | models.Q(organisation__in=sharing.values("venue__organisation"))
        )
        return self.filter(own | of_place | of_organisation)

    def for_venue(self, venue):
        """What the organisation may read: events of its own time there, except about complaints."""
        own = self.filter(venue=venue, organisation=venue.organisation_id)
        return own.exclude(kind__in=KINDS_FOR_OFFICERS_ONLY)


KINDS_ABOUT_PEOPLE = [
    "venues.staff_member_added",
    "venues.staff_member_corrected",
    "venues.post_added",
    "venues.post_ended",
    "venues.post_end_taken_back",
    "venues.staff_member_anonymised",
]
KINDS_FOR_OFFICERS_ONLY = ["venues.check_recorded", "venues.complaint_recorded"]


class Event(models.Model):
    """One line of history."""

    kind = models.CharField(max_length=60)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    scheme = models.ForeignKey(
        "venues.Scheme", null=True, blank=True, on_delete=models.PROTECT, related_name="events"
    )
    organisation = models.ForeignKey(
        "venues.Organisation",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="events",
    )
    venue = models.ForeignKey(
        "venues.Venue", null=True, blank=True, on_delete=models.PROTECT, related_name="events"
    )
    sign_up = models.ForeignKey(
        "venues.SignUp", null=True, blank=True, on_delete=models.PROTECT, related_name="events"
    )
    about_type = models.ForeignKey(ContentType, null=True, blank=True, on_delete=models.PROTECT)
    about_id = models.BigIntegerField(null=True, blank=True)
    about = GenericForeignKey("about_type", "about_id")
    data = models.JSONField(default=dict, blank=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["venue", "-at"]),
            models.Index(fields=["sign_up", "-at"]),
        ]

    def __str__(self):
        return f"{self.kind}, {self.at:%Y-%m-%d %H:%M}"
