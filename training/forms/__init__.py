"""Forms about training. Import from here."""

from .content import (
    ChoicesFormSet,
    ModuleForm,
    OrderFormSet,
    PictureForm,
    PicturesFormSet,
    QuestionForm,
    ReviewForm,
)
from .cover import KeptByForm
from .feedback import FeedbackForm
from .learning import CertificateForm, CheckForm, CodeForm, PersonForm, WithdrawForm
from .registers import CorrectionForm, DoorNameForm, InRoomForm, VenueForm, WalkInForm
from .sessions import (
    BookForm,
    CancelSessionForm,
    InterestForm,
    NameForm,
    PublicInterestForm,
    SeatForm,
    SessionForm,
)

__all__ = [
    "BookForm",
    "CancelSessionForm",
    "CertificateForm",
    "CheckForm",
    "ChoicesFormSet",
    "CodeForm",
    "CorrectionForm",
    "DoorNameForm",
    "FeedbackForm",
    "InRoomForm",
    "InterestForm",
    "KeptByForm",
    "ModuleForm",
    "NameForm",
    "OrderFormSet",
    "PersonForm",
    "PictureForm",
    "PicturesFormSet",
    "PublicInterestForm",
    "QuestionForm",
    "ReviewForm",
    "SeatForm",
    "SessionForm",
    "VenueForm",
    "WalkInForm",
    "WithdrawForm",
]
