"""What each role may do about venues, sign-ups and schemes, and whose each thing is."""

from venues.models import (
    Agreement,
    Answer,
    ChangeRequest,
    Check,
    Closure,
    ContactKind,
    Criterion,
    Enquiry,
    Event,
    EvidenceRecord,
    Import,
    Letter,
    NumberTried,
    Officer,
    OpeningHours,
    Organisation,
    Post,
    Principle,
    PrintRun,
    Requirement,
    Scheme,
    SchemeCheck,
    SchemeContact,
    SignUp,
    Start,
    Sticker,
    TextsSignOff,
    Venue,
    VenueEdit,
    VenueVersion,
)
from venues.roles import ADMINISTRATORS, DECIDERS, EVERYONE, allow, belongs_to, schemes_found_by

allow(
    "venues",
    EVERYONE,
    "officer",
    "view_scheme",
    "view_schemecontact",
    "view_contactkind",
    "view_schemecheck",
    "view_principle",
    "view_requirement",
    "view_organisation",
    "view_venue",
    "view_evidencerecord",
    "view_criterion",
    "view_openinghours",
    "view_closure",
    "view_signup",
    "view_agreement",
    "view_answer",
    "view_check",
    "view_changerequest",
    "view_sticker",
    "view_event",
    "view_letter",
    "view_import",
    "view_printrun",
    "view_enquiry",
    "view_staffmember",
    "view_post",
    "view_officer",
)
allow(
    "venues",
    DECIDERS,
    "approve_sign_up",
    "ask_for_changes",
    "decline_sign_up",
    "suspend_sign_up",
    "reinstate_sign_up",
    "withdraw_sign_up",
    "hand_over_venue",
    "hand_over_lead",
    "accept_venue_edit",
    "refuse_venue_edit",
    "add_manager",
    "remove_manager",
    "set_parent",
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
allow(
    "venues",
    ADMINISTRATORS,
    "add_scheme",
    "change_scheme",
    "open_scheme",
    "hide_scheme",
    "show_scheme",
    "hide_type",
    "show_type",
    "change_look",
    "export_scheme",
    "sign_off_texts",
    "record_test_call",
    "close_scheme",
    "hand_on_scheme",
    "change_wording",
    "give_role",
    "take_role",
    "add_schemecontact",
    "change_schemecontact",
    "delete_schemecontact",
    "add_contactkind",
    "change_contactkind",
    "delete_contactkind",
    "add_schemecheck",
    "change_schemecheck",
    "delete_schemecheck",
    "add_principle",
    "change_principle",
    "delete_principle",
    "add_requirement",
    "change_requirement",
    "delete_requirement",
    "add_officer",
    "change_officer",
    "delete_officer",
    "add_criterion",
    "change_criterion",
    "delete_criterion",
    "import_members",
)


def _lead_schemes(organisation: Organisation) -> set[int]:
    """Whoever leads one of its venues looks after the organisation too."""
    return set(organisation.venues.values_list("lead_scheme", flat=True))


belongs_to(SignUp, "scheme")
belongs_to(Venue, "lead_scheme")
for each in (
    Criterion,
    ContactKind,
    SchemeCheck,
    SchemeContact,
    Officer,
    Principle,
    Enquiry,
    Start,
    Import,
    PrintRun,
    TextsSignOff,
):
    belongs_to(each, "scheme")
belongs_to(Requirement, "principle")
belongs_to(NumberTried, "contact")
for each in (Agreement, ChangeRequest, Check, EvidenceRecord, Sticker):
    belongs_to(each, "sign_up")
for each in (OpeningHours, Closure, VenueVersion, VenueEdit, Post, Answer):
    belongs_to(each, "venue")
for each in (Event, Letter):
    belongs_to(each, "scheme", "sign_up", "venue")
schemes_found_by(Scheme, lambda scheme: {scheme.pk})
schemes_found_by(Organisation, _lead_schemes)
