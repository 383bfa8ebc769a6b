"""Processor time of a page and of its database: steady on a machine that others use as well."""

import time
from pathlib import Path

from django.db import connection


class Clock:
    """`with Clock() as clock: ...`, then `clock.page` and `clock.database`, in milliseconds.

    The database's time is read from Linux's account of its process; where that is another machine,
    or not Linux, it is what the queries took by the wall.
    """

    def __enter__(self):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid(), inet_server_addr() IS NULL")
            pid, is_here = cursor.fetchone()
        self._account = Path(f"/proc/{pid}/schedstat")
        self._waited = 0.0
        self._can_see = is_here and self._account.exists()
        self._before = self._read()
        self._watch = connection.execute_wrapper(self._query)
        self._watch.__enter__()
        self._began = time.process_time()
        return self

    def __exit__(self, *error):
        self.page = (time.process_time() - self._began) * 1000
        self._watch.__exit__(*error)
        self.database = self._read() - self._before if self._can_see else self._waited * 1000

    def _query(self, execute, sql, params, many, context):
        began = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            self._waited += time.perf_counter() - began

    def _read(self):
        return int(self._account.read_text().split()[0]) / 1e6 if self._can_see else 0.0
