"""Facts about a place: its details, hours, answers and owner."""

import datetime
from collections.abc import Collection, Iterable

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.models import User
from common.deciding import lock
from common.field_labels import labels
from common.refusals import Refused
from geography.grid import grid_point
from venues.hours.divisions import division_at
from venues.insurance import insurance_problems
from venues.models import (
    Answer,
    Closure,
    Criterion,
    Event,
    Membership,
    OpeningHours,
    Organisation,
    SignUp,
    Venue,
    VenueEdit,
    VenueVersion,
)
from venues.models.questions import applicable

from .grace import keep_grace, kept_grace, note_listed
from .people import invite_member
from .sign_ups import begin_for_new_owner, handed_over

DATED = {"point", "listing"}
"""Stored as dated versions, so that figures about the past can be recomputed."""

WHERE = {"postcode", "point"}
"""The fields that decide which bank holidays a place keeps."""
NEEDED = {"name", "type", "address_1", "postcode", "point"}
DECIDED = ["approved", "suspended"]


def _apply(thing: Venue | Organisation, changes: dict) -> list[str]:
    """Set the fields that differ and return their verbose names."""
    changed = [field for field, value in changes.items() if getattr(thing, field) != value]
    for field in changed:
        setattr(thing, field, changes[field])
    return changed


def _in_words(thing: Venue | Organisation, fields: Iterable[str]) -> str:
    return labels(type(thing), fields)


def _check(thing: Venue | Organisation, fields: Collection[str]) -> None:
    """Run the model's own validation and refuse in its words."""
    others = [field.name for field in thing._meta.fields if field.name not in fields]
    try:
        thing.clean_fields(exclude=others)
        thing.validate_constraints(exclude=["public_point"])
    except ValidationError as error:
        raise Refused(*error.messages) from None


@transaction.atomic
def change_organisation(organisation: Organisation, changes: dict, *, by: User) -> Organisation:
    """Change the organisation's details."""
    organisation = lock(organisation)
    _refuse_part_of(organisation, by)
    if changed := _apply(organisation, changes):
        _check(organisation, changed)
        organisation.save(update_fields=changed)
        Event.objects.record(
            "venues.organisation_changed",
            organisation=organisation,
            by=by,
            fields=_in_words(organisation, changed),
        )
    return organisation


def _refuse_part_of(organisation: Organisation, by: User) -> None:
    """Organisation-wide details cannot be changed by managers of chosen places only."""
    own = organisation.memberships.filter(user=by)
    if own.exists() and not own.filter(scope=Membership.Scope.ALL).exists():
        raise Refused(
            _("This is about the whole organisation: who looks after all of it can change it.")
        )


@transaction.atomic
def change_venue(venue: Venue, changes: dict, *, by: User) -> Venue:
    """Change facts about a place; the only code that writes a venue's fields.

    A point is rounded to 0.1 m before it is compared. A new name changes the slug of a draft; once
    approved the slug is fixed, because it has been printed.
    """
    venue = lock(venue)
    if changes.get("point") is not None:
        changes = {**changes, "point": grid_point(changes["point"].x, changes["point"].y)}
    if "listing" in changes and not venue.listing_chosen_at:
        changes = {**changes, "listing_chosen_at": timezone.now()}
    changed = _apply(venue, changes)
    if not changed:
        return venue
    if venue.sign_ups.filter(state__in=DECIDED).exists():
        _refuse_to_lose(venue, changed)
    if "name" in changed and not venue.sign_ups.exclude(approved_at=None).exists():
        reference = venue.slug.rpartition("-")[2]
        venue.slug = f"{slugify(venue.name)[:150] or 'place'}-{reference}"
        changed.append("slug")
    if "phone" in changed:
        venue.phone_confirmed_by_name, venue.phone_confirmed_on = "", None
        changed += ["phone_confirmed_by_name", "phone_confirmed_on"]
    if WHERE & set(changed) and "division" not in changed:
        division = division_at(venue.point, venue.postcode, venue.lead_scheme)
        if division and division != venue.division:
            venue.division = division
            changed.append("division")
    _check(venue, changed)
    with kept_grace(SignUp.objects.filter(venue=venue.pk)):
        venue.save(update_fields=changed)
    if DATED & set(changed):
        _new_version(venue)
    shown = [field for field in changes if field in changed]
    Event.objects.record("venues.venue_changed", venue=venue, by=by, fields=_in_words(venue, shown))
    return venue


def _refuse_to_lose(venue: Venue, changed: Iterable[str]) -> None:
    """An approved place may correct what it was approved with, but not blank it."""
    lost = [field for field in changed if field in NEEDED and not getattr(venue, field)]
    if lost:
        raise Refused(_("A member needs this: %(what)s.") % {"what": _in_words(venue, lost)})


def _new_version(venue: Venue) -> None:
    today = timezone.localdate()
    venue.versions.filter(valid_to=None, valid_from=today).delete()
    venue.versions.filter(valid_to=None).update(valid_to=today)
    VenueVersion.objects.create(
        venue=venue, point=venue.point, listing=venue.listing, valid_from=today
    )


@transaction.atomic
def replace_hours(
    venue: Venue,
    intervals: Iterable[OpeningHours],
    *,
    by: User,
    bank_holidays: str | None = None,
    confirmed: bool = True,
) -> Venue:
    """Replace the weekly hours from today on.

    `intervals` are unsaved OpeningHours without a venue. Overlaps are refused, naming their days,
    and the old hours stay. Imported hours are not `confirmed`: only the venue can do that.
    """
    venue = lock(venue)
    intervals = list(intervals)
    if impossible := [reason for interval in intervals if (reason := _impossible(interval))]:
        raise Refused(*impossible)
    today = timezone.localdate()
    sign_ups = SignUp.objects.filter(venue=venue.pk)
    note_listed(sign_ups)
    venue.opening_hours.filter(valid_to=None, valid_from=today).delete()
    venue.opening_hours.filter(valid_to=None).update(valid_to=today)
    for interval in intervals:
        interval.pk, interval.venue, interval.valid_from, interval.valid_to = (
            None,
            venue,
            today,
            None,
        )
        try:
            with transaction.atomic():
                interval.save(force_insert=True)
        except IntegrityError:
            raise Refused(
                _("%(day)s: %(opens)s to %(closes)s overlaps other hours you gave.")
                % {
                    "day": interval.get_weekday_display(),
                    "opens": f"{interval.opens:%H:%M}",
                    "closes": f"{interval.closes:%H:%M}",
                }
            ) from None
    if bank_holidays is not None:
        venue.bank_holidays = bank_holidays
    venue.hours_confirmed_at = timezone.now() if confirmed else None
    venue.save(update_fields=["bank_holidays", "hours_confirmed_at"])
    keep_grace(sign_ups)
    Event.objects.record("venues.hours_replaced", venue=venue, by=by)
    return venue


def _impossible(interval: OpeningHours) -> str:
    """Why an interval is impossible; overlaps are left to the database constraint."""
    start = interval.fortnight_from
    if start and start.weekday() != interval.weekday:
        return _("%(day)s is not a %(weekday)s.") % {
            "day": date_format(start, "j F Y"),
            "weekday": interval.get_weekday_display(),
        }
    if interval.opens is None and not interval.by_appointment:
        return _("Give both times; only by appointment needs none.")
    first, last = interval.season_from, interval.season_to
    if first is None and last is None:
        return ""
    if first is None or last is None:
        return _("A season needs a first and a last day.")
    try:
        for number in (first, last):
            datetime.date(2024, *divmod(number, 100))  # a leap year has every day
    except ValueError:
        return _("There is no such day of the year: give the day and the month.")
    return ""


@transaction.atomic
def confirm_hours(venue: Venue, *, by: User) -> Venue:
    """Confirm that the hours are still right."""
    venue = lock(venue)
    if not venue.opening_hours.current(timezone.localdate()).exists():
        raise Refused(_("There are no hours to confirm yet."))
    venue.hours_confirmed_at = timezone.now()
    venue.save(update_fields=["hours_confirmed_at"])
    Event.objects.record("venues.hours_confirmed", venue=venue, by=by)
    return venue


@transaction.atomic
def add_closure(
    venue: Venue,
    *,
    starts_on: datetime.date,
    ends_on: datetime.date,
    by: User,
    opens: datetime.time | None = None,
    closes: datetime.time | None = None,
    note: str = "",
) -> Closure:
    """Closed, or open at other hours, on each day from `starts_on` to `ends_on`."""
    if ends_on < timezone.localdate():
        raise Refused(_("These days are over."))
    closure = Closure(
        venue=lock(venue),
        starts_on=starts_on,
        ends_on=ends_on,
        opens=opens,
        closes=closes,
        note=note,
    )
    try:
        closure.full_clean()
    except ValidationError as error:
        raise Refused(*error.messages) from None
    closure.save()
    _record_closure("venues.closure_added", closure, by)
    return closure


@transaction.atomic
def remove_closure(closure: Closure, *, by: User) -> None:
    """Remove a closure."""
    lock(closure.venue)
    _record_closure("venues.closure_removed", closure, by)
    closure.delete()


def _record_closure(kind: str, closure: Closure, by: User) -> None:
    Event.objects.record(
        kind,
        venue=closure.venue,
        by=by,
        starts_on=str(closure.starts_on),
        ends_on=str(closure.ends_on),
    )


@transaction.atomic
def cannot_help_today(venue: Venue, *, until: datetime.datetime, by: User) -> Venue:
    """Close at once until the aware moment `until`. No reason is asked."""
    venue = lock(venue)
    now = timezone.now()
    if until <= now:
        raise Refused(_("Choose a time that is still to come."))
    if until > now + datetime.timedelta(days=92):
        raise Refused(_("Choose a day within three months, or leave the scheme for now."))
    venue.unavailable_until, venue.unavailable_by = until, by
    venue.save(update_fields=["unavailable_until", "unavailable_by"])
    Event.objects.record(
        "venues.cannot_help",
        venue=venue,
        by=by,
        until=f"{timezone.localtime(until):%d %B %Y, %H:%M}",
    )
    return venue


@transaction.atomic
def can_help_again(venue: Venue, *, by: User) -> Venue:
    """Undo `cannot_help_today`."""
    venue = lock(venue)
    if venue.unavailable_until is None or venue.unavailable_until <= timezone.now():
        raise Refused(_("The place is not closed in this way."))
    venue.unavailable_until = venue.unavailable_by = None
    venue.save(update_fields=["unavailable_until", "unavailable_by"])
    Event.objects.record("venues.can_help_again", venue=venue, by=by)
    return venue


@transaction.atomic
def answer_criteria(thing: Venue | Organisation, answers: dict, *, by: User) -> None:
    """Answer questions: `answers` maps Criterion to (value, will_by, because).

    For kinds other than yes/no, value is the choice, text or date, and the rest is ignored. A
    question is skipped unless its condition is met, by these answers or earlier ones.
    """
    about = "venue" if isinstance(thing, Venue) else "organisation"
    thing = lock(thing)
    if isinstance(thing, Organisation):
        _refuse_part_of(thing, by)
    _refuse_skipped(thing, answers)
    if isinstance(thing, Organisation):
        given = {criterion: value for criterion, (value, *__) in answers.items()}
        if problems := insurance_problems(given, thing.answers.all(), timezone.localdate()):
            raise Refused(*problems.values())
        relying = SignUp.objects.filter(venue__organisation=thing.pk)
        if all(each.answer_kind != Criterion.Kind.DATE for each in answers):
            relying = relying.none()  # only a date is a proof
        with kept_grace(relying):
            _save_answers(thing, about, answers, by)
    else:
        _save_answers(thing, about, answers, by)
    Event.objects.record("venues.questions_answered", by=by, **{about: thing})


def _save_answers(thing: Venue | Organisation, about: str, answers: dict, by: User) -> None:
    for criterion, (value, will_by, because) in answers.items():
        if criterion.about != about:
            raise Refused(_("This question is about something else."))
        if criterion.answer_kind != Criterion.Kind.YES:
            _save_answer(thing, criterion, by, **_kept_as(criterion, value))
            continue
        if value == Answer.Value.WE_WILL and will_by is None:
            raise Refused(
                _("Give the date by which you will do this: %(question)s")
                % {"question": criterion.question}
            )
        _save_answer(
            thing,
            criterion,
            by,
            value=value,
            will_by=will_by if value == Answer.Value.WE_WILL else None,
            because=because,
        )


def _save_answer(
    thing: Venue | Organisation, criterion: Criterion, by: User, **fields: object
) -> None:
    thing.answers.update_or_create(
        criterion=criterion,
        defaults={"value": "", "text": "", "day": None, **fields, "answered_by": by},
    )


def _kept_as(criterion: Criterion, value: object) -> dict[str, object]:
    """The Answer field that stores a choice, a text or a date."""
    if criterion.answer_kind == Criterion.Kind.DATE:
        return {"day": value}
    if criterion.answer_kind == Criterion.Kind.CHOICE and value not in criterion.choices:
        raise Refused(
            _("“%(value)s” is not one of the choices of: %(question)s")
            % {"value": value, "question": criterion.question}
        )
    return {"text": value}


def _refuse_skipped(thing: Venue | Organisation, answers: dict) -> None:
    said = {each.criterion_id: each.said for each in thing.answers.all()}
    said |= {criterion.pk: value for criterion, (value, *__) in answers.items()}
    for criterion in answers:
        line, one = [criterion], criterion
        while one.depends_on:
            one = one.depends_on
            line.append(one)
        if criterion not in applicable(line, said):
            raise Refused(
                _("“%(question)s” is only asked after another answer to “%(other)s”.")
                % {"question": criterion.question, "other": criterion.depends_on.question}
            )


@transaction.atomic
def confirm_phone(venue: Venue, *, name: str, by: User) -> Venue:
    """Record who confirmed the public telephone number; until then it is not shown."""
    venue = lock(venue)
    if not venue.phone:
        raise Refused(_("There is no public telephone number to confirm."))
    if not name.strip():
        raise Refused(_("Give the name of the person who confirmed it."))
    venue.phone_confirmed_by_name, venue.phone_confirmed_on = name.strip(), timezone.localdate()
    venue.save(update_fields=["phone_confirmed_by_name", "phone_confirmed_on"])
    Event.objects.record("venues.phone_confirmed", venue=venue, by=by)
    return venue


@transaction.atomic
def hand_over_venue(venue: Venue, *, by: User, organisation_name: str, manager_email: str) -> Venue:
    """Transfer the place to a new organisation, when it was sold or its only manager left.

    No agreements, stickers or training carry over: every sign-up is withdrawn, stickers and posts
    end today, hours and telephone number need confirming again, and the new manager gets a fresh
    draft.
    """
    venue = lock(venue)
    if not organisation_name.strip():
        raise Refused(_("Give the name of the new organisation."))
    manager_email = manager_email.strip()
    if not manager_email:
        raise Refused(_("Give the new manager's e-mail address."))
    schemes = handed_over(venue, by=by)
    today = timezone.localdate()
    venue.posts.filter(from_date__gt=today).delete()
    venue.posts.filter(Q(until=None) | Q(until__gt=today)).update(until=today)
    organisation = Organisation.objects.create(
        name=organisation_name.strip(), sector=venue.organisation.sector
    )
    venue.organisation = organisation
    venue.contact_name = venue.contact_phone = ""
    venue.contact_email = manager_email
    venue.insurance_checked = ""
    venue.hours_confirmed_at = None
    venue.phone_confirmed_by_name, venue.phone_confirmed_on = "", None
    venue.save(
        update_fields=[
            "organisation",
            "contact_name",
            "contact_phone",
            "contact_email",
            "insurance_checked",
            "hours_confirmed_at",
            "phone_confirmed_by_name",
            "phone_confirmed_on",
        ]
    )
    venue.answers.all().delete()
    venue.chosen_by.clear()
    venue.edits.open().update(  # made by the former owner; the new one submits its own
        closed_at=timezone.now(), closed_by=by.pk, outcome=VenueEdit.Outcome.TAKEN_BACK
    )
    Event.objects.record("venues.venue_handed_over", venue=venue, by=by)
    manager = get_user_model().objects.filter(email__iexact=manager_email).first()
    if manager:
        Membership.objects.create(organisation=organisation, user=manager)
    else:
        invite_member(organisation, email=manager_email, role=Membership.Role.MANAGER, by=by)
    begin_for_new_owner(venue, schemes, manager=manager, by=by)
    return venue
