"""Rate limits: all rates, and how they are counted.

Each of the `times` allowed requests is a cache row that expires by itself; adding a row is atomic
across processes, so two processes never take the same one. Only keyed hashes of addresses are
stored.
"""

import ipaddress
import logging
import math
import time
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from common.durations import HOUR, MINUTE

log = logging.getLogger("safespaces.limits")


@dataclass(frozen=True)
class Rate:
    """At most `times` in any `per` seconds."""

    times: int
    per: int


RATES = {
    # By address, every attempt.
    "join": Rate(20, per=HOUR),  # Requests for a sign-up link; a workshop shares one address.
    "tell_me": Rate(20, per=HOUR),  # Requests to be told of the next round.
    "ring": Rate(5, per=HOUR),  # Requests for a call back.
    "interest": Rate(10, per=HOUR),  # Interest in training, without an account.
    "book": Rate(20, per=HOUR),  # Seats that people book for themselves; a library has one address.
    "tally": Rate(60, per=MINUTE),  # More than a busy night needs, fewer than a stuck key sends.
    # By address and signed link: presses by a person with a phone, not a script.
    "link": Rate(60, per=5 * MINUTE),
    # By address, failures only: more than anybody mistypes, too few to guess a code.
    "sticker_code": Rate(30, per=MINUTE),
    "training_code": Rate(20, per=15 * MINUTE),  # A whole training room shares one address.
    "certificate": Rate(30, per=5 * MINUTE),
    # By account: wrong passwords from unknown devices, and requests for a code by one caller.
    "password": Rate(50, per=HOUR),
    "ask": Rate(3, per=MINUTE),
    # Per mailbox, regardless of who asks and from which address.
    "mail:account": Rate(6, per=HOUR),
    "mail:join": Rate(3, per=HOUR),
    "mail:book": Rate(6, per=HOUR),  # One letter for each session; a season has several.
    "mail:tell_me": Rate(3, per=HOUR),
}
"""All our own rates. Those of allauth's pages are in the settings, ACCOUNT_RATE_LIMITS.

The finder is never limited: a hostel, a school or a phone company has one address for everybody.
"""


def limit(request: HttpRequest, name: str, *, who: str = "", rate: Rate | None = None) -> bool:
    """Whether this caller may do what `name` limits; counts this request.

    Callers are identified by address, or by `who`, for example an account. `name` is a row of
    `RATES` (KeyError) unless a `rate` is given. If refused, `request.retry_after` holds the seconds
    to wait, which the 429 page shows. Allows everything while the database is unavailable: help
    must not depend on our counting.
    """
    return _ask(request, name, rate or RATES[name], who, counts=True)


def may_try(request: HttpRequest, name: str, *, who: str = "") -> bool:
    """Like `limit`, but counts nothing: for attempts that only count if they fail
    (`count_failure`).

    A whole training room shares one address, so a correct code must not use up others' tries.
    """
    return _ask(request, name, RATES[name], who, counts=False)


def count_failure(request: HttpRequest, name: str, *, who: str = "") -> None:
    """Use up one of the attempts that `may_try` checks."""
    _ask(request, name, RATES[name], who, counts=True)


def may_mail(request: HttpRequest, email: str, name: str, *, own: str = "") -> bool:
    """Whether one more letter may go to this mailbox, whoever requests it: rate `mail:NAME`.

    `own` counts the owner's requests apart, for example by a device they signed in on before, so
    that strangers cannot use them up. An address with a +suffix counts as the same mailbox.
    """
    local, __, domain = email.strip().lower().rpartition("@")
    mailbox = f"{local.partition('+')[0]}@{domain}"
    return limit(request, f"mail:{name}", who=f"{mailbox} {own}".strip())


def limits_itself(view):
    """Decorator: marks a view behind a signed link that applies its own rate."""
    view.limits_itself = True
    return view


def limit_link(request: HttpRequest, link: str) -> bool:
    """Whether this address may submit once more behind a signed link; `link` tells links apart."""
    return limit(request, f"link:{link}", rate=RATES["link"])


def _ask(request, name, rate, who, *, counts):
    caller = _hashed(who) if who else hashed_address(request)
    slots = [f"limit:{name}:{caller}:{number}" for number in range(rate.times)]
    now = time.time()
    try:
        taken = cache.get_many(slots)
        free = [slot for slot in slots if slot not in taken]
        if free and not counts:
            return True
        if any(cache.add(slot, now + rate.per, timeout=rate.per) for slot in free):
            return True
    except (DatabaseError, InterfaceError):
        log.warning("The limit on %s was not counted: the database did not answer.", name)
        return True
    ends = min(taken.values(), default=now + rate.per)
    request.retry_after = max(1, math.ceil(ends - now))
    return False


def hashed_address(request: HttpRequest) -> str:
    """The caller's address as a keyed hash: it tells callers apart and names nobody."""
    return _hashed(address(request))


def _hashed(who: str) -> str:
    return salted_hmac("common.limits", who).hexdigest()[:32]


def address(request: HttpRequest) -> str:
    """The caller's address; for IPv6 the /64 network, which is what one household has.

    TRUSTED_PROXY_COUNT says how many of our own proxies each add to X-Forwarded-For.
    """
    found = request.META.get("REMOTE_ADDR", "")
    if proxies := getattr(settings, "TRUSTED_PROXY_COUNT", 0):
        forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        found = forwarded[-min(proxies, len(forwarded))].strip() or found
    try:
        ip = ipaddress.ip_address(found)
    except ValueError:
        return found
    if ip.version == 6:
        return str(ipaddress.ip_network((ip, 64), strict=False))
    return str(ip)
