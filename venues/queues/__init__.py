"""The officers' queues, for the dashboard and the lists, and the rule behind each entry."""

from . import merges, rounds, venues
from .sending import ready_for_sticker
from .sign_ups import SIGN_UP_QUEUES, find_queue

__all__ = ["SIGN_UP_QUEUES", "find_queue", "merges", "ready_for_sticker", "rounds", "venues"]
