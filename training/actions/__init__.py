"""The only code that changes training. One module a noun; import from here."""

from .content import load_module, review_module, start_new_version
from .cover import invite_to_training, remind_of_expiry
from .enrolments import (
    enrol,
    enrol_new_person,
    finish_section,
    record_earlier_training,
    renew_link,
    send_link,
    take_check,
    withdraw_completion,
)

__all__ = [
    "enrol",
    "enrol_new_person",
    "finish_section",
    "invite_to_training",
    "load_module",
    "record_earlier_training",
    "remind_of_expiry",
    "renew_link",
    "review_module",
    "send_link",
    "start_new_version",
    "take_check",
    "withdraw_completion",
]
