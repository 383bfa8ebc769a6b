"""Officers' forms about coverage. Each form belongs to one action."""

from .areas import AreaForm
from .gaps import AnswerForm, ApproachForm, CloseGapForm, GapForm, NewGapForm
from .other_places import ImportOtherPlacesForm, InviteOtherPlaceForm, SourceForm
from .unsafe import FeltUnsafeForm, PriorityGroupsForm

__all__ = [
    "AnswerForm",
    "ApproachForm",
    "AreaForm",
    "CloseGapForm",
    "FeltUnsafeForm",
    "GapForm",
    "ImportOtherPlacesForm",
    "InviteOtherPlaceForm",
    "NewGapForm",
    "PriorityGroupsForm",
    "SourceForm",
]
