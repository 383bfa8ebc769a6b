"""A sign-up's task list: every step, its progress, and whether it can wait."""

from collections import defaultdict
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from venues.evidence import proofs
from venues.evidence_kinds import Stage
from venues.models import Answer, Criterion, Post, Requirement, SignUp, Venue
from venues.models.questions import INSURANCE, applicable
from venues.rules import agreements_to_renew, principles_with_help, unmet_principles


@dataclass(frozen=True)
class Task:
    """One step; `needed` ones are required for submission, the rest may follow."""

    key: str
    title: str
    url: str
    done: bool
    needed: bool = False
    hint: str = ""
    officers_too: bool = True

    @property
    def status(self) -> str:
        if self.done:
            return _("Done")
        return _("To do") if self.needed else _("Can follow later")

    @property
    def can_wait(self) -> bool:
        return not self.needed


@dataclass(frozen=True)
class TaskGroup:
    title: str
    tasks: list[Task]


def task_groups(sign_up: SignUp) -> list[TaskGroup]:
    """Every step in the order a café would take them, in a constant number of queries."""
    venue = sign_up.venue
    return [
        TaskGroup(_("Who you are"), _who(sign_up)),
        TaskGroup(_("Your place"), _place(sign_up, venue)),
        TaskGroup(_("When people can come"), _when(sign_up, venue)),
        TaskGroup(_("What you agree to"), _agree(sign_up)),
        TaskGroup(_("The space"), _space(sign_up, venue)),
        TaskGroup(_("Your people"), _people(sign_up, venue)),
    ]


def needed_tasks(groups: list[TaskGroup]) -> list[Task]:
    """Steps required for submission: the one definition, which every page uses."""
    return [task for group in groups for task in group.tasks if task.needed]


def _task(sign_up, key, title, done, **more):
    return Task(key, title, reverse(key, args=[sign_up.pk]), bool(done), **more)


def _who(sign_up):
    organisation, venue = sign_up.venue.organisation, sign_up.venue
    reachable = venue.contact_name and (venue.contact_email or venue.contact_phone)
    page_wanted = _asks_for_a_page(sign_up)
    return [
        _task(
            sign_up,
            "edit_organisation",
            _("Your organisation"),
            organisation.name and organisation.sector,
            needed=True,
        ),
        _task(
            sign_up,
            "edit_contact",
            _("Contact and website"),
            reachable and (venue.website or not page_wanted),
            needed=True,
            hint=_(
                "Write your website. No page yet? Answer “We need help” to the core principle "
                "about being found online."
            )
            if reachable and not venue.website and page_wanted
            else "",
        ),
        *_policies(sign_up),
    ]


def _policies(sign_up):
    """One task if the scheme asks about the organisation, otherwise none."""
    answered = _answered(sign_up, "organisation", sign_up.venue.organisation)
    if answered is None:
        return []
    wanted = _insurance_wanted(sign_up)
    is_insured = wanted is None or wanted.is_held
    return [
        _task(
            sign_up,
            "edit_policies",
            _("Insurance and policies"),
            answered and is_insured,
            # Other questions of the page may follow later.
            needed=wanted is not None and (answered or not is_insured),
            hint="" if is_insured else _("Give the day on which your insurance ends."),
        )
    ]


def _insurance_wanted(sign_up):
    """The proof of insurance that submission needs; None if it needs none, or may follow."""
    helped = principles_with_help(sign_up)
    for proof in proofs(sign_up, Stage.SUBMISSION, timezone.localdate()):
        if proof.requirement.evidence == INSURANCE and proof.requirement.principle_id not in helped:
            return proof
    return None


def _answered(sign_up, about, thing):
    """Whether every applicable question is answered; None if the scheme asks none."""
    criteria = list(Criterion.objects.asked_by(sign_up.scheme).filter(about=about))
    if not criteria:
        return None
    answers = Answer.objects.filter(criterion__in=criteria, **{about: thing})
    said = {each.criterion_id: each.said for each in answers}
    return all(each.pk in said for each in applicable(criteria, said))


def _asks_for_a_page(sign_up):
    """Whether submission needs a website: the scheme requires one and the venue asked for no
    help.
    """
    principles = Requirement.objects.filter(
        principle__scheme=sign_up.scheme_id, evidence="online_presence", needed_for="submission"
    ).values_list("principle", flat=True)
    return bool(set(principles) - principles_with_help(sign_up))


def _place(sign_up, venue):
    addressed = venue.name and venue.type and venue.address_1 and venue.postcode
    facts = [getattr(venue, name) for name in Venue.FACILITIES]
    offers = [getattr(venue, name) for name in Venue.OFFERS]
    looked_at = venue.point and venue.point_confirmed_at
    return [
        _task(sign_up, "edit_venue", _("Name, kind and address"), addressed, needed=True),
        _task(sign_up, "edit_point", _("Where the door is"), looked_at, needed=True),
        _task(sign_up, "edit_facilities", _("What is there"), any(f is not None for f in facts)),
        _task(sign_up, "edit_offers", _("What you offer"), any(o is not None for o in offers)),
        _task(sign_up, "edit_photo", _("A photo"), venue.photo),
        _task(sign_up, "edit_listing", _("Who may find it"), venue.listing_chosen_at, needed=True),
    ]


def _when(sign_up, venue):
    today = timezone.localdate()
    hours = venue.opening_hours.current(today).exists()
    return [
        _task(sign_up, "edit_hours", _("Opening hours"), hours, needed=True),
        _task(
            sign_up,
            "edit_closures",
            _("Closed on certain days"),
            venue.closures.filter(ends_on__gte=today).exists(),
            hint=_("Only if there are any."),
        ),
    ]


def _agree(sign_up):
    asked = sign_up.change_requests.filter(answered_at__isnull=True).exists()
    left = agreements_to_renew(sign_up)
    return [
        _task(
            sign_up,
            "edit_principles",
            _("The core principles"),
            not left and not asked,
            needed=True,
            hint=_("The team asks you for changes here.") if asked else "",
        )
    ]


def _space(sign_up, venue):
    return [
        _task(sign_up, "edit_space", _("Inside and outside"), _answered(sign_up, "venue", venue)),
        _task(sign_up, "edit_insurance", _("Insurance"), venue.insurance_checked),
    ]


def _people(sign_up, venue):
    working = Post.objects.current(timezone.localdate()).filter(venue=venue)
    return [
        _task(
            sign_up,
            "people",
            _("People and training") if sign_up.scheme.has_training else _("People"),
            working.exists(),
            officers_too=False,
        ),
        _task(
            sign_up,
            "members",
            _("Who looks after this"),
            venue.organisation.memberships.exists(),
            officers_too=False,
        ),
    ]


def help_wanted(sign_up: SignUp) -> list:
    """Principles answered "we will" or "we need help" that are still unproved.

    Tasks with support, never a rejection. A principle without evidence of its own stays until it is
    answered again.
    """
    found = unmet_principles(sign_up)
    if not found:
        return []
    by_principle = defaultdict(list)
    for proof in proofs(sign_up, Stage.STANDING, timezone.localdate()):
        by_principle[proof.requirement.principle_id].append(proof.is_held)
    proved = {principle for principle, held in by_principle.items() if all(held)}
    return [agreement for agreement in found if agreement.principle_id not in proved]
