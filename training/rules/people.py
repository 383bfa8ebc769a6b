"""A scheme's staff by kind of post, and how many are trained."""

import datetime
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext as _

from accounts.models import User
from training.models import Enrolment, Module
from venues.models import Post, SignUp

NEW = datetime.timedelta(days=90)


@dataclass(frozen=True)
class Kind:
    """Staff of one kind at a scheme's venues on a day."""

    label: str
    people: int
    trained: int


def people_by_kind(module: Module, user: User, on: datetime.date) -> list[Kind]:
    """Own, part-time, seasonal, agency and other staff, and finally everybody new.

    Covers approved venues that share their people with the officer's schemes. Somebody with two
    kinds of post counts in both.
    """
    places = SignUp.objects.approved().sharing_people().for_officer(user).values("venue")
    done = Enrolment.objects.gating().current(on).filter(module=module)
    posts = (
        Post.objects.current(on)
        .filter(venue__in=places)
        .annotate(is_trained=Exists(done.filter(staff_member=OuterRef("staff_member"))))
        .order_by()
    )
    counted = {
        "people": Count("staff_member", distinct=True),
        "trained": Count("staff_member", distinct=True, filter=Q(is_trained=True)),
    }
    found = {row.pop("kind"): row for row in posts.values("kind").annotate(**counted)}
    kinds = [
        Kind(str(label), **found.get(kind, {"people": 0, "trained": 0}))
        for kind, label in Post.Kind.choices
    ]
    new = posts.filter(from_date__gt=on - NEW).aggregate(**counted)
    return [*kinds, Kind(_("New within the last three months, of all kinds"), **new)]
