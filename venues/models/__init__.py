"""Schemes, venues, sign-ups and decisions. One module per noun; import from here."""

from venues.hours.model import Closure, OpeningHours
from venues.hours.terms import SchoolHoliday, SchoolYear

from .clearances import Clearance
from .grace import Lapse
from .hand_overs import HandOver
from .history import Event
from .imports import Import
from .kept import KeptDay, KeptListing, KeptMark, KeptProof, KeptRepair, KeptVenue
from .letters import Letter
from .materials import Material
from .merges import Merge, NotTheSameVenue
from .numbers import ContactKind, SchemeContact
from .opening import NumberTried, TextsSignOff
from .organisation_sign_ups import OrganisationAgreement, OrganisationSignUp
from .organisations import (
    FormerName,
    Invitation,
    Membership,
    Organisation,
    Post,
    StaffMember,
)
from .parts import Cadence
from .print_runs import PrintPart, PrintRun
from .questions import Answer, Criterion, Theme
from .requirements import EvidenceRecord, Requirement
from .rounds import AskedInRound, Round, RoundNotice, Waiting
from .safety import DutyLink, SafetySuspension
from .schemes import Agrees, Officer, Principle, Scheme, SchemeCheck
from .sign_ups import Agreement, ChangeRequest, Check, Enquiry, SignUp
from .starts import Start
from .stickers import Sticker
from .venue_edits import VenueEdit
from .venues import Venue, VenueVersion

__all__ = [
    "Agreement",
    "Agrees",
    "Answer",
    "AskedInRound",
    "Cadence",
    "ChangeRequest",
    "Check",
    "Clearance",
    "Closure",
    "ContactKind",
    "Criterion",
    "DutyLink",
    "Enquiry",
    "Event",
    "EvidenceRecord",
    "FormerName",
    "HandOver",
    "Import",
    "Invitation",
    "KeptDay",
    "KeptListing",
    "KeptMark",
    "KeptProof",
    "KeptRepair",
    "KeptVenue",
    "Lapse",
    "Letter",
    "Material",
    "Membership",
    "Merge",
    "NotTheSameVenue",
    "NumberTried",
    "Officer",
    "OpeningHours",
    "Organisation",
    "OrganisationAgreement",
    "OrganisationSignUp",
    "Post",
    "Principle",
    "PrintPart",
    "PrintRun",
    "Requirement",
    "Round",
    "RoundNotice",
    "SafetySuspension",
    "Scheme",
    "SchemeCheck",
    "SchemeContact",
    "SchoolHoliday",
    "SchoolYear",
    "SignUp",
    "StaffMember",
    "Start",
    "Sticker",
    "TextsSignOff",
    "Theme",
    "Venue",
    "VenueEdit",
    "VenueVersion",
    "Waiting",
]
