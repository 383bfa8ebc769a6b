"""Which recent decisions can be undone, by whom and until when. No writes."""

import datetime

from django.utils import timezone

from accounts.models import User
from venues.models import Event, Post, SignUp
from venues.models.sign_ups import State

UNDO_FOR = datetime.timedelta(minutes=10)
"""How long a decision can be undone, and how long its letter waits. A suspension has no such delay:
it protects somebody, so it takes effect at once and stays; nor has a log-in code.
"""

LED_TO = {
    "venues.sign_up_declined": State.DECLINED,
    "venues.sign_up_withdrawn": State.WITHDRAWN,
    "venues.changes_asked_for": State.CHANGES_ASKED_FOR,
}
"""Kind of event -> the sign-up's state as long as nothing else has happened to it."""


def last_decision(sign_up: SignUp) -> Event | None:
    """The decision that led to the sign-up's current state, if its kind can be undone."""
    kinds = [kind for kind, state in LED_TO.items() if state == sign_up.state]
    if not kinds:
        return None
    event = Event.objects.filter(sign_up=sign_up, kind__in=kinds).order_by("-pk").first()
    return event if event and "was" in event.data else None


def may_take_back(
    event: Event | None, user: User, at: datetime.datetime | None = None
) -> datetime.datetime | None:
    """Until when `user` may undo the event; None if they may not, or no longer."""
    if event is None or event.by_id != user.pk:
        return None
    until = event.at + UNDO_FOR
    return until if (at or timezone.now()) < until else None


def takes_back_until(sign_up: SignUp, user: User) -> datetime.datetime | None:
    """Until when `user` may undo the last decision about the sign-up."""
    return may_take_back(last_decision(sign_up), user)


def end_of_post(post: Post) -> Event | None:
    """The event that set the post's last day, unless it has been undone."""
    if post.until is None:
        return None
    found = Event.objects.filter(
        kind="venues.post_ended", about_id=post.pk, venue=post.venue_id, data__has_key="until"
    )
    return found.order_by("-pk").first()


def just_ended(venue_id: int, user: User) -> list[Post]:
    """The posts at a venue whose end `user` may still undo."""
    recent = Event.objects.filter(
        kind="venues.post_ended",
        venue=venue_id,
        by=user,
        at__gt=timezone.now() - UNDO_FOR,
        data__has_key="until",
    )
    posts = Post.objects.filter(pk__in=recent.values("about_id"), until__isnull=False)
    return list(posts.select_related("staff_member").order_by("pk"))
