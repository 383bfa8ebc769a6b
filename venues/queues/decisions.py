"""Queues of sign-ups that an officer or the venue has to decide about."""

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from venues.models import Agreement, HandOver, OrganisationSignUp, Principle, SignUp
from venues.models.sign_ups import ENDED
from venues.work_queue import Queue, Row, register

from .kinds import SignUpQueue


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


def _why_organisation_waits(sign_up, now):
    if sign_up.entered_by_id and not sign_up.agreement_confirmed_at:
        return _("An officer entered it, and the organisation has not confirmed its agreement.")
    return _why_waiting(sign_up, now)


def _organisations(user, now, most):
    waiting = OrganisationSignUp.objects.waiting().for_officer(user)
    for sign_up in waiting.select_related("organisation", "scheme").order_by("submitted_at")[:most]:
        yield Row(
            title=str(sign_up.organisation),
            scheme=str(sign_up.scheme),
            url=reverse("admin:venues_organisationsignup_change", args=[sign_up.pk]),
            rule=_why_organisation_waits(sign_up, now),
        )


WAITING = SignUpQueue("waiting", gettext_lazy("Waiting for a decision"), _waiting, _why_waiting)
NOT_CONFIRMED = SignUpQueue(
    "not_confirmed",
    gettext_lazy("Entered by an officer, not confirmed by the venue"),
    _not_confirmed,
    _why_not_confirmed,
)
HAND_OVER = SignUpQueue(
    "hand_over", gettext_lazy("About to change hands"), _hand_overs, _why_hand_over
)
TO_AGREE = SignUpQueue(
    "to_agree", gettext_lazy("Wordings to agree to again"), _to_agree, _why_to_agree
)

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
