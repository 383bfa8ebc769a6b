"""Which of the four nations a code, a postcode or a point lies in.

Bank holidays, helplines and the number for a mental-health crisis differ by nation. Official codes
begin with the nation's letter (ONS coding system: E, W, S, N). Postcode areas mostly keep to one
nation; the few that straddle a border are left unanswered rather than guessed.
"""

from typing import NamedTuple

from django.contrib.gis.geos import Point
from django.db import connection, models
from django.utils.translation import gettext_lazy as _

from geography.models import BRITISH_NATIONAL_GRID, Area
from geography.spelling import place_key


class Nation(models.TextChoices):
    ENGLAND = "england", _("England")
    WALES = "wales", _("Wales")
    SCOTLAND = "scotland", _("Scotland")
    NORTHERN_IRELAND = "northern-ireland", _("Northern Ireland")


BY_LETTER = {
    "E": Nation.ENGLAND,
    "W": Nation.WALES,
    "S": Nation.SCOTLAND,
    "N": Nation.NORTHERN_IRELAND,
}
OFFICIAL_KINDS = [Area.Kind.WARD, Area.Kind.PARISH, Area.Kind.DISTRICT, Area.Kind.COUNTY]
"""The smallest first: the boundary of a ward is read in a tenth of the time of a county's."""


def _areas(letters: str) -> frozenset[str]:
    return frozenset(letters.split())


ENGLISH = _areas(
    "AL B BA BB BD BH BL BN BR BS CB CM CO CR CT CV CW DA DE DH DL DN DT DY E EC EN EX FY GU HA HD"
    " HG HP HU HX IG IP KT L LA LE LN LS LU M ME MK N NG NN NR NW OL OX PE PL PO PR RG RH RM S SE"
    " SG SK SL SM SN SO SP SR SS ST SW TA TF TN TQ TR TS TW UB W WA WC WD WF WN WR WS WV YO"
)
WHOLLY_SCOTTISH = _areas("AB DD EH FK G HS IV KA KW KY ML PA PH ZE")
WHOLLY_WELSH = {"CF", "SA"}
# CA and NE reach across the Scottish border; CH, GL, HR, LD, LL, NP, SY and the rest of the Marches
# across the Welsh one; DG and TD come from the Scottish side.
STRADDLING = _areas("CA CH DG GL HR LD LL NE NP SY TD")
NOT_IN_A_NATION = _areas("GY IM JE BF BX GX")
"""Crown dependencies, forces and non-geographic postcodes: British bank holidays do not apply."""


class Outside(NamedTuple):
    """A location that may not have been imported: its nation, and where it is in words."""

    nation: Nation | None
    where: str


ISLANDS = {
    "IM": Outside(None, _("the Isle of Man")),
    "JE": Outside(None, _("Jersey")),
    "GY": Outside(None, _("Guernsey, Alderney or Sark")),
}
"""Postcode areas of the Crown dependencies."""
NAMES = {
    "IM": "Isle of Man, Douglas, Ramsey, Peel, Castletown, Onchan",
    "JE": "Jersey, Channel Islands, St Helier, St Brelade",
    "GY": "Guernsey, Alderney, Sark, Herm, St Peter Port, St Sampson",
    Nation.SCOTLAND: (
        "Scotland, Edinburgh, Glasgow, Aberdeen, Dundee, Inverness, Perth, Stirling, Paisley,"
        " Dunfermline, Kirkcaldy, Falkirk, Livingston, Kilmarnock, Dumfries, Ayr, Fife, Highland,"
        " Orkney, Shetland"
    ),
    Nation.WALES: (
        "Wales, Cymru, Cardiff, Caerdydd, Swansea, Abertawe, Wrexham, Wrecsam, Bangor, Merthyr"
        " Tydfil, Llanelli, Barry, Aberystwyth, Rhyl, Bridgend, Neath, Port Talbot, Anglesey"
    ),
    Nation.NORTHERN_IRELAND: (
        "Northern Ireland, Belfast, Derry, Londonderry, Lisburn, Newry, Armagh, Craigavon,"
        " Ballymena, Coleraine, Omagh, Enniskillen, Newtownabbey"
    ),
    Nation.ENGLAND: (
        "England, London, Birmingham, Manchester, Liverpool, Leeds, Sheffield, Bristol, Newcastle,"
        " Newcastle upon Tyne, Nottingham, Leicester, Coventry, Bradford, Hull, Stoke-on-Trent,"
        " Wolverhampton, Plymouth, Southampton, Portsmouth, Derby, Reading, Brighton, Norwich,"
        " Sunderland, Luton, Oxford, Cambridge, York, Exeter, Winchester"
    ),
}
"""Large places of each nation and of the islands: if typed but not imported, they are outside the
area rather than misspelt.
"""
NAMES_OUTSIDE = {
    place_key(name): ISLANDS.get(where) or Outside(Nation(where), Nation(where).label)
    for where, names in NAMES.items()
    for name in names.split(",")
}
ALL_POSTCODE_AREAS = (
    ENGLISH | WHOLLY_SCOTTISH | WHOLLY_WELSH | STRADDLING | NOT_IN_A_NATION | {"BT"}
)


def nation_of_code(code: str) -> Nation | None:
    """The nation of an official code such as `E07000094`; None for any other code."""
    letter, digits = code[:1].upper(), code[1:3]
    return BY_LETTER.get(letter) if digits.isdigit() else None


def nation_of_postcode(postcode: str) -> Nation | None:
    """The nation of a postcode; None if its postcode area straddles a border or is in no nation."""
    letters = ""
    for character in postcode.strip().upper():
        if not character.isalpha():
            break
        letters += character
    if not 1 <= len(letters) <= 2 or letters in STRADDLING | NOT_IN_A_NATION:
        return None
    if letters == "BT":
        return Nation.NORTHERN_IRELAND
    if letters in WHOLLY_SCOTTISH:
        return Nation.SCOTLAND
    if letters in WHOLLY_WELSH:
        return Nation.WALES
    return Nation.ENGLAND if letters in ENGLISH else None


def nation_at(point: Point | None, postcode: str = "") -> Nation | None:
    """The nation of a point in British National Grid, from the official area that covers it.

    If no imported area covers it, `postcode` decides. One query. None if neither is conclusive.
    """
    if point is not None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT geography_official_code(ST_Point(%s, %s, %s), %s)",
                [point.x, point.y, BRITISH_NATIONAL_GRID, OFFICIAL_KINDS],
            )
            (code,) = cursor.fetchone()
        if nation := nation_of_code(code or ""):
            return nation
    return nation_of_postcode(postcode)
