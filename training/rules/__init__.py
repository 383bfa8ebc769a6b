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
from .modules import may, why_not_review

__all__ = [
    "EVIDENCE",
    "Cover",
    "Learner",
    "cover",
    "is_right",
    "learners",
    "may",
    "modules_for",
    "months_after",
    "score_of",
    "sections_left",
    "valid_until",
    "what_withdrawal_changes",
    "why_no_check",
    "why_not_enrol",
    "why_not_finish_section",
    "why_not_learn",
    "why_not_review",
    "works_for_us",
]
