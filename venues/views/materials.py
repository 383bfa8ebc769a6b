"""A scheme's materials: the portal's list, the files, and the sheets made for a place."""

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from common.documents import TYPES
from venues.made import picture_png, sheet_of, sheet_pdf
from venues.materials import Audience, made_for, offered_to, readable_by
from venues.views.fetching import of_member


@login_not_required
@require_safe
def material(request, pk):
    """The file, always as a download under a generated name; or the web address."""
    found = get_object_or_404(readable_by(request.user, timezone.localdate()), pk=pk)
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
    """What the scheme hands out to its places; what is locked says what it waits for."""
    sign_up = of_member(request, pk)
    page = {"sign_up": sign_up, "offered": offered_to(sign_up, timezone.localdate())}
    return render(request, "venues/materials.html", page)


@require_safe
def portal_material(request, pk, material):
    """A sheet made for the place: its content, and the way to its PDF or picture."""
    sheet = _sheet(request, pk, material)
    page = {"sign_up": sheet.sign_up, "material": sheet.material, "sheet": sheet}
    return render(request, "venues/made_material.html", page)


@require_safe
def material_pdf(request, pk, material):
    sheet = _sheet(request, pk, material)
    if sheet.is_social:
        raise Http404
    return _download(sheet, sheet_pdf(sheet), "pdf")


@require_safe
def material_picture(request, pk, material):
    """The picture for social media, 1200 by 630."""
    sheet = _sheet(request, pk, material)
    if not sheet.is_social:
        raise Http404
    return _download(sheet, picture_png(sheet), "png")


def _sheet(request, pk, material):
    """404 for what is not made, is of another scheme, or is still locked."""
    sign_up = of_member(request, pk)
    made = made_for(sign_up, timezone.localdate())
    found = next((each for each in made if each.pk == material), None)
    if found is None:
        raise Http404
    return sheet_of(found, sign_up)


def _download(sheet, content, extension):
    name = slugify(f"{sheet.material}-{sheet.venue}")[:100] or "file"
    return HttpResponse(
        content,
        content_type=TYPES[extension],
        headers={
            "Content-Disposition": f'inline; filename="{name}.{extension}"',
            "Cache-Control": "private, no-store",
        },
    )
