"""Which materials somebody may read, and validation of uploaded files. No writes."""

import secrets

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from common import sizes
from common.documents import extension_of
from venues.models import Material, OrganisationSignUp, Scheme, SignUp

Audience = Material.Audience


def materials_for(scheme: Scheme, *audiences: str) -> list[tuple[Material, str]]:
    """(material, URL) for these audiences, in order."""
    found = Material.objects.filter(scheme=scheme, for_whom__in=audiences)
    return [(each, url_of(each)) for each in found]


def url_of(material: Material) -> str:
    return material.address or reverse("material", args=[material.pk])


def readable_by(user) -> QuerySet[Material]:
    """Public ones of public schemes; members' if the user looks after a place or organisation that
    has not left; the team's own for its officers.
    """
    public = Material.objects.filter(for_whom=Audience.PUBLIC, scheme__in=Scheme.objects.shown())
    if not user.is_authenticated:
        return public
    places = SignUp.objects.of_member(user).live()
    wholes = OrganisationSignUp.objects.managed_by(user).live()
    members = Material.objects.exclude(for_whom=Audience.OFFICERS)
    joined = members.filter(scheme__in=places.values("scheme")) | members.filter(
        scheme__in=wholes.values("scheme")
    )
    officers = Material.objects.filter(scheme__in=Scheme.objects.for_officer(user).values("pk"))
    return Material.objects.filter(
        pk__in=public.values("pk").union(joined.values("pk"), officers.values("pk"))
    )


def checked_file(upload) -> tuple[ContentFile, str]:
    """(the file under a generated name, its extension). ValidationError in words if it is too large
    or of a type we do not store.
    """
    if upload.size > sizes.MATERIAL:
        raise ValidationError(
            _("This file is larger than %(most)s MB. Make it smaller, or give a web address.")
            % {"most": sizes.megabytes(sizes.MATERIAL)}
        )
    extension = extension_of(upload)
    upload.seek(0)
    return ContentFile(upload.read(), name=f"{secrets.token_hex(8)}.{extension}"), extension
