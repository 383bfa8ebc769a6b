"""The sentences of this app's events."""

from django.utils.translation import gettext_lazy as _

from venues.sentences import add_sentences

add_sentences(
    {
        "partnership.figures_made": _("The figures of %(quarter)s were made."),
        "partnership.figures_revised": _("The figures of %(quarter)s were made anew."),
        "partnership.figures_published": _("The figures of %(quarter)s were published."),
    }
)
RETURNS = {
    "partnership.return_sent": _("The return for %(quarter)s was sent."),
    "partnership.return_changed": _("The return for %(quarter)s was changed (%(lines)s lines)."),
    "partnership.return_taken_back": _("The return for %(quarter)s was taken back."),
    "partnership.quarter_closed": _("The quarter %(quarter)s was closed."),
    "partnership.quarter_reopened": _("The quarter %(quarter)s was opened again."),
    "partnership.venue_thanked": _("The venue was thanked for %(quarter)s."),
    "partnership.progress_shared": _("What went well was told to others, as agreed."),
    "partnership.text_released": _("Words of the venue were read and let through."),
    "partnership.text_redacted": _("Words of the venue were read and something was taken out."),
    "partnership.tally_started": _("A running tally was started."),
    "partnership.tally_link_renewed": _("The tally was given a new link."),
    "partnership.tally_ended": _("The running tally was ended."),
    "partnership.return_settings_changed": _("What is asked each quarter was changed."),
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
add_sentences(RETURNS | ISSUES)
