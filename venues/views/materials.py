"""A scheme's materials: the portal's list, and the files."""

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from common.documents import TYPES
from venues.materials import Audience, materials_for, readable_by
from venues.views.fetching import of_member


@login_not_required
@require_safe
def material(request, pk):
    """The file, always as a download under a generated name; or the web address."""
    found = get_object_or_404(readable_by(request.user), pk=pk)
    if found.address:
        return redirect(found.address)
    if not found.file.storage.exists(found.file.name):
        raise Http404
    response = FileResponse(
        found.file.open("rb"),
        as_attachment=True,
        filename=f"{slugify(found.title) or 'file'}.{found.extension}",
        content_type=TYPES[found.extension],
    )
    is_public = found.for_whom == Audience.PUBLIC
    response["Cache-Control"] = "public, max-age=300" if is_public else "private, no-store"
    return response


@require_safe
def portal_materials(request, pk):
    """What the scheme hands out to its places."""
    sign_up = of_member(request, pk)
    found = materials_for(sign_up.scheme, Audience.MEMBERS, Audience.PUBLIC)
    return render(request, "venues/materials.html", {"sign_up": sign_up, "materials": found})
