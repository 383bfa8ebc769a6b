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
