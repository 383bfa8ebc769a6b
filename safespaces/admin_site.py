"""The officers' admin site, with the work queue as its first page."""

from functools import wraps

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _

from accounts.views import log_in_to_admin
from coverage.priorities import priority_areas_of
from coverage.sums import WITHIN
from venues.letter_messages import letters_as_messages
from venues.roles import agrees_where, parts_of
from venues.work_queue import work_queue

NOT_FOR_A_BROWSER = {"auth", "post_office", "mfa", "django_tasks_database"}
"""Apps whose own admin pages would show codes and secrets, or rows that nobody reads."""


class SafeSpacesAdminSite(admin.AdminSite):
    site_header = settings.INSTALLATION_NAME
    site_title = settings.INSTALLATION_NAME
    index_title = _("What needs a decision")
    index_template = "admin/work_queue.html"
    site_url = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.disable_action("delete_selected")

    def register(self, model_or_iterable, admin_class=None, **options):
        models = (
            model_or_iterable
            if isinstance(model_or_iterable, list | tuple)
            else [model_or_iterable]
        )
        shown = [model for model in models if model._meta.app_label not in NOT_FOR_A_BROWSER]
        super().register(shown, admin_class, **options)

    def has_permission(self, request):
        """Whether the user has a role in a scheme or runs the installation."""
        user = request.user
        return user.is_active and (user.is_superuser or user.has_perm("venues.officer"))

    def admin_view(self, view, cacheable=False):
        """Wrap a page so that after each decision it lists the letters that were written."""
        inner = super().admin_view(view, cacheable)

        @wraps(inner)
        def announcing(request, *args, **kwargs):
            if request.method != "POST":
                return inner(request, *args, **kwargs)
            with letters_as_messages(request):
                return inner(request, *args, **kwargs)

        return announcing

    def index(self, request, extra_context=None):
        more = {
            "queues": work_queue(request.user),
            "parts": parts_of(request.user),
            "priority_areas": priority_areas_of(request.user),
            "within": WITHIN,
            "may_enter": agrees_where(request.user, "venues.enter_sign_up"),
            "may_import": request.user.has_perm("venues.import_members"),
        }
        return super().index(request, {**more, **(extra_context or {})})

    def password_change(self, request, extra_context=None):
        return redirect("account_change_password")

    @method_decorator(login_not_required)
    def login(self, request, extra_context=None):
        return log_in_to_admin(request, self)
