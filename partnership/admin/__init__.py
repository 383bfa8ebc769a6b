"""Officers' pages about the partnership, one module per noun."""

from . import agreed, issues, meetings, returns, series

__all__ = ["agreed", "issues", "meetings", "returns", "series"]
