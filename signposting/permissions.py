"""What each role may do about services, and each object's scheme."""

from signposting.models import Service, StaffedPlace
from venues.roles import DECIDERS, EVERYONE, allow, belongs_to

allow(
    "signposting",
    EVERYONE,
    "view_service",
    "view_staffedplace",
)
allow(
    "signposting",
    DECIDERS,
    "add_service",
    "change_service",
    "delete_service",
    "confirm_service",
    "add_staffedplace",
    "change_staffedplace",
    "delete_staffedplace",
    "confirm_staffed_place",
)

# A national line has no scheme: whoever runs the installation looks after it.
belongs_to(Service, "scheme")
belongs_to(StaffedPlace, "scheme")
