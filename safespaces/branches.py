"""Registers head office's import of branches. It needs every app, so it lives at the top."""

from django.utils.translation import gettext_lazy

from venues.branches import HeadOfficePage, add_page

add_page(HeadOfficePage("import_branches", gettext_lazy("Add many places from a table")))
