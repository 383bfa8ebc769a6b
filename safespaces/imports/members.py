"""A scheme's earlier venues, people's training dates and old stickers, from one table.

All or nothing: every row is tried, each in a savepoint, so that all errors are reported at once;
after any error, and in a dry run, nothing is kept. Importing again adds what is new and leaves the
rest unchanged.
"""

from collections import Counter

from django.db import transaction
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from common.progress import at_row
from common.refusals import Refused
from common.tables import RefusedRows
from geography.rules import search_name
from safespaces.imports.rows import Reading, VenueRow, read_members
from safespaces.imports.summary import Summary, counted
from training.actions import record_earlier_training
from training.models import Enrolment, Module
from training.rules import EVIDENCE
from venues.actions import (
    EarlierRecord,
    WrongFields,
    add_staff_member,
    invite_member,
    keep_earlier_sticker,
    record_import,
    take_over_sign_up,
)
from venues.hours.reading import read_hours
from venues.models import (
    Event,
    Membership,
    Organisation,
    Requirement,
    Scheme,
    SignUp,
    StaffMember,
    Sticker,
    Venue,
)

ABOUT_VENUE = [
    "name",
    "type",
    "address_1",
    "address_2",
    "town",
    "postcode",
    "contact_name",
    "contact_email",
    "contact_phone",
    "website",
]


def import_members(
    name: str,
    data: bytes,
    *,
    scheme: Scheme,
    by: User,
    dry_run: bool = False,
    invite: bool = False,
    sheet: str = "",
) -> Summary:
    """Import the table in `data`, the file `name`, as `scheme`'s earlier records.

    It is CSV or an Excel workbook; `sheet` names the sheet if there are several. `invite` emails
    each venue's contact an invitation to look after it here. Raises Refused with a sentence for
    each wrong cell, naming row and column; then nothing was changed.
    """
    if not by.has_perm("venues.import_members", scheme):
        raise Refused(
            _("%(person)s may not bring in records for %(scheme)s: that takes an administrator.")
            % {"person": by, "scheme": scheme}
        )
    if scheme.earlier_records_valid_until is None:
        raise Refused(
            _(
                "%(scheme)s has not said until when earlier records count: set the last day on "
                "which they do, in the scheme's details."
            )
            % {"scheme": scheme}
        )
    reading = read_members(name, data, sheet=sheet)
    summary = Summary(
        dry_run, read=len(reading.table.rows), findings=reading.findings, table=reading.table
    )
    run = _Run(reading, scheme, by, invite, summary)
    with transaction.atomic():
        Scheme.objects.select_for_update().get(pk=scheme.pk)  # one import at a time
        for venue_row in reading.venue_rows:
            at_row(venue_row.row, of=reading.table.rows[-1][0])
            run.take(venue_row)
        if reading.findings.refused:
            raise RefusedRows(reading.table, reading.findings)
        if run.summary.made.total():
            made = run.summary.made
            record_import(scheme, count=made["venues"] + made["joined"], by=by)
        run.add_notes()
        if dry_run:
            transaction.set_rollback(True)
    return run.summary


def _sticker_is_where(cells):
    """Count an old sticker as sent and displayed, unless its columns say otherwise."""
    return {
        "sticker_is_sent": cells.get("sticker_sent", True),
        "sticker_is_displayed": cells.get("sticker_displayed", True),
    }


def _hours_as_read(venue_row):
    """How the hours were read, for the officer to compare with the cell."""
    read = read_hours(venue_row.cells.get("opening_hours", ""))
    return _("Open %(hours)s") % {"hours": read} if read.intervals else _("No hours")


class _Run:
    """One import in progress."""

    def __init__(self, reading: Reading, scheme: Scheme, by: User, invite: bool, summary: Summary):
        self.reading, self.scheme, self.by, self.invite = reading, scheme, by, invite
        self.summary = summary
        self.until = scheme.earlier_records_valid_until
        self.modules = {}
        for module in Module.objects.for_scheme(scheme):
            self.modules[module.slug.casefold()] = self.modules[module.title.casefold()] = module
        self.usual = (
            Requirement.objects.filter(principle__scheme=scheme, evidence=EVIDENCE)
            .values_list("subject", flat=True)
            .first()
        )
        self.made: list[int] = []
        self.about = Counter()

    def take(self, venue_row: VenueRow) -> None:
        """Import one venue with its people; refusals become errors of its rows."""
        if venue_row.has_wrong_cells:
            return
        if venue_row.cells.get("closed"):
            self.summary.skipped[_("the venue has closed")] += 1
            return
        before = Counter(self.summary.made)
        try:
            with transaction.atomic():
                sign_up = self._sign_up(venue_row)
        except Refused as refusal:
            self._complain(venue_row, refusal)
            return
        if sign_up is None:
            return
        for person in venue_row.people:
            try:
                with transaction.atomic():
                    self._person(sign_up, person)
            except WrongFields as refusal:
                for column, sentences in refusal.by_field.items():
                    self.reading.wrong(person.row, column, " ".join(sentences))
            except Refused as refusal:
                self.reading.wrong(person.row, "person", str(refusal))
        made = Counter(self.summary.made)
        made.subtract(before)
        sticker = sign_up.stickers.live().first()
        self.summary.venues.append(
            _("%(venue)s, %(postcode)s: %(made)s. %(listing)s. %(sticker)s. %(hours)s.")
            % {
                "venue": sign_up.venue,
                "postcode": sign_up.venue.postcode,
                "made": counted(made) if +made else _("as before"),
                "listing": sign_up.venue.get_listing_display(),
                "sticker": _("Sticker %(number)s until %(day)s")
                % {"number": sticker.number, "day": date_format(sticker.expires_on)}
                if sticker
                else _("No sticker"),
                "hours": _hours_as_read(venue_row),
            }
        )

    def _complain(self, venue_row, refusal):
        if not isinstance(refusal, WrongFields):
            self.reading.wrong(venue_row.row, "name", str(refusal))
            return
        for column, sentences in refusal.by_field.items():
            row = venue_row.rows.get(column, venue_row.row)
            self.reading.wrong(row, column, " ".join(sentences))

    # Venues

    def _sign_up(self, venue_row):
        known, here = self._known(venue_row), None
        if known is None and (here := self._in_another_scheme(venue_row)):
            known = here.sign_ups.filter(scheme=self.scheme).order_by("-pk").first()
        if known is None:
            if here is None:
                self._note_alike(venue_row)
            return self._take_over(venue_row, here)
        if known.state != SignUp.State.APPROVED:
            self.summary.skipped[
                _("the venue is here, and its sign-up is: %(state)s")
                % {"state": known.get_state_display().lower()}
            ] += 1
            return None
        self.summary.kept["venues"] += 1
        self._add_sticker(known, venue_row)
        return known

    def _known(self, venue_row):
        return (
            SignUp.objects.filter(
                scheme=self.scheme,
                venue__name__iexact=venue_row.cells["name"],
                venue__postcode=venue_row.cells["postcode"],
            )
            .select_related("venue__organisation", "scheme")
            .order_by("-started_at", "-pk")
            .first()
        )

    def _in_another_scheme(self, venue_row):
        """The venue in another scheme, matched by reference, or by name and postcode.

        If two match, none is taken: somebody has to decide which one it is.
        """
        others = Venue.objects.filter(
            pk__in=SignUp.objects.live().exclude(scheme=self.scheme).values("venue")
        ).select_related("organisation", "lead_scheme")
        if reference := venue_row.cells.get("reference"):
            by_reference = SignUp.objects.live().filter(reference__iexact=reference)
            if found := others.filter(pk__in=by_reference.values("venue")).first():
                return found
        at_postcode = others.filter(postcode=venue_row.cells["postcode"]).order_by("pk")
        same = [each for each in at_postcode if search_name(each.name) == venue_row.key[0]]
        if len(same) > 1:
            words = _("%(count)s places are here under this name and postcode: give the reference.")
            raise WrongFields({"name": [words % {"count": len(same)}]})
        return same[0] if same else None

    def _note_alike(self, venue_row):
        """Report an existing venue with nearly this name; it is not treated as the same."""
        here = SignUp.objects.filter(
            scheme=self.scheme, venue__postcode=venue_row.cells["postcode"]
        ).exclude(pk__in=self.made)
        for sign_up in here.select_related("venue"):
            if search_name(sign_up.venue.name) == venue_row.key[0]:
                self.reading.findings.notes.append(
                    _("Row %(row)s, “%(name)s”, may be “%(known)s”, which is here already.")
                    % {
                        "row": venue_row.row,
                        "name": venue_row.cells["name"],
                        "known": sign_up.venue,
                    }
                )

    def _take_over(self, venue_row, here=None):
        """Create the sign-up; for a venue that exists already (`here`), with its existing facts."""
        cells = venue_row.cells
        hours = read_hours(cells.get("opening_hours", ""))
        for each in hours.unread:
            self.reading.leave_out(
                venue_row.rows["opening_hours"],
                "opening_hours",
                _("“%(text)s” could not be read as hours. %(reason)s")
                % {"text": each.text[:80], "reason": each.reason},
            )
        if "approved_on" not in cells:
            raise WrongFields({"approved_on": [_("give the day on which it was approved.")]})
        if "sticker_expires_on" in cells and "sticker_number" not in cells:
            raise WrongFields(
                {"sticker_expires_on": [_("which sticker is this? Give its number.")]}
            )
        venue = {name: cells[name] for name in ABOUT_VENUE if name in cells}
        if hours.bank_holidays:
            venue["bank_holidays"] = hours.bank_holidays
        # No place becomes public without having been asked.
        venue["listing"] = cells.get("listing", "internal")
        owner = {"name": cells.get("organisation", cells["name"])}
        sign_up = take_over_sign_up(
            self.scheme,
            EarlierRecord(
                venue=venue,
                approved_on=cells["approved_on"],
                organisation=owner | {"sector": cells.get("sector", "")},
                hours=hours.opening_hours(),
                sticker_number=cells.get("sticker_number"),
                sticker_expires_on=cells.get("sticker_expires_on"),
                **_sticker_is_where(cells),
            ),
            by=self.by,
            organisation=None if here else self._organisation(owner["name"]),
            venue=here,
        )
        self.made.append(sign_up.pk)
        if here:
            self.summary.made["joined"] += 1
            self.summary.made["stickers"] += "sticker_number" in cells
            self._note_joined(venue_row, sign_up)
            return sign_up
        self.summary.made["venues"] += 1
        self.summary.made["stickers"] += "sticker_number" in cells
        self.about["no listing"] += "listing" not in cells
        self.about["no point"] += sign_up.venue.point is None
        self.about["hours"] += bool(hours.intervals)
        self._invite(sign_up.venue)
        return sign_up

    def _note_joined(self, venue_row, sign_up):
        """Report that the row's other facts are ignored: the venue and its lead scheme decide on
        them.
        """
        venue = sign_up.venue
        differs = [
            name
            for name in ("name", "address_1", "town", "website")  # fields that anybody may compare
            if venue_row.cells.get(name)
            and search_name(venue_row.cells[name]) != search_name(getattr(venue, name))
        ]
        said = _("Row %(row)s: “%(name)s” joins the place that is here.") % {
            "row": venue_row.row,
            "name": venue,
        }
        if differs:
            words = ", ".join(str(Venue._meta.get_field(each).verbose_name) for each in differs)
            said += " " + _("Left as it is there: %(what)s.") % {"what": words}
        self.summary.notes.append(said)

    def _organisation(self, name):
        """The scheme's existing venue with this name."""
        return Organisation.objects.filter(
            name__iexact=name, venues__sign_ups__scheme=self.scheme
        ).first()

    def _add_sticker(self, sign_up, venue_row):
        number = venue_row.cells.get("sticker_number")
        if number is None:
            return
        if Sticker.objects.filter(sign_up=sign_up, number=number).exists():
            self.summary.kept["stickers"] += 1
        elif sign_up.stickers.live().exists():
            self.summary.skipped[_("the venue has another sticker now")] += 1
        else:
            keep_earlier_sticker(
                sign_up,
                number=number,
                expires_on=venue_row.cells.get("sticker_expires_on"),
                by=self.by,
                **{key[8:]: value for key, value in _sticker_is_where(venue_row.cells).items()},
            )
            self.summary.made["stickers"] += 1

    def _invite(self, venue):
        address, organisation = venue.contact_email, venue.organisation
        if not self.invite or not address:
            return
        if organisation.invitations.filter(email__iexact=address, accepted_at=None).exists():
            return
        if organisation.memberships.filter(user__email__iexact=address).exists():
            return
        invite_member(organisation, email=address, role=Membership.Role.MANAGER, by=self.by)
        self.summary.made["invitations"] += 1

    # People

    def _person(self, sign_up, person):
        module = self._module(person)
        if person.trained_on and person.trained_on > timezone.localdate():
            raise WrongFields({"trained_on": [_("this day is in the future.")]})
        staff_member = self._staff_member(sign_up, person)
        if staff_member is None:
            self.summary.skipped[_("the person has left the venue")] += 1
        elif person.trained_on is None:
            self.about["no training"] += 1
        else:
            self._training(sign_up, staff_member, module, person.trained_on)

    def _module(self, person):
        asked = person.module or self.usual or "introductory"
        module = self.modules.get(asked.casefold())
        if module is None and (person.trained_on or person.module):
            raise WrongFields(
                {
                    "module": [
                        _("“%(asked)s” is none of this scheme's trainings: %(known)s.")
                        % {
                            "asked": asked,
                            "known": ", ".join(sorted({m.slug for m in self.modules.values()}))
                            or _("there are none yet"),
                        }
                    ]
                }
            )
        return module

    def _staff_member(self, sign_up, person):
        """The person with this first name at the venue; None if they have left it."""
        people = StaffMember.objects.annotate(lower=Lower("first_name")).filter(
            lower=person.first_name.lower(), posts__venue=sign_up.venue
        )
        today = timezone.localdate()
        if working := people.filter(posts__in=sign_up.venue.posts.current(today)).first():
            self.summary.kept["people"] += 1
            return working
        if people.exists():
            return None
        self.summary.made["people"] += 1
        return add_staff_member(
            sign_up.venue.organisation,
            first_name=person.first_name,
            venue=sign_up.venue,
            by=self.by,
        )

    def _training(self, sign_up, staff_member, module, trained_on):
        earlier = Enrolment.objects.filter(
            staff_member=staff_member, module=module, source=Enrolment.Source.EARLIER
        )
        if earlier.filter(withdrawn_at__isnull=False).exists():
            self.summary.skipped[_("the training was taken back here")] += 1
            return
        if earlier.filter(valid_until=self.until).exists():
            self.summary.kept["trainings"] += 1
            return
        enrolment = record_earlier_training(
            staff_member, module, by=self.by, valid_until=self.until, scheme=self.scheme
        )
        self.summary.made["trainings"] += 1
        self.about["not reviewed"] += module.reviewed_version is None
        Event.objects.record(
            "venues.earlier_record_kept",
            sign_up=sign_up,
            by=self.by,
            about=enrolment,
            evidence=_("training (%(module)s) on %(day)s")
            % {"module": module.slug, "day": date_format(trained_on)},
        )

    # Notes

    def add_notes(self):
        """What an officer should check after a successful import."""
        notes = self.summary.notes
        if self.reading.repeated:
            self.summary.skipped[_("the row says the same as another")] += self.reading.repeated
        told = {
            "hours": _("Opening hours imported, to be confirmed by the venue: %s."),
            "no listing": _("Venues without a listing, which stay internal until it is set: %s."),
            "no point": _("Venues not on the map, because the postcode is not known here: %s."),
            "no training": _("People without a day of training: %s."),
            "not reviewed": _(
                "Trainings that count only once a safeguarding lead's review is recorded: %s."
            ),
        }
        notes += [words % self.about[key] for key, words in told.items() if self.about[key]]
        if self.summary.made["venues"] or self.summary.made["joined"]:
            notes.append(
                _(
                    "Earlier records count until %(day)s. Each venue is still to be asked to agree "
                    "to the core principles."
                )
                % {"day": date_format(self.until)}
            )
