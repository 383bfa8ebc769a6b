"""What head office can do about all its places that needs everything: bring in a table of them."""

from django.utils.translation import gettext_lazy

from venues.branches import HeadOfficePage, add_page

add_page(HeadOfficePage("import_branches", gettext_lazy("Add many places from a table")))
