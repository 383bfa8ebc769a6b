"""Typed text that is not a place: a cry for help, a link, a telephone number."""

import re

from django.utils.translation import gettext_lazy as _

from geography.coordinates import has_link
from geography.spelling import FILLERS, place_key

CRIES = re.compile(
    r"\b(?:suicid\w*|overdos\w*|kill(?:ing)? (?:me|him|her|them|my|us)\w*|self ?harm\w*"
    r"|(?:cut|hurt|harm)\w* (?:me|my ?self|us)|want(?:s|ed)? (?:to|2) die|wanna die"
    r"|end (?:it all|it|my life)|(?:do not|dont|don t) (?:want to|wanna) (?:be here|be alive|live)"
    r"|no reason to live|can ?t (?:cope|go on|take it)|cannot (?:cope|go on)|hopeless|panic\w*"
    r"|(?:hit|beat|attack|chas|touch|follow|stalk|threaten|grop|harass|bully|bulli)\w*"
    r" (?:me|us|my|by)"
    r"|(?:being|been|was|am|im|got) (?:followed|stalked|attacked|assaulted|hit|beaten|robbed|mugged"
    r"|chased|threatened|harassed|bullied|drugged|spiked|groomed|trafficked)"
    r"|attacked|assault\w*|stalker|rape[ds]?|raping|abus\w*|spiked|trafficked|domestic violence"
    r"|scared|afraid|frighten\w*|terrified|unsafe|not safe|danger|bleeding|homeless"
    r"|(?:nowhere|no ?where|no place) to (?:go|stay|sleep|live)|run(?:ning)? away|ran away"
    r"|ambulance|999|112|111|101|sos|emergency|crying|desperate|depress\w*|anxi\w*"
    r"|lonely|alone|save me|rescue me)\b"
)
"""Words that nobody types who is only looking for a place; matched in lower case, without
apostrophes.
"""
_HELP_ELSEWHERE = (
    "pomocy pomoc ajutor ayuda socorro ajuda aide aidez secours hilfe aiuto yardım yardim imdat"
    " помощь помогите спасите допоможіть допомога рятуйте ndihmë caawi gargaar cymorth helpwch"
    " مساعدة النجدة ساعدوني ساعدني مدد کمک مرسته 帮助 救命 幫助 助けて मदद सहायता ਮਦਦ সাহায্য உதவி"
    " segítség pomagaj βοήθεια עזרה"
)
HELP_IN_OTHER_LANGUAGES = frozenset(_HELP_ELSEWHERE.split())
HELP = frozenset({"assist", "assistance", "help", "helped", "helping", "sos"})
_NOTHING = "a and bad badly can could do i it my now someone u you"
MEANS_NOTHING = FILLERS | frozenset(_NOTHING.split())

WHAT3WORDS = re.compile(
    r"(?:(?<![:/])/{2,3}|\b(?:w3w\.co|what3words\.com)/)\s*\w+\.\w+\.\w+", re.IGNORECASE
)
THREE_WORDS = re.compile(r"(?:^|\s)[^\W\d_]{3,}\.[^\W\d_]{3,}\.[^\W\d_]{3,}(?=$|\s)")
TELEPHONE = re.compile(r"(?:tel:?|phone:?|ring|call)?\s*\+?[\d\s().-]{9,22}", re.IGNORECASE)
_DEVICE = "location here position gps whereabouts nearest closest nearby"
DEVICE = frozenset(_DEVICE.split())
NEAR_ME = re.compile(r"\b(?:near|around|by|next to|close to|where) (?:me|i|us|we)\b")

NO_LINK = _(
    "We cannot tell where that link leads, and we do not open links, so that nobody learns of your"
    " search. Type a town or postcode, or the coordinates that your maps app shows."
)
NO_WORDS = _(
    "We cannot read what3words: only its own app can turn the three words into a place. 999 can"
    " too. Here, type a town or postcode, or the coordinates that the app shows."
)
NO_NUMBER = _(
    "That looks like a telephone number. Type where you are: a town or postcode, such as the one on"
    " a street sign."
)
NO_DEVICE = _(
    "Words do not tell us where you are. Press “Use my location” if your page shows it, or type a"
    " town or postcode, such as the one on a street sign or a shop near you."
)


def is_cry_for_help(text: str) -> bool:
    """Whether a text that names no place asks for help rather than for a place."""
    words = re.findall(r"\w+", text.lower())
    if HELP_IN_OTHER_LANGUAGES & set(words):
        return True
    plain = re.sub(r"[^a-z0-9]+", " ", text.lower().replace("’", "").replace("'", "")).strip()
    if CRIES.search(plain):
        return True
    said = set(plain.split())
    return bool(said & HELP) and said <= HELP | MEANS_NOTHING


def is_no_place(text: str) -> bool:
    """Whether guessing a place name would be wrong for this text."""
    return is_cry_for_help(text) or bool(advice_for(text))


def advice_for(text: str) -> str:
    """What to say and suggest for a text that cannot be a place; empty for any other."""
    if WHAT3WORDS.search(text):
        return NO_WORDS
    if has_link(text):
        return NO_LINK
    if THREE_WORDS.search(text):
        return NO_WORDS
    if TELEPHONE.fullmatch(text.strip()) and sum(map(str.isdigit, text)) >= 9:
        return NO_NUMBER
    words = set(place_key(text).split())
    if NEAR_ME.search(text.lower()) or (words & DEVICE and words <= DEVICE | FILLERS | {"i"}):
        return NO_DEVICE
    return ""
