"""The sentences for this app's events."""

from django.utils.translation import gettext_lazy as _

from venues.event_sentences import add_sentences

add_sentences(
    {
        "partnership.figures_made": _("The figures of %(period)s were made."),
        "partnership.figures_revised": _("The figures of %(period)s were revised."),
        "partnership.figures_published": _("The figures of %(period)s were published."),
    }
)
RETURNS = {
    "partnership.return_sent": _("The return for %(period)s was sent."),
    "partnership.return_changed": _("The return for %(period)s was changed (%(lines)s lines)."),
    "partnership.return_taken_back": _("The return for %(period)s was taken back."),
    "partnership.period_closed": _("%(period)s was closed: no more returns are taken."),
    "partnership.period_reopened": _("%(period)s was opened again for returns."),
    "partnership.venue_thanked": _("The venue was thanked for %(period)s."),
    "partnership.progress_shared": _("What went well was told to others, as agreed."),
    "partnership.text_released": _("Words of the venue were read and let through."),
    "partnership.text_redacted": _("Words of the venue were read and something was taken out."),
    "partnership.tally_started": _("A running tally was started."),
    "partnership.tally_link_renewed": _("The tally was given a new link."),
    "partnership.tally_ended": _("The running tally was ended."),
    "partnership.return_settings_changed": _("What is asked in each return was changed."),
    "partnership.return_item_changed": _("A line of the return was changed (%(list)s)."),
}
ISSUES = {
    "partnership.issue_raised": _("An issue was raised."),
    "partnership.issue_handled": _("An officer took an issue on."),
    "partnership.issue_given": _("An issue was given to another officer."),
    "partnership.issue_noted": _("What was done about an issue was written down."),
    "partnership.issue_closed": _("An issue was closed."),
    "partnership.staff_checked": _("Somebody asked how the staff are."),
    "partnership.officer_away": _("An officer is away until %(until)s, with a deputy."),
    "partnership.officer_back": _("An officer is back."),
}
MEETINGS = {
    "partnership.series_changed": _("How the partnership meets was changed: %(what)s."),
    "partnership.meeting_proposed": _("A date for a meeting was proposed."),
    "partnership.meeting_confirmed": _("The date of a meeting was confirmed."),
    "partnership.meeting_moved": _("A meeting was given another time or place."),
    "partnership.meeting_cancelled": _("A meeting was cancelled."),
    "partnership.agenda_changed": _("The agenda of a meeting was changed."),
    "partnership.document_added": _("A document was added to a meeting."),
    "partnership.document_removed": _("A document of a meeting was deleted."),
    "partnership.invited": _("Invitations to a meeting were sent (%(count)s)."),
    "partnership.replied": _("A reply to the invitation came in: %(reply)s."),
    "partnership.register_closed": _("The register was closed: %(count)s came."),
    "partnership.attendance_corrected": _(
        "Attendance was corrected from “%(before)s” to “%(after)s”."
    ),
    "partnership.report_released": _("A report sent to a meeting was read and let through."),
    "partnership.report_redacted": _(
        "Something was taken out of a report sent to a meeting; the original is not kept."
    ),
    "partnership.called": _("Somebody rang about missed meetings."),
    "partnership.minutes_drafted": _("The minutes were drafted from what is known."),
    "partnership.minutes_changed": _("The draft of the minutes was changed."),
    "partnership.minutes_approved": _("The minutes were approved and sent round."),
    "partnership.minutes_reopened": _("The minutes were opened again."),
    "partnership.action_agreed": _("An action was agreed."),
    "partnership.action_changed": _("An action was changed."),
    "partnership.action_done": _("An action was done."),
    "partnership.action_dropped": _("An action was dropped."),
    "partnership.action_reopened": _("An action was opened again."),
    "partnership.partner_changed": _("A partner’s seat was changed: %(what)s."),
    "partnership.partner_ended": _("A partner left the partnership."),
    "partnership.feed_renewed": _("A new address for a calendar was made."),
    "partnership.feed_revoked": _("An address for a calendar was taken back."),
}
add_sentences(RETURNS | ISSUES | MEETINGS)
