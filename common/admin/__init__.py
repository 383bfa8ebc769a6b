"""Building blocks of the officers' admin: downloadable lists, decisions, and further pages."""

from .decisions import Decision, Offer
from .desk import Desk, Office
from .export import ListExport
from .pages import officers_page
from .shared import SharedRows

__all__ = ["Decision", "Desk", "ListExport", "Offer", "Office", "SharedRows", "officers_page"]
