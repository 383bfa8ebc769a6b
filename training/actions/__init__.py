"""The only code that changes training data, one module per noun. Import from here."""

from .bookings import (
    accept_offer,
    book,
    cancel_booking,
    decline_offer,
    free_seats_of_leavers,
    lapse_offers,
    name_person,
    remind,
)
from .content import add_module, copy_module, load_module, review_module, start_new_version
from .cover import invite_to_training, remind_of_expiry
from .enrolments import (
    enrol,
    enrol_new_person,
    finish_section,
    keep_answers,
    record_earlier_training,
    reissue_certificate,
    renew_link,
    send_link,
    take_check,
    withdraw_completion,
)
from .feedback import give_feedback_on_module, give_feedback_on_session
from .guests import ask_for_seat, confirm_seat, forget_guest
from .in_room import record_training_in_room
from .interests import register_interest, withdraw_interest
from .registers import (
    add_walk_in,
    add_walk_ins,
    close_register,
    correct_register,
    let_in,
    name_at_door,
    take_register,
)
from .sessions import cancel_session, change_session, plan_session, tell_interested

__all__ = [
    "accept_offer",
    "add_module",
    "add_walk_in",
    "add_walk_ins",
    "ask_for_seat",
    "book",
    "cancel_booking",
    "cancel_session",
    "change_session",
    "close_register",
    "confirm_seat",
    "copy_module",
    "correct_register",
    "decline_offer",
    "enrol",
    "enrol_new_person",
    "finish_section",
    "forget_guest",
    "free_seats_of_leavers",
    "give_feedback_on_module",
    "give_feedback_on_session",
    "invite_to_training",
    "keep_answers",
    "lapse_offers",
    "let_in",
    "load_module",
    "name_at_door",
    "name_person",
    "plan_session",
    "record_earlier_training",
    "record_training_in_room",
    "register_interest",
    "reissue_certificate",
    "remind",
    "remind_of_expiry",
    "renew_link",
    "review_module",
    "send_link",
    "start_new_version",
    "take_check",
    "take_register",
    "tell_interested",
    "withdraw_completion",
    "withdraw_interest",
]
