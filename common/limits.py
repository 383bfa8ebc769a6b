"""How often one address may ask for the same thing, counted over all processes.

Each of the `times` asks permitted is a row of the cache that runs out by itself; adding a row is
atomic, so two processes never hand out the same one. Addresses are stored as keyed hashes only.
"""

import ipaddress
import logging

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, InterfaceError
from django.utils.crypto import salted_hmac

log = logging.getLogger("safespaces.limits")


def limit(request, name: str, *, per: int, times: int) -> bool:
    """Whether this address may do `name` now: at most `times` in any `per` seconds.

    Says yes when the database is away: help must not depend on our counting.
    """
    who = hashed_address(request)
    slots = [f"limit:{name}:{who}:{number}" for number in range(times)]
    try:
        taken = cache.get_many(slots)
        return any(cache.add(slot, 1, timeout=per) for slot in slots if slot not in taken)
    except (DatabaseError, InterfaceError):
        log.warning("The limit on %s was not counted: the database did not answer.", name)
        return True


def hashed_address(request) -> str:
    """The caller's address as a keyed hash: it tells callers apart and names nobody."""
    return salted_hmac("common.limits", address(request)).hexdigest()[:32]


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
