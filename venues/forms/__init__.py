"""What people fill in. One module a noun; import from here."""

from venues.hours.form import AwayForm, ClosureForm, HoursForm

from .answers import CriteriaForm, InsuranceForm, PrinciplesForm
from .joining import JoinForm, PlacePostcodeForm, RingForm
from .look import LookForm
from .people import InviteForm, LeaverForm, MemberForm, PostKindField, StaffMemberForm
from .places import (
    ContactForm,
    FacilitiesForm,
    ListingForm,
    OffersForm,
    OrganisationForm,
    PhotoForm,
    PlaceForm,
    PointForm,
    WithdrawForm,
)

__all__ = [
    "AwayForm",
    "ClosureForm",
    "ContactForm",
    "CriteriaForm",
    "FacilitiesForm",
    "HoursForm",
    "InsuranceForm",
    "InviteForm",
    "JoinForm",
    "LeaverForm",
    "ListingForm",
    "LookForm",
    "MemberForm",
    "OffersForm",
    "OrganisationForm",
    "PhotoForm",
    "PlaceForm",
    "PlacePostcodeForm",
    "PointForm",
    "PostKindField",
    "PrinciplesForm",
    "RingForm",
    "StaffMemberForm",
    "WithdrawForm",
]
