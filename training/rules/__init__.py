"""Questions about training, answered without writing. Import from here."""

from .cover import EVIDENCE, Cover, cover, what_withdrawal_changes
from .enrolments import (
    Learner,
    is_right,
    learners,
    modules_for,
    months_after,
    score_of,
    sections_left,
    valid_until,
    why_no_check,
    why_not_enrol,
    why_not_finish_section,
    why_not_learn,
    works_for_us,
)
from .expiry import REMINDED_BEFORE, reminder_due, sign_ups_of, to_remind
from .lapsing import HORIZONS, INVITED, Shortage, shortages, why_not_invite
from .modules import may, why_not_review
from .wards import Ward, specialist_modules, wards

__all__ = [
    "EVIDENCE",
    "HORIZONS",
    "INVITED",
    "REMINDED_BEFORE",
    "Cover",
    "Learner",
    "Shortage",
    "Ward",
    "cover",
    "is_right",
    "learners",
    "may",
    "modules_for",
    "months_after",
    "reminder_due",
    "score_of",
    "sections_left",
    "shortages",
    "sign_ups_of",
    "specialist_modules",
    "to_remind",
    "valid_until",
    "wards",
    "what_withdrawal_changes",
    "why_no_check",
    "why_not_enrol",
    "why_not_finish_section",
    "why_not_invite",
    "why_not_learn",
    "why_not_review",
    "works_for_us",
]
