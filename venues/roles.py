"""Roles, permissions and object ownership: the registry behind `has_perm` for officers.

Each app's `permissions.py` says which roles may take its actions and how to find the scheme of its
objects. The only row stored is a role in a scheme.
"""

from collections.abc import Callable, Iterable

from django.db.models import Exists, Model, OuterRef

from accounts.models import User
from venues.evidence_kinds import Part
from venues.models import Agrees, Officer, Scheme

Role = Officer.Role
EVERYONE = frozenset(Role)
DECIDERS = frozenset({Role.OFFICER, Role.ADMINISTRATOR})
TRAINERS = frozenset({Role.TRAINER, Role.ADMINISTRATOR})
CHAIRS = frozenset({Role.CHAIR, Role.ADMINISTRATOR})
PARTNERS = CHAIRS | DECIDERS
ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})

_roles: dict[str, frozenset[str]] = {}
_schemes: dict[type[Model], Callable[[Model], set[int]]] = {}


def parts_of(user: User) -> set[Part]:
    """The parts of an officer's schemes: pages hide whatever none of them has."""
    if user.is_superuser:
        return Scheme.objects.parts()
    return {part for __, __, __, parts in roles_of(user) for part in parts}


def agrees_where(user: User, permission: str) -> set[str]:
    """Who agrees to the schemes in which the user has a permission: places, organisations or
    both (`Agrees`).
    """
    if user.is_superuser:
        return set(Agrees)
    allowed = roles_with(permission)
    return {agrees for __, role, agrees, __ in roles_of(user) if role in allowed}


def roles_of(user: User) -> list[tuple[int, str, str, set[Part]]]:
    """(scheme id, role, who agrees to the scheme, its parts), cached on the user, so once per
    request.
    """
    if not hasattr(user, "_officer_roles"):
        having = [
            Exists(Scheme.objects.having(part).filter(pk=OuterRef("scheme_id"))) for part in Part
        ]
        rows = user.officer_roles.values_list("scheme_id", "role", "scheme__agrees", *having)
        user._officer_roles = [
            (scheme, role, agrees, {part for part, has in zip(Part, has_parts, strict=True) if has})
            for scheme, role, agrees, *has_parts in rows
        ]
    return user._officer_roles


def allow(app: str, roles: Iterable[str], *actions: str) -> None:
    """Allow these roles to take these actions of an app, in their own scheme.

    A permission is named after its action: `allow("venues", DECIDERS, "issue_sticker")` answers
    `has_perm("venues.issue_sticker", sticker)`. Raises ValueError if registered already.
    """
    for action in actions:
        permission = f"{app}.{action}"
        if permission in _roles:
            raise ValueError(f"{permission} is given to roles twice.")
        _roles[permission] = frozenset(roles)


def permissions() -> dict[str, frozenset[str]]:
    """Every registered permission and the roles that have it."""
    return dict(_roles)


def roles_with(permission: str) -> frozenset[str]:
    """The roles with a permission; empty if nobody registered it."""
    return _roles.get(permission, frozenset())


def belongs_to(model: type[Model], *fields: str) -> None:
    """Objects of this model belong to their scheme, or to that of their parent object.

    `fields` are foreign keys; the first that is set decides. `belongs_to(Sticker, "sign_up")` gives
    a sticker the scheme of its sign-up. Raises FieldDoesNotExist for a wrong name.
    """
    keys = [model._meta.get_field(name) for name in fields]

    def find(thing):
        for key in keys:
            if getattr(thing, key.attname) is None:
                continue
            if key.related_model is Scheme:  # avoids loading the scheme
                return {getattr(thing, key.attname)}
            return scheme_ids_of(getattr(thing, key.name))
        return set()

    schemes_found_by(model, find)


def schemes_found_by(model: type[Model], find: Callable[[Model], set[int]]) -> None:
    """Like `belongs_to`, for objects of several schemes: `find(thing)` returns their primary
    keys.
    """
    if model in _schemes:
        raise ValueError(f"{model._meta.label} says twice whose it is.")
    _schemes[model] = find


def says_whose_it_is(model: type[Model]) -> bool:
    return model in _schemes


def scheme_ids_of(thing: Model) -> set[int]:
    """The schemes whose officers may act on `thing`.

    Empty if unregistered, so a new model is closed until its app says whose it is.
    """
    find = _schemes.get(type(thing))
    return find(thing) if find else set()
