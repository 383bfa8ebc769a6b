"""What each role in a scheme may do; there are no permission rows in the database."""

from django.contrib.auth.backends import ModelBackend

from venues.models import Officer

Role = Officer.Role
EVERYONE = frozenset(Role)
DECIDERS = frozenset({Role.OFFICER, Role.ADMINISTRATOR})
TRAINERS = frozenset({Role.TRAINER, Role.ADMINISTRATOR})
CHAIRS = frozenset({Role.CHAIR, Role.ADMINISTRATOR})
PARTNERS = CHAIRS | DECIDERS
ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})

ALLOWED: dict[str, frozenset[str]] = {
    "venues.officer": EVERYONE,
    **{
        f"venues.view_{model}": EVERYONE
        for model in (
            "scheme",
            "schemecontact",
            "principle",
            "requirement",
            "organisation",
            "venue",
            "evidencerecord",
            "criterion",
            "openinghours",
            "closure",
            "signup",
            "agreement",
            "answer",
            "check",
            "changerequest",
            "sticker",
            "event",
            "letter",
            "import",
            "enquiry",
            "staffmember",
            "post",
            "officer",
        )
    },
    **{
        f"venues.{action}": DECIDERS
        for action in (
            "approve_sign_up",
            "ask_for_changes",
            "decline_sign_up",
            "suspend_sign_up",
            "reinstate_sign_up",
            "withdraw_sign_up",
            "hand_over_venue",
            "add_manager",
            "remove_manager",
            "record_check",
            "issue_sticker",
            "end_sticker",
            "mark_sticker_sent",
            "mark_sticker_displayed",
            "print_sticker",
            "send_suspension_letter",
            "mark_letter_posted",
            "change_organisation",
            "enter_sign_up",
            "add_signup",
            "confirm_agreement",
            "change_venue",
            "confirm_phone",
            "answer_enquiry",
        )
    },
    **{
        f"venues.{action}": ADMINISTRATORS
        for action in (
            "add_scheme",
            "change_scheme",
            "open_scheme",
            "hide_scheme",
            "show_scheme",
            "hide_type",
            "show_type",
            "change_wording",
            "give_role",
            "take_role",
            "add_schemecontact",
            "change_schemecontact",
            "delete_schemecontact",
            "add_principle",
            "change_principle",
            "delete_principle",
            "add_requirement",
            "change_requirement",
            "delete_requirement",
            "add_officer",
            "change_officer",
            "delete_officer",
            "change_criterion",
            "import_members",
        )
    },
    **{
        f"training.view_{model}": EVERYONE
        for model in ("module", "section", "question", "choice", "enrolment")
    },
    **{
        f"training.{action}_{model}": TRAINERS
        for model in ("module", "section", "question", "choice")
        for action in ("add", "change", "delete")
    },
    **{
        f"partnership.view_{model}": EVERYONE
        for model in ("usagereturn", "progress", "issue", "returnitem", "returnsettings", "away")
    },
    **{
        f"partnership.{action}": PARTNERS
        for action in (
            "thank_venue",
            "enter_return",
            "mark_progress_shared",
            "release_text",
            "redact_text",
            "add_issue",
            "raise_issue",
            "handle_issue",
            "give_issue",
            "note_what_was_done",
            "close_issue",
            "mark_staff_checked",
            "add_away",
            "go_away",
            "come_back",
        )
    },
    **{
        f"partnership.{action}": CHAIRS
        for action in (
            "close_quarter",
            "reopen_quarter",
            "add_returnitem",
            "change_returnitem",
            "change_returnsettings",
        )
    },
    **{f"training.view_{model}": EVERYONE for model in ("session", "interest")},
    **{
        f"training.{action}": TRAINERS
        for action in (
            "plan_session",
            "book",
            "change_session",
            "cancel_session",
            "tell_interested",
            "delete_interest",
        )
    },
    "training.review_module": ADMINISTRATORS,
    "training.withdraw_completion": TRAINERS,
    **{
        f"training.{action}": TRAINERS
        for action in (
            "take_register",
            "add_walk_in",
            "let_in",
            "name_at_door",
            "close_register",
            "correct_register",
            "record_training_in_room",
        )
    },
    "training.view_cover": EVERYONE,
    "training.invite_to_training": DECIDERS | TRAINERS,
    "partnership.view_pack": EVERYONE,
    "partnership.make_figures": CHAIRS,
    "partnership.revise_figures": CHAIRS,
    "partnership.publish_figures": CHAIRS,
    "coverage.view_coverage": EVERYONE,
    "coverage.show_public_map": ADMINISTRATORS,
    **{
        f"partnership.view_{model}": EVERYONE
        for model in ("series", "partner", "meeting", "attendance", "action")
    },
    **{
        f"partnership.{action}": PARTNERS
        for action in (
            "add_series",
            "change_series",
            "add_partner",
            "change_partner",
            "add_meeting",
            "confirm_meeting",
            "move_meeting",
            "cancel_meeting",
            "invite_to_meeting",
            "change_agenda",
            "add_document",
            "take_attendance",
            "read_report",
            "note_call",
            "agree_action",
            "change_action",
            "change_minutes",
        )
    },
    "partnership.approve_minutes": CHAIRS,
    "signposting.view_service": EVERYONE,
    "signposting.add_service": DECIDERS,
    "signposting.change_service": DECIDERS,
    "signposting.delete_service": DECIDERS,
    "signposting.confirm_service": DECIDERS,
    **{
        f"coverage.view_{model}": EVERYONE
        for model in ("source", "place", "placehours", "gap", "approach", "drawnarea", "snapshot")
    },
    **{
        f"coverage.{action}": DECIDERS
        for action in (
            "import_places",
            "change_source",
            "remove_source",
            "link_place",
            "unlink_place",
            "say_not_the_same",
            "invite_place",
            "open_gap",
            "change_gap",
            "close_gap",
            "reopen_gap",
            "record_approach",
            "draw_area",
            "redraw_area",
            "remove_area",
        )
    },
}
"""Permission -> the roles that have it. The permission bears the action's name."""


def scheme_of(thing):
    """The schemes whose officers may act on `thing`, as a set of primary keys."""
    if thing is None:
        return None
    name = type(thing).__name__
    if name == "Scheme":
        return {thing.pk}
    if name == "Organisation":
        return set(thing.venues.values_list("lead_scheme", flat=True))
    for path in ("scheme_id", "lead_scheme_id"):
        if getattr(thing, path, None) is not None:
            return {getattr(thing, path)}
    if name == "Place":  # it is its list's, also once it is our venue
        return scheme_of(thing.source)
    for parent in ("gap", "sign_up", "principle", "venue", "usage_return", "officer"):
        if getattr(thing, parent, None) is not None:
            return scheme_of(getattr(thing, parent))
    return set()


class OfficerBackend(ModelBackend):
    """Answers `has_perm` from the Officer role in the thing's scheme; it logs nobody in."""

    def authenticate(self, request, **credentials):
        return None

    def get_user(self, user_id):
        return None

    def has_perm(self, user_obj, perm, obj=None):
        if not user_obj.is_active or user_obj.is_anonymous:
            return False
        roles = ALLOWED.get(perm, frozenset())
        schemes = scheme_of(obj)
        return any(
            role in roles and (schemes is None or scheme in schemes)
            for scheme, role in self._roles(user_obj)
        )

    def has_module_perms(self, user_obj, app_label):
        return any(
            perm.startswith(f"{app_label}.") and self.has_perm(user_obj, perm) for perm in ALLOWED
        )

    def _roles(self, user):
        """(scheme id, role) pairs, read once a request: the user object lives as long."""
        if not hasattr(user, "_officer_roles"):
            user._officer_roles = list(user.officer_roles.values_list("scheme_id", "role"))
        return user._officer_roles
