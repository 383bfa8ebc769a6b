"""The steps that run before each commit."""

from collections.abc import Callable

steps: list[Callable[[], object]] = []


def before_each_commit(step: Callable[[], object]) -> None:
    """Call `step` before each commit of the default database, inside the transaction.

    It must be quick when there is nothing to do. If it raises, the transaction fails.
    """
    if step not in steps:
        steps.append(step)
