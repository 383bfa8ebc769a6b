"""The demonstration's training cover: training ending soon, given in a room, and requested."""

import datetime

from django.utils import timezone

from training import actions
from training.models import Enrolment, Module
from training.rules import people_of
from venues.models import Scheme, SignUp

ENDS_IN = {"Marrowby Museum": 47, "Castle Green Surgery": 76}
"""Days until the last of their training ends; the place that is “lapsing” ends sooner."""
IN_A_ROOM = {
    "Night Harbour Lounge": ["trauma-informed-night", "vawg"],
    "Millfields Leisure Centre": ["neurodivergence"],
}


def fill(scheme: Scheme, *, trainer) -> None:
    """Places whose training ends within 60 and 90 days, specialist training, an invitation."""
    today = timezone.localdate()
    sign_ups = SignUp.objects.filter(scheme=scheme).select_related("venue__organisation", "scheme")
    for name, days in ENDS_IN.items():
        # Backdated directly, because only the passing of time would bring these about.
        done = Enrolment.objects.completed().filter(staff_member__posts__venue__name=name)
        done.update(valid_until=today + datetime.timedelta(days=days))
    for name, slugs in IN_A_ROOM.items():
        sign_up = sign_ups.get(venue__name=name)
        for number, slug in enumerate(slugs):
            actions.record_training_in_room(
                sign_up,
                Module.objects.get(slug=slug),
                day=today - datetime.timedelta(days=20 + number),
                taught_by=trainer,
                by=trainer,
                people=people_of(sign_up, today)[:2],
            )
    lapsing = sign_ups.get(venue__name="Corner Stores")
    actions.invite_to_training(lapsing, by=trainer)
