"""What officers see and do. One module a noun."""

from . import agreed, issues, meetings, returns, series

__all__ = ["agreed", "issues", "meetings", "returns", "series"]
