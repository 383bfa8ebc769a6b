"""Every letter of the software is composed and queued here; nothing else queues mail.

A letter has one source, a plain text template such as `venues/letters/approve.txt`, which gives its
subject, its text part and its HTML part. `compose` describes what a source may contain.
"""

from .composing import Letter, Logo, Signature, compose
from .outbox import (
    MARGIN,
    LetterFile,
    is_waiting,
    queue,
    queue_each,
    send,
    valid_addresses,
    withdraw,
)

__all__ = [
    "MARGIN",
    "Letter",
    "LetterFile",
    "Logo",
    "Signature",
    "compose",
    "is_waiting",
    "queue",
    "queue_each",
    "send",
    "valid_addresses",
    "withdraw",
]
