"""Numbered window stickers: print, send, mark as displayed, end."""

from django.contrib import admin, messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.admin import Decision, officers_page
from venues import actions
from venues.evidence_kinds import Part
from venues.models import Event, Sticker
from venues.printing import AT_ONCE, ask_for_stickers
from venues.sticker_pdf import SIZES, sticker_pdf

from .base import OfficersAdmin
from .forms import EndStickerForm


class StickerDecision(Decision):
    """An action on a live sticker; afterwards it returns to the sign-up."""

    def rows(self, desk, request):
        return super().rows(desk, request).select_related("sign_up__venue", "sign_up__scheme")

    def possible(self, sticker, user):
        return sticker.ended_at is None

    def back(self, desk, sticker):
        if sticker is None:
            return super().back(desk, None)
        return reverse("admin:venues_signup_change", args=[sticker.sign_up_id])


class PrintStickers(StickerDecision):
    """Read-only: decides who may print, and which stickers."""

    permission = "print_sticker"


class MarkStickerSent(StickerDecision):
    """Offered from the list together with printing, because both are done in one sitting."""

    words = _("Mark as sent")
    in_list = _("Print, or mark as sent: see first what it does")
    done = _("The sticker is marked as sent.")
    action = actions.mark_sticker_sent
    several = "mark_stickers_sent"
    several_template = "admin/venues/sticker/print_or_send.html"

    def possible(self, sticker, user):
        return super().possible(sticker, user) and sticker.sent_at is None

    def effect(self, stickers):
        return [self._effect(each) for each in stickers]

    def _effect(self, sticker):
        if sticker.ended_at:
            return _("Ended: it is neither printed nor marked.")
        if sticker.sent_at:
            return _("Printed again; marked as sent already.")
        return _("Printed; would be marked as sent today.")

    def said_of_one(self, sticker, outcome):
        return gettext("Sticker %(number)s is marked as sent.") % {"number": sticker.number}

    def context_of_several(self, desk, request, stickers):
        to_print = [each for each in stickers if not each.ended_at]
        return {
            "to_print": to_print,
            "at_once": len(to_print) <= AT_ONCE,
            "to_send": [each for each in stickers if self.possible(each, request.user)],
            "sizes": SIZES.items(),
        }


class MarkStickerDisplayed(StickerDecision):
    words = _("Mark as up in the window")
    done = _("The sticker is marked as up in the window.")
    action = actions.mark_sticker_displayed

    def possible(self, sticker, user):
        return super().possible(sticker, user) and sticker.displayed_at is None


class EndSticker(StickerDecision):
    words = _("End this sticker")
    press = _("End it")
    explains = _("The public no longer finds the venue, until it has a new one.")
    done = _("The sticker is ended.")
    action = actions.end_sticker
    form = EndStickerForm
    grave = True


class StickerState(admin.SimpleListFilter):
    title = _("where it is")
    parameter_name = "is"

    def lookups(self, request, model_admin):
        return [
            ("to_send", _("To send")),
            ("sent", _("Sent, not seen up")),
            ("displayed", _("In the window")),
            ("past", _("Past its date")),
            ("ended", _("Ended")),
        ]

    def queryset(self, request, queryset):
        today = timezone.localdate()
        current = queryset.current(today)
        return {
            "to_send": current.filter(sent_at__isnull=True),
            "sent": current.filter(sent_at__isnull=False, displayed_at__isnull=True),
            "displayed": current.filter(displayed_at__isnull=False),
            "past": queryset.live().filter(expires_on__lt=today),
            "ended": queryset.filter(ended_at__isnull=False),
        }.get(self.value(), queryset)


class SchemeOfSticker(admin.SimpleListFilter):
    title = _("scheme")
    parameter_name = "scheme"

    def lookups(self, request, model_admin):
        rows = model_admin.get_queryset(request).order_by("sign_up__scheme__name")
        return rows.values_list("sign_up__scheme", "sign_up__scheme__name").distinct()

    def queryset(self, request, queryset):
        if self.value() and self.value().isdecimal():
            return queryset.filter(sign_up__scheme=self.value())
        return queryset


@admin.register(Sticker)
class StickerAdmin(OfficersAdmin):
    part = Part.STICKERS
    by_form = ()
    list_display = [
        "number",
        "code",
        "venue",
        "scheme",
        "issued_at",
        "expires_on",
        "sent_at",
        "displayed_at",
        "ended_at",
        "end_reason",
    ]
    list_filter = [StickerState, SchemeOfSticker]
    list_select_related = ["sign_up__venue", "sign_up__scheme"]
    search_fields = ["code", "sign_up__venue__name"]
    fields = [
        ("number", "code"),
        "venue",
        "scheme",
        ("issued_at", "issued_by"),
        "expires_on",
        ("sent_at", "sent_by"),
        ("displayed_at", "displayed_by"),
        ("ended_at", "ended_by"),
        "end_reason",
    ]
    readonly_fields = ["venue", "scheme"]
    decisions = [MarkStickerSent, MarkStickerDisplayed, EndSticker]
    change_form_template = "admin/venues/sticker/change_form.html"

    @admin.display(description=_("venue"), ordering="sign_up__venue__name")
    def venue(self, sticker):
        return sticker.sign_up.venue

    @admin.display(description=_("scheme"), ordering="sign_up__scheme__name")
    def scheme(self, sticker):
        return sticker.sign_up.scheme

    def events_of(self, sticker):
        acts = ("issued", "sent", "displayed", "ended", "counts_again")
        kinds = [f"venues.sticker_{act}" for act in acts]
        return Event.objects.filter(
            sign_up=sticker.sign_up_id, kind__in=kinds, data__number=sticker.number
        )

    def more_below(self, request, sticker):
        may_print = request.user.has_perm("venues.print_sticker", sticker)
        return {
            **super().more_below(request, sticker),
            "sizes": SIZES.items() if may_print else [],
            "sign_up_url": reverse("admin:venues_signup_change", args=[sticker.sign_up_id]),
        }

    @officers_page("print/", name="print_stickers")
    def print_stickers(self, request):
        """The PDF of the few stickers named by `id`, in one of two sizes."""
        live, size = self._to_print(request, request.GET)
        if not live or len(live) > AT_ONCE:
            return self._nothing_printed(request, live)
        response = HttpResponse(sticker_pdf(live, size), content_type="application/pdf")
        response["Content-Disposition"] = f'inline; filename="stickers-{size}.pdf"'
        response["Cache-Control"] = "no-store"
        return response

    @officers_page("print-many/", name="print_many_stickers", methods=["POST"])
    def print_many_stickers(self, request):
        """Queue a print run for many stickers, and show its progress."""
        live, size = self._to_print(request, request.POST)
        if not live:
            return self._nothing_printed(request, live)
        first, *others = ask_for_stickers(live, size, by=request.user)
        if others:  # one run per scheme
            return redirect("admin:venues_printrun_changelist")
        return redirect("admin:venues_printrun_change", first.pk)

    def _to_print(self, request, given):
        """The named stickers that are live, and the size; no stickers for an unknown size."""
        stickers = self.chosen(request, PrintStickers(), given.getlist("id"))
        size = given.get("size", "window")
        return [each for each in stickers if not each.ended_at and size in SIZES], size

    def _nothing_printed(self, request, live):
        too_many = _("Choose these stickers in the list and print them from there.")
        messages.error(request, too_many if live else _("Choose stickers that have not ended."))
        return redirect("admin:venues_sticker_changelist")
