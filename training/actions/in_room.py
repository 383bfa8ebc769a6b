"""Training that a trainer gave in a room, without a bookable session."""

import datetime
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from common.deciding import lock
from common.refusals import Refused
from training.actions.enrolments import record
from training.models import Enrolment, Module
from training.models.enrolments import LINK_LASTS
from training.rules import (
    counts_until,
    people_of,
    version_taught,
    why_not_new,
    why_not_record_in_room,
)
from venues.actions import add_staff_member
from venues.models import SignUp, StaffMember


@transaction.atomic
def record_training_in_room(
    sign_up: SignUp,
    module: Module,
    *,
    day: datetime.date,
    taught_by: User,
    by: User,
    people: Iterable[StaffMember] = (),
    new_people: Iterable[str] = (),
) -> list[Enrolment]:
    """Record that people of one venue were taught on `day`, which completes the module for them.

    `new_people` are first names. Idempotent.
    """
    sign_up = lock(sign_up)
    people = list(dict.fromkeys(people))
    names = [name.strip() for name in new_people if name.strip()]
    done = _recorded(sign_up, module, day, taught_by)
    by_name = {each.staff_member.first_name: each for each in done.values()}
    known = [by_name[name] for name in names if name in by_name]
    names = [name for name in names if name not in by_name]
    today = timezone.localdate()
    reasons = why_not_record_in_room(sign_up, module, day, taught_by, today)
    reasons += why_not_new(sign_up, names, today)
    if not people and not names and not known:
        reasons.append(_("Say who was there: choose people, or write first names."))
    reasons += [
        _("%(person)s does not work at %(venue)s.") % {"person": person, "venue": sign_up.venue}
        for person in people
        if not people_of(sign_up, day).filter(pk=person.pk).exists()
    ]
    if reasons:
        raise Refused(*reasons)
    venue = sign_up.venue
    people += [
        add_staff_member(venue.organisation, first_name=name, venue=venue, by=by) for name in names
    ]
    return [
        *known,
        *(
            done.get(person.pk) or _complete(sign_up, module, person, day, taught_by, by)
            for person in people
        ),
    ]


def _recorded(
    sign_up: SignUp, module: Module, day: datetime.date, taught_by: User
) -> dict[int, Enrolment]:
    """Completions already recorded for this training, by staff member id: a form may be resent."""
    found = (
        Enrolment.objects.completed()
        .filter(
            staff_member__organisation=sign_up.venue.organisation_id,
            staff_member__posts__venue=sign_up.venue_id,
            module=module,
            source=Enrolment.Source.IN_ROOM,
            taught_by=taught_by,
            completed_at__date=day,
        )
        .select_related("staff_member")
        .distinct()
    )
    return {each.staff_member_id: each for each in found}


def _complete(
    sign_up: SignUp,
    module: Module,
    person: StaffMember,
    day: datetime.date,
    taught_by: User,
    by: User,
) -> Enrolment:
    now = timezone.now()
    noon = timezone.make_aware(datetime.datetime.combine(day, datetime.time(12)))
    enrolment = Enrolment.objects.create(
        staff_member=person,
        module=module,
        module_version=version_taught(module, day),
        scheme=sign_up.scheme,
        source=Enrolment.Source.IN_ROOM,
        taught_by=taught_by,
        enrolled_by=by,
        code_expires_at=now + LINK_LASTS,
        completed_at=min(now, noon),
        valid_until=counts_until(module, sign_up.scheme, day),
    )
    record("trained_in_room", enrolment, by=by)
    return enrolment
