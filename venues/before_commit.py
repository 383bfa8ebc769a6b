"""Refreshes the kept listings in the transaction that changed something."""

from common.database import before_each_commit
from venues.kept import refresh_marked

before_each_commit(refresh_marked)
