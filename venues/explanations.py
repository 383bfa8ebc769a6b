"""Why each form asks, who sees the answers and for how long: shown on the form itself."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from common.retention import with_periods

TEAM = _("Your own managers and the scheme’s team. Never the public.")
PUBLIC = _("Everybody, once your place is listed.")
LEFT = {"left": "venues_that_left", "never": "venues_that_never_joined"}
MEMBER = with_periods(
    _(
        "As long as your place is in the scheme, and %(left)s after. If it never joins, for "
        "%(never)s."
    ),
    **LEFT,
)
KEPT = _("It stays when the place leaves, for figures about the past. It names no person.")


@dataclass(frozen=True)
class Explanation:
    """Three sentences shown at the top of a form."""

    why: str
    who: str
    how_long: str = MEMBER


WHY = {
    "organisation": Explanation(
        _("So that the team knows whom it makes the agreement with."), TEAM, KEPT
    ),
    "venue": Explanation(
        _("So that people find the door, and the nearest place first."),
        _(
            "Everybody, once your place is listed, unless you choose under “Who may find it” to "
            "be shown by area only or not at all."
        ),
        KEPT,
    ),
    "point": Explanation(
        _("A postcode covers about fifteen doors. People in a hurry need the right one."),
        _("As the address: everybody, unless you choose otherwise under “Who may find it”."),
        KEPT,
    ),
    "contact": Explanation(
        _("The team needs somebody to ask for. A website shows people that the place is real."),
        _(
            "The contact: your managers and the team only. The website and, once we have rung to "
            "check it, the telephone for the public: everybody."
        ),
    ),
    "photo": Explanation(
        _("It is easier to find a door one has seen."),
        _("Everybody, once your place is listed. We keep the picture, not where it was taken."),
        _("Until you take it away or leave the scheme."),
    ),
    "facilities": Explanation(
        _("So that people know before they come whether your place works for them."), PUBLIC, KEPT
    ),
    "offers": Explanation(_("So that nobody expects what you cannot give."), PUBLIC, KEPT),
    "hours": Explanation(
        _("We only send people to places that are open."),
        PUBLIC,
        _("Until you change them. Earlier hours are kept for figures about the past."),
    ),
    "closures": Explanation(
        _("So that nobody comes to a locked door at Christmas."),
        PUBLIC,
        _("Until you take them away; for figures they are kept after the day has passed."),
    ),
    "principles": Explanation(
        _("They are what every place in the scheme promises. “We need help” is a good answer."),
        TEAM,
        with_periods(
            _(
                "With the wording you agreed to, as long as you are in the scheme and %(left)s "
                "after. If you never join, for %(never)s."
            ),
            **LEFT,
        ),
    ),
    "space": Explanation(
        _("To think about the room before somebody needs it. There is no pass mark."), TEAM
    ),
    "insurance": Explanation(
        _("So that you are covered when you help. The team can advise."), TEAM
    ),
    "listing": Explanation(
        _("Some places help only people who are sent to them, and that is fine."), TEAM, KEPT
    ),
    "policies": Explanation(
        _("So that the team knows what is in place, and helps where it is not."),
        TEAM,
    ),
    "learner": Explanation(
        _("So that you can stop and carry on, and your certificate can be checked."),
        _(
            "Your manager and the scheme’s team: your first name, which training you began and "
            "when you passed. Nobody sees how you answered: answers are counted in totals only."
        ),
        _("As long as you work there, and two years after. Then your name is taken out."),
    ),
    "people": Explanation(
        _("So that training counts for those who work here, and stops when they leave."),
        TEAM,
        with_periods(
            _("As long as they work here, and %(period)s after. Then the name is taken out."),
            period="leavers",
        ),
    ),
    "people_alone": Explanation(
        _("So that the team knows who welcomes people here."),
        TEAM,
        with_periods(
            _("As long as they work here, and %(period)s after. Then the name is taken out."),
            period="leavers",
        ),
    ),
    "members": Explanation(
        _("So that the place can still be looked after when you are away."),
        _("Your own managers and the scheme’s team."),
        _("Until they leave. An invitation nobody takes up can be ignored."),
    ),
    "join": Explanation(
        _("To send you a link, and to know which area the place is in."),
        _("The scheme’s team. Never the public."),
        with_periods(
            _("If you do not open the link, we keep only our e-mail to you, for %(period)s."),
            period="mail",
        ),
    ),
    "join_as_organisation": Explanation(
        _("To send you a link with which you start."),
        _("The scheme’s team. Never the public."),
        with_periods(
            _("If you do not open the link, we keep only our e-mail to you, for %(period)s."),
            period="mail",
        ),
    ),
    "organisation_details": Explanation(
        _("So that the team knows whom it makes the agreement with."),
        TEAM,
        _("It stays when the organisation leaves, for the history. It names no person."),
    ),
    "organisation_shown": Explanation(
        _("So that people see who supports the scheme, if you want that."),
        _("Everybody, once the team has approved it and for as long as you are in the scheme."),
        _("Until you change it or leave."),
    ),
    "organisation_principles": Explanation(
        _("They are what every organisation promises. “We need help” is a good answer."),
        TEAM,
        with_periods(
            _(
                "With the wording you agreed to, as long as you are in the scheme and %(left)s "
                "after. If you never send it, as long after you last changed it."
            ),
            left="organisations_that_left",
        ),
    ),
    "organisation_questions": Explanation(
        _("So that the team knows what is in place, and helps where it is not."),
        TEAM,
        with_periods(
            _("As long as you are in the scheme, and %(left)s after."),
            left="organisations_that_left",
        ),
    ),
    "ring": Explanation(
        _("So that somebody from the team can ring you."),
        _("The scheme’s team. Never the public."),
        with_periods(_("It is deleted after %(period)s."), period="enquiries"),
    ),
    "waiting": Explanation(
        _("To write to you once when the next round opens, and for nothing else."),
        _("The scheme’s team. Never the public."),
        with_periods(
            _(
                "It is deleted %(kept)s after you confirm it, at once when you wish, and after "
                "%(unconfirmed)s if you do not confirm it."
            ),
            kept="waiting",
            unconfirmed="waiting_unconfirmed",
        ),
    ),
    "withdraw": Explanation(
        _("So that the team knows and can take down what the public sees."),
        TEAM,
        _("It stays in the history of the place. Please name nobody."),
    ),
}


def explanation_of(key: str) -> Explanation:
    return WHY[key]
