"""The sentences for this app's events."""

from django.utils.translation import gettext_lazy as _

from venues.event_sentences import add_sentences

add_sentences(
    {
        "venues.sign_up_started": _("The sign-up was started."),
        "venues.scheme_joined": _("The place joined the scheme. Its people are %(people)s."),
        "venues.people_shared": _("The people of the place are now %(people)s."),
        "venues.badge_hidden": _("The public is no longer told that the place is in this scheme."),
        "venues.badge_shown": _("The public is told that the place is in this scheme."),
        "venues.organisation_started": _("The organisation’s sign-up was started."),
        "venues.organisation_entered": _("An officer started the sign-up for the organisation."),
        "venues.organisation_agreement_confirmed": _(
            "The organisation confirmed its agreement (%(how)s)."
        ),
        "venues.organisation_agreed": _("The organisation answered the core principles."),
        "venues.organisation_named": _("The scheme’s page may name the organisation."),
        "venues.organisation_not_named": _("The scheme’s page does not name the organisation."),
        "venues.organisation_submitted": _("The organisation’s sign-up was sent to the council."),
        "venues.organisation_approved": _("The organisation’s sign-up was approved."),
        "venues.organisation_changes_asked_for": _("The organisation was asked for changes."),
        "venues.organisation_declined": _("The organisation’s sign-up was declined."),
        "venues.organisation_suspended": _("The organisation was suspended."),
        "venues.organisation_suspension_letter": _(
            "A letter about the suspension was written to the organisation."
        ),
        "venues.organisation_reinstated": _("The organisation was reinstated."),
        "venues.organisation_withdrawn": _("The organisation left the scheme."),
        "venues.organisation_decision_taken_back": _(
            "The last decision about the organisation was taken back."
        ),
        "venues.organisation_forgotten": _(
            "What the organisation agreed to and answered was deleted."
        ),
        "venues.sign_up_entered": _("An officer started the sign-up for the venue."),
        "venues.organisation_changed": _("Details of the organisation changed: %(fields)s."),
        "venues.parent_set": _("The organisation is a franchisee of %(parent)s."),
        "venues.parent_removed": _("The organisation is no longer a franchisee of %(parent)s."),
        "venues.venue_changed": _("Details of the place changed: %(fields)s."),
        "venues.edit_asked_for": _("The place asked for a change that waits: %(fields)s."),
        "venues.edit_accepted": _("The lead scheme accepted the change that the place asked for."),
        "venues.edit_refused": _(
            "The lead scheme did not accept the change that the place asked for."
        ),
        "venues.edit_taken_back": _("The place no longer asks for the change that waited."),
        "venues.lead_handed_over": _("%(scheme_now)s leads on the place from now on."),
        "venues.hours_replaced": _("The opening hours were changed."),
        "venues.hours_confirmed": _("The opening hours were confirmed."),
        "venues.closure_added": _("Different hours from %(starts_on)s to %(ends_on)s were added."),
        "venues.closure_removed": _(
            "The different hours from %(starts_on)s to %(ends_on)s were removed."
        ),
        "venues.cannot_help": _("The place said that it cannot help until %(until)s."),
        "venues.can_help_again": _("The place can help again."),
        "venues.questions_answered": _("Questions about the place were answered."),
        "venues.insurance_reminded": _(
            "A letter said that the organisation’s insurance ends on %(until)s."
        ),
        "venues.clearance_recorded": _("A permission or a confirmation was recorded: %(what)s."),
        "venues.clearance_withdrawn": _("A permission or a confirmation was taken back: %(what)s."),
        "venues.agreed": _("The core principles were answered."),
        "venues.agreement_confirmed": _("The venue confirmed its agreement (%(how)s)."),
        "venues.sign_up_submitted": _("The sign-up was sent to the council."),
        "venues.sign_up_approved": _("The sign-up was approved."),
        "venues.changes_asked_for": _("Changes were asked for (%(count)s)."),
        "venues.sign_up_declined": _("The sign-up was declined."),
        "venues.sign_up_suspended": _("The venue was suspended."),
        "venues.sign_up_reinstated": _("The venue was reinstated."),
        "venues.hidden_for_safety": _(
            "The place was hidden from the public in every scheme, for safety, by %(which)s."
        ),
        "venues.safety_suspension_ended": _("%(which)s no longer hides the place for safety."),
        "venues.duty_link_made": _("A duty officer’s link was made and sent."),
        "venues.duty_link_used": _("A duty officer’s link was used to hide a place."),
        "venues.duty_link_revoked": _("A duty officer’s link was taken back."),
        "venues.sign_up_withdrawn": _("The venue left the scheme."),
        "venues.decline_taken_back": _("The refusal was taken back, and its letter was not sent."),
        "venues.leaving_taken_back": _("The leaving was taken back: the venue is in the scheme."),
        "venues.changes_taken_back": _(
            "The request for changes was taken back, and its letter was not sent."
        ),
        "venues.post_end_taken_back": _("That somebody left was taken back."),
        "venues.sticker_counts_again": _("Sticker %(number)s counts again."),
        "venues.contact_removed": _(
            "The contact e-mail address was removed with the manager it belonged to."
        ),
        "venues.hand_over_asked": _("Each scheme was asked whether the place may be handed over."),
        "venues.hand_over_agreed": _("The scheme agreed that the place is handed over."),
        "venues.hand_over_refused": _("Another scheme did not agree: the hand-over was dropped."),
        "venues.hand_over_declined": _("The scheme did not agree to the hand-over."),
        "venues.venue_handed_over": _("The place was handed over to another organisation."),
        "venues.merge_of_venues_asked_for": _(
            "Each scheme was asked whether “%(other)s” is the same place."
        ),
        "venues.merge_of_venues_agreed_to": _(
            "A scheme agreed that “%(other)s” is the same place."
        ),
        "venues.merge_of_venues_refused": _(
            "“%(other)s” was not merged with this place: it was not agreed to."
        ),
        "venues.merge_of_venues_done": _("“%(other)s” was merged with this place."),
        "venues.merge_of_venues_undone": _("The merge with “%(other)s” was undone."),
        "venues.merge_of_organisations_asked_for": _(
            "Each scheme was asked whether “%(other)s” is the same organisation."
        ),
        "venues.merge_of_organisations_agreed_to": _(
            "A scheme agreed that “%(other)s” is the same organisation."
        ),
        "venues.merge_of_organisations_refused": _(
            "“%(other)s” was not merged with this organisation: it was not agreed to."
        ),
        "venues.merge_of_organisations_done": _("“%(other)s” was merged with this organisation."),
        "venues.merge_of_organisations_undone": _("The merge with “%(other)s” was undone."),
        "venues.said_not_the_same": _("An officer said that “%(other)s” is another place."),
        "venues.check_recorded": _("A check was recorded: %(check)s, %(answer)s."),
        "venues.phone_confirmed": _("The public telephone number was confirmed."),
        "venues.sticker_ready": _("Everything the window sticker needs is done."),
        "venues.sticker_issued": _("Sticker %(number)s was issued."),
        "venues.sticker_sent": _("Sticker %(number)s was sent."),
        "venues.sticker_displayed": _("Sticker %(number)s is up in the window."),
        "venues.sticker_ended": _("Sticker %(number)s was ended: %(reason)s."),
        "venues.staff_member_added": _("Somebody was added to the people of the place."),
        "venues.staff_member_corrected": _("Somebody’s name or e-mail address was corrected."),
        "venues.post_added": _("Somebody who was known already works at the place."),
        "venues.post_ended": _("Somebody left the place."),
        "venues.staff_member_anonymised": _("The name of somebody who left was taken out."),
        "venues.place_forgotten": _("Contact, answers and agreements were deleted: time was up."),
        "venues.photo_deleted": _("The photograph was deleted: the place left the scheme."),
        "venues.member_invited": _("Somebody was invited to look after the organisation."),
        "venues.member_changed": _("What somebody looks after in the organisation changed."),
        "venues.member_removed": _("Somebody no longer looks after the organisation."),
        "venues.invitation_accepted": _("An invitation was accepted."),
        "venues.lapse_warned": _("A letter was written to the venue: something is missing."),
        "venues.grace_reminded": _(
            "A letter was written to the venue: its days of grace are ending."
        ),
        "venues.scheme_created": _("The scheme was made."),
        "venues.texts_signed_off": _("The safeguarding lead signed off the scheme’s texts."),
        "venues.number_answered": _("A test call to %(number)s was answered."),
        "venues.number_not_answered": _("A test call to %(number)s was not answered."),
        "venues.scheme_closed": _("The scheme was closed."),
        "venues.scheme_handed_on": _("The scheme was handed on to another council."),
        "venues.scheme_opened": _("The scheme was opened."),
        "venues.scheme_hidden": _("The whole scheme was hidden from the public."),
        "venues.scheme_shown": _("The scheme was shown to the public again."),
        "venues.type_hidden": _("A kind of place was hidden from the public: %(type)s."),
        "venues.type_shown": _("A kind of place was shown again: %(type)s."),
        "venues.principle_removed": _("The core principle “%(what)s” was removed."),
        "venues.wording_changed": _("The wording of a core principle changed."),
        "venues.look_changed": _("The scheme’s words and look changed: %(fields)s."),
        "venues.scheme_changed": _("Details of the scheme changed: %(what)s."),
        "venues.role_given": _("Somebody was given a role in the scheme: %(role)s."),
        "venues.role_taken": _("Somebody's role in the scheme was taken away: %(role)s."),
        "venues.suspension_letter_sent": _("A letter about the suspension was written."),
        "venues.letter_posted": _("A letter was printed and posted."),
        "venues.letter_withdrawn": _("A letter was taken back before it was sent."),
        "venues.enquiry_answered": _("An enquiry was answered."),
        "venues.round_made": _("The round “%(round)s” was made: %(opens)s to %(closes)s."),
        "venues.round_changed": _("The round “%(round)s” was changed: %(opens)s to %(closes)s."),
        "venues.round_removed": _("The round “%(round)s” was removed."),
        "venues.round_told": _("Those who wait were told of the round “%(round)s” (%(count)s)."),
        "venues.round_telling_taken_back": _(
            "The letters about the round “%(round)s” were taken back (%(count)s)."
        ),
        "venues.material_version_raised": _(
            "Version %(version)s of “%(what)s” was told to those who have it."
        ),
        "venues.material_version_taken_back": _(
            "A new version of “%(what)s” was taken back with its letters: back to %(version)s."
        ),
        "venues.waiting_deleted": _("An address that waits for a round was deleted, as asked."),
        "venues.members_imported": _("Earlier records were imported (%(count)s venues)."),
        "venues.earlier_record_kept": _("An earlier record was imported: %(evidence)s."),
    }
)
