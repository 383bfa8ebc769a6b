from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class VenuesConfig(AppConfig):
    name = "venues"
    verbose_name = _("Venues and schemes")

    def ready(self):
        # Each app registers how its own things are proved, its events' sentences, what it asks of
        # members, its table importers, its roles' permissions, its queues, what it prints, its
        # columns of the table of an organisation's places, its part of a pack, its section of a
        # scheme's public page, what happens to its rows when two places are merged, what it does
        # before each commit, its helplines, and its stops and stations.
        autodiscover_modules(
            *("evidence", "history", "checks", "next_steps", "table_importers"),
            *("permissions", "queues", "printing", "branches", "pack_sections", "checklist"),
            *("scheme_sections", "mergers", "before_commit", "phone_lines", "stops"),
        )
