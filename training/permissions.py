"""What each role may do about training, and which scheme each object belongs to."""

from training.models import Answered, Booking, Enrolment, Feedback, Interest, Session, Ticked
from venues.roles import ADMINISTRATORS, DECIDERS, EVERYONE, TRAINERS, allow, belongs_to

allow(
    "training",
    EVERYONE,
    "view_module",
    "view_section",
    "view_question",
    "view_choice",
    "view_paper",
    "view_outlinestep",
    "view_fact",
    "view_enrolment",
    "view_session",
    "view_interest",
    "view_cover",
)
allow(
    "training",
    TRAINERS,
    "add_module",
    "change_module",
    "delete_module",
    "add_section",
    "change_section",
    "delete_section",
    "add_question",
    "change_question",
    "delete_question",
    "add_choice",
    "change_choice",
    "delete_choice",
    "add_paper",
    "change_paper",
    "delete_paper",
    "add_outlinestep",
    "change_outlinestep",
    "delete_outlinestep",
    "add_fact",
    "change_fact",
    "delete_fact",
    "plan_session",
    "book",
    "change_session",
    "cancel_session",
    "tell_interested",
    "delete_interest",
    "forget_guest",
    "withdraw_completion",
    "take_register",
    "add_walk_in",
    "let_in",
    "name_at_door",
    "close_register",
    "correct_register",
    "record_training_in_room",
)
allow(
    "training",
    ADMINISTRATORS,
    "review_module",
)
allow(
    "training",
    DECIDERS | TRAINERS,
    "invite_to_training",
)

for each in (Session, Enrolment, Feedback, Answered, Ticked):
    belongs_to(each, "scheme")
belongs_to(Booking, "sign_up")
belongs_to(Interest, "scheme", "sign_up")
# A module may be shared by all schemes: `training.rules.modules.may` decides about those.
