from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class VenuesConfig(AppConfig):
    name = "venues"
    verbose_name = _("Venues and schemes")

    def ready(self):
        # Each app says how its own things are proved, what its events mean in words, what it asks
        # of members, which tables it can bring in, which roles may do what, what waits for
        # officers, what it prints, what it adds to the table of an organisation's places, which
        # part of a pack is its own, what it adds to a scheme’s public page, what becomes of its
        # rows when two places are merged, what it does before each commit, and which helplines it
        # keeps.
        autodiscover_modules(
            *("evidence", "history", "checks", "next_steps", "table_importers"),
            *("permissions", "queues", "printing", "branches", "pack_sections", "checklist"),
            *("scheme_sections", "mergers", "before_commit", "phone_lines"),
        )
