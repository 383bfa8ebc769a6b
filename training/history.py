"""The sentences for this app's events."""

from django.utils.translation import gettext_lazy as _

from venues.event_sentences import add_sentences

add_sentences(
    {
        "training.module_loaded": _("Version %(version)s was loaded."),
        "training.version_started": _("Version %(version)s was started."),
        "training.module_copied": _("A copy of a shared module was made for this scheme."),
        "training.module_reviewed": _(
            "A safeguarding lead’s review of version %(version)s was recorded."
        ),
        "training.refresher_called_for": _(
            "Version %(version)s called for a refresher by %(until)s: %(people)s people who had "
            "done an older one were told."
        ),
        "training.module_changed": _("What the module says about itself was changed."),
        "training.enrolled": _("Somebody who works here was given a training (%(module)s)."),
        "training.link_renewed": _("A new link and code to a training were made (%(module)s)."),
        "training.link_sent": _("A link to a training was sent by e-mail (%(module)s)."),
        "training.completed": _("Somebody who works here passed a training (%(module)s)."),
        "training.earlier_training_recorded": _(
            "A training was taken over from earlier records (%(module)s)."
        ),
        "training.session_planned": _("A session was planned (%(module)s)."),
        "training.session_changed": _("A session was changed (%(module)s)."),
        "training.session_cancelled": _("A session was cancelled (%(module)s)."),
        "training.interested_told": _(
            "%(count)s who had registered interest were told of a session (%(module)s)."
        ),
        "training.places_asked_for": _(
            "%(count)s seats at a session were asked for; %(waiting)s of them wait (%(module)s)."
        ),
        "training.booked_for_themselves": _(
            "Somebody without an account booked for themselves (%(module)s)."
        ),
        "training.guest_forgotten": _(
            "The booking of somebody who booked for themselves was deleted (%(module)s)."
        ),
        "training.person_named": _("Somebody was named for a seat at a session (%(module)s)."),
        "training.name_needed": _(
            "Somebody with a seat at a session has left; the seat needs a name (%(module)s)."
        ),
        "training.booking_cancelled": _("A seat at a session was given up (%(module)s)."),
        "training.place_offered": _("A seat at a session came free and was offered (%(module)s)."),
        "training.offer_accepted": _("The seat offered was accepted (%(module)s)."),
        "training.offer_declined": _("The seat offered was declined (%(module)s)."),
        "training.offer_lapsed": _(
            "The seat offered was not answered in time and went on (%(module)s)."
        ),
        "training.interest_registered": _("Interest in a training was registered (%(module)s)."),
        "training.certificate_reissued": _(
            "A certificate was issued again, with the name as corrected."
        ),
        "training.completion_withdrawn": _("A completed training was taken back (%(module)s)."),
        "training.invited_to_training": _("The venue was invited to have somebody trained."),
        "training.expiry_reminded": _(
            "A reminder went out, %(days)s days or less before a training ends (%(module)s)."
        ),
        "training.trained_in_room": _(
            "Somebody who works here was trained in a room (%(module)s)."
        ),
        "training.register_taken": _("%(count)s ticks in the register were changed (%(module)s)."),
        "training.walk_in_added": _("Somebody came to a session without booking (%(module)s)."),
        "training.let_in": _("Somebody who was on the list came to a session (%(module)s)."),
        "training.register_closed": _("The register was closed: %(count)s came (%(module)s)."),
        "training.completed_by_coming": _(
            "Somebody who works here completed a training by coming to it (%(module)s)."
        ),
        "training.attendance_added": _(
            "A closed register was corrected: somebody was there after all (%(module)s)."
        ),
        "training.attendance_withdrawn": _(
            "A closed register was corrected: somebody was not there, and what it had unlocked was "
            "taken back (%(module)s)."
        ),
    }
)
