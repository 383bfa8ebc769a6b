"""Rules about sign-ups and schemes: what is missing, in order, in words. No writes."""

import datetime

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from geography.models import Area
from geography.rules import search_name
from venues.evidence import Proof, outstanding
from venues.evidence_kinds import Stage, find_kind
from venues.models import (
    Clearance,
    Organisation,
    OrganisationSignUp,
    Principle,
    Requirement,
    Scheme,
    SignUp,
    Venue,
)
from venues.models.opening import digest_of_texts, last_sign_off, numbers_not_tried
from venues.models.parts import Cadence, earlier_after_change
from venues.models.schemes import SchemeQuerySet
from venues.models.sign_ups import ENDED, State


def agreements_to_renew(sign_up: SignUp | OrganisationSignUp) -> list[Principle]:
    """Principles whose current version this sign-up has not answered, in order."""
    answered: dict[int, int] = {}
    for one in sign_up.agreements.all():
        answered[one.principle_id] = max(one.version, answered.get(one.principle_id, 0))
    return [
        principle
        for principle in sign_up.scheme.principles.all()
        if answered.get(principle.pk) != principle.version
    ]


def current_agreements(sign_up: SignUp | OrganisationSignUp) -> list:
    """The newest agreement to each principle, in the principles' order."""
    newest = {
        agreement.principle_id: agreement
        for agreement in sign_up.agreements.select_related("principle").order_by(
            "principle__order", "version"
        )
    }
    return list(newest.values())


def unmet_principles(sign_up: SignUp) -> list:
    """Agreements answered "we will" or "we need help": tasks with support, never a rejection."""
    return [agreement for agreement in current_agreements(sign_up) if agreement.answer != "we_do"]


def missing_for_organisation(sign_up: OrganisationSignUp) -> list[str]:
    """What the team needs before deciding about an organisation: who it is, and principles."""
    missing = []
    if not sign_up.organisation.name or not sign_up.organisation.sector:
        missing.append(_("Say which organisation this is and its sector."))
    for principle in agreements_to_renew(sign_up):
        missing.append(_("Answer the core principle “%(title)s”.") % {"title": principle.title})
    return missing


def missing_for_approval_of_organisation(sign_up: OrganisationSignUp) -> list[str]:
    """What prevents approval of an organisation that has sent its sign-up in."""
    missing = missing_for_organisation(sign_up)
    if sign_up.entered_by_id and not sign_up.agreement_confirmed_at:
        missing.append(
            _("The organisation has not confirmed the agreement that an officer entered.")
        )
    return missing


def missing_for_submission(sign_up: SignUp) -> list[str]:
    """What the council needs before deciding: contact, address, hours, principles."""
    venue, organisation = sign_up.venue, sign_up.venue.organisation
    missing = []
    if not organisation.name or not organisation.sector:
        missing.append(_("Say which organisation this is and its sector."))
    if not venue.name or not venue.type:
        missing.append(_("Give the name of the place and what kind of place it is."))
    if not venue.address_1 or not venue.postcode or venue.point is None:
        missing.append(_("Give the address and where it is on the map."))
    if venue.point and not venue.point_confirmed_at:
        missing.append(_("Look where the pin is and put it at your door."))
    if not venue.listing_chosen_at:
        missing.append(_("Choose who may find the place."))
    if not venue.contact_name or not (venue.contact_email or venue.contact_phone):
        missing.append(_("Say whom we can reach, and how."))
    if to_answer := agreements_to_renew(sign_up):
        missing.append(
            _("Answer the core principles (%(count)s to go).") % {"count": len(to_answer)}
        )
    helped = principles_with_help(sign_up)
    return missing + [
        proof.words
        for proof in outstanding(sign_up, Stage.SUBMISSION, timezone.localdate())
        if proof.requirement.principle_id not in helped
    ]


def principles_with_help(sign_up: SignUp) -> set[int]:
    """Principles answered "we will" or "we need help": their proof may follow after submission.

    The start page promises it: "Not everything has to be in place."
    """
    return {agreement.principle_id for agreement in unmet_principles(sign_up)}


def sign_ups_at_the_same_address(sign_up: SignUp) -> list[SignUp]:
    """Other venues of the scheme with the same name, street and postcode, ignoring spelling."""
    venue = sign_up.venue
    others = (
        SignUp.objects.newest()
        .filter(scheme=sign_up.scheme_id, venue__postcode=venue.postcode)
        .exclude(venue=sign_up.venue_id)
        .exclude(venue__name="")
        .select_related("venue", "scheme")
        .order_by("pk")
    )
    wanted = _as_spoken(venue)
    return [each for each in others if _as_spoken(each.venue) == wanted]


def _as_spoken(venue: Venue) -> tuple[str, str]:
    return search_name(venue.name), search_name(venue.address_1)


def missing_for_approval(sign_up: SignUp) -> list[str]:
    """What prevents approval of a submitted sign-up, including what the team helps with.

    A missing website that the venue asked for help with prevents nothing: the officer decides, and
    a scheme that insists has its own check for it.
    """
    helped = principles_with_help(sign_up)
    missing = missing_for_submission(sign_up) + [
        _("With the team’s help: %(proof)s") % {"proof": proof.words}
        for proof in outstanding(sign_up, Stage.SUBMISSION, timezone.localdate())
        if proof.requirement.principle_id in helped and not _may_follow(proof)
    ]
    if sign_up.entered_by_id and not sign_up.agreement_confirmed_at:
        missing.append(_("The venue has not confirmed the agreement that an officer entered."))
    return missing + missing_for_public_listing(sign_up)


def _may_follow(proof: Proof) -> bool:
    kind = find_kind(proof.requirement.evidence)
    return kind is not None and kind.may_follow_approval


def missing_for_public_listing(sign_up: SignUp) -> list[str]:
    """The checks required for a public listing that have not been passed."""
    if sign_up.venue.listing == Venue.Listing.INTERNAL:
        return []
    passed = sign_up.checks.filter(passed=True).values("kind")
    needed = sign_up.scheme.checks_asked.filter(is_needed=True).exclude(pk__in=passed)
    return [_("Check not passed yet: %(check)s.") % {"check": check} for check in needed]


def missing_to_open(scheme: Scheme) -> list[str]:
    """What a scheme must have before organisations can sign up."""
    needed = scheme.contact_kinds.filter(is_needed=True, contacts__isnull=True)
    missing = [_("Name the number for: %(what)s.") % {"what": kind} for kind in needed]
    if not scheme.principles.exists():
        missing.append(_("Write at least one core principle."))
    missing += texts_not_signed_off(scheme) + numbers_to_try(scheme)
    unconfirmed = scheme.clearances.filter(kind=Clearance.Kind.COUNCIL, given_on__isnull=True)
    return missing + [
        _("The council has to confirm: %(what)s") % {"what": each.what} for each in unconfirmed
    ]


def is_cleared(scheme: Scheme, slug: str) -> bool:
    """Whether the permission or confirmation with this short name is recorded.

    What an app shows of somebody else (a logo, a list of places, a card) asks this first. Without
    such a row nobody has agreed.
    """
    return scheme.clearances.given().filter(slug=slug).exists()


def why_agrees_stays(scheme: Scheme, agrees: str) -> str:
    """Why a scheme cannot change who signs up to it; empty if it can."""
    if agrees == scheme.agrees:
        return ""
    if scheme.sign_ups.exists() or scheme.organisation_sign_ups.exists():
        return _("Somebody has signed up already, so this stays.")
    if Requirement.objects.filter(principle__scheme=scheme).exists():
        return _("Its principles require proofs of places. Take those away first.")
    return ""


def why_principle_stays(principle: Principle) -> str:
    """Why a principle cannot be removed; empty if it can.

    Counts every version: an agreement to earlier wording refers to the same principle.
    """
    agreed = sum(
        agreements.values("sign_up").distinct().count()
        for agreements in (principle.agreements, principle.organisation_agreements)
    )
    if agreed:
        words = ngettext(
            "“%(title)s” stays: %(n)s sign-up has an agreement to it. Change its wording instead.",
            "“%(title)s” stays: %(n)s sign-ups have agreed to it. Change its wording instead.",
            agreed,
        )
        return words % {"title": principle.title, "n": agreed}
    if principle.scheme.opened_at:
        words = _(
            "“%(title)s” stays: the scheme is open, and organisations rely on what it asks. "
            "Change its wording instead."
        )
        return words % {"title": principle.title}
    return ""


def venues_outside(scheme: Scheme, area: Area) -> list[Venue]:
    """Places with a live sign-up to the scheme that lie outside `area`, by name."""
    live = scheme.sign_ups.exclude(state__in=ENDED).values("venue")
    return list(
        Venue.objects.filter(pk__in=live, point__isnull=False)
        .exclude(point__coveredby=area.boundary)
        .order_by("name")
    )


def texts_not_signed_off(scheme: Scheme) -> list[str]:
    """A named safeguarding lead has to read the scheme's texts before anyone relies on them."""
    signed = last_sign_off(scheme)
    if signed is None:
        return [_("The safeguarding lead has not signed off the scheme’s texts.")]
    if signed.digest != digest_of_texts(scheme):
        words = _("The texts changed after %(name)s signed them off: have them signed off again.")
        return [words % {"name": signed.name}]
    return []


def numbers_to_try(scheme: Scheme) -> list[str]:
    """Numbers that have never had a test call, or were changed since."""
    return [
        _("Nobody has rung %(number)s (%(what)s) to see who answers.")
        % {"number": contact.number, "what": contact.kind}
        for contact in numbers_not_tried(scheme)
    ]


def schemes_open_to(user: User | AnonymousUser) -> SchemeQuerySet:
    """The schemes that accept a sign-up from `user`: public ones, and hidden ones that know them.

    A hidden scheme accepts nobody new, even if its URL is guessed. Somebody with a sign-up in it
    may add another place, and a link emailed earlier still works.
    """
    schemes = Scheme.objects.open()
    if not user.is_authenticated:
        return schemes.filter(hidden_at=None)
    known = SignUp.objects.of_member(user).values("scheme")
    organisations = Organisation.objects.managed_by(user).values("pk")
    joined = OrganisationSignUp.objects.filter(organisation__in=organisations).values("scheme")
    return schemes.filter(Q(hidden_at=None) | Q(pk__in=known) | Q(pk__in=joined))


def schemes_that_may_lead(venue: Venue) -> SchemeQuerySet:
    """The other schemes the place is a member of, to which the lead can be handed."""
    members = venue.sign_ups.filter(state__in=[State.APPROVED, State.SUSPENDED])
    others = members.exclude(scheme=venue.lead_scheme_id)
    return Scheme.objects.open().filter(pk__in=others.values("scheme")).order_by("name", "pk")


MAY_MERGE = {Venue: "venues.merge_venues", Organisation: "venues.merge_organisations"}
"""The permission needed to agree for a scheme when two entries are merged."""


def schemes_of_merge(keep: Venue | Organisation, other: Venue | Organisation) -> list[Scheme]:
    """The schemes that have either entry, each of which has to agree to the merge.

    A lead scheme counts even while its sign-up is a draft.
    """
    is_place = isinstance(keep, Venue)
    two = [keep.pk, other.pk]
    venues = Venue.objects.filter(**{"pk__in" if is_place else "organisation__in": two})
    live = SignUp.objects.exclude(state__in=[*ENDED, State.DRAFT]).filter(venue__in=venues)
    concerned = Q(pk__in=live.values("scheme")) | Q(pk__in=venues.values("lead_scheme"))
    if not is_place:
        sent = OrganisationSignUp.objects.live().readable().filter(organisation__in=two)
        concerned |= Q(pk__in=sent.values("scheme"))
    return list(Scheme.objects.filter(concerned).order_by("pk"))


def schemes_to_ask(venue: Venue) -> list[Scheme]:
    """The schemes whose sign-up, drafts aside, a hand-over would end: each has to agree."""
    live = venue.sign_ups.exclude(state__in=[*ENDED, State.DRAFT])
    return list(Scheme.objects.filter(pk__in=live.values("scheme")).order_by("pk"))


def returns_after_change(
    scheme: Scheme, every: str, at: datetime.date | None = None
) -> list[list[str]]:
    """`Scheme.returns_earlier` after the cadence of returns changes to `every`.

    Before its first member a scheme asked nobody for returns, so the change applies from the start.
    """
    if not SignUp.objects.filter(scheme=scheme, approved_at__isnull=False).exists():
        return []
    earlier, _starts = earlier_after_change(
        every,
        at or timezone.localdate(),
        now=scheme.returns_every,
        earlier=scheme.returns_earlier,
    )
    return earlier


def returns_in_words(scheme: Scheme, at: datetime.date | None = None) -> str:
    """How often returns are asked for, including a change that has not taken effect yet."""
    at = at or timezone.localdate()
    held = scheme.returns_every_on(at)
    if held == scheme.returns_every or scheme.returns_every == Cadence.NONE:
        return _(
            "Once a scheme has members, a change waits for a day that begins both an old and a new "
            "period, such as 1 January, so that no two figures are about the same days."
        )
    until = next(until for _each, until in scheme.returns_earlier if at.isoformat() <= until)
    starts = datetime.date.fromisoformat(until) + datetime.timedelta(days=1)
    return _("From %(day)s: %(new)s. Until then: %(old)s.") % {
        "day": date_format(starts, "j F Y"),
        "new": scheme.get_returns_every_display(),
        "old": held.label,
    }
