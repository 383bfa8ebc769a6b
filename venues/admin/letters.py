"""Letters: what they said, what became of them, and those to print and post."""

from collections.abc import Iterable
from contextlib import contextmanager

from django.contrib import admin, messages
from django.contrib.contenttypes.models import ContentType
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from common.letters import Signature
from common.refusals import refusals_as_messages
from venues import actions
from venues.letters import noting, signature_of
from venues.models import Event, Letter, SignUp

from .base import OfficersAdmin, SchemeFilter

Fate = Letter.Fate


def letters_of(sign_up: SignUp, user) -> list[Letter]:
    """The letters about a sign-up that this officer may read, newest first."""
    found = sign_up.letters.for_officer(user).select_related("email")
    return list(found.order_by("-written_at", "-id")[:100])


@contextmanager
def letters_as_messages(request: HttpRequest):
    """Say which of the letters written inside leave by e-mail and which must be posted.

    The admin site puts it around every page that is sent, so no decision need speak of letters.
    """
    with noting() as written:
        yield
    if written:
        # Read again: an action that refused after writing one has taken it back.
        found = Letter.objects.filter(pk__in=[letter.pk for letter in written])
        say_what_became(request, found.select_related("email"))


def say_what_became(request: HttpRequest, letters: Iterable[Letter]) -> None:
    letters = list(letters)
    to_post = [letter for letter in letters if letter.fate == Fate.TO_POST]
    if leaving := [letter for letter in letters if letter not in to_post]:
        messages.info(request, _words_for_leaving(leaving))
    if len(to_post) == 1:
        where = reverse("admin:venues_letter_change", args=[to_post[0].pk])
        words = _("There is no e-mail address: no letter was sent.")
        link = _("Print and post it")
    elif to_post:
        where = f"{reverse('admin:venues_letter_changelist')}?fate={Fate.TO_POST}"
        words = _("%(count)s have no e-mail address: no letter was sent to them.") % {
            "count": len(to_post)
        }
        link = _("Print and post their letters")
    if to_post:
        messages.warning(request, format_html('{} <a href="{}">{}</a>', words, where, link))


def _words_for_leaving(letters):
    if letters[0].waits_until:
        time = date_format(timezone.localtime(letters[0].waits_until), "H:i")
        return ngettext(
            "The letter leaves at %(time)s.", "%(count)s letters leave at %(time)s.", len(letters)
        ) % {"count": len(letters), "time": time}
    return ngettext(
        "The letter is on its way.", "%(count)s letters are on their way.", len(letters)
    ) % {"count": len(letters)}


class FateFilter(admin.SimpleListFilter):
    title = gettext_lazy("what became of it")
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


@admin.register(Letter)
class LetterAdmin(OfficersAdmin):
    """Nothing is typed in here: letters are written by what officers and venues do."""

    list_display = ["subject", "venue", "scheme", "written_at", "what_became_of_it"]
    list_filter = [FateFilter, ("scheme", SchemeFilter)]
    list_select_related = ["venue", "scheme", "email"]
    search_fields = ["subject", "venue__name", "organisation__name"]
    ordering = ["-written_at", "-id"]

    @admin.display(description=gettext_lazy("what became of it"))
    def what_became_of_it(self, letter):
        return letter.fate_words

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/print/", view(self.print_letter), name="print_letter"),
            path("<int:pk>/posted/", view(self.mark_letter_posted), name="mark_letter_posted"),
            *super().get_urls(),
        ]

    def events_of(self, letter):
        kind = ContentType.objects.get_for_model(letter)
        return Event.objects.filter(about_type=kind, about_id=letter.pk)

    @method_decorator(require_safe)
    def change_view(self, request, object_id, form_url="", extra_context=None):
        letter = self.get_object(request, object_id)
        if letter is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        buttons = []
        if letter.may_be_posted and request.user.has_perm("venues.mark_letter_posted", letter):
            url = reverse("admin:mark_letter_posted", args=[letter.pk])
            buttons = [(url, _("Mark as posted"), "")]
        page = self.page(
            request,
            title=str(letter),
            subtitle=str(letter.venue or letter.organisation or ""),
            original=letter,
            letter=letter,
            why=letter.why_failed,
            buttons=buttons,
            **self.more_below(request, letter),
        )
        return render(request, "admin/venues/letter/letter.html", page)

    @method_decorator([require_safe, never_cache])
    def print_letter(self, request, pk):
        """The letter on A4, to be signed and posted."""
        letter = get_object_or_404(self.get_queryset(request), pk=pk)
        if not letter.text:
            raise Http404
        page = {
            "letter": letter,
            "signature": signature_of(letter.scheme) or Signature(name=_("Safe Spaces")),
            "address": _postal_address(letter),
        }
        return render(request, "admin/venues/letter/print.html", page)

    @method_decorator(require_POST)
    def mark_letter_posted(self, request, pk):
        letter = self.own(request, pk, "mark_letter_posted")
        with refusals_as_messages(request, _("The letter is marked as posted.")):
            actions.mark_letter_posted(letter, by=request.user)
        return redirect("admin:venues_letter_change", pk)


def _postal_address(letter):
    """Lines for the envelope; of a person or an organisation without a venue only the name."""
    venue = letter.venue
    if venue is None:
        return str(letter.organisation or "")
    lines = [venue.contact_name, venue.name, venue.address_1, venue.address_2, venue.town]
    return "\n".join(line for line in [*lines, venue.postcode] if line)
