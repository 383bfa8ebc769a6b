"""The officers' queues, for the dashboard and the lists, and the rule behind each entry."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Count,
    Exists,
    F,
    OuterRef,
    Prefetch,
    Q,
    Subquery,
)
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from venues.evidence import LAPSING_DAYS
from venues.evidence_kinds import Part, kinds_needed_to_be_listed
from venues.hours.model import stale_hours
from venues.models import (
    Agreement,
    Enquiry,
    HandOver,
    Letter,
    Merge,
    OpeningHours,
    OrganisationSignUp,
    Principle,
    Requirement,
    SafetySuspension,
    Scheme,
    SchoolYear,
    SignUp,
    Sticker,
    Venue,
    VenueEdit,
)
from venues.models.sign_ups import ENDED, SignUpQuerySet, proved_requirements_subquery
from venues.same_place import perhaps_the_same
from venues.work_queue import Queue, Row, register

ON_SHOW = [Venue.Listing.PUBLIC, Venue.Listing.AREA_ONLY]


@dataclass(frozen=True)
class SignUpQueue:
    """`find(sign_ups, now)` filters a queryset; `rule(sign_up, now)` names the rule that applies.

    `due(sign_up, now)` is the deadline, or None.
    """

    key: str
    title: str
    find: Callable
    rule: Callable
    due: Callable = lambda sign_up, now: None
    part: Part | None = None


def _waiting(sign_ups, now):
    return sign_ups.waiting().order_by("submitted_at")


def _why_waiting(sign_up, now):
    days = (timezone.localdate(now) - timezone.localdate(sign_up.submitted_at)).days
    if days == 0:
        return _("Sent in today and not decided yet.")
    if days == 1:
        return _("Sent in yesterday and not decided yet.")
    return _("Sent in %(days)s days ago and not decided yet.") % {"days": days}


def _not_confirmed(sign_ups, now):
    return sign_ups.filter(
        state=SignUp.State.SUBMITTED,
        entered_by__isnull=False,
        agreement_confirmed_at__isnull=True,
    ).order_by("submitted_at")


def _why_not_confirmed(sign_up, now):
    return _("An officer entered it, and the venue has not confirmed its agreement.")


def _with_reasons(sign_ups, found):
    """Filter to those with a requirement in `found`, annotating which as `reasons`."""
    facts = JSONObject(
        evidence="evidence",
        at_least="at_least",
        of_last="of_last",
        held_until="held_until",
        grace_until="grace_until",
    )
    return (
        sign_ups.approved()
        .filter(Exists(found))
        .annotate(reasons=ArraySubquery(found.values(facts=facts)))
        .order_by("venue__name", "pk")
    )


def _words(fact):
    return Requirement(
        evidence=fact["evidence"], at_least=fact["at_least"], of_last=fact["of_last"]
    ).words


def _long(day):
    return date_format(day, "j F Y")


def _first_grace_until(sign_up, now):
    return min(parse_date(fact["grace_until"]) for fact in sign_up.reasons)


def _first_lapse(sign_up, now):
    return min(parse_date(fact["held_until"]) for fact in sign_up.reasons)


def _lapsing(sign_ups, now):
    today = timezone.localdate(now)
    soon = today + datetime.timedelta(days=LAPSING_DAYS)
    return _with_reasons(
        sign_ups,
        proved_requirements_subquery(today).filter(held_until__range=(today, soon)),
    )


def _why_lapsing(sign_up, now):
    return " ".join(
        _("“%(what)s” is proved until %(day)s only.")
        % {"what": _words(fact).rstrip("."), "day": _long(parse_date(fact["held_until"]))}
        for fact in sign_up.reasons
    )


def _missing(sign_ups, now):
    today = timezone.localdate(now)
    # A venue waiting for its first sticker is missing nothing: it is in the queue to issue one.
    found = (
        proved_requirements_subquery(today)
        .unmet_beyond_grace(today)
        .exclude(
            the_listed_since__isnull=True,
            held_until__isnull=True,
            evidence__in=kinds_needed_to_be_listed(),
        )
    )
    return _with_reasons(sign_ups, found)


def _why_missing(sign_up, now):
    return " ".join(
        _("The days of grace are over: “%(what)s” is missing.") % {"what": _words(fact).rstrip(".")}
        for fact in sign_up.reasons
    )


def _in_grace(sign_ups, now):
    today = timezone.localdate(now)
    lost = Q(held_until__isnull=False) | Q(the_listed_since__isnull=False)
    found = proved_requirements_subquery(today).that_unlist().unmet(today)
    return _with_reasons(sign_ups, found.filter(lost, beyond_grace=False))


def _why_in_grace(sign_up, now):
    return " ".join(
        _("Missing: “%(what)s”. The public no longer finds it after %(day)s.")
        % {"what": _words(fact).rstrip("."), "day": _long(parse_date(fact["grace_until"]))}
        for fact in sign_up.reasons
    )


def _hours(sign_ups, now):
    return (
        sign_ups.approved()
        .filter(stale_hours(now, "venue__"))
        .select_related("venue__lead_scheme", "scheme")
        .order_by(F("venue__hours_confirmed_at").asc(nulls_first=True), "pk")
    )


def _why_hours(sign_up, now):
    at, limit = sign_up.venue.hours_confirmed_at, sign_up.venue.lead_scheme.hours_valid_days
    if at is None:
        return _("Its opening hours were never confirmed.")
    return _(
        "Its opening hours were last confirmed %(days)s days ago; they count for %(limit)s."
    ) % {
        "days": (now - at).days,
        "limit": limit,
    }


def _hours_due(sign_up, now):
    venue = sign_up.venue
    if venue.hours_confirmed_at is None:
        return None
    days = datetime.timedelta(days=venue.lead_scheme.hours_valid_days)
    return timezone.localdate(venue.hours_confirmed_at + days)


def ready_for_sticker(sign_ups: SignUpQuerySet, now: datetime.datetime) -> SignUpQuerySet:
    """Approved places without a current sticker that have all it needs, the first first."""
    return (
        sign_ups.approved()
        .with_standing(timezone.localdate(now))
        .filter(scheme__in=Scheme.objects.having(Part.STICKERS))
        .filter(sticker_is_current=False, ready_for_sticker=True, venue__listing__in=ON_SHOW)
        .order_by("approved_at")
    )


def _whyready_for_sticker(sign_up, now):
    return _("Everything the sticker needs is done, and there is no current sticker.")


def _to_send(sign_ups, now):
    stickers = Sticker.objects.current(timezone.localdate(now)).filter(sent_at__isnull=True)
    return (
        sign_ups.approved()
        .filter(Exists(stickers.filter(sign_up=OuterRef("pk"))))
        .order_by("venue__name", "pk")
    )


def _why_to_send(sign_up, now):
    return _("Its sticker is issued and not marked as sent.")


def _to_agree(sign_ups, now):
    answered = Agreement.objects.filter(
        sign_up=OuterRef(OuterRef("pk")), principle=OuterRef("pk"), version=OuterRef("version")
    )
    changed = Principle.objects.filter(scheme=OuterRef("scheme"))
    return (
        sign_ups.approved()
        .filter(Exists(changed.filter(~Exists(answered))))
        .annotate(to_agree=ArraySubquery(changed.filter(~Exists(answered)).values("title")))
        .order_by("venue__name", "pk")
    )


def _why_to_agree(sign_up, now):
    return _("Not agreed to in its present wording: %(titles)s.") % {
        "titles": ", ".join(sign_up.to_agree)
    }


def _to_post(sign_ups, now):
    letters = Letter.objects.to_post().filter(sign_up=OuterRef("pk"))
    first = letters.order_by("written_at", "pk").values("subject", "written_at")[:1]
    return (
        sign_ups.filter(Exists(letters))
        .annotate(
            letter_subject=Subquery(first.values("subject")),
            letter_written_at=Subquery(first.values("written_at")),
        )
        .order_by("letter_written_at", "pk")
    )


def _why_to_post(sign_up, now):
    return _("No e-mail reached it: “%(subject)s”, written on %(day)s. Print and post it.") % {
        "subject": sign_up.letter_subject,
        "day": date_format(timezone.localtime(sign_up.letter_written_at), "j F Y"),
    }


def _hand_overs(sign_ups, now):
    agreed = HandOver.agreed.through.objects.filter(
        handover__venue=OuterRef("venue"),
        handover__closed_at__isnull=True,
        scheme=OuterRef("scheme"),
    )
    live = sign_ups.exclude(state__in=[*ENDED, SignUp.State.DRAFT])
    asked = live.filter(Exists(HandOver.objects.open().filter(venue=OuterRef("venue"))))
    return asked.exclude(Exists(agreed)).order_by("venue__name", "pk")


def _why_hand_over(sign_up, now):
    return _("Another scheme says that it changes hands, and asks whether yours agrees.")


def _hidden_for_safety(sign_ups, now):
    by_others = SafetySuspension.objects.open().filter(venue=OuterRef("venue"))
    by_others = by_others.exclude(scheme=OuterRef("scheme"))
    return (
        sign_ups.on_board()
        .filter(Exists(by_others))
        .prefetch_related(_open_suspensions())
        .order_by("venue__name", "pk")
    )


def _open_suspensions():
    rows = SafetySuspension.objects.open().select_related("scheme", "by", "duty_link")
    return Prefetch("venue__safety_suspensions", rows.order_by("began_at"), to_attr="hidden_by")


def _why_hidden_for_safety(sign_up, now):
    others = [each for each in sign_up.venue.hidden_by if each.scheme_id != sign_up.scheme_id]
    return " ".join(
        _("Hidden everywhere for safety. Ring %(whom)s.") % {"whom": each.whom_to_ring}
        for each in others
    )


def _hidden_by_us(sign_ups, now):
    ours = SafetySuspension.objects.open().filter(
        venue=OuterRef("venue"), scheme=OuterRef("scheme")
    )
    # Including places that have since left: only this scheme can end its suspension.
    began = Subquery(ours.values("began_at")[:1])
    return sign_ups.newest().filter(Exists(ours)).annotate(hidden_at=began).order_by("hidden_at")


def _why_hidden_by_us(sign_up, now):
    return _("Your scheme hides it everywhere for safety since %(day)s.") % {
        "day": _long(timezone.localdate(sign_up.hidden_at))
    }


def _organisations(user, now, most):
    waiting = OrganisationSignUp.objects.waiting().for_officer(user)
    for sign_up in waiting.select_related("organisation", "scheme").order_by("submitted_at")[:most]:
        yield Row(
            title=str(sign_up.organisation),
            scheme=str(sign_up.scheme),
            url=reverse("admin:venues_organisationsignup_change", args=[sign_up.pk]),
            rule=_why_waiting(sign_up, now),
        )


SIGN_UP_QUEUES = [
    SignUpQueue(
        "hidden_for_safety",
        gettext_lazy("Hidden for safety by another scheme"),
        _hidden_for_safety,
        _why_hidden_for_safety,
    ),
    SignUpQueue(
        "hidden_by_us",
        gettext_lazy("Hidden for safety by your scheme"),
        _hidden_by_us,
        _why_hidden_by_us,
    ),
    SignUpQueue("waiting", gettext_lazy("Waiting for a decision"), _waiting, _why_waiting),
    SignUpQueue(
        "not_confirmed",
        gettext_lazy("Entered by an officer, not confirmed by the venue"),
        _not_confirmed,
        _why_not_confirmed,
    ),
    SignUpQueue("hand_over", gettext_lazy("About to change hands"), _hand_overs, _why_hand_over),
    SignUpQueue(
        "missing",
        gettext_lazy("Missing something, grace is over"),
        _missing,
        _why_missing,
        _first_grace_until,
    ),
    SignUpQueue(
        "in_grace",
        gettext_lazy("Missing something, within its grace"),
        _in_grace,
        _why_in_grace,
        _first_grace_until,
    ),
    SignUpQueue(
        "lapsing", gettext_lazy("Lapsing within 30 days"), _lapsing, _why_lapsing, _first_lapse
    ),
    SignUpQueue(
        "hours", gettext_lazy("Opening hours not confirmed"), _hours, _why_hours, _hours_due
    ),
    SignUpQueue(
        "to_issue",
        gettext_lazy("Stickers to issue"),
        ready_for_sticker,
        _whyready_for_sticker,
        part=Part.STICKERS,
    ),
    SignUpQueue(
        "to_send",
        gettext_lazy("Stickers to send"),
        _to_send,
        _why_to_send,
        part=Part.STICKERS,
    ),
    SignUpQueue("to_post", gettext_lazy("Letters to print and post"), _to_post, _why_to_post),
    SignUpQueue("to_agree", gettext_lazy("Wordings to agree to again"), _to_agree, _why_to_agree),
]
"""In the order of an officer's morning."""


def find_queue(key: str) -> SignUpQueue | None:
    return next((queue for queue in SIGN_UP_QUEUES if queue.key == key), None)


def _register(queue: SignUpQueue, order: int) -> None:
    """Register on the dashboard; the list of sign-ups offers the same queue as a filter."""

    def rows(user, now, most):
        sign_ups = SignUp.objects.for_officer(user).select_related("venue", "scheme")
        return [_row(queue, each, now) for each in queue.find(sign_ups, now)[:most]]

    def whole_url():
        return reverse("admin:venues_signup_changelist") + f"?queue={queue.key}"

    register(Queue(queue.key, order, queue.title, rows, whole_url, part=queue.part))


def _row(queue, sign_up, now):
    return Row(
        str(sign_up.venue),
        str(sign_up.scheme),
        reverse("admin:venues_signup_change", args=[sign_up.pk]),
        queue.rule(sign_up, now),
        queue.due(sign_up, now),
    )


def _enquiries(user, now, most):
    mine = Scheme.objects.for_officer(user)
    waiting = Enquiry.objects.filter(answered_at__isnull=True, scheme__in=mine)
    return [_enquiry(each) for each in waiting.select_related("scheme").order_by("asked_at")[:most]]


def _enquiry(enquiry):
    return Row(
        enquiry.venue_name,
        str(enquiry.scheme),
        reverse("admin:venues_enquiry_change", args=[enquiry.pk]),
        _("Asked on %(day)s to be rung, and nobody has yet.")
        % {"day": _long(timezone.localdate(enquiry.asked_at))},
    )


def _edits(user, now, most):
    waiting = VenueEdit.objects.open().for_officer(user)
    waiting = waiting.select_related("venue__lead_scheme").order_by("asked_at")
    return [_edit(each) for each in waiting[:most]]


def _edit(edit):
    return Row(
        str(edit.venue),
        str(edit.venue.lead_scheme),
        reverse("admin:venues_venue_change", args=[edit.venue_id]) + "#edit",
        _("On %(day)s the place asked for another name, address or point.")
        % {"day": _long(timezone.localdate(edit.asked_at))},
    )


register(
    Queue(
        key="venue_edits",
        order=190,
        title=gettext_lazy("Changes that places ask for"),
        rows=_edits,
        whole_url=lambda: reverse("admin:venues_venue_changelist") + "?edit=waits",
    )
)


def _may_merge(user):
    return user.has_perm("venues.merge_venues")


def _same_places(user, now, most):
    return [
        Row(
            _("%(one)s and %(other)s") % {"one": pair.keep, "other": pair.other},
            str(pair.keep.lead_scheme),
            reverse("admin:merge_venues", args=[pair.keep.pk, pair.other.pk]),
            pair.rule,
        )
        for pair in perhaps_the_same(user)[:most]
    ]


def _merges(user, now, most):
    mine = Scheme.objects.for_officer(user)
    asked = Merge.schemes.through.objects.filter(merge=OuterRef("pk"), scheme__in=mine)
    agreed = Merge.agreed.through.objects.filter(
        merge=OuterRef(OuterRef("pk")), scheme=OuterRef("scheme")
    )
    waiting = Merge.objects.waiting().filter(Exists(asked.filter(~Exists(agreed))))
    waiting = waiting.select_related(
        *("keep_venue", "other_venue", "keep_organisation", "other_organisation", "asked_by")
    )
    return [_merge(each) for each in waiting.order_by("asked_at")[:most]]


def _merge(merge):
    return Row(
        _("%(one)s and %(other)s") % {"one": merge.keep, "other": merge.other},
        "",
        reverse("admin:venues_merge_change", args=[merge.pk]),
        _("On %(day)s an officer of another scheme said that they are one, and asks you.")
        % {"day": _long(timezone.localdate(merge.asked_at))},
    )


TERMS_AHEAD = datetime.timedelta(days=28)
"""So long before known term dates end officers are asked for the next school year's."""


def _terms_missing(user, now, most):
    """The schemes in which hours depend on term dates that nobody has entered yet."""
    day = timezone.localdate(now) + TERMS_AHEAD
    depends = OpeningHours.objects.current(timezone.localdate(now)).exclude(term="")
    known = SchoolYear.objects.of_venue(OuterRef("pk")).filter(starts_on__lte=day, ends_on__gte=day)
    venues = Venue.objects.filter(
        Exists(depends.filter(venue=OuterRef("pk"))),
        ~Exists(known),
        lead_scheme__in=Scheme.objects.for_officer(user),
    )
    counted = venues.order_by("lead_scheme").values_list("lead_scheme", "lead_scheme__name")
    return [
        Row(
            _("School terms after %(day)s") % {"day": _long(day - datetime.timedelta(days=1))},
            name,
            f"{reverse('admin:venues_schoolyear_add')}?scheme={pk}",
            ngettext(
                "The hours of %(count)s place depend on them: without dates they are shown as not"
                " confirmed.",
                "The hours of %(count)s places depend on them: without dates they are shown as not"
                " confirmed.",
                count,
            )
            % {"count": count},
        )
        for pk, name, count in counted.annotate(count=Count("pk"))[:most]
    ]


register(
    Queue(
        key="school_terms",
        order=197,
        title=gettext_lazy("School term dates to enter"),
        rows=_terms_missing,
        whole_url=lambda: reverse("admin:venues_schoolyear_changelist"),
        is_for=lambda user: user.has_perm("venues.add_schoolyear"),
    )
)
register(
    Queue(
        key="same_places",
        order=195,
        title=gettext_lazy("Perhaps the same place"),
        rows=_same_places,
        whole_url=lambda: reverse("admin:same_places"),
        is_for=_may_merge,
    )
)
register(
    Queue(
        key="merges",
        order=196,
        title=gettext_lazy("Two entries to merge: do you agree?"),
        rows=_merges,
        whole_url=lambda: reverse("admin:venues_merge_changelist") + "?state=waits",
        is_for=_may_merge,
    )
)
for place, each in enumerate(SIGN_UP_QUEUES):
    _register(each, 100 + place)
register(
    Queue(
        key="organisations",
        order=189,
        title=gettext_lazy("Organisations that wait for a decision"),
        rows=_organisations,
        whole_url=lambda: (
            reverse("admin:venues_organisationsignup_changelist") + "?state__exact=submitted"
        ),
    )
)
register(
    Queue(
        key="enquiries",
        order=200,
        title=gettext_lazy("Not sure yet: to be rung"),
        rows=_enquiries,
        whole_url=lambda: reverse("admin:venues_enquiry_changelist") + "?answered=no",
    )
)
