"""Links that let a duty officer without an account hide one place for safety."""

from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.admin import Decision
from venues import actions
from venues.forms.duty_links import DutyLinkForm
from venues.models import DutyLink, Scheme

from .base import OfficersAdmin, SchemeFilter


class MakeDutyLink(Decision):
    words = _("Make a duty link")
    press = _("Make it and send it")
    explains = _(
        "For a duty officer without an account, out of hours: the link hides one place from the "
        "public everywhere, once. It goes out by e-mail and works in the days you give."
    )
    done = _("The link is made and on its way.")
    action = actions.make_duty_link
    form = DutyLinkForm
    creates = True
    route = "make/"

    def form_kwargs(self, thing, user):
        return {"schemes": Scheme.objects.open().in_which(user, "venues.make_duty_link")}

    def do(self, thing, *, by, **given):
        return actions.make_duty_link(**given, by=by)

    def after(self, desk, owner, link):
        return desk.home(None)


class RevokeDutyLink(Decision):
    words = _("Take the link back")
    explains = _("It works no more. What it has hidden stays hidden.")
    done = _("The link works no more.")
    action = actions.revoke_duty_link

    def possible(self, link, user):
        over = link.is_over(timezone.localdate())
        return link.used_at is None and link.revoked_at is None and not over


@admin.register(DutyLink)
class DutyLinkAdmin(OfficersAdmin):
    """The links and their outcome; never the URL itself, which is only in the e-mail."""

    by_form = ()
    list_display = ["name", "phone", "starts_on", "ends_on", "used_at", "revoked_at", "scheme"]
    list_filter = [("scheme", SchemeFilter)]
    list_select_related = ["scheme"]
    search_fields = ["name"]
    fields = [
        *("scheme", "name", "phone", "email", "starts_on", "ends_on"),
        *("made_by", "made_at", "used_at", "revoked_at", "revoked_by"),
    ]
    decisions = [MakeDutyLink, RevokeDutyLink]
