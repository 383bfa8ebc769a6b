"""A person's own account, and the way into the admin."""

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts import actions
from accounts.forms import DetailsForm
from accounts.links import read_take_back
from accounts.rules import has_second_factor
from common.refusals import refusals_as_messages


def your_account(request):
    return _account_page(request, DetailsForm(instance=request.user))


@require_POST
def change_details(request):
    form = DetailsForm(request.POST)
    if not form.is_valid():
        return _account_page(request, form)
    with refusals_as_messages(request, _("Your details are saved.")):
        actions.change_details(request.user, **form.cleaned_data)
    return redirect("your_account")


@require_POST
def end_other_sessions(request):
    """Sign out everywhere else, for example on a lost phone or a shared computer."""
    with refusals_as_messages(request, _("You are signed out everywhere but here.")):
        actions.sign_out_everywhere(request.user, but=request.session.session_key)
    return redirect("usersessions_list")


@login_not_required
@never_cache
@require_safe
def take_back_address(request, token):
    """The page behind the letter to a former address: what will happen, and one button."""
    former = None
    with refusals_as_messages(request):
        former = read_take_back(token)
    page = {"former": former, "token": token}
    works = former and not former.used_at
    return render(request, "accounts/take_back.html", page, status=200 if works else 410)


@login_not_required
@never_cache
@require_POST
def take_back_address_now(request, token):
    with refusals_as_messages(request, _("The account is yours again. Sign in with a code.")):
        actions.take_back_address(read_take_back(token))
        return redirect("account_request_login_code")
    return redirect("take_back_address", token)


def _account_page(request, form):
    page = {"form": form, "has_second_factor": has_second_factor(request.user)}
    return render(request, "accounts/your_account.html", page)


def log_in_to_admin(request, site):
    """Replace the admin's own log-in page with the site's, which has limits, codes and a second
    factor.
    """
    if not request.user.is_authenticated:
        return redirect_to_login(
            request.GET.get("next") or resolve_url("admin:index"), "account_login"
        )
    if site.has_permission(request):
        return redirect("admin:index")
    raise PermissionDenied
