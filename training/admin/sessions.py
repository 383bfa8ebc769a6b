"""Officers' pages about sessions: list, plan or copy, change, cancel."""

import datetime

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Case, F, When
from django.db.models.functions import Coalesce
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from common.admin import Decision, officers_page
from training import actions
from training.forms import CancelSessionForm, SessionForm
from training.models import Interest, Session
from training.papers import FOR_TEAMS, kinds_of, paper_or_404
from training.rules import what_cancelling_does, why_no_register, why_not_change
from training.views.papers import paper_as_file
from venues.admin.base import OfficersAdmin, SchemeFilter
from venues.evidence_kinds import Part
from venues.models import Scheme, Venue

A_WEEK = datetime.timedelta(days=7)
COPIED = [
    "kind",
    "module",
    "title",
    "open_to",
    "minutes",
    "venue",
    "address",
    "video_link",
    "capacity",
    "hours_to_accept",
    "co_trainers",
    "note",
    "venue_types",
]


class WhenFilter(admin.SimpleListFilter):
    title = _("when")
    parameter_name = "when"

    def lookups(self, request, model_admin):
        return [
            ("to_come", _("To come")),
            ("register", _("Register not closed")),
            ("past", _("Past")),
            ("cancelled", _("Cancelled")),
        ]

    def queryset(self, request, queryset):
        now = timezone.now()
        held = queryset.filter(cancelled_at__isnull=True, starts_at__lte=now)
        return {
            "to_come": queryset.to_come(now),
            "register": held.filter(register_closed_at__isnull=True),
            "past": held,
            "cancelled": queryset.filter(cancelled_at__isnull=False),
        }.get(self.value(), queryset)


def may_plan(user, scheme) -> bool:
    return user.has_perm("training.plan_session", scheme)


class PlanForm(SessionForm):
    """Plan a session in one of the officer's schemes, from scratch or as a copy."""

    def __init__(self, data=None, *, user, known=None, **kwargs):
        asked = known or {} if data is None else data
        self.copied = _copied(user, asked.get("copy", ""))
        schemes = Scheme.objects.for_officer(user)
        mine = {each.pk: each for each in schemes if may_plan(user, each)}
        pk = asked.get("scheme") or ""
        wanted = int(pk) if pk.isdecimal() else None
        if self.copied and data is None:
            wanted = self.copied.scheme_id
        self.scheme = mine.get(wanted) if wanted else next(iter(mine.values()), None)
        if self.scheme is None:
            raise PermissionDenied
        self.others = [each for each in mine.values() if each != self.scheme]
        initial = _start_from(self.copied, user, asked.get("module", "")) if data is None else None
        super().__init__(data, scheme=self.scheme, initial=initial, **kwargs)


class PlanSession(Decision):
    words = _("Plan a training session")
    done = _("The session is planned. Share its link.")
    form = PlanForm
    prefill = ("copy", "scheme", "module")
    route = "plan/"
    creates = True
    template = "admin/training/session/plan.html"
    shows_errors = True

    def form_for(self, session, user, data=None, files=None, known=None):
        return PlanForm(data, user=user, known=known)

    def cleaned(self, form, session):
        return {**form.cleaned_data, "scheme": form.scheme, "copied_from": form.copied}

    def do(self, session, *, by, scheme, **given):
        return actions.plan_session(scheme, by=by, **given)

    def after(self, desk, owner, session):
        return self.back(desk, session)


class SessionDecision(Decision):
    def possible(self, session, user):
        return not why_not_change(session, timezone.now())


class ChangeSession(SessionDecision):
    words = _("Change this session")
    press = _("Change")
    explains = _(
        "Everybody on the list is written to about another time or place. More seats are offered "
        "to those who wait."
    )
    done = _("Changed.")
    form = SessionForm

    def form_kwargs(self, session, user):
        starts_at = timezone.localtime(session.starts_at)
        initial = {
            **{name: getattr(session, name) for name in COPIED},
            "trainers": [trainer.pk for trainer in session.trainers.all()],
            "date": starts_at.date(),
            "time": starts_at.time(),
        }
        return {"scheme": session.scheme, "initial": initial}

    def do(self, session, *, by, trainers, **changes):
        return actions.change_session(session, changes, by=by, trainers=trainers)


class CancelSession(SessionDecision):
    words = _("Cancel this session")
    done = _("The session is cancelled.")
    action = actions.cancel_session
    form = CancelSessionForm
    route = "<int:pk>/cancel/"
    grave = True

    def effect(self, sessions):
        return [words for session in sessions for words in what_cancelling_does(session)]


class TellInterested(SessionDecision):
    words = _("Tell them of this session")
    action = actions.tell_interested
    route = "<int:pk>/tell-interested/"

    def possible(self, session, user):
        return session.module is not None and super().possible(session, user)

    def said(self, session, told):
        return ngettext("%(told)s letter is written.", "%(told)s letters are written.", told) % {
            "told": told
        }


class OfficerCancelBooking(SessionDecision):
    """Give up a seat for a venue that rang."""

    words = _("Give up a seat")
    done = _("The seat is given up.")
    permission = "change_session"
    action = actions.cancel_booking
    route = "<int:pk>/bookings/<int:booking_pk>/cancel/"

    def part(self, session, user, booking_pk):
        return get_object_or_404(session.bookings.select_related("session"), pk=booking_pk), {}

    def possible(self, booking, user):
        return super().possible(booking.session, user)


class ForgetGuest(Decision):
    """Delete the booking of somebody without a place who asks for it, also after the session."""

    words = _("Delete a booking: they asked us to")
    done = _("Deleted, with the name and the address.")
    route = "<int:pk>/guests/<int:guest_pk>/forget/"
    grave = True

    def part(self, session, user, guest_pk):
        guests = session.bookings.of_guests().select_related("session")
        return get_object_or_404(guests, pk=guest_pk), {}

    def do(self, booking, *, by):
        actions.forget_guest(booking, by=by)


@admin.register(Session)
class SessionAdmin(OfficersAdmin):
    """Future sessions first, the next on top; then past ones, the latest on top."""

    part = Part.TRAINING
    by_form = ()
    decisions = [
        PlanSession,
        ChangeSession,
        CancelSession,
        TellInterested,
        OfficerCancelBooking,
        ForgetGuest,
    ]
    list_display = ["begins", "topic", "where", "places", "waiting", "given_by", "status"]
    list_filter = [
        WhenFilter,
        "kind",
        "open_to",
        ("module", SchemeFilter),
        ("scheme", SchemeFilter),
    ]
    list_select_related = ["module", "venue", "scheme"]
    search_fields = ["module__title", "title", "venue__name", "address"]
    date_hierarchy = "starts_at"
    change_list_template = "admin/training/session/change_list.html"

    def get_queryset(self, request):
        now = timezone.now()
        rows = super().get_queryset(request).with_seats().prefetch_related("trainers")
        return rows.annotate(next_at=Case(When(starts_at__gt=now, then="starts_at")))

    def get_ordering(self, request):
        return [F("next_at").asc(nulls_last=True), "-starts_at", "pk"]

    @admin.display(description=_("starts"), ordering="starts_at")
    def begins(self, session):
        return date_format(timezone.localtime(session.starts_at), "D j M Y, H:i")

    @admin.display(description=_("what"), ordering=Coalesce("module__title", "title"))
    def topic(self, session):
        if session.module:
            return session.topic
        return f"{session.topic} ({session.get_kind_display()})"

    @admin.display(description=_("where"))
    def where(self, session):
        return session.venue or session.address or _("By video")

    @admin.display(description=_("seats taken"))
    def places(self, session):
        return _("%(taken)s of %(capacity)s") % {
            "taken": session.taken,
            "capacity": session.capacity,
        }

    @admin.display(description=_("waiting"), ordering="waiting")
    def waiting(self, session):
        return session.waiting

    @admin.display(description=_("given by"))
    def given_by(self, session):
        names = [str(trainer) for trainer in session.trainers.all()]
        return ", ".join([*names, session.co_trainers] if session.co_trainers else names)

    @admin.display(description=_("state"))
    def status(self, session):
        if session.cancelled_at:
            return _("Cancelled")
        if session.register_closed_at:
            return _("Register closed")
        return _("To come") if session.starts_at > timezone.now() else _("Register open")

    @admin.display(description=_("register"))
    def register(self, session):
        if why_no_register(session, timezone.now()):
            return ""
        words = _("The register") if session.register_closed_at else _("Take the register")
        return format_html(
            '<a href="{}">{}</a>', reverse("session_register", args=[session.pk]), words
        )

    def get_list_display(self, request):
        may = request.user.has_perm("training.take_register")
        return [*self.list_display, "register"] if may else self.list_display

    def changelist_view(self, request, extra_context=None):
        held = self.get_queryset(request).filter(cancelled_at__isnull=True)
        last = held.order_by("-planned_at", "-pk").first()
        more = {
            "title": _("Training sessions"),
            "last": last if last and may_plan(request.user, last.scheme) else None,
        }
        return super().changelist_view(request, {**more, **(extra_context or {})})

    # One session

    @method_decorator(require_safe)
    def change_view(self, request, object_id, form_url="", extra_context=None):
        session = self.get_object(request, object_id)
        if session is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        user, now = request.user, timezone.now()
        bookings = session.bookings.with_position().select_related("sign_up__venue", "staff_member")
        why_not = why_not_change(session, now)
        below = self.more_below(request, session)
        change = below["offers"]["change_session"]
        page = self.page(
            request,
            title=session.topic,
            subtitle=None,
            original=session,
            session=session,
            share_url=request.build_absolute_uri(reverse("session", args=[session.pk])),
            bookings=bookings,
            why_not=why_not,
            form=change.form if change else None,
            may_plan=may_plan(request.user, session.scheme),
            may_book=not why_not and user.has_perm("training.book", session),
            may_register=not why_no_register(session, now)
            and user.has_perm("training.take_register", session),
            asked=Interest.objects.to_tell(session).count(),
            papers=[
                (title, reverse("admin:print_session_paper", args=[session.pk, kind]))
                for kind, title in _papers_of(session)
            ],
            **below,
        )
        return render(request, "admin/training/session/session.html", page)

    @officers_page(
        "<int:pk>/papers/<slug:kind>/", name="print_session_paper", permission="view_session"
    )
    def print_paper(self, request, session, kind):
        """The outline, or what is handed out, of the version taught, with the scheme's numbers."""
        module = session.module
        if module is None:
            raise Http404
        paper = paper_or_404(
            module,
            module.open_version,
            kind,
            kinds=FOR_TEAMS,
            scheme=session.scheme,
            venues=Venue.objects.filter(pk=session.venue_id),
        )
        return paper_as_file(paper)


def _copied(user, pk):
    return get_object_or_404(Session.objects.for_officer(user), pk=pk) if pk.isdecimal() else None


def _papers_of(session):
    if session.module is None:
        return []
    return kinds_of(session.module, session.module.open_version, FOR_TEAMS)


def _default(field: str):
    return Session._meta.get_field(field).get_default()


def _start_from(copied, user, module):
    """The initial form: the copied session, moved on by whole weeks until it is in the future."""
    if copied is None:
        begin = {"trainers": [user.pk], "hours_to_accept": _default("hours_to_accept")}
        return {**begin, "module": module} if module.isdecimal() else begin
    starts_at = timezone.localtime(copied.starts_at)
    day = starts_at.date() + A_WEEK
    while day <= timezone.localdate():
        day += A_WEEK
    return {
        **{name: getattr(copied, name) for name in COPIED},
        "trainers": [trainer.pk for trainer in copied.trainers.all()],
        "date": day,
        "time": starts_at.time(),
    }
