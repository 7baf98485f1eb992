"""A file that only grows. Each write is whole or undone; `sync` makes it durable.

Nothing here retries. After a failed fsync the kernel may have marked lost pages as clean,
so a second fsync would report a false success (Rebello et al., USENIX ATC 2020).
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from archive.errors import FolderError, WriteFailed
from archive.files import failpoint


def sync_folder(folder: Path) -> None:
    """Make the names in `folder` durable: without it a new or renamed file may be lost."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        failpoint.passing("folder.sync")
        os.fsync(descriptor)
        failpoint.passing("folder.synced")
    finally:
        os.close(descriptor)


def make_folder(folder: Path) -> None:
    """Make `folder` and its parents, durably; FolderError names the path that failed."""
    try:
        if folder.is_dir():
            return
        make_folder(folder.parent)
        failpoint.passing("folder.make")
        folder.mkdir(exist_ok=True)
        sync_folder(folder.parent)
    except OSError as error:
        raise FolderError(
            f"cannot make the folder {folder}: {error.strerror}. Nothing was fetched."
            " Make it writable, or name another archive with -C."
        ) from None


class AppendFile:
    """A file opened for appending, unbuffered; `size` is where the next write begins.

    With `new=True` the file must not exist: two runs can never write into one file.
    """

    def __init__(self, path: Path, *, new: bool = False) -> None:
        self.path = path
        self._place = failpoint.file_of(path)
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
        existed = path.exists()
        self._descriptor = -1
        try:
            if not existed:
                failpoint.passing(f"{self._place}.create")
            self._descriptor = os.open(path, flags | (os.O_EXCL if new else 0), 0o640)
            self.size = os.fstat(self._descriptor).st_size
            if not existed:
                failpoint.passing(f"{self._place}.created")
                os.fsync(self._descriptor)
                sync_folder(path.parent)
        except OSError as error:
            self.close()
            raise FolderError(
                f"cannot write {path}: {error.strerror}. What was saved before is safe."
            ) from None

    def write(self, data: bytes) -> int:
        """Append `data` whole and return its offset; on failure the file is as before."""
        offset = self.size
        try:
            written = failpoint.write(f"{self._place}.write", self._descriptor, data)
            while written < len(data):
                written += os.write(self._descriptor, data[written:])
        except OSError as error:
            # If this fails too, the next run cuts the torn end.
            with suppress(OSError):
                os.ftruncate(self._descriptor, offset)
            raise WriteFailed(
                f"cannot write {self.path}: {error.strerror}. What was acknowledged is safe;"
                " when there is room, run it again and it goes on."
            ) from None
        self.size = offset + written
        return offset

    def sync(self) -> None:
        """Bring everything written so far to the disk."""
        try:
            failpoint.passing(f"{self._place}.sync")
            os.fsync(self._descriptor)
            failpoint.passing(f"{self._place}.synced")
        except OSError as error:
            raise WriteFailed(
                f"the disk did not take {self.path}: {error.strerror}. What was acknowledged"
                " before is safe. Look at the disk, then run it again."
            ) from None

    def close(self) -> None:
        """Close without syncing; closing twice does nothing."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
