"""The WSGI application that gunicorn serves."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "safespaces.settings")

application = get_wsgi_application()

from django.db import connection  # noqa: E402 (the line above sets Django up)

from signposting.known_help import remember_help  # noqa: E402 (likewise)

# Before the first request, and before gunicorn forks: each process then knows the numbers, even if
# the database goes away. A connection must not be shared with the forked processes.
remember_help()
connection.close()

# What was loaded so far stays for good. Without this the collector walks all of it again and again
# while a page of some hundred rows is made: a quarter of its time.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 20)
