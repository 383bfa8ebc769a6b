"""This app's letters, one function each. Queued in the action's transaction."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from typing import TypeVar

from accounts.models import User
from common import signed_links
from venues import letters
from venues.insurance import EndingInsurance, ends_in_words
from venues.letters import Draft, confirming_addresses, url, venue_addresses
from venues.links import (
    agreement_token,
    duty_token,
    organisation_agreement_token,
    waiting_token,
)
from venues.models import (
    DutyLink,
    Invitation,
    Lapse,
    Letter,
    Material,
    Merge,
    Officer,
    Organisation,
    OrganisationSignUp,
    Principle,
    Requirement,
    Round,
    SafetySuspension,
    Scheme,
    SignUp,
    StaffMember,
    Start,
    Sticker,
    Venue,
    Waiting,
)
from venues.models.questions import INSURANCE
from venues.roles import DECIDERS

LINK_LASTS = timedelta(days=30)
T = TypeVar("T")

__all__ = [
    "address_corrected",
    "agree_again",
    "confirm_agreement",
    "confirm_organisation_agreement",
    "confirm_telling",
    "default_letter",
    "default_organisation_letter",
    "duty_link",
    "grace_begins",
    "grace_ends",
    "hidden_for_safety",
    "insurance_ends",
    "letter",
    "member_invited",
    "merge_addresses",
    "merge_asked",
    "merged",
    "new_version",
    "organisation_agree_again",
    "organisation_letter",
    "organisation_submitted",
    "organisation_waits",
    "parent_set",
    "round_opens",
    "safety_suspension_ended",
    "sign_up_submitted",
    "sticker_issued",
    "sticker_ready",
    "sticker_sent",
    "venue_addresses",
]


def default_letter(kind: str, sign_up: SignUp) -> str:
    """The draft of a letter, for the officer to edit; the signature is added later.

    `kind` is approve, ask_for_changes, decline, suspend or reinstate.
    """
    draft = Draft((), _decided(sign_up), sign_up=sign_up)
    return letters.compose(f"venues.{kind}", draft).body


def letter(
    kind: str, sign_up: SignUp, text: str, *, by: User, wait: timedelta | None = None
) -> Letter:
    """Send a decision's letter as edited by the officer; `wait` delays it by that long."""
    return letters.write_to_venue(
        f"venues.{kind}", sign_up, context=_decided(sign_up), text=text, by=by, wait=wait
    )


def _decided(sign_up):
    return {"link": url("sign_up", sign_up.pk)}


def sign_up_submitted(sign_up: SignUp) -> None:
    letters.write_to_venue(
        "venues.sign_up_submitted", sign_up, context={"link": url("sign_up", sign_up.pk)}
    )
    letters.notify(
        "venues.decision_needed",
        [sign_up.scheme.contact_email],
        scheme=sign_up.scheme,
        venue=sign_up.venue,
        link=url("admin:venues_signup_change", sign_up.pk),
    )


def sticker_ready(sign_up: SignUp) -> None:
    """The sticker's conditions are met: it can be printed."""
    link = url("portal_home", sign_up.pk)
    letters.write_to_venue("venues.sticker_ready", sign_up, context={"link": link})


def sticker_issued(sticker: Sticker) -> None:
    """The sticker has a number, and the team will send it."""
    _about_sticker("venues.sticker_issued", sticker)


def sticker_sent(sticker: Sticker) -> None:
    """The sticker is on its way: put it up, and tell us."""
    _about_sticker("venues.sticker_sent", sticker)


def _about_sticker(kind: str, sticker: Sticker) -> None:
    link = url("portal_sticker", sticker.sign_up_id)
    letters.write_to_venue(
        kind, sticker.sign_up, context={"sticker": sticker, "link": link}, about=sticker
    )


def agree_again(sign_up: SignUp, principle: Principle) -> None:
    letters.write_to_venue(
        "venues.agree_again",
        sign_up,
        context={"principle": principle, "link": url("edit_principle", sign_up.pk, principle.pk)},
        about=principle,
    )


def _to_organisation(sign_up: OrganisationSignUp, **context) -> Draft:
    """A draft to the people who look after the organisation."""
    organisation = sign_up.organisation
    link = url("organisation_sign_up", organisation.pk, sign_up.scheme.slug)
    return Draft(
        letters.organisation_addresses(organisation),
        {"organisation": organisation, "reference": sign_up.reference, "link": link, **context},
        scheme=sign_up.scheme,
        organisation=organisation,
        about=sign_up,
    )


def default_organisation_letter(kind: str, sign_up: OrganisationSignUp) -> str:
    """The draft of a letter about an organisation, such as "venues.organisation_approve"."""
    return letters.compose(kind, _to_organisation(sign_up)).body


def organisation_letter(
    decision: str,
    sign_up: OrganisationSignUp,
    text: str,
    *,
    by: User,
    wait: timedelta | None = None,
) -> Letter:
    """Send a decision's letter about an organisation, as edited; `wait` delays it by that long.

    `decision` as in the letter's kind: "approve", "decline".
    """
    draft = _to_organisation(sign_up)
    return letters.write(f"venues.organisation_{decision}", draft, text=text, by=by, wait=wait)


def organisation_submitted(sign_up: OrganisationSignUp) -> None:
    letters.write("venues.organisation_submitted", _to_organisation(sign_up))


def organisation_waits(sign_up: OrganisationSignUp) -> None:
    """Tell the team that an organisation waits for its decision."""
    letters.notify(
        "venues.organisation_waits",
        [sign_up.scheme.contact_email],
        scheme=sign_up.scheme,
        organisation=sign_up.organisation,
        link=url("admin:venues_organisationsignup_change", sign_up.pk),
    )


def organisation_agree_again(sign_up: OrganisationSignUp, principle: Principle) -> None:
    letters.write("venues.agree_again", _to_organisation(sign_up, principle=principle))


def start_link(start: Start, link: str) -> None:
    """The link that starts a sign-up, to the person who asked for it."""
    letters.notify("venues.start", [start.email], scheme=start.scheme, link=link)


def confirm_telling(waiting: Waiting) -> None:
    """The link by which the owner of an address confirms that it wants to be told."""
    letters.notify(
        "venues.confirm_telling",
        [waiting.email],
        scheme=waiting.scheme,
        link=url("waiting", waiting_token(waiting)),
    )


def round_opens(
    round: Round, waiting: Iterable[Waiting], *, by: User, wait: timedelta
) -> list[Letter]:
    """Tell each address of a round, in the given order; each can be taken off by its own link."""
    drafts = [
        Draft(
            [each.email],
            {
                "round": round,
                "link": url("join_one", round.scheme.slug),
                "stop": url("waiting", waiting_token(each)),
            },
            scheme=round.scheme,
            about=round,
        )
        for each in waiting
    ]
    return letters.write_each("venues.round_opens", drafts, by=by, wait=wait)


def new_version(
    material: Material,
    places: Iterable[SignUp],
    organisations: Iterable[OrganisationSignUp],
    *,
    by: User,
    wait: timedelta,
) -> list[Letter]:
    """Say that a material has changed: one letter a person, however many places they look after."""
    drafts = [
        Draft(
            to,
            {
                "material": material,
                "sign_ups": mine,
                "link": url("portal_materials", mine[0].pk),
            },
            scheme=material.scheme,
            organisation=mine[0].venue.organisation,
            about=material,
        )
        for to, mine in letters.by_person(places)
    ]
    for sign_up in organisations:
        draft = _to_organisation(sign_up, material=material, sign_ups=[])
        draft.about = material
        drafts.append(draft)
    return letters.write_each("venues.new_version", drafts, by=by, wait=wait)


def confirm_agreement(sign_up: SignUp) -> None:
    """For a venue that applied by telephone or on paper: the link by which it confirms."""
    token = agreement_token(sign_up, venue_addresses(sign_up.venue), lasts=LINK_LASTS)
    letters.write_to_venue(
        "venues.confirm_agreement", sign_up, context={"link": url("confirm_agreement", token)}
    )


def confirm_organisation_agreement(sign_up: OrganisationSignUp) -> None:
    """For an organisation that applied by telephone or on paper: the link by which it confirms."""
    to = confirming_addresses(sign_up.organisation)
    token = organisation_agreement_token(sign_up, to, lasts=LINK_LASTS)
    draft = _to_organisation(sign_up, link=url("confirm_organisation_agreement", token))
    draft.to = to
    letters.write("venues.confirm_organisation_agreement", draft)


def _only_scheme(organisation: Organisation) -> Scheme | None:
    """The organisation's scheme, which signs its letters; None unless there is exactly one."""
    sign_ups = SignUp.objects.filter(venue__organisation=organisation).select_related("scheme")
    as_a_whole = organisation.scheme_sign_ups.select_related("scheme")
    schemes = {sign_up.scheme for sign_up in [*sign_ups, *as_a_whole]}
    return schemes.pop() if len(schemes) == 1 else None


def parent_set(organisation: Organisation, *, by: User) -> None:
    """Tell the franchisee's managers what the franchisor can see from now on."""
    letters.write(
        "venues.parent_set",
        Draft(
            letters.organisation_addresses(organisation),
            {
                "organisation": organisation,
                "parent": organisation.parent,
                "link": url("organisation_home", organisation.pk),
            },
            scheme=_only_scheme(organisation),
            organisation=organisation,
        ),
        by=by,
    )


def member_invited(invitation: Invitation) -> None:
    """Signed by the organisation's scheme if it has exactly one."""
    token = signed_links.make("invitation", invitation.pk, lasts=LINK_LASTS)
    organisation = invitation.organisation
    letters.write(
        "venues.member_invited",
        Draft(
            [invitation.email],
            {"organisation": organisation, "link": url("accept_invitation", token)},
            scheme=_only_scheme(organisation),
            organisation=organisation,
            about=invitation,
        ),
        by=invitation.invited_by,
    )


def address_corrected(person: StaffMember, venue: Venue, *, before: str, by: User) -> None:
    """Write to both addresses, neither naming the other: the earlier one may be a stranger's."""
    for kind, address in (
        ("venues.address_no_longer_used", before),
        ("venues.address_used_now", person.email),
    ):
        if address:
            letters.write(
                kind,
                Draft([address], scheme=venue.lead_scheme, venue=venue, staff_member=person),
                by=by,
            )


Lost = Mapping[SignUp, list[Lapse]]
"""What each place has lost; the lapses are annotated with `last_day`."""


def grace_begins(lost: Lost) -> dict[SignUp, Letter]:
    """What is missing and until when each place stays listed: see `_about_grace`."""
    return _about_grace("venues.lapse_warned", "venues.lapse_warned_places", lost)


def grace_ends(lost: Lost) -> dict[SignUp, Letter]:
    """The second letter, shortly before the last day: see `_about_grace`."""
    return _about_grace("venues.grace_ends", "venues.grace_ends_places", lost)


def _about_grace(about_one: str, about_several: str, lost: Lost) -> dict[SignUp, Letter]:
    """One letter per scheme and person for all their places, with copies to the council.

    Returns one letter per place; further letters about it, to people who look after other places
    too, refer to that one in `goes_with`.
    """
    letters_of: dict[SignUp, list[Letter]] = {sign_up: [] for sign_up in lost}
    for scheme, sign_ups in _grouped(lost, lambda sign_up: sign_up.scheme).items():
        one, several = [], []
        for to, places in letters.by_person(sign_ups):
            if len(places) == 1:
                one.append(_grace_draft(places[0], lost, to))
            else:
                several.append(_grace_of_places(places, lost, to))
        written = [
            *letters.write_each(about_one, one),
            *letters.write_each(about_several, several, recorded_as=about_one),
        ]
        for letter in written:
            letters_of[letter.sign_up].append(letter)
        for places in _grouped(sign_ups, lambda sign_up: sign_up.venue.organisation).values():
            is_one = len(places) == 1
            kind = about_one if is_one else about_several
            draft = _grace_draft(places[0], lost) if is_one else _grace_of_places(places, lost)
            letters.notify(
                kind, [scheme.contact_email], scheme=scheme, venue=draft.venue, **draft.context
            )
    companions = []
    for first, *others in letters_of.values():
        for letter in others:
            letter.goes_with = first
            companions.append(letter)
    Letter.objects.bulk_update(companions, ["goes_with"])
    return {sign_up: first for sign_up, (first, *_others) in letters_of.items()}


def _grace_draft(
    sign_up: SignUp, lost: Lost, to: Iterable[str] = (), *, places_told: int = 1
) -> Draft:
    """The letter about one place; `places_told` is how many places its email covers."""
    context = {
        "lapses": lost[sign_up],
        "leaves_on": min(lapse.last_day for lapse in lost[sign_up]),
        "link": url("sign_up", sign_up.pk),
        "places_told": places_told,
    }
    return Draft(to, context, sign_up=sign_up)


def _grace_of_places(sign_ups: list[SignUp], lost: Lost, to: Iterable[str] = ()) -> Draft:
    """The letter about several places of one scheme, by name."""
    sign_ups = sorted(sign_ups, key=lambda sign_up: sign_up.venue.name)
    owners = {sign_up.venue.organisation for sign_up in sign_ups}
    is_one = len(owners) == 1
    link = url("organisation_home", owners.pop().pk) if is_one else url("portal_home")
    return Draft(
        to,
        {"losses": [(sign_up, lost[sign_up]) for sign_up in sign_ups], "link": link},
        scheme=sign_ups[0].scheme,
        parts=[_grace_draft(each, lost, places_told=len(sign_ups)) for each in sign_ups],
    )


def insurance_ends(ending: EndingInsurance, today: date) -> None:
    """Before an insurance ends, to those who look after the organisation."""
    organisation = ending.answer.organisation
    asked = Requirement.objects.filter(
        principle__scheme=ending.scheme,
        evidence=INSURANCE,
        subject=ending.answer.criterion.slug,
    )
    letters.write(
        "venues.insurance_ends",
        Draft(
            letters.organisation_addresses(organisation),
            {
                "organisation": organisation,
                "ends": ends_in_words(ending.answer.day, today),
                "unlists": asked.that_unlist().exists(),
                "grace_days": ending.scheme.grace_days,
                "link": url("edit_policies", ending.sign_ups[0].pk),
            },
            scheme=ending.scheme,
            organisation=organisation,
        ),
    )


def _grouped(sign_ups: Iterable[SignUp], key: Callable[[SignUp], T]) -> dict[T, list[SignUp]]:
    groups: dict[T, list[SignUp]] = {}
    for sign_up in sign_ups:
        groups.setdefault(key(sign_up), []).append(sign_up)
    return groups


def duty_link(link: DutyLink) -> None:
    """The link itself, to the duty officer. Not recorded in the history: whoever has it can use
    it.
    """
    letters.notify(
        "venues.duty_link",
        [link.email],
        scheme=link.scheme,
        duty=link,
        link=url("duty_link", duty_token(link)),
    )


def hidden_for_safety(
    suspension: SafetySuspension, sign_up: SignUp, others: list[SignUp]
) -> Letter:
    """To the place, every other scheme's team, and its own if a duty officer did it."""
    told = [*others, sign_up] if suspension.duty_link else others
    _tell_teams("venues.hidden_for_safety_told", suspension, told)
    link = url("portal_home", sign_up.pk)
    return letters.write_to_venue(
        "venues.hidden_for_safety", sign_up, context={"link": link}, by=suspension.by
    )


def safety_suspension_ended(
    suspension: SafetySuspension, sign_up: SignUp, others: list[SignUp]
) -> Letter:
    _tell_teams("venues.safety_suspension_ended_told", suspension, others)
    context = {"link": url("portal_home", sign_up.pk), "still_hidden": _still_hidden(suspension)}
    return letters.write_to_venue(
        "venues.safety_suspension_ended", sign_up, context=context, by=suspension.ended_by
    )


def _still_hidden(suspension):
    return suspension.venue.safety_suspensions.open().exists()


def _tell_teams(kind, suspension, sign_ups):
    for sign_up in sign_ups:
        letters.notify(
            kind,
            _deciders(sign_up.scheme),
            scheme=sign_up.scheme,
            venue=suspension.venue,
            whom_to_ring=suspension.whom_to_ring,
            set_by=suspension.scheme,
            still_hidden=_still_hidden(suspension),
            link=url("admin:venues_signup_change", sign_up.pk),
        )


def _deciders(scheme: Scheme) -> set[str]:
    """The team's address and its deciding officers': out of hours one of them may be awake."""
    officers = Officer.objects.filter(scheme=scheme, role__in=DECIDERS, user__is_active=True)
    return {scheme.contact_email, *officers.values_list("user__email", flat=True)}


def merge_addresses(keep: Venue | Organisation, other: Venue | Organisation) -> set[str]:
    """The managers of both entries; collected before the merge, while each still has its own."""
    find = venue_addresses if isinstance(keep, Venue) else letters.organisation_addresses
    return find(keep) | find(other)


def merge_asked(merge: Merge, scheme: Scheme) -> None:
    """Ask another scheme's team whether it agrees to the merge."""
    letters.notify(
        "venues.merge_asked",
        [scheme.contact_email],
        scheme=scheme,
        kept_name=str(merge.keep),
        other_name=str(merge.other),
        link=url("admin:venues_merge_change", merge.pk),
    )


def merged(merge: Merge, to: set[str], *, by: User, wait: timedelta) -> Letter:
    """To the managers of both entries, delayed until the merge can no longer be undone."""
    keep = merge.keep
    is_place = isinstance(keep, Venue)
    context = {
        "kept_name": str(keep),
        "other_name": str(merge.other),
        "link": url("portal_home"),
    }
    draft = Draft(
        to,
        context,
        scheme=keep.lead_scheme if is_place else None,
        venue=keep if is_place else None,
        organisation=keep.organisation if is_place else keep,
    )
    kind = "venues.places_merged" if is_place else "venues.organisations_merged"
    return letters.write(kind, draft, by=by, wait=wait)
