"""`import_other_places` under the name it had before; kept for scripts that call it."""

from coverage.management.commands.import_other_places import Command

__all__ = ["Command"]
