"""What officers see and do. One module a noun."""

from . import issues, returns

__all__ = ["issues", "returns"]
