"""The demonstration's log-ins: officers of three schemes, and people who look after places."""

from allauth.account.models import EmailAddress

from accounts.models import User
from venues.models import Officer, Scheme

PASSWORD = "demonstration"
OFFICERS = [
    ("viewer", "Vera Vale", Officer.Role.VIEWER),
    ("officer", "Omar Oakes", Officer.Role.OFFICER),
    ("trainer", "Tess Thorne", Officer.Role.TRAINER),
    ("chair", "Cho Chambers", Officer.Role.CHAIR),
    ("administrator", "Ada Ashe", Officer.Role.ADMINISTRATOR),
]
MANAGER = "manager"
HEAD_OFFICE, AREA_MANAGER = "head-office", "area-manager"
"""Of the chain: the head office manager and an area manager."""
OTHER_OFFICERS = [
    ("lights", "Lena Lock", "harbour-lights"),
    ("rooms", "Rory Rowe", "warm-rooms"),
]
"""Officers of the other schemes."""


def address(name: str) -> str:
    return f"{name}@demo.example"


def make_user(name: str, full_name: str) -> User:
    """Somebody who can log in at once: the address counts as confirmed."""
    user = User.objects.create_user(address(name), PASSWORD, name=full_name)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def make_officers(scheme: Scheme) -> dict[str, User]:
    """The scheme's officers by their role."""
    users = {}
    for name, full_name, role in OFFICERS:
        users[name] = make_user(name, full_name)
        Officer.objects.create(scheme=scheme, user=users[name], role=role)
    return users


def logins() -> list[tuple[str, str]]:
    """(who, email address) for each log-in, printed when the demonstration starts."""
    officers = [
        (f"officer, {Officer.Role(role).label}", address(name)) for name, _, role in OFFICERS
    ]
    names = dict(Scheme.objects.values_list("slug", "name"))
    others = [
        (f"officer of {names.get(slug, slug)}, {Officer.Role.ADMINISTRATOR.label}", address(name))
        for name, _, slug in OTHER_OFFICERS
    ]
    return [
        *officers,
        *others,
        ("venue manager, one place in three schemes", address(MANAGER)),
        ("head office of a chain, twelve places", address(HEAD_OFFICE)),
        ("area manager of the chain, some of its places", address(AREA_MANAGER)),
    ]
