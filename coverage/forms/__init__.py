"""What officers fill in about coverage. Each form belongs to one action."""

from .areas import AreaForm
from .gaps import AnswerForm, ApproachForm, CloseGapForm, GapForm, NewGapForm
from .places import ImportPlacesForm, InvitePlaceForm, SourceForm

__all__ = [
    "AnswerForm",
    "ApproachForm",
    "AreaForm",
    "CloseGapForm",
    "GapForm",
    "ImportPlacesForm",
    "InvitePlaceForm",
    "NewGapForm",
    "SourceForm",
]
