"""The officers' page for uploading earlier records. The rest happens on the import's own page."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common.admin import Office
from safespaces.imports.forms import ImportMembersForm
from venues.admin.imports import AskForImport


class ImportMembers(AskForImport):
    words = _("Bring in earlier records")
    kind = "members"
    permission = "venues.import_members"
    form = ImportMembersForm
    site = ""
    route = "import-members/"
    template = "admin/import_members.html"


class Imports(Office):
    base = "admin/"
    decisions = [ImportMembers]

    def home(self, owner, goes_to=""):
        return reverse("admin:index")
