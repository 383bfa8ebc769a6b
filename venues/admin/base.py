"""Shared by all officers' pages: limited to their own schemes, and changed only through actions."""

from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.utils.text import get_text_list

from common.admin import ListExport, SharedRows
from venues.event_sentences import sentence
from venues.evidence_kinds import Part
from venues.models import Event, Officer, Scheme
from venues.roles import parts_of


def history_of(events, user):
    """(event, sentence, reason) of each event this officer may read, newest first."""
    return lines_of(events.for_officer(user))


def lines_of(events):
    """(event, sentence, reason), newest first; the caller has already filtered by permission."""
    found = events.select_related("by").order_by("-at", "-id")[:100]
    return [(event, sentence(event), event.data.get("reason", "")) for event in found]


def events_about(thing):
    """The events about one object of any kind, newest first."""
    kind = ContentType.objects.get_for_model(thing)
    return Event.objects.filter(about_type=kind, about_id=thing.pk)


class SchemeFilter(admin.RelatedOnlyFieldListFilter):
    """Offers only the schemes in the officer's own list, so that no other council's name leaks."""


class RoundFilter(admin.RelatedOnlyFieldListFilter):
    """Offers only the rounds of sign-ups in the officer's own list; absent without any."""

    def has_output(self):
        return len(self.lookup_choices) > 0


class Scoped:
    """Rows, choices and permissions limited to the officer's own schemes, in lists and inlines.

    Any role may view, because the rows are already the officer's own; changing an object requires a
    role in that object's own scheme.
    """

    scheme_path = "scheme"
    part: Part | None = None
    """The part of a scheme this belongs to: officers without a scheme that has it do not see the
    list.
    """
    by_form = ("add", "change", "delete")
    """What Django's own forms may do here; everything else needs a decision."""
    scheme_permission = ""
    """The permission needed in a scheme to choose it; if empty, any of the officer's own."""

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        if hasattr(rows, "for_officer"):
            return rows.for_officer(request.user)
        mine = Scheme.objects.for_officer(request.user)
        return rows.filter(**{f"{self.scheme_path}__in": mine})

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if self.scheme_permission and db_field.related_model is Scheme:
            field.queryset = field.queryset.in_which(request.user, self.scheme_permission)
            return field
        return self._own_choices(field, request)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        return self._own_choices(field, request)

    def _own_choices(self, field, request):
        if field is not None and hasattr(field.queryset, "for_officer"):
            field.queryset = field.queryset.for_officer(request.user)
        return field

    def has_module_permission(self, request):
        if not super().has_module_permission(request):
            return False
        return self.part is None or self.part in parts_of(request.user)

    def _may(self, request, verb, obj=None):
        return request.user.has_perm(f"{self.opts.app_label}.{verb}_{self.opts.model_name}", obj)

    def has_view_permission(self, request, obj=None):
        return self._may(request, "view")

    def has_add_permission(self, request, obj=None):
        return "add" in self.by_form and self._may(request, "add", obj)

    def has_change_permission(self, request, obj=None):
        return "change" in self.by_form and self._may(request, "change", obj)

    def has_delete_permission(self, request, obj=None):
        return "delete" in self.by_form and self._may(request, "delete", obj)


class OfficersInline(Scoped, SharedRows, admin.StackedInline):
    """Stacked, because the admin's tabular inlines have no labels and do not fit a phone."""

    extra = 0


class OfficersAdmin(Scoped, ListExport):
    """Changelist and change page for one model, with the history below."""

    list_per_page = 50
    show_facets = admin.ShowFacets.NEVER
    change_form_template = "admin/form_with_history.html"
    object_history_template = "admin/form_with_history.html"
    changed = ""
    """The event kind recorded when Django's own form is saved."""

    def has_add_permission(self, request, obj=None):
        """Whoever may take the decision that creates an object may add it."""
        if self.creates:
            return self.creates.may(request.user, None)
        return super().has_add_permission(request, obj)

    def events_of(self, thing):
        return events_about(thing)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        thing = self.get_object(request, object_id)
        more = self.more_below(request, thing) if thing else {}
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **more})

    def add_view(self, request, form_url="", extra_context=None):
        return super().add_view(request, form_url, {**(extra_context or {}), "history": None})

    def more_below(self, request, thing):
        """What follows the form: the available decisions, and the history."""
        return {
            "offers": self.offers(request, thing),
            "history": history_of(self.events_of(thing), request.user),
        }

    def history_view(self, request, object_id, extra_context=None):
        """Show the change page, which has the history; the admin's own log is not kept."""
        return self.change_view(request, object_id)

    def log_addition(self, request, obj, message):
        self.record(request, obj, "")

    def log_change(self, request, obj, message):
        self.record(request, obj, _in_words(message))

    def log_deletions(self, request, queryset):
        for obj in queryset:
            self.record(request, obj, "")

    def record(self, request, obj, what):
        """Record a saved form in the history; `what` names what changed. Actions record their
        own.
        """
        if self.changed:
            said = self.said_of_change(obj, what)
            Event.objects.record(
                self.changed, scheme=obj.scheme, about=obj, by=request.user, **said
            )

    def said_of_change(self, obj, what) -> dict:
        """The event's data."""
        return {"what": what or str(obj)}


def _in_words(message):
    """Django's change message (fields and rows changed) as one line."""
    said = []
    for part in message:
        for detail in part.values():
            said += [str(name) for name in detail.get("fields", [])]
            if detail.get("object"):
                said.append(str(detail["object"]))
    return get_text_list(list(dict.fromkeys(said)), "and") if said else ""


def administered(user):
    """The schemes this user administers."""
    if user.is_superuser:
        return Scheme.objects.all()
    return Scheme.objects.filter(officers__user=user, officers__role=Officer.Role.ADMINISTRATOR)
