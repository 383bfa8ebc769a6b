"""Shared parts of the officers' training pages."""

from django.contrib.admin.widgets import AdminTextareaWidget
from django.db.models import TextField

from training.models import Module
from training.rules import may
from venues.evidence_kinds import Part
from venues.roles import parts_of

SHORT_TEXTS = {TextField: {"widget": AdminTextareaWidget(attrs={"rows": 3})}}
"""Text areas for questions and the like: short, so that a page of them stays readable."""


class DraftOnly:
    """Inlines that the scheme's trainers can edit only while the version is a draft."""

    def has_module_permission(self, request):
        return super().has_module_permission(request) and Part.TRAINING in parts_of(request.user)

    def _may(self, action, request, module):
        permission = f"training.{action}_{self.opts.model_name}"
        if module is None:
            return request.user.has_perm(permission)
        return module.needs_review and may(request.user, permission, module)

    def has_add_permission(self, request, obj=None):
        return self._may("add", request, self.module_of(obj))

    def has_change_permission(self, request, obj=None):
        return self._may("change", request, self.module_of(obj))

    def has_delete_permission(self, request, obj=None):
        return self._may("delete", request, self.module_of(obj))

    def module_of(self, obj):
        return obj if obj is None or isinstance(obj, Module) else obj.module
