"""PostGIS, with steps that run before each commit.

Django calls back after a commit; what must be stored together with a change has to be done before.
An app registers its step in its `AppConfig.ready`.
"""

from .steps import before_each_commit

__all__ = ["before_each_commit"]
