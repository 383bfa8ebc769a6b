"""What the officers' admin is built from: lists to download, decisions and pages to read."""

from .decisions import Decision, Offer
from .desk import Desk, Office
from .export import ListExport
from .pages import officers_page
from .shared import SharedRows

__all__ = ["Decision", "Desk", "ListExport", "Offer", "Office", "SharedRows", "officers_page"]
