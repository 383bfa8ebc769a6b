"""How often one address may ask for the same thing, counted over all processes.

Each of the `times` asks permitted is a row of the cache that runs out by itself; adding a row is
atomic, so two processes never hand out the same one. Addresses are stored as keyed hashes only.
"""

import ipaddress
import logging
import math
import time

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, InterfaceError
from django.utils.crypto import salted_hmac

log = logging.getLogger("safespaces.limits")


def limit(request, name: str, *, per: int, times: int, who: str = "") -> bool:
    """Whether this caller may do `name` now: at most `times` in any `per` seconds; counts this one.

    Callers are told apart by address, or by `who`, for example the mailbox a letter would go to.
    When the answer is no, `request.retry_after` says in how many seconds it will be yes; the 429
    page says the same. Says yes when the database is away: help must not depend on our counting.
    """
    return _ask(request, name, per, times, who, counts=True)


def may_try(request, name: str, *, per: int, times: int, who: str = "") -> bool:
    """As `limit`, but counts nothing: for what only counts once it failed (`count_failure`).

    A whole training room has one address, so a right code must not use up anybody's tries.
    """
    return _ask(request, name, per, times, who, counts=False)


def count_failure(request, name: str, *, per: int, times: int, who: str = "") -> None:
    """Use up one of the tries that `may_try` looks at."""
    _ask(request, name, per, times, who, counts=True)


def may_mail(request, email: str, name: str, *, times: int, own: str = "") -> bool:
    """Whether one more letter may go to this mailbox within the hour, whoever asks for it.

    `own` sets the owner's asks apart, for example by a device they signed in on before, so that
    strangers cannot use them up. What follows a + in an address leads to the same mailbox.
    """
    local, __, domain = email.strip().lower().rpartition("@")
    mailbox = f"{local.partition('+')[0]}@{domain}"
    return limit(request, f"mail:{name}", per=3600, times=times, who=f"{mailbox} {own}".strip())


def _ask(request, name, per, times, who, *, counts):
    caller = _hashed(who) if who else hashed_address(request)
    slots = [f"limit:{name}:{caller}:{number}" for number in range(times)]
    now = time.time()
    try:
        taken = cache.get_many(slots)
        free = [slot for slot in slots if slot not in taken]
        if free and not counts:
            return True
        if any(cache.add(slot, now + per, timeout=per) for slot in free):
            return True
    except (DatabaseError, InterfaceError):
        log.warning("The limit on %s was not counted: the database did not answer.", name)
        return True
    ends = min(taken.values(), default=now + per)
    request.retry_after = max(1, math.ceil(ends - now))
    return False


def hashed_address(request) -> str:
    """The caller's address as a keyed hash: it tells callers apart and names nobody."""
    return _hashed(address(request))


def _hashed(who: str) -> str:
    return salted_hmac("common.limits", who).hexdigest()[:32]


def address(request) -> str:
    """The caller's address; of an IPv6 address the /64, because that is what one household has.

    TRUSTED_PROXY_COUNT says how many proxies of our own each add to X-Forwarded-For.
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
