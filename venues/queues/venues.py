"""Queues about venues: edits they request, and school terms that their hours depend on."""

import datetime

from django.db.models import Count, Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from venues.models import Enquiry, OpeningHours, Scheme, SchoolYear, Venue, VenueEdit
from venues.work_queue import Queue, Row, register

from .kinds import long_day

TERMS_AHEAD = datetime.timedelta(days=28)
"""How long before known term dates end officers are asked for the next school year's."""


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
        % {"day": long_day(timezone.localdate(enquiry.asked_at))},
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
        % {"day": long_day(timezone.localdate(edit.asked_at))},
    )


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
            _("School terms after %(day)s") % {"day": long_day(day - datetime.timedelta(days=1))},
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
        key="venue_edits",
        order=190,
        title=gettext_lazy("Changes that places ask for"),
        rows=_edits,
        whole_url=lambda: reverse("admin:venues_venue_changelist") + "?edit=waits",
    )
)
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
        key="enquiries",
        order=200,
        title=gettext_lazy("Not sure yet: to be rung"),
        rows=_enquiries,
        whole_url=lambda: reverse("admin:venues_enquiry_changelist") + "?answered=no",
    )
)
