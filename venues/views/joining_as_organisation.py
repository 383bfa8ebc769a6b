"""The start page of a scheme that organisations agree to, and which organisation it is."""

from urllib.parse import urlencode

from allauth.account.utils import perform_login
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from common.limits import may_mail
from common.refusals import refusals_as_messages
from venues import actions
from venues.explanations import explanation_of
from venues.forms import OrganisationJoinForm
from venues.models import Organisation, Scheme
from venues.rules import schemes_open_to


def organisations_scheme(key: str) -> Scheme | None:
    """The open scheme with this id, if organisations agree to it."""
    schemes = Scheme.objects.shown().for_organisations()
    return schemes.filter(pk=key).first() if key.isdecimal() and len(key) < 10 else None


def join_as_organisation(request, scheme):
    """What it is and where to start; somebody who is signed in chooses the organisation."""
    if request.user.is_authenticated and _managed(request.user).exists():
        return redirect(_which(scheme))
    return _page(request, scheme, OrganisationJoinForm(auto_id="join_%s", about=scheme))


def ask_to_join_as_organisation(request, scheme):
    """Send the link; the response never reveals whether the address is known."""
    form = OrganisationJoinForm(request.POST, auto_id="join_%s", about=scheme)
    if not form.is_valid():
        return _page(request, scheme, form)
    if may_mail(request, form.cleaned_data["email"], "join"):
        actions.send_start(**form.cleaned_data)
    return redirect("join_sent")


def _page(request, scheme, form):
    page = {
        "about": scheme,
        "form": form,
        "principles": scheme.principles.all(),
        "why": explanation_of("join_as_organisation"),
    }
    return render(request, "venues/join_as_organisation.html", page)


def start_as_organisation(request, start):
    """Use the emailed link: log in, with a draft or the question which organisation it is."""
    user, sign_up = actions.use_start_for_organisation(start)
    to = sign_up_url(sign_up) if sign_up else _which(start.scheme)
    if request.user == user:
        return redirect(to)
    return perform_login(request, user, email_verification="none", redirect_url=to)


def sign_up_url(sign_up) -> str:
    return reverse("organisation_sign_up", args=[sign_up.organisation_id, sign_up.scheme.slug])


def _which(scheme) -> str:
    return f"{reverse('which_organisation')}?{urlencode({'scheme': scheme.slug})}"


def _managed(user):
    return Organisation.objects.managed_by(user).exclude(name="")


def _asked(user, slug) -> Scheme:
    return get_object_or_404(schemes_open_to(user).for_organisations(), slug=slug)


@require_safe
def which_organisation(request):
    """One of the user's organisations, or another. Without a scheme, nothing is asked."""
    if "scheme" not in request.GET:
        return redirect("portal_home")
    scheme = _asked(request.user, request.GET.get("scheme", "")[:50])
    page = {"scheme": scheme, "organisations": _managed(request.user)}
    return render(request, "venues/which_organisation.html", page)


@require_POST
def start_another_organisation(request):
    """None of the user's organisations: start a draft for a new one."""
    scheme = _asked(request.user, request.POST.get("scheme", "")[:50])
    with refusals_as_messages(request):
        return redirect(sign_up_url(actions.start_for_new_organisation(scheme, by=request.user)))
    return redirect(_which(scheme))
