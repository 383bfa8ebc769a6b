"""File storage: static files under hashed names, uploads written completely or not at all."""

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
    """The disk is full; explained to the person who sent the file."""


def is_disk_full(error: BaseException | None) -> bool:
    return isinstance(error, DiskFull) or getattr(error, "errno", None) in NO_ROOM


class MediaStorage(FileSystemStorage):
    """Uploaded files. A failed write leaves nothing behind."""

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
    """Delete files saved inside the block if it fails: a rollback removes rows, not files.

    Must wrap the transaction, so that it also catches a failing commit.
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
    """A broken import or `url()` fails in `collectstatic`, not on a visitor's page.

    Source map references are ignored, because packages refer to maps they do not ship.
    """

    support_js_module_import_aggregation = True
    patterns = tuple(
        (
            extension,
            tuple(rule for rule in rules if "sourceMappingURL" not in "".join(rule)),
        )
        for extension, rules in CompressedManifestStaticFilesStorage.patterns
    )
