"""What each role may do with venues, sign-ups and schemes, and which scheme each object belongs
to.
"""

from venues.models import (
    Agreement,
    Answer,
    ChangeRequest,
    Check,
    Closure,
    ContactKind,
    Criterion,
    DutyLink,
    Enquiry,
    Event,
    EvidenceRecord,
    Import,
    Letter,
    Material,
    Merge,
    NotTheSameVenue,
    NumberTried,
    Officer,
    OpeningHours,
    Organisation,
    OrganisationAgreement,
    OrganisationSignUp,
    Post,
    Principle,
    PrintRun,
    Requirement,
    SafetySuspension,
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
    "view_material",
    "view_organisationsignup",
    "view_agreement",
    "view_answer",
    "view_check",
    "view_changerequest",
    "view_sticker",
    "view_event",
    "view_letter",
    "view_merge",
    "view_import",
    "view_printrun",
    "view_enquiry",
    "view_dutylink",
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
    "approve_organisation",
    "ask_organisation_for_changes",
    "decline_organisation",
    "suspend_organisation",
    "write_about_suspended_organisation",
    "reinstate_organisation",
    "withdraw_organisation",
    "hide_for_safety",
    "end_safety_suspension",
    "withdraw_sign_up",
    "hand_over_venue",
    "hand_over_lead",
    "accept_venue_edit",
    "merge_venues",
    "merge_organisations",
    "agree_to_merge",
    "refuse_merge",
    "undo_merge",
    "say_not_the_same_venue",
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
    "make_duty_link",
    "revoke_duty_link",
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
    "add_material",
    "change_material",
    "delete_material",
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
    """Officers of the lead scheme of any of its venues may also act on the organisation.

    Without venues, those of the schemes that it signed up to as a whole.
    """
    led = set(organisation.venues.values_list("lead_scheme", flat=True))
    return led or set(organisation.scheme_sign_ups.sent().values_list("scheme", flat=True))


belongs_to(SignUp, "scheme")
belongs_to(OrganisationSignUp, "scheme")
belongs_to(OrganisationAgreement, "sign_up")
belongs_to(Venue, "lead_scheme")
for each in (
    Criterion,
    ContactKind,
    DutyLink,
    Material,
    SafetySuspension,
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
schemes_found_by(Merge, lambda merge: set(merge.schemes.values_list("pk", flat=True)))
belongs_to(NotTheSameVenue, "first", "second")
schemes_found_by(Scheme, lambda scheme: {scheme.pk})
schemes_found_by(Organisation, _lead_schemes)
