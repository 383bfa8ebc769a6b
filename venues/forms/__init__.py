"""Portal forms. One module per noun; import from here."""

from venues.hours.form import AwayForm, ClosureForm, HoursForm

from .answers import CriteriaForm, InsuranceForm, PrinciplesForm
from .joining import JoinForm, OrganisationJoinForm, PlacePostcodeForm, RingForm
from .look import LookForm
from .organisation_sign_ups import ShownOrganisationForm
from .organisations import AddBranchForm, BranchFilterForm
from .people import ChangeMemberForm, InviteForm, LeaverForm, PostKindField, StaffMemberForm
from .venues import (
    AddressForm,
    ContactForm,
    FacilitiesForm,
    ListingForm,
    OffersForm,
    OrganisationForm,
    PhotoForm,
    PointForm,
    WithdrawForm,
)

__all__ = [
    "AddBranchForm",
    "AddressForm",
    "AwayForm",
    "BranchFilterForm",
    "ChangeMemberForm",
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
    "OffersForm",
    "OrganisationForm",
    "OrganisationJoinForm",
    "PhotoForm",
    "PlacePostcodeForm",
    "PointForm",
    "PostKindField",
    "PrinciplesForm",
    "RingForm",
    "ShownOrganisationForm",
    "StaffMemberForm",
    "WithdrawForm",
]
