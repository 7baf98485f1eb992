"""What a manifest says of each file now, and what it said before the file was made anew.

>>> sealed_files(manifest)["articles/2026-11.jsonl"].size
29597
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from archive.jsonl.manifest import Seal, parse_seal

_FINAL = re.compile(r"(warc|text)/[0-9]{4}/[\w.-]+\.warc\.gz", re.ASCII)
_GROWING = re.compile(r"articles/[0-9]{4}-[0-9]{2}\.jsonl|(runs|removals)\.jsonl", re.ASCII)


@dataclass(slots=True)
class SealedFile:
    """The seals of a file, from its first byte on. `earlier` are those of the files that had its
    place before a rebuild. Without seals the file is gone."""

    file: str
    seals: list[Seal] = field(default_factory=list)
    earlier: list[list[Seal]] = field(default_factory=list)

    @property
    def size(self) -> int:
        """How many bytes are sealed."""
        return self.seals[-1].end if self.seals else 0

    @property
    def is_final(self) -> bool:
        """Whether it has the name of a file with captures or texts, which never changes."""
        return _FINAL.fullmatch(self.file) is not None

    @property
    def is_growing(self) -> bool:
        """Whether it has the name of a file of lines, or of a ledger: each run adds to it."""
        return _GROWING.fullmatch(self.file) is not None

    def add(self, seal: Seal) -> None:
        """Take the next line of the manifest about this file."""
        if seal.offset == 0:
            self.earlier += [self.seals] if self.seals else []
            self.seals = []
        if seal.length:
            self.seals.append(seal)

    def before(self) -> Iterator[list[Seal]]:
        """What the file was at the ends of earlier runs, and before rebuilds; the newest first."""
        for seals in (self.seals[:-1], *reversed(self.earlier)):
            for count in range(len(seals), 0, -1):
                yield seals[:count]


def sealed_files(manifest: bytes) -> dict[str, SealedFile]:
    """Every file that the whole lines of a manifest name; lines that are no seals are left out."""
    found: dict[str, SealedFile] = {}
    for data in manifest.splitlines(keepends=True):
        if seal := parse_seal(data):
            found.setdefault(seal.file, SealedFile(seal.file)).add(seal)
    return found


def is_as_sealed(blocks: Iterable[bytes], seals: Iterable[Seal]) -> bool:
    """Whether the bytes in `blocks`, which are read to their end, are those that were sealed, no
    more and no fewer."""
    found = _Bytes(blocks)
    return all(map(found.hold, seals)) and found.are_at_their_end()


def sealed_beginning(blocks: Iterable[bytes], seals: Iterable[Seal]) -> int:
    """How many bytes at the beginning of `blocks` are as they were sealed, seal by seal."""
    found, end = _Bytes(blocks), 0
    for seal in seals:
        if not found.hold(seal):
            break
        end = seal.end
    return end


class _Bytes:
    """The bytes in `blocks`, from the first to the last."""

    def __init__(self, blocks: Iterable[bytes]) -> None:
        self._rest, self._data = iter(blocks), b""

    def hold(self, seal: Seal) -> bool:
        """Whether the next ones are those of `seal`."""
        sha256, left = hashlib.sha256(), seal.length
        while left:
            data = self._data or next(self._rest, b"")
            if not data:
                return False
            sha256.update(memoryview(data)[:left])
            left, self._data = max(0, left - len(data)), data[left:]
        return sha256.hexdigest() == seal.sha256

    def are_at_their_end(self) -> bool:
        """Whether there are no more."""
        return not self._data and not next(self._rest, b"")
