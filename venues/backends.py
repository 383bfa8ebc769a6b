"""Officers' permissions, computed from their roles; no permission rows are stored."""

from django.contrib.auth.backends import ModelBackend

from venues.roles import permissions, roles_of, roles_with, scheme_ids_of


class OfficerBackend(ModelBackend):
    """Answers `has_perm` from the Officer role in the object's scheme; does not authenticate."""

    def authenticate(self, request, **credentials):
        return None

    def get_user(self, user_id):
        return None

    def has_perm(self, user_obj, perm, obj=None):
        """Without an object: whether the user has the permission in any scheme."""
        if not user_obj.is_active or user_obj.is_anonymous:
            return False
        roles = roles_with(perm)
        schemes = None if obj is None else scheme_ids_of(obj)
        return any(
            role in roles and (schemes is None or scheme in schemes)
            for scheme, role, __, __ in roles_of(user_obj)
        )

    def has_module_perms(self, user_obj, app_label):
        return any(
            perm.startswith(f"{app_label}.") and self.has_perm(user_obj, perm)
            for perm in permissions()
        )
