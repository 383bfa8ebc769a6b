"""Forms about training. Import from here."""

from .content import (
    ChoicesFormSet,
    ModuleForm,
    PictureForm,
    PicturesFormSet,
    PlacesFormSet,
    QuestionForm,
    ReviewForm,
)
from .cover import KeptByForm
from .learning import CheckForm, CodeForm, PersonForm, WithdrawForm

__all__ = [
    "CheckForm",
    "ChoicesFormSet",
    "CodeForm",
    "KeptByForm",
    "ModuleForm",
    "PersonForm",
    "PictureForm",
    "PicturesFormSet",
    "PlacesFormSet",
    "QuestionForm",
    "ReviewForm",
    "WithdrawForm",
]
