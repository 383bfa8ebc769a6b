"""Importing a scheme's earlier records: places, old stickers and what they prove."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.contrib.gis.geos import Point
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.models import User
from common.deciding import lock
from common.refusals import Refused
from geography.models import Postcode
from venues.evidence_kinds import Stage
from venues.hours.divisions import division_at
from venues.joining import why_not_join
from venues.models import (
    Event,
    EvidenceRecord,
    OpeningHours,
    Organisation,
    Requirement,
    Scheme,
    SignUp,
    Sticker,
    Venue,
    VenueVersion,
)

from .grace import note_listed
from .leads import settle_lead
from .sign_ups import new_reference
from .stickers import _new_code
from .venues import replace_hours


@dataclass
class EarlierRecord:
    """One place in a scheme's earlier records. The dictionaries hold model fields."""

    venue: dict
    approved_on: datetime.date
    organisation: dict = field(default_factory=dict)
    hours: list[OpeningHours] = field(default_factory=list)
    sticker_number: int | None = None
    sticker_expires_on: datetime.date | None = None
    sticker_is_sent: bool = True
    sticker_is_displayed: bool = True


class WrongFields(Refused):
    """Refused because of certain fields: `by_field` maps a field's name to sentences."""

    def __init__(self, by_field: dict[str, list[str]]) -> None:
        self.by_field = by_field
        super().__init__(*(words for sentences in by_field.values() for words in sentences))


@transaction.atomic
def take_over_sign_up(
    scheme: Scheme,
    record: EarlierRecord,
    *,
    by: User,
    organisation: Organisation | None = None,
    venue: Venue | None = None,
) -> SignUp:
    """Import a place that the scheme approved before it used this software.

    The sign-up is created as approved, on the date in the records. Until
    `scheme.earlier_records_valid_until` that approval proves what the scheme requires before
    submission. Nothing is agreed in the venue's name: it is asked to agree and to confirm its
    hours.

    `organisation` is an existing one; otherwise one is created. `venue` is a place already in
    another scheme: it joins this one with its details unchanged, and its people are not shared
    until it chooses to.
    """
    scheme = _lock_for_records(scheme)
    approved_at = _midday(record.approved_on)
    if approved_at > timezone.now():
        raise WrongFields({"approved_on": [_("The approval is in the future.")]})
    if venue is not None:
        return _join_approved(scheme, lock(venue), record, approved_at, by)
    if organisation is None:
        organisation = Organisation(**record.organisation)
        _check(organisation, record.organisation)
        organisation.save()
    reference = new_reference()
    venue = Venue(
        organisation=organisation,
        lead_scheme=scheme,
        slug=f"{slugify(record.venue['name'])[:150] or 'place'}-{reference.lower()}",
        point=_point_of(record.venue.get("postcode", "")),
        **record.venue,
    )
    venue.division = division_at(venue.point, venue.postcode, scheme) or venue.division
    _check(venue, record.venue)
    venue.save()
    VenueVersion.objects.create(
        venue=venue, point=venue.point, listing=venue.listing, valid_from=timezone.localdate()
    )
    return _approved(scheme, venue, record, approved_at, by, reference=reference)


def _join_approved(
    scheme: Scheme, venue: Venue, record: EarlierRecord, approved_at: datetime.datetime, by: User
) -> SignUp:
    if reasons := why_not_join(venue, scheme):
        raise Refused(*reasons)
    sign_up = _approved(scheme, venue, record, approved_at, by, shares_people=False)
    settle_lead(venue, by=by)
    return sign_up


def _approved(
    scheme: Scheme,
    venue: Venue,
    record: EarlierRecord,
    approved_at: datetime.datetime,
    by: User,
    **more: object,
) -> SignUp:
    """The sign-up with its proofs; hours are imported only where none are known."""
    sign_up = SignUp.objects.create(
        venue=venue,
        scheme=scheme,
        state=SignUp.State.APPROVED,
        started_by=by,
        submitted_at=approved_at,
        submitted_by=by,
        approved_at=approved_at,
        approved_by=by,
        imported_at=timezone.now(),
        **{"reference": new_reference(), **more},
    )
    Event.objects.record(
        "venues.earlier_record_kept",
        sign_up=sign_up,
        by=by,
        evidence=_("approved on %(day)s") % {"day": date_format(record.approved_on)},
    )
    if record.hours and not venue.opening_hours.current(timezone.localdate()).exists():
        _take_over_hours(venue, record.hours, by)
    _keep_proofs(sign_up, by, needed_for=Stage.SUBMISSION)
    if record.sticker_number is not None:
        keep_earlier_sticker(
            sign_up,
            number=record.sticker_number,
            expires_on=record.sticker_expires_on,
            is_sent=record.sticker_is_sent,
            is_displayed=record.sticker_is_displayed,
            by=by,
        )
    return sign_up


@transaction.atomic
def keep_earlier_sticker(
    sign_up: SignUp,
    *,
    number: int,
    by: User,
    expires_on: datetime.date | None = None,
    is_sent: bool = True,
    is_displayed: bool = True,
) -> Sticker:
    """Keep an old sticker under its number, with a new code for its page.

    Without an expiry date it is valid as long as the scheme's earlier records. By default it counts
    as sent and displayed, and as proof of that, so that nobody is asked to print, post or put up a
    sticker that is already up.
    """
    is_sent = is_sent or is_displayed  # a displayed sticker must have been sent
    sign_up = lock(sign_up)
    if sign_up.approved_at is None:
        raise Refused(_("Only a place that was approved has an earlier sticker."))
    # Locking the scheme's row serialises sticker numbers.
    scheme = _lock_for_records(sign_up.scheme)
    same = Sticker.objects.filter(sign_up__scheme=scheme, number=number).select_related(
        "sign_up__venue"
    )
    if taken := same.first():
        raise WrongFields(
            {
                "sticker_number": [
                    _("Sticker %(number)s belongs to %(venue)s already.")
                    % {"number": number, "venue": taken.sign_up.venue}
                ]
            }
        )
    if sign_up.stickers.live().exists():
        raise WrongFields({"sticker_number": [_("This place has another sticker already.")]})
    sticker = Sticker.objects.create(
        sign_up=sign_up,
        number=number,
        code=_new_code(),
        issued_at=sign_up.approved_at,
        issued_by=by,
        expires_on=expires_on or _count_until(scheme),
        sent_at=sign_up.approved_at if is_sent else None,
        sent_by=by if is_sent else None,
        displayed_at=sign_up.approved_at if is_displayed else None,
        displayed_by=by if is_displayed else None,
    )
    Event.objects.record(
        "venues.earlier_record_kept",
        sign_up=sign_up,
        by=by,
        about=sticker,
        evidence=_("sticker %(number)s") % {"number": number},
    )
    if is_displayed:
        _keep_proofs(sign_up, by, evidence="sticker_displayed")
    note_listed(SignUp.objects.filter(pk=sign_up.pk))
    return sticker


@transaction.atomic
def record_import(scheme: Scheme, *, count: int, by: User) -> Event:
    """Record in the scheme's history that earlier records of `count` venues were imported."""
    return Event.objects.record("venues.members_imported", scheme=scheme, by=by, count=count)


def _lock_for_records(scheme: Scheme) -> Scheme:
    scheme = lock(scheme)
    _count_until(scheme)
    return scheme


def _count_until(scheme: Scheme) -> datetime.date:
    """The last day on which earlier records count; refused until the scheme has set it."""
    if scheme.earlier_records_valid_until is None:
        raise Refused(
            _(
                "%(scheme)s has not said until when earlier records count: set the last day on "
                "which they do, in the scheme's details."
            )
            % {"scheme": scheme}
        )
    return scheme.earlier_records_valid_until


def _midday(day: datetime.date) -> datetime.datetime:
    """Midday on that date; for today, no later than now."""
    moment = timezone.make_aware(datetime.datetime.combine(day, datetime.time(12)))
    return min(moment, timezone.now()) if day == timezone.localdate() else moment


def _point_of(postcode: str) -> Point | None:
    known = Postcode.objects.located().filter(postcode=postcode).first()
    return known.point if known else None


def _check(thing: Model, fields: Iterable[str]) -> None:
    others = [each.name for each in thing._meta.fields if each.name not in fields]
    try:
        thing.clean_fields(exclude=others)
    except ValidationError as error:
        raise WrongFields(error.message_dict) from None


def _take_over_hours(venue: Venue, hours: Iterable[OpeningHours], by: User) -> None:
    """Import the weekly hours, unconfirmed."""
    try:
        replace_hours(venue, hours, by=by, confirmed=False)
    except Refused as refusal:
        raise WrongFields({"opening_hours": list(refusal.reasons)}) from None


def _keep_proofs(sign_up: SignUp, by: User, **which: object) -> None:
    """Records for the scheme's requirements selected by `which`, one each."""
    required = Requirement.objects.filter(principle__scheme=sign_up.scheme_id, **which)
    for evidence, subject in sorted(set(required.values_list("evidence", "subject"))):
        EvidenceRecord.objects.get_or_create(
            sign_up=sign_up,
            evidence=evidence,
            subject=subject,
            valid_until=_count_until(sign_up.scheme),
            defaults={"imported_by": by},
        )
