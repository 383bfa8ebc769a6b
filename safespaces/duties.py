"""What must be done about once an hour, whoever visits: `run_worker` calls each of these in turn.

A duty takes no argument, may be called again at any time without harm, and says nothing when there
is nothing to do. An error in one is logged and the others go on.
"""

from collections.abc import Callable

from venues.duties import delete_old_enquiries, warn_of_lapses

DUTIES: list[Callable[[], object]] = [warn_of_lapses, delete_old_enquiries]
