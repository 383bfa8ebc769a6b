"""People who work at a place: corrected, pasted as a list, at a second place, back again."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from common.deciding import lock
from common.refusals import refusals_as_messages
from venues import actions
from venues.forms import CorrectPersonForm, PeopleListForm, WorkHereForm
from venues.models import Post, StaffMember, Venue
from venues.scopes import people_elsewhere
from venues.views.fetching import managed


@require_safe
def edit_person(request, pk, post_pk):
    """Correct the name or e-mail address of somebody who works here."""
    sign_up = managed(request, pk)
    post = _post(sign_up, post_pk)
    return _edit_page(request, sign_up, post, CorrectPersonForm(instance=post.staff_member))


@require_POST
@transaction.atomic
def correct_person(request, pk, post_pk):
    sign_up = managed(request, pk)
    post = _post(sign_up, post_pk)
    person = lock(post.staff_member)
    # The form writes its input into its instance; the action compares with what is saved.
    form = CorrectPersonForm(request.POST, instance=StaffMember.objects.get(pk=person.pk))
    if form.is_valid():
        with refusals_as_messages(request, _("Saved.")):
            actions.correct_staff_member(
                person, **form.cleaned_data, venue=sign_up.venue, by=request.user
            )
            return redirect("people", pk)
    return _edit_page(request, sign_up, post, form)


def _edit_page(request, sign_up, post, form):
    page = {"sign_up": sign_up, "post": post, "form": form}
    return render(request, "venues/edit_person.html", page)


def _post(sign_up, post_pk):
    posts = Post.objects.select_related("staff_member", "venue")
    return get_object_or_404(
        posts, pk=post_pk, venue=sign_up.venue, staff_member__anonymised_at__isnull=True
    )


@require_safe
def paste_people(request, pk):
    """A box for a whole list of people."""
    sign_up = managed(request, pk)
    return _list_page(request, sign_up, _list_form(request, sign_up))


@require_POST
def read_pasted_people(request, pk):
    """The list as it was parsed, before anything is saved."""
    sign_up = managed(request, pk)
    form = _list_form(request, sign_up, request.POST)
    return _list_page(request, sign_up, form, is_read=form.is_valid())


@require_POST
@transaction.atomic
def add_people(request, pk):
    """Add the ticked people, if the list still parses as the page showed it."""
    sign_up = managed(request, pk)
    Venue.objects.select_for_update().get(pk=sign_up.venue_id)
    form = _list_form(request, sign_up, request.POST)
    if not form.is_valid():
        return _list_page(request, sign_up, form)
    if form.was_shown_otherwise:
        words = _("Somebody else changed who works here meanwhile. Nothing was saved: look again.")
        messages.error(request, words)
        return _list_page(request, sign_up, form, is_read=True)
    with refusals_as_messages(request):
        number = actions.add_people(
            sign_up.venue, form.chosen, by=request.user, kind=form.cleaned_data["kind"]
        )
        words = ngettext("%(count)s person added.", "%(count)s people added.", number)
        messages.success(request, words % {"count": number})
        return redirect("people", pk)
    return _list_page(request, sign_up, form, is_read=True)


def _list_form(request, sign_up, data=None):
    places = Venue.objects.managed_by(request.user)
    return PeopleListForm(data, venue=sign_up.venue, places=places)


def _list_page(request, sign_up, form, *, is_read=False):
    ticked = set(request.POST.getlist("add"))
    rows = [
        {"person": row, "ticked": row.key in ticked if ticked else not row.doubt}
        for row in form.rows
    ]
    page = {
        "sign_up": sign_up,
        "form": form,
        "rows": rows,
        "is_read": is_read,
        "doubts": sum(bool(row.doubt) for row in form.rows),
    }
    return render(request, "venues/paste_people.html", page)


@require_safe
def choose_person(request, pk):
    """Choose a person from another place of the organisation who works here too."""
    sign_up = managed(request, pk)
    return _choose_page(request, sign_up, _choose_form(request, sign_up))


@require_POST
def add_second_place(request, pk):
    sign_up = managed(request, pk)
    form = _choose_form(request, sign_up, request.POST)
    if form.is_valid():
        person, kind = form.cleaned_data["person"], form.cleaned_data["kind"]
        words = _("Added. The training that %(name)s has done goes with them.")
        if not sign_up.scheme.has_training:
            words = _("Added. %(name)s works here too.")
        with refusals_as_messages(request, words % {"name": person.first_name}):
            actions.work_here(person, sign_up.venue, by=request.user, kind=kind)
            return redirect("people", pk)
    return _choose_page(request, sign_up, form)


def _choose_form(request, sign_up, data=None):
    return WorkHereForm(data, people=people_elsewhere(request.user, sign_up.venue))


def _choose_page(request, sign_up, form):
    page = {"sign_up": sign_up, "form": form}
    return render(request, "venues/choose_person.html", page)


@require_POST
def work_here_again(request, pk, post_pk):
    """Record that somebody who left, or whose last day is set, works here after all."""
    sign_up = managed(request, pk)
    post = _post(sign_up, post_pk)
    words = _("%(name)s works here.") % {"name": post.staff_member.first_name}
    with refusals_as_messages(request, words):
        actions.work_here(post.staff_member, sign_up.venue, by=request.user, kind=post.kind)
    return redirect("people", pk)
