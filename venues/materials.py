"""Which materials somebody may read, and validation of uploaded files. No writes."""

import datetime
import secrets
from dataclasses import dataclass
from mimetypes import guess_type
from pathlib import PurePath

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from common import sizes
from common.documents import extension_of
from venues.models import Letter, Material, OrganisationSignUp, Scheme, SignUp, Sticker
from venues.taking_back import UNDO_FOR

Audience = Material.Audience
UnlockedFrom = Material.UnlockedFrom
SAME = {"jpeg": "jpg", "jpe": "jpg"}
"""Other extensions of a type we store."""


@dataclass(frozen=True)
class Offered:
    """A material as a place finds it in the portal; `locked` says what it waits for."""

    material: Material
    url: str
    locked: str = ""


def materials_for(scheme: Scheme, *audiences: str) -> list[tuple[Material, str]]:
    """(material, URL) of the files and addresses for these audiences, in order."""
    found = Material.objects.filter(scheme=scheme, for_whom__in=audiences, made="")
    return [(each, url_of(each)) for each in found]


def for_places(scheme: Scheme) -> QuerySet[Material]:
    """All that a place of this scheme sees in the portal, locked or not."""
    return Material.objects.filter(scheme=scheme).exclude(for_whom=Audience.OFFICERS)


def offered_to(sign_up: SignUp, at: datetime.date) -> list[Offered]:
    """What this place finds in the portal, in order; in two queries."""
    has_sticker = sign_up.stickers.current(at).exists()
    return [
        Offered(
            each,
            reverse("portal_material", args=[sign_up.pk, each.pk]) if each.made else url_of(each),
            _why_locked(each, sign_up, has_sticker),
        )
        for each in for_places(sign_up.scheme)
    ]


def made_for(sign_up: SignUp, at: datetime.date) -> list[Material]:
    """The sheets that are made for this place and not locked."""
    return [
        each.material for each in offered_to(sign_up, at) if each.material.made and not each.locked
    ]


def places_with(material: Material, at: datetime.date) -> QuerySet[SignUp]:
    """The approved places that find the material in the portal, and may open it."""
    found = SignUp.objects.filter(scheme=material.scheme_id).approved()
    if material.for_whom == Audience.OFFICERS:
        return found.none()
    if material.for_whom == Audience.MEMBERS and material.unlocked_from == UnlockedFrom.STICKER:
        found = found.filter(pk__in=Sticker.objects.current(at).values("sign_up"))
    return found.select_related("scheme", "venue__organisation").order_by("pk")


def organisations_with(material: Material) -> QuerySet[OrganisationSignUp]:
    """The organisations approved as a whole that may open it; what is made is made for places."""
    found = OrganisationSignUp.objects.filter(scheme=material.scheme_id).approved()
    if material.made or material.for_whom == Audience.OFFICERS:
        return found.none()
    if material.for_whom == Audience.MEMBERS and material.unlocked_from == UnlockedFrom.STICKER:
        return found.none()
    return found.select_related("scheme", "organisation").order_by("pk")


def why_not_raise(material: Material, at: datetime.date) -> list[str]:
    """Why no new version can be told to anybody; empty if it can."""
    if material.for_whom == Audience.OFFICERS:
        return [_("Only the team has this, so there is nobody to tell.")]
    if material.scheme.closed_at:
        return [_("The scheme is closed.")]
    if not places_with(material, at).exists() and not organisations_with(material).exists():
        return [_("Nobody has this yet, so there is nobody to tell.")]
    if _just_written(material, timezone.now()).exists():
        return [_("A new version was told within the last ten minutes.")]
    return []


def letters_just_written(material: Material, user: User, at: datetime.datetime) -> QuerySet[Letter]:
    """The letters about its newest version that `user` wrote and may still take back."""
    return _just_written(material, at).filter(by=user)


def _just_written(material: Material, at: datetime.datetime) -> QuerySet[Letter]:
    return Letter.objects.filter(
        kind="venues.new_version",
        scheme=material.scheme_id,
        about_id=material.pk,
        written_at__gt=at - UNDO_FOR,
        withdrawn_at=None,
    )


def _why_locked(material: Material, sign_up: SignUp, has_sticker: bool) -> str:
    if material.for_whom == Audience.PUBLIC:
        return ""
    if sign_up.state != SignUp.State.APPROVED:
        return _("You get this when your place is approved.")
    if material.unlocked_from == UnlockedFrom.STICKER and not has_sticker:
        return _("You get this when your place has a current sticker.")
    return ""


def url_of(material: Material) -> str:
    return material.address or reverse("material", args=[material.pk])


def readable_by(user, at: datetime.date) -> QuerySet[Material]:
    """The files and addresses that this user may open.

    Public ones of public schemes; a member's own once they are unlocked for one of their places, or
    for their organisation; the team's own for its officers.
    """
    written = Material.objects.filter(made="")
    public = written.filter(for_whom=Audience.PUBLIC, scheme__in=Scheme.objects.shown())
    if not user.is_authenticated:
        return public
    places = SignUp.objects.of_member(user)
    wholes = OrganisationSignUp.objects.managed_by(user)
    with_sticker = places.approved().filter(pk__in=Sticker.objects.current(at).values("sign_up"))
    members = written.filter(for_whom=Audience.MEMBERS)
    after_approval = members.filter(unlocked_from=UnlockedFrom.APPROVAL)
    found = [
        public,
        _of_schemes(written.filter(for_whom=Audience.PUBLIC), places.live(), wholes.live()),
        _of_schemes(after_approval, places.approved(), wholes.approved()),
        _of_schemes(members, with_sticker),
        written.filter(scheme__in=Scheme.objects.for_officer(user).values("pk")),
    ]
    first, *others = (each.values("pk") for each in found)
    return Material.objects.filter(pk__in=first.union(*others))


def _of_schemes(materials: QuerySet[Material], *joined: QuerySet) -> QuerySet[Material]:
    any_of = Q()
    for each in joined:
        any_of |= Q(scheme__in=each.values("scheme"))
    return materials.filter(any_of)


def checked_file(upload) -> tuple[ContentFile, str]:
    """(the file under a generated name, its extension). ValidationError in words if it is too
    large, of a type we do not store, or of another type than its name says.
    """
    if upload.size > sizes.MATERIAL:
        raise ValidationError(
            _("This file is larger than %(most)s MB. Make it smaller, or give a web address.")
            % {"most": sizes.megabytes(sizes.MATERIAL)}
        )
    extension = extension_of(upload)
    named = PurePath(upload.name or "").suffix.lower().removeprefix(".")
    says_a_type = guess_type(f"x.{named}")[0] not in (None, "application/octet-stream")
    if says_a_type and SAME.get(named, named) != extension:
        raise ValidationError(
            _("The name of this file ends in .%(named)s, but it is a .%(found)s file. Rename it.")
            % {"named": named, "found": extension}
        )
    upload.seek(0)
    return ContentFile(upload.read(), name=f"{secrets.token_hex(8)}.{extension}"), extension
