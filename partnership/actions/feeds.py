"""Calendar feeds: created, renewed and revoked."""

import uuid
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from common.deciding import lock
from partnership.models import CalendarFeed, Partner
from venues.models import Event, Organisation, Scheme


@transaction.atomic
def make_feeds(
    scheme: Scheme, *, organisations: Iterable[Organisation], partners: Iterable[Partner]
) -> None:
    """Create a feed for each organisation and partner without one."""
    live = CalendarFeed.objects.live().filter(scheme=scheme)
    have = set(live.values_list("organisation", "partner"))
    CalendarFeed.objects.bulk_create(
        [
            *(
                CalendarFeed(scheme=scheme, organisation=each, key=uuid.uuid4())
                for each in organisations
                if (each.pk, None) not in have
            ),
            *(
                CalendarFeed(scheme=scheme, partner=each, key=uuid.uuid4())
                for each in partners
                if (None, each.pk) not in have
            ),
        ]
    )


@transaction.atomic
def renew_feed(
    scheme: Scheme, *, by: User, **holder: Organisation | Partner | User
) -> CalendarFeed:
    """Create a feed for an `organisation`, `partner` or `officer`, revoking any earlier one."""
    lock(scheme)
    end_feeds(scheme, **holder)
    feed = CalendarFeed.objects.create(scheme=scheme, key=uuid.uuid4(), **holder)
    Event.objects.record_about("partnership.feed_renewed", feed, by=by)
    return feed


@transaction.atomic
def revoke_feed(feed: CalendarFeed, *, by: User) -> CalendarFeed:
    """Revoke a feed; its URL stops working. A new one can be requested later."""
    feed = lock(feed)
    if feed.revoked_at is None:
        feed.revoked_at = timezone.now()
        feed.save(update_fields=["revoked_at"])
        Event.objects.record_about("partnership.feed_revoked", feed, by=by)
    return feed


def end_feeds(scheme: Scheme, **holder: Organisation | Partner | User) -> None:
    live = CalendarFeed.objects.live().filter(scheme=scheme, **holder)
    live.update(revoked_at=timezone.now())
