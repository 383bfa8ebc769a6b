"""A person's own account, and the way into the admin."""

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import actions
from accounts.forms import DetailsForm
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


def _account_page(request, form):
    page = {"form": form, "has_second_factor": has_second_factor(request.user)}
    return render(request, "accounts/your_account.html", page)


def log_in_to_admin(request, site):
    """The admin's own log-in page: the one log-in, with its limits, codes and second factor."""
    if not request.user.is_authenticated:
        return redirect_to_login(
            request.GET.get("next") or resolve_url("admin:index"), "account_login"
        )
    if site.has_permission(request):
        return redirect("admin:index")
    raise PermissionDenied
