"""What the finder and officers' queues read: rows computed in advance by the rules.

Only `venues.kept` writes here. Everything can be deleted and recomputed.
"""

from django.contrib.gis.db import models
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GistIndex
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from .requirements import Requirement
from .sign_ups import SignUp
from .venues import GRID, Venue


class Moments(models.Field):
    """Spans of time, as PostgreSQL keeps several of them: written and read in SQL alone."""

    def db_type(self, connection):
        return "tstzmultirange"


class KeptDay(models.Model):
    """A day for which every listed venue has its row, as computed by this `version` of the code.

    Without a row for the day, or with another version, no kept row may be used.
    """

    day = models.DateField(primary_key=True)
    version = models.CharField(max_length=64)
    made_at = models.DateTimeField(auto_now=True)
    """When any kept row changed last: what was drawn from them before is out of date."""
    has_proofs = models.BooleanField(default=False)
    """Whether `KeptProof` is about this day too."""

    class Meta:
        ordering = ["day"]

    def __str__(self):
        return f"{self.day:%Y-%m-%d}"


class KeptListing(models.Model):
    """One publicly listed venue on one day."""

    pk = models.CompositePrimaryKey("day", "venue_id")
    day = models.DateField()
    venue = models.ForeignKey(
        Venue, on_delete=models.CASCADE, related_name="kept_listings", db_index=False
    )
    point = models.PointField(srid=GRID, spatial_index=False, null=True)
    """None for a place without a location: in the list of all places, and near to nobody."""
    open_at = Moments(db_default="{}")
    """When it is open on the day, its confirmation and “cannot help today” taken into account. The
    index finds the few venues that are open late at night.
    """
    unsure_at = Moments(db_default="{}")
    """When its hours are not known; at all other times it is closed."""
    schemes = ArrayField(models.BigIntegerField())
    """The schemes that list it and show their badge."""
    badges = models.JSONField()
    """The same as [slug, name] pairs, by name."""
    what_to_say = models.CharField(max_length=200)
    """In the words of a scheme whose badge it shows; empty if it shows none."""

    class Meta:
        ordering = ["day", "venue"]
        indexes = [
            GistIndex(fields=["day", "point", "open_at"], name="kept_listing_nearest"),
            models.Index(fields=["venue"], name="kept_listing_venue"),
        ]

    def __str__(self):
        return f"{self.venue_id} on {self.day:%Y-%m-%d}"


class KeptVenue(models.Model):
    """The hours of the coming fortnight of a listed venue, and the content of its card."""

    venue = models.OneToOneField(
        Venue, on_delete=models.CASCADE, primary_key=True, related_name="kept"
    )
    edges = ArrayField(models.DateTimeField())
    """Opening, closing, opening and so on: it is open at a moment after an odd number of them."""
    doubt = ArrayField(models.DateTimeField())
    """Likewise, when its hours are unknown unless it is open."""
    confirmed_until = models.DateTimeField(null=True)
    unavailable_until = models.DateTimeField(null=True)
    facts = models.JSONField()
    changed_at = models.DateTimeField(db_default=Now())
    """When anything that decides about the venue changed last, whether or not it made a difference
    here: its page may say more than this row."""

    class Meta:
        ordering = ["venue"]

    def __str__(self):
        return str(self.venue_id)


class KeptProof(models.Model):
    """A proof that an approved sign-up lacks or will soon lack, on the one day with proofs."""

    pk = models.CompositePrimaryKey("sign_up_id", "requirement_id")
    sign_up = models.ForeignKey(
        SignUp, on_delete=models.CASCADE, related_name="kept_proofs", db_index=False
    )
    requirement = models.ForeignKey(Requirement, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=10)
    """As `venues.evidence.Proof` has it: "lapsing", "in_grace" or "missing"."""
    held_until = models.DateField(null=True)
    grace_until = models.DateField(null=True)

    class Meta:
        ordering = ["sign_up", "requirement"]

    def __str__(self):
        return f"{self.requirement_id} of {self.sign_up_id}: {self.state}"


class KeptMark(models.Model):
    """A venue whose kept rows may be out of date, noted by a database trigger.

    The transaction that changed something refreshes them before it commits and deletes its marks. A
    mark visible to others means that this did not happen, and no kept row is used until it has.
    """

    venue_id = models.BigIntegerField()
    made_in = models.BigIntegerField()
    """The transaction."""

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return str(self.venue_id)


class KeptRepair(models.Model):
    """A venue whose kept rows turned out to be wrong and were corrected: a change went unnoticed.

    The operator reads them beside the work that failed, for `venues.kept.comparing.SHOWN_FOR`.
    """

    class What(models.TextChoices):
        """What differed from the rules."""

        LISTED = "listed", _("who lists it")
        HOURS = "hours", _("when it is open")
        FACTS = "facts", _("what its card says")
        PROOFS = "proofs", _("what its members lack")

    venue_id = models.BigIntegerField()
    """Not a foreign key: what was wrong may be that the venue is gone."""
    found_at = models.DateTimeField(db_index=True)
    what = ArrayField(models.CharField(max_length=10, choices=What))

    class Meta:
        ordering = ["-found_at", "venue_id"]

    def __str__(self):
        return f"{self.venue_id} at {self.found_at:%Y-%m-%d %H:%M}"
