"""How an organisation stands in a scheme that organisations agree to, computed. No writes."""

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from venues.models import OrganisationSignUp, Scheme
from venues.models.sign_ups import State
from venues.rules import agreements_to_renew, missing_for_organisation


def named_organisations(scheme: Scheme) -> list[OrganisationSignUp]:
    """The organisations named on a public scheme's page, by name."""
    found = scheme.organisation_sign_ups.named().select_related("organisation")
    return list(found.order_by("organisation__name", "pk"))


def is_public(sign_up: OrganisationSignUp) -> bool:
    """Whether the scheme's page names it; the same rule as `named()`, for a public scheme."""
    return (
        sign_up.state == State.APPROVED
        and sign_up.is_named
        and sign_up.scheme.takes_sign_ups
        and not sign_up.scheme.hidden_at
    )


def sentence_of(sign_up: OrganisationSignUp) -> str:
    """Its status in one sentence, for its own people."""
    said = {"scheme": sign_up.scheme}
    if sign_up.state == State.DRAFT:
        missing = missing_for_organisation(sign_up)
        return _("Not sent yet: something is still missing.") if missing else _("Ready to be sent.")
    if sign_up.state == State.CHANGES_ASKED_FOR:
        return _("The team asks for a change before it decides.")
    if sign_up.state == State.SUBMITTED:
        day = date_format(localtime(sign_up.submitted_at), "j F Y")
        return _("Sent on %(day)s. The team has not decided yet.") % {"day": day}
    if sign_up.state == State.SUSPENDED:
        return _("Suspended from %(scheme)s for now. The team will ring you.") % said
    if sign_up.state == State.DECLINED:
        return _("The team could not take you in.")
    if sign_up.state == State.WITHDRAWN:
        return _("You have left %(scheme)s.") % said
    if agreements_to_renew(sign_up):
        return _("A member of %(scheme)s. A core principle has changed: answer it again.") % said
    if is_public(sign_up):
        return _("A member of %(scheme)s, whose page names you.") % said
    return _("A member of %(scheme)s. Its page does not name you.") % said
