"""The former name of `import_other_places`, kept for scripts that call it."""

from coverage.management.commands.import_other_places import Command

__all__ = ["Command"]
