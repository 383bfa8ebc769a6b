"""The demonstration's training sessions: held, today, full, by video, cancelled; and interest."""

import datetime

from django.utils import timezone

from training import actions
from training.models import Booking, Module, Session
from training.rules import bookable_people, why_not_come
from venues.models import Scheme, SignUp
from venues.models.sign_ups import State

ONE_DAY = datetime.timedelta(days=1)
VIDEO = "https://video.example/marrowby-safe-spaces"
INTERESTS = [
    {
        "name": "Robin",
        "brings": "Twenty years as a doorman.",
        "wants_covered": "What to say when a group wants to come in after somebody.",
        "suits": "Sunday afternoons",
    },
    {
        "organisation_name": "Marrowby Street Pastors",
        "email": "pastors@demo.example",
        "people": 8,
        "wants_covered": "Spiking, and how long to stay with somebody.",
        "suits": "Any evening but Friday and Saturday",
    },
    {
        "brings": "I was helped in a place like yours and could tell how it felt.",
        "wants_covered": "Why questions are hard to answer just then.",
    },
]


def make_sessions(scheme: Scheme, *, trainer, manager) -> None:
    """Sessions of every kind; `manager` looks after the place that the log-in shows."""
    maker = Sessions(scheme, trainer, manager)
    maker.held_and_today()
    maker.to_come()
    maker.interest()


class Sessions:
    def __init__(self, scheme, trainer, manager):
        self.scheme, self.trainer, self.manager = scheme, trainer, manager
        sign_ups = SignUp.objects.filter(scheme=scheme, state=State.APPROVED)
        sign_ups = sign_ups.select_related("venue__organisation", "scheme", "started_by").order_by(
            "pk"
        )
        self.own = sign_ups.filter(venue__organisation__memberships__user=manager).get()
        self.others = list(sign_ups.exclude(pk=self.own.pk))
        self.introductory = Module.objects.get(slug="introductory")
        specialist = Module.objects.open().for_scheme(scheme).filter(kind=Module.Kind.SPECIALIST)
        self.specialist = list(specialist.order_by("pk")) or [self.introductory]
        self.library = self.others[0].venue

    def plan(self, module, days, hour, **more):
        day = timezone.localdate() + days * ONE_DAY
        starts_at = timezone.make_aware(datetime.datetime.combine(day, datetime.time(hour)))
        given = {"minutes": 90, "capacity": 20, "venue": self.library, **more}
        return actions.plan_session(
            self.scheme,
            by=self.trainer,
            trainers=[self.trainer],
            module=module,
            starts_at=starts_at,
            **given,
        )

    def book(self, session, sign_up, *, named=0, later=0):
        """Book seats for one venue: some people named, some to be named later."""
        now = timezone.now()
        people = [
            person
            for person in bookable_people(session, sign_up, now)
            if not why_not_come(session, sign_up, person, now)
        ][:named]
        if people or later:
            by = sign_up.started_by
            actions.book(session, sign_up, by=by, people=people, names_later=later)

    def held_and_today(self):
        """Planned normally, then backdated like the demonstration's other dates."""
        long_ago = self.plan(self.introductory, 35, 14, co_trainers="Kit, who has lived it")
        for sign_up in self.others[:6]:
            self.book(long_ago, sign_up, named=2)
        self._put_back(long_ago, long_ago.starts_at - 70 * ONE_DAY)
        came = list(long_ago.bookings.values_list("pk", flat=True))[:-2]
        actions.take_register(
            long_ago,
            by=self.trainer,
            was=[],
            came=came,
            shown=came,
            drawn_at=timezone.now(),
        )
        actions.close_register(long_ago, by=self.trainer)
        today = self.plan(self.introductory, 36, 14, capacity=12, note="Bring a colleague.")
        for sign_up in self.others[6:10]:
            self.book(today, sign_up, named=1, later=1)
        self.book(today, self.own, named=2)
        self._put_back(today, timezone.now() - datetime.timedelta(minutes=20))

    def to_come(self):
        full = self.plan(self.specialist[0], 6, 10, capacity=6, minutes=120)
        self.book(full, self.others[0], later=4)
        self.book(full, self.others[1], later=2)
        self.book(full, self.own, later=1)
        self.book(full, self.others[2], later=2)
        actions.cancel_booking(full.bookings.first())
        online = self.plan(
            self.specialist[-1],
            13,
            19,
            venue=None,
            video_link=VIDEO,
            minutes=60,
            note="For places that are open in the evening. Cameras may stay off.",
        )
        self.book(online, self.own, later=2)
        self.book(online, self.others[3], later=1)
        self.plan(self.introductory, 27, 9, co_trainers="Kit, who has lived it")
        called_off = self.plan(self.introductory, 9, 17, venue=None, address="Town Hall, Room 4")
        self.book(called_off, self.others[4], later=1)
        actions.cancel_session(called_off, by=self.trainer, reason="The room is being painted.")

    def interest(self):
        for number, answers in enumerate(INTERESTS):
            module = self.specialist[number % len(self.specialist)]
            actions.register_interest(self.scheme, module=module, **answers)
        actions.register_interest(
            self.scheme,
            module=self.specialist[0],
            sign_up=self.others[5],
            people=3,
            wants_covered="The last half hour before closing.",
            suits="Mornings before eleven",
        )

    def _put_back(self, session, starts_at):
        before = starts_at - 10 * ONE_DAY
        Session.objects.filter(pk=session.pk).update(starts_at=starts_at, planned_at=before)
        Booking.objects.filter(session=session).update(asked_at=before)
        Booking.objects.filter(session=session, state="booked").update(booked_at=before)
        session.refresh_from_db()
