"""The sentences for this app's events."""

from django.utils.translation import gettext_lazy as _

from venues.event_sentences import add_sentences

add_sentences(
    {
        "coverage.other_places_imported": _(
            "The list “%(source)s” was imported (%(other_places)s spaces)."
        ),
        "coverage.source_changed": _("What is said of the list was changed: %(fields)s."),
        "coverage.source_removed": _("The list “%(source)s” was removed with its spaces."),
        "coverage.other_place_linked": _("Another space was linked: it is this venue."),
        "coverage.other_place_unlinked": _("Another space was unlinked: it is not this venue."),
        "coverage.other_place_is_another": _("Another space was looked at: it is another."),
        "coverage.other_place_invited": _("Another space was invited to join."),
        "coverage.gap_opened": _("The gap was opened."),
        "coverage.gap_changed": _("The gap was changed: %(fields)s."),
        "coverage.gap_closed": _("The gap was closed."),
        "coverage.gap_reopened": _("The gap was opened again."),
        "coverage.approach_recorded": _("An approach was written down: %(answer)s."),
        "coverage.area_drawn": _("An own area was drawn."),
        "coverage.area_redrawn": _("An own area was changed."),
        "coverage.area_removed": _("The own area “%(area)s” was removed."),
        "coverage.priority_groups_set": _("The priority groups were chosen: %(count)s of them."),
        "coverage.felt_unsafe_brought_in": _(
            "Where people feel unsafe was brought in, as counts in %(squares)s squares."
        ),
        "coverage.felt_unsafe_removed": _("A list of where people feel unsafe was removed."),
        "coverage.snapshot_kept": _("The coverage of %(quarter)s was kept."),
        "coverage.public_map_shown": _("The scheme’s coverage was shown to the public."),
        "coverage.public_map_hidden": _("The scheme’s coverage was hidden from the public."),
    }
)
