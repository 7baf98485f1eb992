"""One run a site: an flock on the site's `.lock`, gone with its process even after kill -9.

Whatever writes into a site's folder takes the lock first, so links are looked for here.
"""

from __future__ import annotations

import fcntl
import os
import time
from datetime import UTC, datetime
from pathlib import Path

from archive.errors import ArchiveBusy, FolderError
from archive.files.links import refuse_links
from archive.layout import QUARANTINE

_PATIENCE = 0.2


class Lock:
    """Holds the site from construction to `close`; ArchiveBusy if another run has it, and
    FolderError if there is a symbolic link in the site's folder.

    `wait` is how many seconds to wait for the other run to end.
    """

    def __init__(self, path: Path, wait: float = 0.0) -> None:
        refuse_links(path.parent, path.parent.parent / QUARANTINE)
        try:
            flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
            self._descriptor = os.open(path, flags, 0o640)
        except OSError as error:
            raise FolderError(
                f"cannot write {path}: {error.strerror}. Nothing was fetched."
                " Make the folder writable, or name another archive with -C."
            ) from None
        try:
            self._take(path, wait)
        except OSError as error:
            self.close()
            raise FolderError(
                f"cannot lock {path}: {error.strerror}. Nothing was fetched."
                " See that the disk has room and, if it is a network's, that it can lock files."
            ) from None
        except ArchiveBusy:
            self.close()
            raise

    def close(self) -> None:
        """Let go; closing twice does nothing."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def _take(self, path: Path, wait: float) -> None:
        deadline = time.monotonic() + wait
        while not self._taken():
            if time.monotonic() >= deadline:
                raise ArchiveBusy(
                    f"another baygan is at work on {path.parent.name}{self._holder()}."
                    " Nothing was touched. Try again later, or use --wait 10m."
                )
            time.sleep(_PATIENCE)
        os.ftruncate(self._descriptor, 0)
        note = f"pid {os.getpid()}, since {datetime.now(UTC):%Y-%m-%d %H:%M} UTC"
        os.pwrite(self._descriptor, note.encode(), 0)

    def _taken(self) -> bool:
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _holder(self) -> str:
        note = os.pread(self._descriptor, 200, 0).decode("ascii", "replace")
        return f" ({note})" if note else ""
