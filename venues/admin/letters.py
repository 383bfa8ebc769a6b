"""Letters: their text, their fate, and those still to print and post."""

from django.contrib import admin
from django.http import Http404
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.models import User
from common.admin import Decision, officers_page
from common.letters import Signature
from venues import actions
from venues.letters import signature_of
from venues.models import Letter, SignUp

from .base import OfficersAdmin, SchemeFilter

Fate = Letter.Fate


def letters_of(sign_up: SignUp, user: User) -> list[Letter]:
    """The letters about a sign-up that this officer may read, newest first."""
    found = sign_up.letters.for_officer(user).select_related("email")
    return list(found.order_by("-written_at", "-id")[:100])


class FateFilter(admin.SimpleListFilter):
    title = gettext_lazy("outcome")
    parameter_name = "fate"

    def lookups(self, request, model_admin):
        return [
            (Fate.TO_POST, _("To print and post")),
            (Fate.WAITING, _("Not sent yet")),
            (Fate.SENT, _("Sent or posted")),
            (Fate.WITHDRAWN, _("Taken back")),
        ]

    def queryset(self, request, queryset):
        if self.value() == Fate.TO_POST:
            return queryset.to_post()
        if self.value() == Fate.WAITING:
            return queryset.not_sent_yet()
        if self.value() == Fate.SENT:
            return queryset.gone()
        if self.value() == Fate.WITHDRAWN:
            return queryset.filter(withdrawn_at__isnull=False)
        return queryset


class MarkLetterPosted(Decision):
    words = gettext_lazy("Mark as posted")
    done = gettext_lazy("The letter is marked as posted.")
    action = actions.mark_letter_posted

    def possible(self, letter, user):
        return letter.may_be_posted


@admin.register(Letter)
class LetterAdmin(OfficersAdmin):
    """Read-only: letters are written by actions."""

    by_form = ()
    list_display = ["subject", "venue", "scheme", "written_at", "what_became_of_it"]
    list_filter = [FateFilter, ("scheme", SchemeFilter)]
    list_select_related = ["venue", "scheme", "email"]
    search_fields = ["subject", "venue__name", "organisation__name"]
    ordering = ["-written_at", "-id"]
    decisions = [MarkLetterPosted]

    @admin.display(description=gettext_lazy("outcome"))
    def what_became_of_it(self, letter):
        return letter.fate_words

    @method_decorator(require_safe)
    def change_view(self, request, object_id, form_url="", extra_context=None):
        letter = self.get_object(request, object_id)
        if letter is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        page = self.page(
            request,
            title=str(letter),
            subtitle=str(letter.venue or letter.organisation or ""),
            original=letter,
            letter=letter,
            why=letter.why_failed,
            **self.more_below(request, letter),
        )
        return render(request, "admin/venues/letter/letter.html", page)

    @officers_page("<int:pk>/print/", permission="view_letter")
    def print_letter(self, request, letter):
        """The letter on A4, to sign and post."""
        if not letter.text:
            raise Http404
        page = {
            "letter": letter,
            "signature": signature_of(letter.scheme) or Signature.of_installation(),
            "address": _postal_address(letter),
        }
        return render(request, "admin/venues/letter/print.html", page)


def _postal_address(letter):
    """Lines for the envelope; only the name for a person or an organisation without a venue."""
    venue = letter.venue
    if venue is None:
        return str(letter.organisation or "")
    lines = [venue.contact_name, venue.name, venue.address_1, venue.address_2, venue.town]
    return "\n".join(line for line in [*lines, venue.postcode] if line)
