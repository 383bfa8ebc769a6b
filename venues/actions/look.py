"""A scheme's own wording and look."""

from django.core.files import File
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common.deciding import lock
from common.refusals import Refused
from venues.models import Event, Scheme


@transaction.atomic
def change_look(
    scheme: Scheme,
    *,
    by: User,
    logo: ContentFile | None = None,
    remove_logo: bool = False,
    **words: str | list[str],
) -> Scheme:
    """Save wording and colour, by field name, and an optional re-encoded `logo`.

    The file of a replaced logo is deleted on commit.
    """
    scheme = lock(scheme)
    changes = {name: value for name, value in words.items() if getattr(scheme, name) != value}
    for name, value in changes.items():
        setattr(scheme, name, value)
    changed = sorted(changes)
    if logo or (remove_logo and scheme.logo):
        changed.append("logo")
        _replace_logo(scheme, logo)
    if not changed:
        raise Refused(_("Nothing was changed."))
    scheme.save(update_fields=changed)
    Event.objects.record("venues.look_changed", scheme=scheme, by=by, fields=", ".join(changed))
    return scheme


def _replace_logo(scheme: Scheme, logo: File | None) -> None:
    storage, old = scheme.logo.storage, scheme.logo.name
    if logo:
        scheme.logo.save(logo.name or "logo", logo, save=False)
    else:
        scheme.logo = ""
    if old:
        transaction.on_commit(lambda: storage.delete(old))
