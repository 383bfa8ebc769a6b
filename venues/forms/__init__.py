"""Portal forms. One module per noun; import from here."""

from venues.hours.form import AwayForm, ClosureForm, HoursForm

from .answers import CriteriaForm, InsuranceForm, PrincipleForm, PrinciplesForm
from .joining import (
    JoinForm,
    OrganisationJoinForm,
    PlacePostcodeForm,
    RingForm,
    TellMeForm,
)
from .look import LookForm
from .organisation_sign_ups import ShownOrganisationForm
from .organisations import AddBranchForm, BranchFilterForm
from .people import (
    ChangeMemberForm,
    CorrectPersonForm,
    InviteForm,
    LeaverForm,
    PeopleListForm,
    PostKindField,
    StaffMemberForm,
    WorkHereForm,
)
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
    "CorrectPersonForm",
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
    "PeopleListForm",
    "PhotoForm",
    "PlacePostcodeForm",
    "PointForm",
    "PostKindField",
    "PrincipleForm",
    "PrinciplesForm",
    "RingForm",
    "ShownOrganisationForm",
    "StaffMemberForm",
    "TellMeForm",
    "WithdrawForm",
    "WorkHereForm",
]
