"""Fetches one file from a store to its place here, or what it has grown by there.

The bytes are compared with their seals before the file takes its place, so what has its name is
whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path

from archive.errors import Damaged
from archive.files.append_file import make_folder
from archive.files.replaced_file import replaced
from archive.storage.address import StoreAddress
from archive.storage.bucket import Bucket, NotStored
from archive.storage.sealed import SealedFile, is_as_sealed, sealed_beginning

_ASKED = 1 << 23
_BLOCK = 1 << 20


class NotAsPushed(Damaged):
    """The object in the store is not what the manifest says, or it is not there."""


class FetchedFile:
    """The file of a site in `site_folder` that is `sealed`; the site's files in the store are below
    `address`. `step` is told the bytes as they are fetched."""

    def __init__(
        self,
        address: StoreAddress,
        site_folder: Path,
        sealed: SealedFile,
        step: Callable[[int], None],
    ) -> None:
        self.path = site_folder / sealed.file
        self._address = address / sealed.file
        self.sealed = sealed
        self._step = step

    def size(self) -> int:
        """How many bytes are here."""
        return self.path.stat().st_size if self.path.exists() else 0

    def have(self) -> int:
        """How many of them are right, up to the end of a seal."""
        if not self.path.exists():
            return 0
        return sealed_beginning(blocks_of(self.path), self.sealed.seals)

    def fetch(self, have: int, before: Callable[[], None] = lambda: None) -> None:
        """Fetch the file but for the first `have` bytes, which are taken from the one that is here.
        `before` is called when the new one is complete and takes its place next.

        NotAsPushed if the object is missing or another: then what is here stays as it is."""
        make_folder(self.path.parent)
        with replaced(self.path) as part:
            with part.open("wb") as file:
                for data in chain(self._first(have), self._rest(have)):
                    file.write(data)
            if not is_as_sealed(blocks_of(part), self.sealed.seals):
                raise NotAsPushed(
                    f"{self._address} is not what the manifest beside it says: a push was cut off,"
                    " or it is damaged. Nothing was changed. Push the archive once more."
                )
            before()

    def _first(self, size: int) -> Iterator[bytes]:
        if size:
            with self.path.open("rb") as file:
                while size and (data := file.read(min(size, _BLOCK))):
                    size -= len(data)
                    yield data

    def _rest(self, start: int) -> Iterator[bytes]:
        bucket = Bucket(self._address.bucket)
        while start < self.sealed.size:
            length = min(_ASKED, self.sealed.size - start)
            try:
                data = bucket.read(self._address.key, start, length)
            except NotStored:
                data = b""
            if not data:
                return
            start += len(data)
            self._step(len(data))
            yield data


def blocks_of(path: Path) -> Iterator[bytes]:
    """The bytes of a file, a block at a time."""
    with path.open("rb") as file:
        while data := file.read(_BLOCK):
            yield data
