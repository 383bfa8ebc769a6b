"""Questions about training, answered without writing. Import from here."""

from .cover import EVIDENCE, Cover, cover, what_withdrawal_changes
from .enrolments import (
    Learner,
    is_right,
    learners,
    missing_before,
    modules_for,
    months_after,
    score_of,
    sections_left,
    valid_until,
    why_no_check,
    why_not_enrol,
    why_not_finish_section,
    why_not_learn,
    why_not_train,
    works_for_us,
)
from .expiry import REMINDED_BEFORE, reminder_due, sign_ups_of, to_remind
from .lapsing import HORIZONS, INVITED, Shortage, shortages, why_not_invite
from .modules import may, pictures_in, why_not_before, why_not_review
from .refreshers import (
    Shortened,
    oldest_version_that_counts,
    refresher_due,
    what_refresher_changes,
    why_no_refresher,
)
from .suggestions import Suggestion, suggestions
from .wards import Ward, specialist_modules, wards

__all__ = [
    "EVIDENCE",
    "HORIZONS",
    "INVITED",
    "REMINDED_BEFORE",
    "Cover",
    "Learner",
    "Shortage",
    "Shortened",
    "Suggestion",
    "Ward",
    "cover",
    "is_right",
    "learners",
    "may",
    "missing_before",
    "modules_for",
    "months_after",
    "oldest_version_that_counts",
    "pictures_in",
    "refresher_due",
    "reminder_due",
    "score_of",
    "sections_left",
    "shortages",
    "sign_ups_of",
    "specialist_modules",
    "suggestions",
    "to_remind",
    "valid_until",
    "wards",
    "what_refresher_changes",
    "what_withdrawal_changes",
    "why_no_check",
    "why_no_refresher",
    "why_not_before",
    "why_not_enrol",
    "why_not_finish_section",
    "why_not_invite",
    "why_not_learn",
    "why_not_review",
    "why_not_train",
    "works_for_us",
]
