"""What prevents planning or changing a session, and booking a seat at it."""

import datetime
from collections.abc import Collection

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from training.models import Booking, Module, Session
from training.models.sessions import SessionQuerySet
from training.rules.enrolments import why_not_train, works_for_us
from venues.models import Officer, Post, Scheme, SignUp, StaffMember, Venue
from venues.models.sign_ups import ENDED
from venues.models.venues import VenueQuerySet
from venues.roles import TRAINERS

AT_MOST_AT_ONCE = 20


def shown_sessions(at: datetime.datetime) -> SessionQuerySet:
    """Future sessions of publicly visible schemes."""
    sessions = Session.objects.filter(scheme__in=Scheme.objects.shown()).to_come(at)
    sessions = sessions.with_seats().select_related("module", "venue", "scheme")
    return sessions.prefetch_related("venue__safety_suspensions")


def sessions_for(sign_up: SignUp, at: datetime.datetime) -> SessionQuerySet:
    """Future sessions that suit the venue, with how many of its seats are taken or waiting."""
    modules = Module.objects.open().for_sign_up(sign_up)
    sessions = Session.objects.for_sign_up(sign_up).to_come(at)
    sessions = sessions.filter(Q(module__in=modules) | Q(module__isnull=True))
    return sessions.with_seats().select_related("module", "venue")


def bookable_people(
    session: Session, sign_up: SignUp, at: datetime.datetime, with_listed: bool = False
) -> QuerySet[StaffMember]:
    """Current or future staff who are not on the session's list, by name."""
    posts = Post.objects.filter(venue=sign_up.venue_id).filter(
        Q(until__isnull=True) | Q(until__gte=timezone.localdate(at))
    )
    people = StaffMember.objects.filter(
        pk__in=posts.values("staff_member"), organisation=sign_up.venue.organisation_id
    )
    if with_listed:
        return people
    listed = session.bookings.live().filter(staff_member__isnull=False)
    return people.exclude(pk__in=listed.values("staff_member"))


def may_train(scheme: Scheme | int) -> QuerySet[Officer]:
    """Officers of a scheme who may give its training."""
    return Officer.objects.filter(scheme=scheme, role__in=TRAINERS, user__is_active=True)


def why_not_plan(session: Session, trainers: Collection, at: datetime.datetime) -> list[str]:
    """What is wrong with an unsaved session, new or changed."""
    reasons = []
    if session.starts_at <= at:
        reasons.append(_("This time has passed. Choose one that is still to come."))
    if session.capacity < 1:
        reasons.append(_("A session has at least one seat."))
    if not (session.venue_id or session.address or session.video_link):
        reasons.append(_("Give a place, an address or a video link."))
    reasons += _why_not_about(session)
    if session.venue_id and not venues_of(session.scheme).filter(pk=session.venue_id).exists():
        reasons.append(_("This place is not in the scheme. Write its address instead."))
    trainers = {trainer.pk for trainer in trainers}
    if trainers - set(may_train(session.scheme_id).values_list("user", flat=True)):
        reasons.append(_("Somebody named as a trainer has no such role in this scheme."))
    twins = Session.objects.filter(
        scheme=session.scheme_id,
        module=session.module_id,
        title=session.title,
        starts_at=session.starts_at,
        venue=session.venue_id,
        address=session.address,
        video_link=session.video_link,
        cancelled_at__isnull=True,
    )
    if twins.exclude(pk=session.pk).exists():
        reasons.append(_("This session is planned already: the same module, time and place."))
    return reasons


def _why_not_about(session: Session) -> list[str]:
    """What is wrong with a session's module or title."""
    if session.kind != Session.Kind.TRAINING:
        reasons = []
        if not session.title.strip():
            reasons.append(_("Give it a title."))
        if session.module:
            reasons.append(
                _("Only training has a module. Choose none, or plan it as training instead.")
            )
        return reasons
    if session.module is None:
        return [_("Choose the training.")]
    reasons = []
    if session.title:
        reasons.append(_("Training has the title of its module: leave the title empty."))
    if not Module.objects.open().for_scheme(session.scheme_id).filter(pk=session.module_id):
        reasons.append(
            _("This module cannot be given yet: it is not reviewed, or not one of the scheme’s.")
        )
    if not session.module.by_attendance:
        reasons.append(
            _("“%(module)s” is completed by self-study alone: nobody completes it at a session.")
            % {"module": session.module}
        )
    return reasons


def venues_of(scheme: Scheme) -> VenueQuerySet:
    """The venues of a scheme where a session can be held."""
    return Venue.objects.filter(
        sign_ups__in=SignUp.objects.filter(scheme=scheme).exclude(state__in=ENDED)
    ).exclude(name="")


def why_not_change(session: Session, at: datetime.datetime) -> list[str]:
    """Why a session cannot be changed at all."""
    if session.cancelled_at:
        return [_("This session was cancelled.")]
    if session.register_closed_at:
        return [_("The register of this session is closed.")]
    if session.starts_at <= at:
        return [_("This session has begun.")]
    return []


def why_not_fewer_seats(session: Session, capacity: int) -> list[str]:
    """Why the capacity cannot be reduced: nobody loses a seat they have."""
    taken = session.bookings.taking_a_seat().count()
    if capacity >= taken:
        return []
    return [
        ngettext(
            "%(taken)s seat is taken. Cancel it first, or keep as many seats.",
            "%(taken)s seats are taken. Cancel some first, or keep as many seats.",
            taken,
        )
        % {"taken": taken}
    ]


def why_not_other_training(session: Session, module: Module | None) -> list[str]:
    """Why the module cannot change: those on the list may not be ready for another."""
    pk = module.pk if module else None
    if pk == session.module_id or not session.bookings.live().exists():
        return []
    return [
        _("People are booked for “%(module)s”. Plan another session for the other training.")
        % {"module": session.topic}
    ]


def why_not_take_bookings(session: Session, at: datetime.datetime) -> list[str]:
    """Why no more bookings are taken."""
    if session.cancelled_at:
        return [_("This session was cancelled.")]
    if session.starts_at <= at or session.register_closed_at:
        return [_("This session has begun. Places cannot be booked or changed any more.")]
    return []


def why_not_book(
    session: Session,
    sign_up: SignUp,
    people: Collection[StaffMember],
    names_later: int,
    at: datetime.datetime,
) -> list[str]:
    """Why seats cannot be booked for these people and for some to be named later."""
    reasons = why_not_take_bookings(session, at)
    if sign_up.scheme_id != session.scheme_id:
        reasons.append(_("This session belongs to another scheme."))
    if sign_up.state in ENDED:
        reasons.append(_("This place is not in the scheme any more."))
    number = len(people) + names_later
    if number < 1 or names_later < 0:
        reasons.append(_("Say who comes, or how many."))
    if number > AT_MOST_AT_ONCE:
        reasons.append(
            _("Book at most %(most)s seats at once. For more, ask the scheme’s team.")
            % {"most": AT_MOST_AT_ONCE}
        )
    for person in people:
        reasons += why_not_come(session, sign_up, person, at)
    return reasons


def why_not_come(
    session: Session, sign_up: SignUp, person: StaffMember, at: datetime.datetime
) -> list[str]:
    """Why one named person cannot have a seat."""
    if person.organisation_id != sign_up.venue.organisation_id:
        return [_("This person does not work here.")]
    if session.bookings.live().filter(staff_member=person).exists():
        return [_("%(person)s is on the list already.") % {"person": person}]
    today = timezone.localdate(at)
    if session.module is None:
        gone = _("This person does not work here any more.")
        return [] if works_for_us(person, today) else [f"{person}: {gone}"]
    reasons = why_not_train(person, session.module, session.scheme, today)
    return [f"{person}: {reason}" for reason in reasons]


def offer_until(session: Session, at: datetime.datetime) -> datetime.datetime:
    """When an offer made at `at` expires.

    After the session's hours, but at most half the time that is left, so that the next in line has
    a chance too.
    """
    return at + min(datetime.timedelta(hours=session.hours_to_accept), (session.starts_at - at) / 2)


def why_not_answer(booking: Booking, at: datetime.datetime) -> list[str]:
    """Why the offered seat cannot be accepted."""
    if booking.state == Booking.State.BOOKED:
        return [_("This seat is booked already.")]
    if booking.state == Booking.State.CANCELLED:
        return [_("This seat has gone to the next person.")]
    if booking.state == Booking.State.WAITING:
        return [_("No seat is free yet.")]
    if booking.offer_until is not None and booking.offer_until < at:
        return [
            _("The seat was kept until %(until)s. It goes to the next person.")
            % {"until": date_format(timezone.localtime(booking.offer_until), "j F, H:i")}
        ]
    return []


def what_cancelling_does(session: Session) -> list[str]:
    """The effect of cancelling the session, a sentence each."""
    taken = session.bookings.taking_a_seat().count()
    waiting = session.bookings.waiting().count()
    live = session.bookings.live().order_by()
    venues = live.filter(sign_up__isnull=False).values("sign_up").distinct().count()
    guests = live.of_guests().count()
    if not taken + waiting:
        return [_("Nobody is booked.")]
    sentences = [
        ngettext("%(count)s seat is given up.", "%(count)s seats are given up.", taken)
        % {"count": taken},
        ngettext("%(count)s person stops waiting.", "%(count)s people stop waiting.", waiting)
        % {"count": waiting},
    ]
    if venues or not guests:
        sentences.append(
            ngettext(
                "%(count)s venue is told by e-mail, with your reason.",
                "%(count)s venues are told by e-mail, with your reason.",
                venues,
            )
            % {"count": venues}
        )
    if guests:
        sentences.append(
            ngettext(
                "%(count)s person who booked for themselves is told by e-mail, with your reason.",
                "%(count)s people who booked for themselves are told by e-mail, with your reason.",
                guests,
            )
            % {"count": guests}
        )
    return sentences
