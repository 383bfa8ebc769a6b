"""Officers' queues about issues, returns, meetings and packs. Each module registers its own."""

from . import meetings, packs, raised

__all__ = ["meetings", "packs", "raised"]
