"""Rules at the door: who is on the list, what prevents a tick, what a correction undoes."""

import datetime
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from training.models import Booking, Enrolment, Module, Session
from training.rules.cover import what_withdrawal_changes
from training.rules.enrolments import valid_until
from training.rules.guests import posts_of_guests
from training.rules.refreshers import version_taught
from training.rules.sessions import may_train
from venues.models import Post, Scheme, SignUp, StaffMember
from venues.models.sign_ups import ENDED, SignUpQuerySet

State = Booking.State


@dataclass(frozen=True)
class Register:
    """A session's list as used at the door, by name."""

    session: Session
    people: list[Booking]  # booked and named, or a guest
    unnamed: list[Booking]  # booked, not named yet
    waiting: list[Booking]  # waiting without a seat, first come first

    @property
    def came(self) -> list[Booking]:
        return [booking for booking in self.people if booking.attended]

    @property
    def both(self) -> list[tuple[str, list[Booking]]]:
        """(title, bookings) of each half."""
        return [(_("Came"), self.came), (_("Did not come"), self.missing)]

    @property
    def missing(self) -> list[Booking]:
        return [booking for booking in self.people if not booking.attended]


def register(session: Session) -> Register:
    """The register of a session, in one query."""
    bookings = list(
        session.bookings.live()
        .select_related("staff_member", "sign_up__venue")
        .order_by("sign_up__venue__name", "pk")
    )
    booked = [booking for booking in bookings if booking.state == State.BOOKED]
    return Register(
        session,
        people=sorted(
            (booking for booking in booked if booking.who),
            key=lambda booking: (booking.who.casefold(), booking.where_from.casefold(), booking.pk),
        ),
        unnamed=[booking for booking in booked if not booking.who],
        waiting=sorted(
            (booking for booking in bookings if booking.state != State.BOOKED),
            key=lambda booking: booking.pk,
        ),
    )


def why_no_register(session: Session, at: datetime.datetime) -> list[str]:
    """Why no register can be taken; it opens on the day, in time for early arrivals."""
    if session.cancelled_at:
        return [_("This session was cancelled. It has no register.")]
    if timezone.localdate(at) < timezone.localdate(session.starts_at):
        return [
            _("The register opens on the day: %(day)s.")
            % {"day": date_format(timezone.localtime(session.starts_at), "j F Y")}
        ]
    return []


def why_not_take(session: Session, at: datetime.datetime) -> list[str]:
    """Why the open register cannot be changed."""
    if session.register_closed_at:
        return [_("The register is closed. Correct it person by person.")]
    return why_no_register(session, at)


def why_not_close(session: Session, at: datetime.datetime) -> list[str]:
    """Why the register cannot be closed; not before the session starts."""
    if reasons := why_no_register(session, at):
        return reasons
    if at < session.starts_at:
        return [
            _("The session begins at %(time)s. The register can be closed after that.")
            % {"time": date_format(timezone.localtime(session.starts_at), "H:i")}
        ]
    return []


def what_closing_does(session: Session) -> list[str]:
    """What closing the register as ticked now would do, a sentence each."""
    now = register(session)
    came, missing = len(now.came), len(now.missing) + len(now.unnamed)
    said = []
    if not came:
        said.append(_("Nobody is ticked, so nobody was there."))
    elif session.module is None:
        words = ngettext(
            "%(came)s person is noted as there. Nobody completes anything by coming.",
            "%(came)s people are noted as there. Nobody completes anything by coming.",
            came,
        )
        said.append(words % {"came": came})
    elif session.module.by_attendance:
        said += _what_completes(session, now.came)
    else:
        words = ngettext(
            "%(came)s person is noted as there. This training is not completed by coming.",
            "%(came)s people are noted as there. This training is not completed by coming.",
            came,
        )
        said.append(words % {"came": came})
    if missing:
        words = ngettext(
            "%(missing)s place is noted as not used.",
            "%(missing)s places are noted as not used.",
            missing,
        )
        said.append(words % {"missing": missing})
    if came:
        written = sum(1 for each in now.came if each.address)
        words = ngettext(
            "%(written)s of those who came gets a letter; the managers of each get one too.",
            "%(written)s of those who came get a letter; the managers of each get one too.",
            written,
        )
        none = _("The managers of those who came get a letter.")
        said.append(words % {"written": written} if written else none)
    return said


def _what_completes(session: Session, came: list[Booking]) -> list[str]:
    """How many of those who came complete the module, and how many guests do not."""
    assert session.module is not None
    day = counts_until(session.module, session.scheme, timezone.localdate(session.starts_at))
    posts = posts_of_guests(came, session)
    others = sum(1 for each in came if each.is_guest and each.pk not in posts)
    completing = len(came) - others
    said = []
    if completing:
        words = ngettext(
            "%(came)s person has completed the training. It counts until %(day)s.",
            "%(came)s people have completed the training. It counts until %(day)s.",
            completing,
        )
        said.append(words % {"came": completing, "day": date_format(day, "j F Y")})
    if others:
        words = ngettext(
            "%(others)s person who booked for themselves is noted as there. It counts as training "
            "only for people with a post at a place of the scheme.",
            "%(others)s people who booked for themselves are noted as there. It counts as training "
            "only for people with a post at a place of the scheme.",
            others,
        )
        said.append(words % {"others": others})
    return said


def sign_ups_to_train(schemes: list[Scheme]) -> SignUpQuerySet:
    """Venues of these schemes whose people can be trained, by name."""
    return (
        SignUp.objects.filter(scheme__in=schemes)
        .exclude(state__in=ENDED)
        .exclude(venue__name="")
        .select_related("venue__organisation", "scheme")
        .order_by("venue__name", "pk")
    )


def people_of(sign_up: SignUp, on: datetime.date) -> QuerySet[StaffMember]:
    """People with a current or future post at the sign-up's venue, by name."""
    posts = Post.objects.filter(venue=sign_up.venue_id).filter(
        Q(until__isnull=True) | Q(until__gte=on)
    )
    return StaffMember.objects.filter(
        pk__in=posts.values("staff_member"), organisation=sign_up.venue.organisation_id
    )


def people_shown(
    sign_up: SignUp, on: datetime.date, people: QuerySet[StaffMember] | None = None
) -> QuerySet[StaffMember]:
    """Those of `people_of` whom the scheme's officers may see.

    All of them if the venue shares its people; otherwise only those who have trained for this
    scheme or were booked on one of its sessions.
    """
    people = people_of(sign_up, on) if people is None else people
    if sign_up.may_show_people:
        return people
    trained = Enrolment.objects.filter(scheme=sign_up.scheme_id).values("staff_member")
    booked = Booking.objects.filter(
        session__scheme=sign_up.scheme_id, staff_member__isnull=False
    ).values("staff_member")
    return people.filter(Q(pk__in=trained) | Q(pk__in=booked))


def why_not_new(sign_up: SignUp, names: list[str], on: datetime.date) -> list[str]:
    """Why a new person needs another name: two people of one venue must be told apart.

    People whom the venue does not share with the scheme are not given away by this.
    """
    known = {person.first_name.casefold() for person in people_shown(sign_up, on)}
    reasons = []
    for name in names:
        if name.casefold() in known:
            reasons.append(
                _(
                    "%(venue)s has somebody called %(name)s already. Choose them from the list, "
                    "or write the name so that both can be told apart."
                )
                % {"venue": sign_up.venue, "name": name}
            )
        known.add(name.casefold())
    return reasons


def counts_until(module: Module, scheme: Scheme, on: datetime.date) -> datetime.date:
    """The last valid day of training completed on `on`."""
    taught = Enrolment(module=module, module_version=version_taught(module, on), scheme=scheme)
    return valid_until(taught, on)


def why_not_record_in_room(
    sign_up: SignUp, module: Module, day: datetime.date, taught_by: User, today: datetime.date
) -> list[str]:
    """Why it cannot be recorded that `module` was taught at the venue on `day`."""
    reasons = []
    if sign_up.state in ENDED:
        reasons.append(_("This place is not in the scheme any more."))
    if not Module.objects.for_scheme(sign_up.scheme_id).filter(pk=module.pk).exists():
        reasons.append(_("This training belongs to another scheme."))
    if not module.by_attendance:
        reasons.append(_("This training is not completed by coming: everybody does it alone."))
    if day > today:
        reasons.append(_("This day is still to come."))
    elif counts_until(module, sign_up.scheme, day) < today:
        reasons.append(_("That is so long ago that the training would have run out by now."))
    if taught_by not in [role.user for role in may_train(sign_up.scheme).select_related("user")]:
        reasons.append(_("Whoever taught it has to be a trainer of the scheme."))
    return reasons


def what_correction_changes(booking: Booking, on: datetime.date) -> list[str]:
    """What reversing somebody's entry in the closed register would undo or grant."""
    session = booking.session
    if booking.attended:
        completion = booking.completions.filter(withdrawn_at__isnull=True).first()
        if completion is None:
            return [_("Only the register changes: nothing was completed by coming.")]
        return [
            _("The completion is withdrawn and its certificate says so from then on."),
            *what_withdrawal_changes(completion, on),
        ]
    if session.module is None or not session.module.by_attendance:
        return [_("Only the register changes: nothing is completed by coming.")]
    if booking.is_guest and not posts_of_guests([booking], session):
        return [
            _(
                "Only the register changes: training counts only for people with a post at a place "
                "of the scheme."
            )
        ]
    day = counts_until(session.module, session.scheme, timezone.localdate(session.starts_at))
    return [
        _("The training counts as completed, until %(day)s.") % {"day": date_format(day, "j F Y")}
    ]
