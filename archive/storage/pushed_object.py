"""What a push finds at a key, and whether it may take its place.

What is replaced is always an earlier state of the same file: its beginning, what the manifest says
it was before a rebuild, or for what no manifest names, something that a push put there.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cached_property
from pathlib import Path

from archive.storage.bucket import Bucket, StoredObject
from archive.storage.sealed import SealedFile, is_as_sealed
from archive.storage.upload import has_digest

_BLOCK = 1 << 20


class PushedObject:
    """The object at `key`; `listed` is false if the store's list does not name it. `begins` is set
    when it turned out to be the beginning of what is to take its place."""

    def __init__(self, bucket: Bucket, key: str, *, listed: bool) -> None:
        self.key = key
        self.begins = False
        self._bucket = bucket
        self._about: StoredObject | None = bucket.look(key) if listed else None

    @property
    def is_there(self) -> bool:
        """Whether there is one."""
        return self._about is not None

    @property
    def tag(self) -> str | None:
        """Its tag, None if there is none."""
        return self._about.tag if self._about else None

    def is_now(self, sealed: SealedFile, path: Path) -> bool:
        """Whether it is the file as it is sealed now. `path` is the file here, if it is here."""
        if self._about is None or self._about.size != sealed.size:
            return False
        if len(sealed.seals) == 1:
            return self._has(sealed.seals[0].sha256)
        if path.is_file() and self._told is not None:
            return self._told == _begin(path, sealed.size)
        return self._is_sealed(sealed)

    def was(self, sealed: SealedFile, path: Path) -> bool:
        """Whether there is nothing, or the file as it was earlier."""
        if self._about is None:
            return True
        size = self._about.size
        if size < sealed.size and path.is_file() and self._told == _begin(path, size):
            self.begins = True
            return True
        states = [seals for seals in sealed.before() if seals[-1].end == size]
        blocks = self._bucket.blocks
        return any(is_as_sealed(blocks(self.key, size), seals) for seals in states)

    def holds(self, data: bytes) -> bool:
        """Whether it is `data`."""
        same = self._about is not None and self._about.size == len(data)
        return same and self._has(hashlib.sha256(data).hexdigest())

    def takes(self, data: bytes, *, grows: bool) -> bool:
        """Whether `data` may take its place: there is nothing, or it begins `data`. What does not
        grow may also take the place of anything that a push put there."""
        if self._about is None:
            return True
        size = self._about.size
        if size <= len(data) and self._has(hashlib.sha256(data[:size]).hexdigest()):
            self.begins = True
            return True
        ours = self._told is not None and has_digest(
            self._bucket, self.key, self._about, self._told
        )
        return not grows and ours

    def set_aside(self, key: str) -> None:
        """Copy it to `key`, with a part of its digest or tag behind it."""
        assert self._about
        mark = (self._about.told or self._about.tag.strip('"'))[:12]
        self._bucket.copy(self.key, f"{key}.{mark}")

    @cached_property
    def _told(self) -> str | None:
        """Its digest in hex, as the store computed it or as it was sent with it; None if neither
        is known. The store's is that of the whole object only if it was sent in one piece."""
        if self._about is None:
            return None
        checksum = self._about.checksum
        if checksum and "-" not in self._about.tag:
            return base64.b64decode(checksum.partition("-")[0]).hex()
        return self._about.told

    def _has(self, sha256: str) -> bool:
        assert self._about
        if self._told is not None:
            return self._told == sha256
        return has_digest(self._bucket, self.key, self._about, sha256)

    def _is_sealed(self, sealed: SealedFile) -> bool:
        return is_as_sealed(self._bucket.blocks(self.key, sealed.size), sealed.seals)


def _begin(path: Path, size: int) -> str | None:
    """The digest of the first `size` bytes of a file; None if it is shorter."""
    found = hashlib.sha256()
    with path.open("rb") as file:
        while size and (data := file.read(min(size, _BLOCK))):
            found.update(data)
            size -= len(data)
    return None if size else found.hexdigest()
