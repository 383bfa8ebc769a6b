"""Who works at the places of a scheme, by the kind of their work, and who of them is trained."""

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
    """People of one kind who work at a scheme's places on a day."""

    label: str
    people: int
    trained: int


def people_by_kind(module: Module, user: User, on: datetime.date) -> list[Kind]:
    """Own, part-time, seasonal, agency ... staff, and at the end those who are new.

    Of the approved places that share their people with the officer's schemes; somebody with posts
    of two kinds counts in both.
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
