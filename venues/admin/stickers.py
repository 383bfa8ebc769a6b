"""Numbered window stickers: print, send, see them up, end them."""

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from common.refusals import refusals_as_messages
from venues import actions
from venues.models import Event, Sticker
from venues.sticker_pdf import SIZES, sticker_pdf

from .base import OfficersAdmin, complain
from .forms import EndStickerForm


class StickerState(admin.SimpleListFilter):
    title = gettext_lazy("where it is")
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
    title = gettext_lazy("scheme")
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
    actions = ["print_or_send"]
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
    change_form_template = "admin/venues/sticker/change_form.html"

    @admin.display(description=gettext_lazy("venue"), ordering="sign_up__venue__name")
    def venue(self, sticker):
        return sticker.sign_up.venue

    @admin.display(description=gettext_lazy("scheme"), ordering="sign_up__scheme__name")
    def scheme(self, sticker):
        return sticker.sign_up.scheme

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def has_print_permission(self, request):
        return request.user.has_perm("venues.print_sticker")

    def events_of(self, sticker):
        kinds = [f"venues.sticker_{act}" for act in ("issued", "sent", "displayed", "ended")]
        return Event.objects.filter(
            sign_up=sticker.sign_up_id, kind__in=kinds, data__number=sticker.number
        )

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("print/", view(self.print_stickers), name="print_stickers"),
            path("mark-sent/", view(self.mark_stickers_sent), name="mark_stickers_sent"),
            path("<int:pk>/mark-sent/", view(self.mark_sticker_sent), name="mark_sticker_sent"),
            path(
                "<int:pk>/mark-displayed/",
                view(self.mark_sticker_displayed),
                name="mark_sticker_displayed",
            ),
            path("<int:pk>/end/", view(self.end_sticker), name="end_sticker"),
            *super().get_urls(),
        ]

    def more_below(self, request, sticker):
        may = {
            name: request.user.has_perm(f"venues.{name}", sticker)
            for name in ("mark_sticker_sent", "mark_sticker_displayed", "end_sticker")
        }
        buttons = []
        if sticker.ended_at is None and sticker.sent_at is None and may["mark_sticker_sent"]:
            url = reverse("admin:mark_sticker_sent", args=[sticker.pk])
            buttons.append((url, _("Mark as sent"), ""))
        if sticker.ended_at is None and not sticker.displayed_at and may["mark_sticker_displayed"]:
            url = reverse("admin:mark_sticker_displayed", args=[sticker.pk])
            buttons.append((url, _("Mark as up in the window"), ""))
        return {
            **super().more_below(request, sticker),
            "buttons": buttons,
            "sizes": SIZES.items()
            if request.user.has_perm("venues.print_sticker", sticker)
            else [],
            "end_form": EndStickerForm()
            if sticker.ended_at is None and may["end_sticker"]
            else None,
            "sign_up_url": reverse("admin:venues_signup_change", args=[sticker.sign_up_id]),
        }

    @admin.action(
        description=gettext_lazy("Print, or mark as sent: see first what it does"),
        permissions=["print"],
    )
    def print_or_send(self, request, queryset):
        """Show, before anything happens, which stickers it is about and what becomes of each."""
        stickers = list(queryset.select_related("sign_up__venue", "sign_up__scheme"))
        self._refuse_others(request, stickers)
        effects = [(each, *_effect(each)) for each in stickers]
        page = self.page(
            request,
            title=_("Print these stickers, or mark them as sent"),
            effects=effects,
            to_print=[each for each in stickers if not each.ended_at],
            to_send=[each for each, will_send, __ in effects if will_send],
            sizes=SIZES.items(),
            checkbox=ACTION_CHECKBOX_NAME,
        )
        return render(request, "admin/venues/sticker/print_or_send.html", page)

    @method_decorator(require_safe)
    def print_stickers(self, request):
        """The PDF of the stickers named by `id`, in one of two sizes."""
        stickers = self._chosen(request, request.GET.getlist("id"))
        size = request.GET.get("size", "window")
        live = [each for each in stickers if not each.ended_at]
        if not live or size not in SIZES:
            messages.error(request, _("Choose stickers that have not ended."))
            return redirect("admin:venues_sticker_changelist")
        response = HttpResponse(sticker_pdf(live, size), content_type="application/pdf")
        response["Content-Disposition"] = f'inline; filename="stickers-{size}.pdf"'
        response["Cache-Control"] = "no-store"
        return response

    @method_decorator(require_POST)
    def mark_stickers_sent(self, request):
        stickers = self._chosen(request, request.POST.getlist("id"))
        self._refuse_others(request, stickers, "mark_sticker_sent")
        for sticker in stickers:
            done = _("Sticker %(number)s is marked as sent.") % {"number": sticker.number}
            with refusals_as_messages(request, done):
                actions.mark_sticker_sent(sticker, by=request.user)
        return redirect("admin:venues_sticker_changelist")

    @method_decorator(require_POST)
    def mark_sticker_sent(self, request, pk):
        sticker = self.own(request, pk, "mark_sticker_sent")
        with refusals_as_messages(request, _("The sticker is marked as sent.")):
            actions.mark_sticker_sent(sticker, by=request.user)
        return redirect("admin:venues_signup_change", sticker.sign_up_id)

    @method_decorator(require_POST)
    def mark_sticker_displayed(self, request, pk):
        sticker = self.own(request, pk, "mark_sticker_displayed")
        with refusals_as_messages(request, _("The sticker is marked as up in the window.")):
            actions.mark_sticker_displayed(sticker, by=request.user)
        return redirect("admin:venues_signup_change", sticker.sign_up_id)

    @method_decorator(require_POST)
    def end_sticker(self, request, pk):
        sticker = self.own(request, pk, "end_sticker")
        form = EndStickerForm(request.POST)
        if form.is_valid():
            with refusals_as_messages(request, _("The sticker is ended.")):
                actions.end_sticker(sticker, **form.cleaned_data, by=request.user)
        complain(request, form)
        return redirect("admin:venues_signup_change", sticker.sign_up_id)

    def _chosen(self, request, ids):
        keys = [int(key) for key in ids if key.isdecimal()]
        rows = self.get_queryset(request).filter(pk__in=keys).order_by("number", "pk")
        stickers = list(rows.select_related("sign_up__venue", "sign_up__scheme"))
        self._refuse_others(request, stickers)
        return stickers

    def _refuse_others(self, request, stickers, permission="print_sticker"):
        if not request.user.has_perm(f"venues.{permission}"):
            raise PermissionDenied
        if not all(request.user.has_perm(f"venues.{permission}", each) for each in stickers):
            raise PermissionDenied


def _effect(sticker):
    """Whether "mark as sent" does something to it, and in words what."""
    if sticker.ended_at:
        return False, _("Ended: it is neither printed nor marked.")
    if sticker.sent_at:
        return False, _("Printed again; marked as sent already.")
    return True, _("Printed; would be marked as sent today.")
