"""A manager's training pages: who is trained, enrolling people, handing over links."""

import segno
from django.conf import settings
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from common.refusals import refusals_as_messages
from training import actions
from training.forms import PersonForm
from training.links.enrolments import make_link
from training.models import Enrolment, Module
from training.papers import FOR_TEAMS, kinds_of, paper_or_404
from training.rules import (
    cover,
    learners,
    modules_asked_for,
    modules_for,
    refresher_to_come,
    suggestions,
    works_for_us,
)
from training.views.certificates import as_file
from training.views.papers import paper_as_file
from venues.evidence_kinds import Part
from venues.models import Scheme, SignUp, StaffMember, Venue
from venues.views.fetching import demand_part


@require_safe
def training_venues(request):
    """Choose a venue, or go straight to the only one."""
    sign_ups = (
        SignUp.objects.managed_by(request.user)
        .filter(scheme__in=Scheme.objects.having(Part.TRAINING))
        .select_related("venue", "scheme")
    )
    if len(sign_ups) == 1:
        return redirect("training_home", sign_ups[0].pk)
    return render(request, "training/venues.html", {"sign_ups": sign_ups})


@require_safe
def training_home(request, sign_up_id):
    """The venue's staff, their progress, and until when it has enough trained people."""
    return _home(request, _sign_up(request, sign_up_id))


@require_safe
def training_module(request, sign_up_id, module):
    """One module: its content, why it is suggested, and the staff's progress."""
    sign_up = _sign_up(request, sign_up_id)
    return _module_page(request, sign_up, _module(sign_up, module), PersonForm())


@require_safe
def training_paper(request, sign_up_id, module, kind):
    """Easy Read, the handout or the outline of a module, with the place's own numbers."""
    sign_up = _sign_up(request, sign_up_id)
    page = {"sign_up": sign_up, "paper": _paper(sign_up, module, kind)}
    return render(request, "training/paper.html", page)


@require_safe
def download_training_paper(request, sign_up_id, module, kind):
    return paper_as_file(_paper(_sign_up(request, sign_up_id), module, kind))


@require_POST
def enrol_person(request, sign_up_id, module):
    """Add somebody by first name and enrol them."""
    sign_up = _sign_up(request, sign_up_id)
    module = _module(sign_up, module)
    form = PersonForm(request.POST)
    if not form.is_valid():
        return _module_page(request, sign_up, module, form)
    with refusals_as_messages(request):
        enrolment = actions.enrol_new_person(sign_up, module, by=request.user, **form.cleaned_data)
        return redirect("hand_over_training", sign_up.pk, enrolment.pk)
    return redirect("training_home", sign_up.pk)


@require_POST
def enrol_staff_member(request, sign_up_id, module, staff_member_id):
    """Enrol existing staff, for the first time or again."""
    sign_up = _sign_up(request, sign_up_id)
    module = _module(sign_up, module)
    person = get_object_or_404(
        StaffMember.objects.filter(posts__venue=sign_up.venue).distinct(), pk=staff_member_id
    )
    with refusals_as_messages(request):
        enrolment = actions.enrol(person, module, by=request.user, scheme=sign_up.scheme)
        return redirect("hand_over_training", sign_up.pk, enrolment.pk)
    return redirect("training_home", sign_up.pk)


@never_cache
@require_safe
def hand_over_training(request, sign_up_id, enrolment_id):
    """The link, the code and a QR code to hand to the learner."""
    sign_up = _sign_up(request, sign_up_id)
    enrolment = _enrolment(sign_up, enrolment_id)
    link = make_link(enrolment)
    now = timezone.now()
    page = {
        "sign_up": sign_up,
        "enrolment": enrolment,
        "link": link,
        "learn_url": f"{settings.SITE_URL}{reverse('learn')}",
        "square": segno.make(link, error="m").svg_data_uri(scale=4, border=2),
        "has_run_out": enrolment.code_expires_at < now,
        "has_left": not works_for_us(enrolment.staff_member, timezone.localdate(now)),
    }
    return render(request, "training/hand_over.html", page)


@never_cache
@require_safe
def staff_certificate(request, sign_up_id, enrolment_id):
    """The certificate of a member of staff, to print."""
    sign_up = _sign_up(request, sign_up_id)
    completed = _enrolments(sign_up).filter(completed_at__isnull=False, withdrawn_at__isnull=True)
    return as_file(get_object_or_404(completed, pk=enrolment_id))


@require_POST
def reissue_certificate(request, sign_up_id, enrolment_id):
    """Issue a certificate again in the name as it was corrected."""
    sign_up = _sign_up(request, sign_up_id)
    enrolment = get_object_or_404(_enrolments(sign_up), pk=enrolment_id)
    with refusals_as_messages(request, _("Issued again. Its code stays the same.")):
        actions.reissue_certificate(enrolment, by=request.user)
    return redirect("training_module", sign_up.pk, enrolment.module.slug)


@require_POST
def send_training_link(request, sign_up_id, enrolment_id):
    sign_up = _sign_up(request, sign_up_id)
    enrolment = _enrolment(sign_up, enrolment_id)
    with refusals_as_messages(request, _("The link is on its way.")):
        actions.send_link(enrolment, by=request.user)
    return redirect("hand_over_training", sign_up.pk, enrolment.pk)


@require_POST
def renew_training_link(request, sign_up_id, enrolment_id):
    sign_up = _sign_up(request, sign_up_id)
    enrolment = _enrolment(sign_up, enrolment_id)
    with refusals_as_messages(request, _("Here are a new link and a new code.")):
        actions.renew_link(enrolment, by=request.user)
    return redirect("hand_over_training", sign_up.pk, enrolment.pk)


def _sign_up(request, pk):
    sign_ups = SignUp.objects.managed_by(request.user)
    found = get_object_or_404(sign_ups.select_related("venue__organisation", "scheme"), pk=pk)
    return demand_part(found, Part.TRAINING)


def _enrolments(sign_up):
    """Enrolments of the venue's current and former staff."""
    return (
        Enrolment.objects.filter(
            staff_member__posts__venue=sign_up.venue,
            staff_member__organisation=sign_up.venue.organisation_id,
        )
        .select_related("module", "scheme", "staff_member__organisation")
        .distinct()
    )


def _enrolment(sign_up, pk):
    return get_object_or_404(_enrolments(sign_up).filter(source=Enrolment.Source.CHECK), pk=pk)


def _module(sign_up, slug):
    return get_object_or_404(Module.objects.open().for_sign_up(sign_up), slug=slug)


def _paper(sign_up, slug, kind):
    module = _module(sign_up, slug)
    return paper_or_404(
        module,
        module.open_version,
        kind,
        kinds=FOR_TEAMS,
        scheme=sign_up.scheme,
        venues=Venue.objects.filter(pk=sign_up.venue_id),
    )


def _home(request, sign_up):
    """Modules required or begun in full; the rest as suggestions."""
    today = timezone.localdate()
    rows, more = [], []
    begun = set(
        Enrolment.objects.filter(staff_member__posts__venue=sign_up.venue)
        .values_list("module", flat=True)
        .distinct()
    )
    needed = modules_asked_for(sign_up)
    for module in modules_for(sign_up):
        if module.slug in needed or module.pk in begun:
            rows.append(_module_row(sign_up, module, today))
        else:
            more.append(module)
    for row in [row for row in rows if row["module"].by_self_study][:1]:
        row["form"] = PersonForm()  # one form on this page; other modules have their own page
    page = {
        "sign_up": sign_up,
        "today": today,
        "rows": rows,
        "more": suggestions(sign_up, more, today),
    }
    return render(request, "training/home.html", page)


def _module_page(request, sign_up, module, form):
    today = timezone.localdate()
    (suggestion,) = suggestions(sign_up, [module], today)
    page = {
        "sign_up": sign_up,
        "form": form if module.by_self_study else None,
        "today": today,
        "row": _module_row(sign_up, module, today),
        "reasons": suggestion.reasons,
        "papers": [
            (title, reverse("training_paper", args=[sign_up.pk, module.slug, kind]))
            for kind, title in kinds_of(module, module.open_version, FOR_TEAMS)
        ],
    }
    return render(request, "training/module.html", page)


def _module_row(sign_up, module, today):
    enough = cover(sign_up, module, today)
    people = [
        {
            "learner": learner,
            "without": enough.until(without=learner.staff_member.pk),
            "matters": enough.until(without=learner.staff_member.pk) != enough.until(),
        }
        for learner in learners(sign_up, module, today)
    ]
    return {
        "module": module,
        "asked_for": module.slug in modules_asked_for(sign_up),
        "people": people,
        "cover": enough,
        "until": enough.until(),
        "refresher": refresher_to_come(module, today),
        "form": None,
    }
