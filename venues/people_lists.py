"""A pasted list of people, parsed line by line into names and email addresses. No writes."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from hashlib import blake2s

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from venues.models import Post, StaffMember, Venue

MOST_PEOPLE = 200
"""The most people in one list: far beyond any café, and few enough to keep the page fast."""
NAME_LENGTH = StaffMember._meta.get_field("first_name").max_length or 60

_NUMBERING = re.compile(r"^\s*(?:\(?\d{1,3}(?:[.):]\s*|\s+)|[-–—*•·‣▪◦]\s*)")
_ADDRESS = re.compile(r"[^\s<>,;|\"'()\[\]]*@[^\s<>,;|\"'()\[\]]*")
_ALMOST_ADDRESS = re.compile(r"\b[^\s,;]+\.[a-z]{2,}$")
_QUOTED = re.compile(r"^[\"“](?P<last>[^,\"”]+),\s*(?P<first>[^,\"”]+)[\"”]")
_AROUND = " \t,;:|<>()[]\"'“”-–—"
_BETWEEN = re.compile(r"[\s,;|]+")
_UNSEEN = re.compile(r"[\u200b-\u200d\u2060\ufeff\u00ad]")
_HEADINGS = {
    *("name", "names", "first name", "firstname", "surname", "last name", "full name", "person"),
    *("email", "e-mail", "mail", "address", "email address", "e-mail address", "emailaddress"),
    *("no", "no.", "nr", "number", "#", "staff", "people"),
}


@dataclass(frozen=True)
class ListedPerson:
    """One person of a pasted list.

    `problem` says why the row cannot be read; `doubt` why they may be somebody already known, so
    that they are added only if the manager says so. `known` is a person of another place of the
    organisation with this address: adding the row gives them a second place.
    """

    line: int
    name: str
    email: str = ""
    problem: str = ""
    doubt: str = ""
    known: StaffMember | None = None
    elsewhere: str = ""

    @property
    def key(self) -> str:
        """The row and what was found about it: a tick is valid only for what the page showed."""
        known = self.known.pk if self.known else ""
        read = "\n".join([self.name, self.email, self.doubt, str(known)])
        return f"{self.line}-{blake2s(read.encode(), digest_size=6).hexdigest()}"


def read_people(text: str) -> list[ListedPerson]:
    """The people of a pasted list, in its order, each with its line number (from 1).

    Understood: “Name <address>”, name and address separated by a comma, semicolon, tab or space, in
    either order, names alone, numbered and bulleted lines, several “Name <address>” or “Name,
    address;” on one line. Blank lines and a line of headings are skipped.
    """
    people: list[ListedPerson] = []
    for number, line in enumerate(text.splitlines(), start=1):
        line = _NUMBERING.sub("", _UNSEEN.sub("", line).replace("\u00a0", " "), count=1)
        if line.strip(_AROUND) and not _is_heading(line):
            people += [_read_one(number, part) for part in _parts(line)]
    return people


def _is_heading(line: str) -> bool:
    words = [word.strip(_AROUND).lower() for word in re.split(r"[,;\t|]", line)]
    return all(word in _HEADINGS for word in words if word)


def _parts(line: str) -> list[str]:
    """The people on one line: usually one."""
    addresses = len(_ADDRESS.findall(line))
    if "<" in line and addresses > 1:
        parts = re.split(r"(?<=>)\s*[,;]?\s*", line)
    elif addresses == 0 or (addresses > 1 and line.count(";") >= addresses - 1):
        parts = line.split(";")
        if addresses and any(len(_ADDRESS.findall(each)) != 1 for each in parts if each.strip()):
            parts = [line]
    else:
        parts = [line]
    return [part for part in parts if part.strip(_AROUND)]


def _read_one(line: int, text: str) -> ListedPerson:
    text = text.replace("mailto:", "")
    addresses = _ADDRESS.findall(text)
    if len(addresses) > 1:
        words = _("There is more than one address here. Write each person on a line of their own.")
        return ListedPerson(line, text.strip(), problem=words)
    email = addresses[0].strip(".:") if addresses else ""
    name = _name(text.replace(addresses[0], " ") if addresses else text, bool(addresses))
    return ListedPerson(line, name, email, problem=_problem(name, email))


def _name(text: str, has_address: bool) -> str:
    """The name in the rest of a line; a comma stays if it may separate two people."""
    if quoted := _QUOTED.match(text.strip()):
        return f"{quoted['first'].strip()} {quoted['last'].strip()}"
    text = text.strip(_AROUND)
    return _BETWEEN.sub(" ", text) if has_address else re.sub(r"[\t ]+", " ", text)


def _problem(name: str, email: str) -> str:
    if email:
        try:
            validate_email(email)
        except ValidationError:
            return _("“%(email)s” is not a whole e-mail address.") % {"email": email}
    if not name:
        return _("Write a name beside “%(email)s”.") % {"email": email}
    if almost := not email and _ALMOST_ADDRESS.search(name):
        return _("“%(email)s” is not a whole e-mail address.") % {"email": almost[0]}
    if re.search(r"\d", name):
        return _(
            "There is a number in “%(name)s”. We ask for a name and an e-mail address only."
        ) % {"name": name}
    if "," in name:
        return _(
            "Is “%(name)s” one person or several? Write each person on a line of their own, "
            "without a comma."
        ) % {"name": name}
    if len(name) > NAME_LENGTH:
        return _("“%(name)s” is too long for a name: at most %(most)s letters.") % {
            "name": name[:NAME_LENGTH] + "…",
            "most": NAME_LENGTH,
        }
    return ""


def compared(
    people: Iterable[ListedPerson], venue: Venue, places: Iterable[Venue]
) -> list[ListedPerson]:
    """The list with its duplicates: within itself, at the venue, and at the organisation's other
    places.

    `places` are those whose people this manager may see.
    """
    here = _working(Post.objects.filter(venue=venue))
    others = Post.objects.filter(venue__in=places, venue__organisation=venue.organisation_id)
    elsewhere = _working(others.exclude(venue=venue))
    seen: list[ListedPerson] = []
    found = []
    for person in people:
        if not person.problem:
            person = _with_doubles(person, seen, here, elsewhere)
            seen.append(person)
        found.append(person)
    return found


def _working(posts) -> list[Post]:
    open_now = Q(until__isnull=True) | Q(until__gte=timezone.localdate())
    return list(posts.filter(open_now).select_related("staff_member", "venue").order_by("pk"))


def _with_doubles(person, seen, here, elsewhere) -> ListedPerson:
    for earlier in seen:
        if _same(person, earlier.name, earlier.email):
            words = _("Perhaps twice in this list: see line %(line)s.") % {"line": earlier.line}
            return replace(person, doubt=words)
    for post in here:
        if _same(person, post.staff_member.first_name, post.staff_member.email):
            words = _("Perhaps here already, as “%(name)s”.") % {
                "name": post.staff_member.first_name
            }
            return replace(person, doubt=words)
    for post in elsewhere:
        member = post.staff_member
        if person.email and person.email.lower() == member.email.lower():
            return replace(person, known=member, elsewhere=str(post.venue))
    return person


def _same(person: ListedPerson, name: str, email: str) -> bool:
    """Whether they have the same address; or the same name, unless both have an address."""
    if person.email and email:
        return person.email.lower() == email.lower()
    return person.name.casefold() == name.casefold()
