"""The pin and the photograph."""

from django.contrib.auth.decorators import login_not_required
from django.contrib.gis.geos import Point
from django.db import transaction
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from common.refusals import refusals_as_messages
from common.storage import no_orphans
from geography.grid import to_wgs84
from venues import actions
from venues.edits import as_asked
from venues.explanations import explanation_of
from venues.forms import PhotoForm, PointForm
from venues.forms.venues import point_of
from venues.models import SignUp, Venue
from venues.models.venues import GRID
from venues.pin import listed_near, outlines_around
from venues.views.fetching import being_saved, editable
from venues.views.steps import say_saved

MOVES = {"north": (0, 10), "south": (0, -10), "east": (10, 0), "west": (-10, 0)}
METRES = 1000


@require_safe
def edit_point(request, pk):
    sign_up = editable(request, pk)
    point = as_asked(sign_up.venue).point
    return _point_page(request, sign_up, PointForm(initial=_numbers(point)))


@require_POST
@transaction.atomic
def change_point(request, pk):
    sign_up = being_saved(request, pk)
    asked = as_asked(sign_up.venue)
    form = PointForm(request.POST, initial=_numbers(asked.point))
    if form.is_valid():
        changes = {"point": form.cleaned_data["point"]}
        if not asked.point_confirmed_at:
            changes["point_confirmed_at"] = timezone.now()
        with refusals_as_messages(request):
            say_saved(request, actions.edit_venue(sign_up.venue, changes, by=request.user))
        return redirect("sign_up", sign_up.pk)
    return _point_page(request, sign_up, form)


@require_POST
def move_point(request, pk, direction):
    """Ten metres north, south, east or west: moving the pin without a map."""
    sign_up = editable(request, pk)
    point = as_asked(sign_up.venue).point
    if point is None or direction not in MOVES:
        raise Http404
    east, north = MOVES[direction]
    moved = Point(point.x + east, point.y + north, srid=GRID)
    with refusals_as_messages(request, _("Moved by 10 metres.")):
        actions.edit_venue(sign_up.venue, {"point": moved}, by=request.user)
    return redirect("edit_point", sign_up.pk)


@require_POST
def reset_point(request, pk):
    """Back to the centre of the postcode."""
    sign_up = editable(request, pk)
    point = point_of(as_asked(sign_up.venue).postcode)
    if point is None:
        raise Http404
    with refusals_as_messages(request, _("The point is the postcode’s again.")):
        changes = {"point": point, "point_confirmed_at": None}
        actions.edit_venue(sign_up.venue, changes, by=request.user)
    return redirect("edit_point", sign_up.pk)


def _numbers(point):
    return {"easting": round(point.x, 1), "northing": round(point.y, 1)} if point else {}


def _point_page(request, sign_up, form):
    asked = as_asked(sign_up.venue)
    point, postcode_point = asked.point, point_of(asked.postcode)
    near = list(listed_near(sign_up.venue, point, timezone.localdate())) if point else []
    page = {
        "sign_up": sign_up,
        "form": form,
        "why": explanation_of("point"),
        "point": point,
        "postcode_point": postcode_point,
        "near": near,
        "map": _map(point, postcode_point, near) if point else None,
        "moves": [
            ("north", _("10 m north")),
            ("south", _("10 m south")),
            ("east", _("10 m east")),
            ("west", _("10 m west")),
        ],
    }
    return render(request, "venues/point.html", page)


def _map(point, postcode_point, near):
    """What the map script needs to convert the pin to metres without a projection library: the
    point in both systems, the same one kilometre east and north, and what to draw around it.
    """

    def both(east, north):
        at = Point(point.x + east, point.y + north, srid=GRID)
        return {"grid": [at.x, at.y], "degrees": list(to_wgs84(at))}

    return {
        "origin": both(0, 0),
        "east": both(METRES, 0),
        "north": both(0, METRES),
        "postcode": list(to_wgs84(postcode_point)) if postcode_point else None,
        "outlines": outlines_around(point),
        "near": [
            {"name": str(venue), "degrees": list(to_wgs84(venue.public_point))} for venue in near
        ],
    }


@require_safe
def edit_photo(request, pk):
    sign_up = editable(request, pk)
    return _photo_page(request, sign_up, PhotoForm(venue=sign_up.venue))


@require_POST
@transaction.atomic
def change_photo(request, pk):
    sign_up = being_saved(request, pk)
    form = PhotoForm(request.POST, request.FILES, venue=sign_up.venue)
    if form.is_valid():
        with refusals_as_messages(request, _("Saved.")), no_orphans(), transaction.atomic():
            _replace_photo(sign_up.venue, form.changes(), by=request.user)
        return redirect("sign_up", sign_up.pk)
    return _photo_page(request, sign_up, form)


def _replace_photo(venue, changes, *, by):
    """The old picture's file is deleted on commit."""
    storage, old = venue.photo.storage, venue.photo.name
    actions.change_venue(venue, changes, by=by)
    if old and "photo" in changes:
        transaction.on_commit(lambda: storage.delete(old))


def _photo_page(request, sign_up, form):
    page = {"sign_up": sign_up, "form": form, "why": explanation_of("photo")}
    return render(request, "venues/photo.html", page)


@login_not_required
@require_safe
def venue_photo(request, pk):
    """A venue's photograph: public once listed; before that only for its own people."""
    venue = get_object_or_404(Venue.objects.exclude(photo=""), pk=pk)
    if not Venue.objects.listed(timezone.localdate()).filter(pk=pk).exists():
        _only_its_own(request.user, venue)
    response = FileResponse(venue.photo.open("rb"), content_type="image/jpeg")
    response["Cache-Control"] = "private, max-age=60"
    return response


def _only_its_own(user, venue):
    if not user.is_authenticated:
        raise Http404
    of_member = Venue.objects.of_member(user).filter(pk=venue.pk)
    entered = SignUp.objects.editable_by(user).filter(venue=venue)
    officers = Venue.objects.for_officer(user).filter(pk=venue.pk)
    if not (of_member.exists() or entered.exists() or officers.exists()):
        raise Http404
