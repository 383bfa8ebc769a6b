"""The sentences of this app's events."""

from django.utils.translation import gettext_lazy as _

from venues.event_sentences import add_sentences

add_sentences(
    {
        "signposting.service_confirmed": _("The number of a support service was confirmed."),
        "signposting.service_changed": _("A support service was changed (%(fields)s)."),
        "signposting.service_unconfirmed": _(
            "The number of a support service was taken from the public pages until it is "
            "confirmed again."
        ),
        "signposting.staffed_place_changed": _("A place with staff was changed (%(fields)s)."),
        "signposting.staffed_place_confirmed": _("A place with staff agreed to be named."),
        "signposting.staffed_place_unconfirmed": _(
            "A place with staff was taken from the finder until it agrees again."
        ),
    }
)
