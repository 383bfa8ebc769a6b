"""A scheme's wording and look, previewed on its page, its sticker and a letter."""

from django.utils.translation import gettext_lazy as _

from common.admin import Decision
from common.storage import no_orphans
from venues import actions
from venues.forms import LookForm
from venues.look_preview import look_preview


class ChangeLook(Decision):
    words = _("Words and look")
    press = _("Save")
    explains = _(
        "What this scheme calls its places, and how its page, its sticker and its letters look. "
        "“Preview” shows it without saving."
    )
    done = _("The words and the look are saved.")
    action = actions.change_look
    form = LookForm
    route = "<int:pk>/look/"
    template = "admin/venues/scheme/look.html"
    confirm_template = template

    def form_kwargs(self, thing, user):
        return {"instance": thing} if thing else {}

    def cleaned(self, form, thing):
        return {
            **form.words(),
            "logo": form.logo(),
            "remove_logo": form.cleaned_data.get("remove_logo", False),
            "preview": form.cleaned_data["preview"],
        }

    def must_confirm(self, thing, cleaned):
        return cleaned["preview"]

    def do(self, scheme, *, by, preview, **given):
        with no_orphans():
            return actions.change_look(scheme, by=by, **given)

    def context(self, desk, request, scheme):
        return {"shown": look_preview(scheme, None, no_logo=False)}

    def confirm_context(self, desk, request, scheme, given):
        return {"shown": look_preview(scheme, given["logo"], no_logo=given["remove_logo"])}
