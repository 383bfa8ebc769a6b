"""Interest in training for which no suitable session is planned."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common.refusals import Refused
from training.models import Interest, Module
from venues.models import Event, Scheme, SignUp


@transaction.atomic
def register_interest(
    scheme: Scheme,
    *,
    module: Module | None = None,
    sign_up: SignUp | None = None,
    by: User | None = None,
    **answers: object,
) -> Interest:
    """Record which training somebody wants, what they offer and what it should cover.

    Registering again for the same venue and module updates the entry, so it is idempotent.
    """
    if module and not Module.objects.for_scheme(scheme).filter(pk=module.pk).exists():
        raise Refused(_("This training belongs to another scheme."))
    if sign_up is None:
        return Interest.objects.create(scheme=scheme, module=module, **answers)
    SignUp.objects.select_for_update(no_key=True).get(pk=sign_up.pk)
    interest, is_new = Interest.objects.update_or_create(
        sign_up=sign_up,
        module=module,
        told_at=None,
        defaults={"scheme": scheme, "asked_by": by, **answers},
    )
    if is_new:
        Event.objects.record(
            "training.interest_registered",
            by=by,
            about=interest,
            sign_up=sign_up,
            module=module.slug if module else "",
        )
    return interest


@transaction.atomic
def withdraw_interest(interest: Interest) -> None:
    """Delete the interest at the venue's request."""
    interest.delete()
