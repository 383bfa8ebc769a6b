"""Pictures in modules, for learners without an account."""

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from training.models import Module, Picture


@login_not_required
@require_safe
def training_picture(request, pk):
    """Public once the module is open; before that only for the module's officers."""
    picture = get_object_or_404(Picture.objects.select_related("module"), pk=pk)
    if picture.module.open_version is None and not _is_writer(request.user, picture.module):
        raise Http404
    response = FileResponse(picture.file.open("rb"), content_type="image/jpeg")
    response["Cache-Control"] = "private, max-age=3600"
    return response


def _is_writer(user, module):
    return user.is_authenticated and Module.objects.for_officer(user).filter(pk=module.pk).exists()
