"""The engine that `DATABASES` names. Django looks for it in a module of this name."""

from django.contrib.gis.db.backends.postgis import base

from .steps import steps


class DatabaseWrapper(base.DatabaseWrapper):
    """Runs the registered steps at the end of each transaction that is about to commit.

    Statements outside a transaction commit by themselves and are not followed by any step.
    """

    def _commit(self):
        if self.alias == "default" and self.connection is not None:
            for step in steps:
                step()
        return super()._commit()
