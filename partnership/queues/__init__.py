"""What waits for an officer about issues, returns, meetings and packs. Each module registers."""

from . import meetings, packs, raised

__all__ = ["meetings", "packs", "raised"]
