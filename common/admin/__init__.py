"""What the officers' admin is built from: lists to download, decisions and pages to read."""

from .decisions import Decision, Offer
from .desk import Desk, officers_page
from .export import ListExport

__all__ = ["Decision", "Desk", "ListExport", "Offer", "officers_page"]
