"""Where files are kept: static ones under hashed names, uploaded ones whole or not at all."""

import errno
import os
from contextlib import contextmanager, suppress
from contextvars import ContextVar

from django.core.files.storage import FileSystemStorage
from django.utils.translation import gettext as _
from whitenoise.storage import CompressedManifestStaticFilesStorage

from common.refusals import Refused

NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_saved: ContextVar[list | None] = ContextVar("saved_files", default=None)


class DiskFull(Refused):
    """There is no room for a file; says so to the person who sent it."""


def is_disk_full(error: BaseException | None) -> bool:
    return isinstance(error, DiskFull) or getattr(error, "errno", None) in NO_ROOM


class MediaStorage(FileSystemStorage):
    """Uploaded files. One that cannot be written whole leaves nothing behind."""

    def _save(self, name, content):
        try:
            saved = super()._save(name, content)
        except OSError as error:
            with suppress(FileNotFoundError):
                os.remove(self.path(name))
            if error.errno not in NO_ROOM:
                raise
            raise DiskFull(
                _(
                    "There is no room left for this file. Nothing was saved. Tell the team that "
                    "runs the scheme, and try again later."
                )
            ) from error
        if (saved_here := _saved.get()) is not None:
            saved_here.append((self, saved))
        return saved


@contextmanager
def no_orphans():
    """Delete the files saved inside when it fails: the database forgets them, the disk would not.

    Belongs outside of the transaction, so that it also sees a commit that fails.
    """
    files: list = []
    token = _saved.set(files)
    try:
        yield
    except BaseException:
        for storage, name in files:
            storage.delete(name)
        raise
    finally:
        _saved.reset(token)


class ManifestStorage(CompressedManifestStaticFilesStorage):
    """An import or a `url()` that leads nowhere stops `collectstatic`, not a visitor's page.

    References to source maps are left as they are: packages refer to maps that they do not ship.
    """

    support_js_module_import_aggregation = True
    patterns = tuple(
        (
            extension,
            tuple(rule for rule in rules if "sourceMappingURL" not in "".join(rule)),
        )
        for extension, rules in CompressedManifestStaticFilesStorage.patterns
    )
