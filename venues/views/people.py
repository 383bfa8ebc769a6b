"""Who works here, who has left, and who manages the place in the portal."""

from allauth.account.utils import perform_login
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.actions import welcome
from accounts.codes import sign_in_first
from common.deciding import lock
from common.refusals import refusals_as_messages, success_with_undo
from venues import actions
from venues.explanations import explanation_of
from venues.forms import ChangeMemberForm, InviteForm, LeaverForm, StaffMemberForm
from venues.leaving import former_posts, what_changes
from venues.links import read_invitation
from venues.models import Post
from venues.scopes import looks_after_all, members_seen_by, people_elsewhere
from venues.taking_back import just_ended
from venues.views.fetching import managed


@require_safe
def people(request, pk):
    return _people_page(request, managed(request, pk), StaffMemberForm())


@require_POST
def add_staff_member(request, pk):
    sign_up = managed(request, pk)
    form = StaffMemberForm(request.POST)
    if form.is_valid():
        venue = sign_up.venue
        with refusals_as_messages(request, _("Added.")):
            actions.add_staff_member(
                venue.organisation, venue=venue, by=request.user, **form.cleaned_data
            )
            return redirect("people", pk)
    return _people_page(request, sign_up, form)


def _people_page(request, sign_up, form):
    today = timezone.localdate()
    posts = Post.objects.filter(venue=sign_up.venue).select_related("staff_member")
    page = {
        "sign_up": sign_up,
        "form": form,
        "posts": posts.current(today).order_by("staff_member__first_name"),
        "just_left": just_ended(sign_up.venue_id, request.user),
        "former": former_posts(sign_up.venue, today),
        "has_people_elsewhere": bool(people_elsewhere(request.user, sign_up.venue)),
        "why": explanation_of("people" if sign_up.scheme.has_training else "people_alone"),
    }
    return render(request, "venues/people.html", page)


@require_safe
def leaver(request, pk, post_pk):
    """Before the button: the effect on the place of this person leaving."""
    sign_up = managed(request, pk)
    post = _post(sign_up, post_pk)
    form = LeaverForm(post=post, initial={"last_day": timezone.localdate()})
    return _leaver_page(request, sign_up, post, form, timezone.localdate())


@require_POST
def end_post(request, pk, post_pk):
    """End this person's post. With `look`, only show the effect of the chosen last day."""
    sign_up = managed(request, pk)
    post = _post(sign_up, post_pk)
    form = LeaverForm(request.POST, post=post)
    if not form.is_valid():
        return _leaver_page(request, sign_up, post, form, None)
    last_day = form.cleaned_data["last_day"]
    if "look" in request.POST:
        return _leaver_page(request, sign_up, post, form, last_day)
    words = _("Noted. %(name)s works here until their last day.")
    if sign_up.scheme.has_training:
        words = _("Noted. %(name)s’s training counts until their last day.")
    with refusals_as_messages(request):
        actions.end_post(post, last_day=last_day, by=request.user)
        undo_url = reverse("take_back_end_post", args=[pk, post_pk])
        success_with_undo(request, words % {"name": post.staff_member.first_name}, undo_url)
    return redirect("people", pk)


@require_POST
def take_back_end_post(request, pk, post_pk):
    """Undo somebody's leaving, for ten minutes, for whoever recorded it."""
    sign_up = managed(request, pk)
    posts = Post.objects.filter(venue=sign_up.venue).select_related("staff_member")
    post = get_object_or_404(posts, pk=post_pk)
    words = _("Taken back. %(name)s works here as before.")
    with refusals_as_messages(request, words % {"name": post.staff_member.first_name}):
        actions.take_back_end_post(post, by=request.user)
    return redirect("people", pk)


def _post(sign_up, post_pk):
    posts = Post.objects.select_related("staff_member", "venue")
    return get_object_or_404(posts, pk=post_pk, venue=sign_up.venue, until__isnull=True)


def _leaver_page(request, sign_up, post, form, last_day):
    today = timezone.localdate()
    page = {
        "sign_up": sign_up,
        "post": post,
        "form": form,
        "last_day": last_day,
        "changes": what_changes(post, last_day=last_day, at=today)
        if last_day and last_day >= post.from_date
        else [],
    }
    return render(request, "venues/leaver.html", page)


@require_safe
def members(request, pk):
    sign_up = managed(request, pk)
    return _members_page(request, sign_up, InviteForm(**_to_give(request, sign_up)))


@require_POST
def invite_member(request, pk):
    sign_up = managed(request, pk)
    form = InviteForm(request.POST, **_to_give(request, sign_up))
    if form.is_valid():
        organisation = sign_up.venue.organisation
        with refusals_as_messages(request, _("The invitation is on its way.")):
            actions.invite_member(organisation, by=request.user, **form.cleaned_data)
            return redirect("members", pk)
    return _members_page(request, sign_up, form)


@require_safe
def edit_member(request, pk, membership_pk):
    """Change a member's role and scope."""
    sign_up = managed(request, pk)
    membership = _member(request, sign_up, membership_pk)
    form = _member_form(request, sign_up, membership)
    return _member_page(request, sign_up, membership, form)


@require_POST
@transaction.atomic
def change_member(request, pk, membership_pk):
    sign_up = managed(request, pk)
    membership = _member(request, sign_up, membership_pk)
    form = _member_form(request, sign_up, lock(membership), request.POST)
    if form.is_valid():
        with refusals_as_messages(request, _("Saved.")):
            actions.change_member(membership, by=request.user, **form.cleaned_data)
            return redirect("members" if membership.user != request.user else "portal_home", pk)
    return _member_page(request, sign_up, membership, form)


@require_POST
def remove_member(request, pk, membership_pk):
    membership = _member(request, managed(request, pk), membership_pk)
    with refusals_as_messages(request, _("This person no longer looks after the organisation.")):
        actions.remove_member(membership, by=request.user)
    return redirect("portal_home" if membership.user == request.user else "members", pk)


def _member(request, sign_up, membership_pk):
    found = members_seen_by(request.user, sign_up.venue.organisation)
    membership = next((each for each in found if each.pk == membership_pk), None)
    if membership is None:
        raise Http404
    return membership


def _member_form(request, sign_up, membership, data=None):
    initial = {name: getattr(membership, name) for name in ("role", "scope")}
    initial["venues"] = membership.venues.all()
    return ChangeMemberForm(data, initial=initial, **_to_give(request, sign_up))


def _to_give(request, sign_up):
    """What this manager may grant to others: `venues` and `whole` of a MemberForm."""
    organisation = sign_up.venue.organisation
    return {
        "venues": organisation.venues.managed_by(request.user).exclude(name=""),
        "whole": looks_after_all(request.user, organisation),
    }


def _members_page(request, sign_up, form):
    organisation = sign_up.venue.organisation
    whole = looks_after_all(request.user, organisation)
    invitations = organisation.invitations.filter(accepted_at__isnull=True)
    page = {
        "sign_up": sign_up,
        "form": form,
        "memberships": members_seen_by(request.user, organisation),
        "has_several": "venues" in form.fields,
        "invitations": invitations if whole else invitations.filter(invited_by=request.user),
        "why": explanation_of("members"),
    }
    return render(request, "venues/members.html", page)


def _member_page(request, sign_up, membership, form):
    page = {"sign_up": sign_up, "membership": membership, "form": form}
    return render(request, "venues/member.html", page)


@login_not_required
@never_cache
@require_safe
def accept_invitation(request, token):
    """The invitation link's page: which organisation it is, and a button."""
    invitation = None
    with refusals_as_messages(request):
        invitation = read_invitation(token)
    page = {"invitation": invitation, "token": token}
    return render(request, "venues/invitation.html", page, status=200 if invitation else 410)


@login_not_required
@never_cache
@require_POST
def accept_invitation_now(request, token):
    """The link proves the mailbox: create the account if needed, log in and join.

    A link alone does not log in to an existing account: its owner logs in first and comes back.
    """
    back = reverse("accept_invitation", args=[token])
    with refusals_as_messages(request):
        sign_in = sign_in_first(request, read_invitation(token).email, back_to=back)
        if sign_in:
            return sign_in
    with refusals_as_messages(request, _("You have joined.")):
        invitation = read_invitation(token)
        user = welcome(invitation.email)
        actions.accept_invitation(invitation, by=user)
        to = reverse("portal_home")
        if request.user == user:
            return redirect(to)
        return perform_login(request, user, email_verification="none", redirect_url=to)
    return redirect("accept_invitation", token)
