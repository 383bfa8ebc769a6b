"""What happens to a place when somebody leaves, computed by the ordinary rules."""

import datetime
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from venues.evidence import proofs
from venues.evidence_kinds import FOREVER, Stage
from venues.models import Post, SignUp, Venue


@dataclass(frozen=True)
class Change:
    """Something whose last day changes; None, in `now` or `then`, means never."""

    sign_up: SignUp
    words: str
    now: datetime.date | None
    then: datetime.date | None
    leaves_after: datetime.date | None

    @property
    def then_lasts(self) -> bool:
        return self.then == FOREVER


def what_changes(post: Post, *, last_day: datetime.date, at: datetime.date) -> list[Change]:
    """What lapses earlier, in every scheme of the venue, if the person's last day is `last_day`.

    Saves the date, evaluates the rules and rolls back, so the preview cannot disagree with them.
    """
    sign_ups = SignUp.objects.filter(venue=post.venue_id).select_related("venue", "scheme")
    day = max(at, last_day + datetime.timedelta(days=1))
    before = {sign_up.pk: proofs(sign_up, Stage.STANDING, at) for sign_up in sign_ups}
    with transaction.atomic():
        Post.objects.filter(pk=post.pk).update(until=last_day)
        after = {sign_up.pk: proofs(sign_up, Stage.STANDING, day) for sign_up in sign_ups}
        transaction.set_rollback(True)
    return [
        Change(sign_up, old.words, old.held_until, new.held_until, new.grace_until)
        for sign_up in sign_ups
        for old, new in zip(before[sign_up.pk], after[sign_up.pk], strict=True)
        if old.held_until != new.held_until
    ]


def former_posts(venue: Venue, on: datetime.date) -> list[Post]:
    """The latest post of everybody who worked at the venue before `on`, by name.

    Leaves out those whose name was removed, and those who work there again.
    """
    back = Post.objects.filter(venue=venue).filter(Q(until__isnull=True) | Q(until__gte=on))
    posts = (
        Post.objects.filter(
            venue=venue,
            staff_member__anonymised_at__isnull=True,
            staff_member__organisation=venue.organisation_id,
        )
        .exclude(staff_member__in=back.values("staff_member"))
        .select_related("staff_member")
        .order_by("staff_member_id", "-until")
        .distinct("staff_member_id")
    )
    return sorted(posts, key=lambda post: (post.staff_member.first_name, post.pk))
