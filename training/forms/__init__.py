"""Forms about training. Import from here."""

from .learning import CheckForm, CodeForm, PersonForm, ReviewForm, WithdrawForm

__all__ = [
    "CheckForm",
    "CodeForm",
    "PersonForm",
    "ReviewForm",
    "WithdrawForm",
]
