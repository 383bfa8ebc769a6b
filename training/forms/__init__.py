"""Forms about training. Import from here."""

from .cover import KeptByForm
from .learning import CheckForm, CodeForm, PersonForm, ReviewForm, WithdrawForm

__all__ = [
    "CheckForm",
    "CodeForm",
    "KeptByForm",
    "PersonForm",
    "ReviewForm",
    "WithdrawForm",
]
