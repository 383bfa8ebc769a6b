"""How similar the names of two places are."""

from difflib import SequenceMatcher

from geography.rules import search_name

NOISE = frozenset(("the", "and", "of", "at", "in", "on", "a", "ltd", "limited", "plc", "formerly"))
KINDS = {
    "library": "library libraries",
    "pharmacy": "pharmacy pharmacies chemist chemists",
    "cafe": "cafe coffee tea restaurant kitchen",
    "faith": "church chapel mosque temple synagogue cathedral",
    "community": "community hall hub village youth",
    "pub": "pub bar inn arms tavern",
    "education": "school college university academy",
    "health": "surgery clinic hospital medical health",
    "sport": "leisure sports gym pool",
}
VAGUE = {"", "other", "community"}
"""Types that a list gives to anything it holds."""
KIND_OF_WORD = {word: kind for kind, words in KINDS.items() for word in words.split()}


def likeness(one: str, other: str, *, kinds: tuple[str, str] = ("", "")) -> float:
    """The similarity of two names, from 0 to 1: "Weston" is a short form of "YMCA Weston Library".

    A shared street name does not make a library and a pharmacy similar. `kinds` are the types of
    both, if known.
    """
    words, others = _words(one), _words(other)
    said, said_of_other = (
        {KIND_OF_WORD[word] for word in each if word in KIND_OF_WORD} | ({kind} - VAGUE)
        for each, kind in zip((words, others), kinds, strict=True)
    )
    own, own_of_other = (
        [word for word in each if word not in KIND_OF_WORD] for each in (words, others)
    )
    if not own or not own_of_other:  # "The Library" has nothing else in its name
        own, own_of_other = words, others
    if not own or not own_of_other:
        return 0
    small, large = sorted((set(own), set(own_of_other)), key=len)
    if small <= large:
        like = 0.8 + 0.2 * len(small) / len(large)
    else:
        like = SequenceMatcher(None, " ".join(sorted(own)), " ".join(sorted(own_of_other))).ratio()
    differ = said and said_of_other and not said & said_of_other
    return like * (0.5 if differ else 1)


def _words(name: str) -> list[str]:
    return [word for word in search_name(name).split() if word not in NOISE]
