"""The public start page, the link that starts a sign-up, and "we will ring you"."""

import datetime
from urllib.parse import urlencode

from allauth.account.utils import perform_login
from django.contrib.auth.decorators import login_not_required
from django.contrib.humanize.templatetags.humanize import apnumber
from django.core.validators import slug_re
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.codes import sign_in_first
from common.durations import in_words
from common.errors import too_many_requests
from common.limits import RATES, limit, may_mail
from common.refusals import refusals_as_messages
from venues import actions
from venues.evidence_kinds import Part, find_kind
from venues.explanations import explanation_of
from venues.forms import JoinForm, PlacePostcodeForm, RingForm, TellMeForm
from venues.links import read_start
from venues.models import Cadence, Organisation, Principle, Requirement, Scheme, SignUp
from venues.nouns import shared_nouns
from venues.rounds import Closed, closed
from venues.rules import schemes_open_to
from venues.views.joining_as_organisation import (
    ask_to_join_as_organisation,
    join_as_organisation,
    organisations_scheme,
    start_as_organisation,
)
from venues.views.rounds import closed_page

JOINING = "joining"


@login_not_required
@require_safe
def join(request):
    """What it is, how long it takes, and where to start."""
    return _join_page(request, JoinForm(auto_id="join_%s"), RingForm(auto_id="ring_%s"))


@login_not_required
@require_safe
def join_one(request, scheme):
    """The start page of one scheme; a user with places is asked which one it is for.

    Any other word is treated as a truncated link, and so is the name of a hidden scheme, except for
    users whom it knows.
    """
    found = schemes_open_to(request.user).filter(slug=scheme).first()
    if found is None:
        return start_sign_up(request, scheme)
    if found.is_for_organisations:
        return join_as_organisation(request, found)
    if between := closed(found):
        return closed_page(request, between)
    if request.user.is_authenticated and SignUp.objects.of_member(request.user).exists():
        return redirect(f"{reverse('which_venue')}?{urlencode({'scheme': found.slug})}")
    forms = JoinForm(auto_id="join_%s", about=found), RingForm(auto_id="ring_%s", about=found)
    return _join_page(request, *forms, about=found)


@login_not_required
@require_POST
def ask_to_join(request):
    """Send the link; the response never reveals whether the address is known."""
    if not limit(request, "join"):
        return too_many_requests(request)
    if about := organisations_scheme(request.POST.get("scheme", "")):
        return ask_to_join_as_organisation(request, about)
    if between := _closed_meanwhile(request):
        typed = {"email": request.POST.get("email", "")}
        form = TellMeForm(auto_id="tell_%s", about=between.scheme, initial=typed)
        return closed_page(request, between, form, was_filled_in=True)
    form = JoinForm(request.POST, auto_id="join_%s")
    if not form.is_valid():
        return _join_page(request, form, RingForm(auto_id="ring_%s"))
    if may_mail(request, form.cleaned_data["email"], "join"):
        actions.send_start(**form.cleaned_data)
    return redirect("join_sent")


def _closed_meanwhile(request) -> Closed | None:
    """The scheme of a form whose round has closed since the page with it was opened."""
    places = Scheme.objects.shown().for_places()
    key = request.POST.get("scheme", "")
    if key:
        found = places.filter(pk=key).first() if key.isascii() and key.isdigit() else None
    else:  # The form does not ask for the scheme if there is only one.
        today = timezone.localdate()
        found = None if places.taking_sign_ups(today).exists() else places.first()
    return found and closed(found)


@login_not_required
@require_safe
def join_sent(request):
    rate = RATES["mail:join"]
    page = {
        "most_links": apnumber(rate.times),
        "links_counted_for": in_words(datetime.timedelta(seconds=rate.per)),
    }
    return render(request, "venues/join_sent.html", page)


@login_not_required
@never_cache
@require_safe
def start_sign_up(request, token):
    """The link's page: one button. Mail scanners follow links, so a GET must change nothing."""
    start = None
    with refusals_as_messages(request):
        start = read_start(token)
    page = {"start": start, "token": token}
    works = start and not start.used_at
    return render(request, "venues/start.html", page, status=200 if works else 410)


@login_not_required
@never_cache
@require_POST
def start_sign_up_now(request, token):
    """The link proves the mailbox: create the account and draft if needed, and log in.

    A link alone does not log in to an existing account: its owner logs in first and comes back.
    Somebody who already has places is asked first whether it is one of those.
    """
    with refusals_as_messages(request):
        start = read_start(token)
        if start.used_at and (sign_up := actions.begun(request.user, start)):
            return redirect("sign_up", sign_up.pk)
        back = reverse("start_sign_up", args=[token])
        if not start.used_at and (sign_in := sign_in_first(request, start.email, back_to=back)):
            return sign_in
        if start.scheme.is_for_organisations:
            return start_as_organisation(request, start)
        user, sign_up = actions.use_start(start)
        if sign_up is None:
            request.session[JOINING] = [start.scheme_id, start.postcode]
            return redirect("which_venue")
        to = reverse("sign_up", args=[sign_up.pk])
        if request.user == user:
            return redirect(to)
        return perform_login(request, user, email_verification="none", redirect_url=to)
    return redirect("join")


@require_safe
def which_venue(request):
    """Is it one of the user's places? Otherwise a new one, of their organisation or another."""
    return _which_venue_page(request)


def _which_venue_page(request, form=None):
    asked = _joining(request)
    if asked is None:
        return redirect("portal_home")
    scheme, postcode = asked
    mine = _own_places(request.user, scheme)
    page = {
        "scheme": scheme,
        "postcode": postcode,
        "here": [each for each in mine if each.venue.postcode == postcode],
        "elsewhere": [each for each in mine if each.venue.postcode != postcode],
        "organisations": _managed_organisations(request.user),
        "form": form or (None if postcode else PlacePostcodeForm()),
    }
    return render(request, "venues/which_venue.html", page)


def _own_places(user, scheme):
    """One sign-up per place of this user: the one in `scheme` if it exists.

    `may_join`: the place is not in the scheme, and this user may join it.
    """
    managed = set(SignUp.objects.managed_by(user).values_list("pk", flat=True))
    mine = (
        SignUp.objects.of_member(user)
        .select_related("venue__organisation", "scheme")
        .order_by("venue__name", "pk")
    )
    by_place = {}
    for each in mine:
        is_in_it = each.scheme_id == scheme.pk
        each.may_join = not is_in_it and each.pk in managed
        if is_in_it or each.venue_id not in by_place:
            by_place[each.venue_id] = each
    return list(by_place.values())


@require_POST
def start_another_venue(request):
    """It is none of these: start a draft, for the chosen organisation or a new one."""
    asked = _joining(request)
    if asked is None:
        return redirect("portal_home")
    scheme, postcode = asked
    if not postcode:
        form = PlacePostcodeForm(request.POST)
        if not form.is_valid():
            return _which_venue_page(request, form)
        postcode = form.cleaned_data["postcode"]
    organisation = None
    if key := request.POST.get("organisation", ""):
        found = _managed_organisations(request.user)
        organisation = next((each for each in found if str(each.pk) == key), None)
        if organisation is None:
            raise Http404
    with refusals_as_messages(request):
        sign_up = actions.start_sign_up(
            scheme=scheme, postcode=postcode, by=request.user, organisation=organisation
        )
        request.session.pop(JOINING, None)
        return redirect("sign_up", sign_up.pk)
    return redirect("which_venue")


def _joining(request):
    """(scheme, postcode) from the link that was used, while the user chooses the place.

    The URL may give the scheme instead; the postcode is then empty and asked for here.
    """
    if slug := (request.POST.get("scheme") or request.GET.get("scheme", "")):
        places = schemes_open_to(request.user).for_places()
        found = places.filter(slug=slug).first() if slug_re.fullmatch(slug) else None
        return found and (found, "")
    scheme, postcode = request.session.get(JOINING, (None, ""))
    found = Scheme.objects.open().for_places().filter(pk=scheme).first()
    return found and (found, postcode)


def _managed_organisations(user):
    """Those with a name: the organisation of an empty draft would be a blank choice."""
    return list(Organisation.objects.managed_by(user).exclude(name=""))


@login_not_required
@require_POST
def ask_to_be_rung(request):
    """Not sure yet: leave a name and number in the officers' queue."""
    if not limit(request, "ring"):
        return too_many_requests(request)
    form = RingForm(request.POST, auto_id="ring_%s")
    if not form.is_valid():
        return _join_page(request, JoinForm(auto_id="join_%s"), form)
    with refusals_as_messages(request):
        actions.ask_to_be_rung(**form.cleaned_data)
        return redirect("ring_asked")
    return redirect("join")


@login_not_required
@require_safe
def ring_asked(request):
    return render(request, "venues/ring_asked.html")


def _how_often(cadences):
    """The cadence in words, for one scheme or several that may differ."""
    kept = cadences - {Cadence.NONE}
    return Cadence(kept.pop()).adverb if len(kept) == 1 else _("as often as the scheme asks")


def _training_time(schemes: list[Scheme]) -> str:
    """How long one scheme's required training takes; empty for several, which may differ."""
    if len(schemes) != 1:
        return ""
    asked = Requirement.objects.filter(principle__scheme=schemes[0]).of_part(Part.TRAINING)
    kinds = [(find_kind(each.evidence), each.subject) for each in asked.order_by("pk")]
    found = [kind.time_words(subject) for kind, subject in kinds if kind and kind.time_words]
    return " ".join(found)


def _join_page(request, form, ring_form, about=None):
    places, today = Scheme.objects.shown().for_places(), timezone.localdate()
    schemes = [about] if about else list(places.taking_sign_ups(today))
    between = [] if about else list(places.between_rounds(today))
    if len(between) == 1 and not schemes and (only := closed(between[0])):
        return closed_page(request, only, ring_form=ring_form)
    principles = Principle.objects.filter(scheme=schemes[0]) if len(schemes) == 1 else []
    parts = Scheme.objects.filter(pk__in=[scheme.pk for scheme in schemes]).parts()
    page = {
        "form": form if form.is_bound or not ring_form.is_bound else ring_form,
        "join_form": form,
        "about": about,
        "ring_form": ring_form,
        "schemes": schemes,
        "between": between,
        "nouns": shared_nouns(schemes),
        "for_organisations": [] if about else Scheme.objects.shown().for_organisations(),
        "principles": principles,
        "parts": parts,
        "meetings": _how_often({scheme.meetings_every for scheme in schemes}),
        "returns": _how_often({scheme.returns_every for scheme in schemes}),
        "training_time": _training_time(schemes),
        "join_why": explanation_of("join"),
        "ring_why": explanation_of("ring"),
    }
    return render(request, "venues/join.html", page)
