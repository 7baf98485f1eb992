"""What a manifest says of each file now, and what it said before the file was made anew.

>>> sealed_files(manifest)["articles/2026-11.jsonl"].size
29597
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from archive.jsonl.manifest import Seal, parse_seal


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
    rest, data = iter(blocks), b""
    for seal in seals:
        sha256, left = hashlib.sha256(), seal.length
        while left:
            data = data or next(rest, b"")
            if not data:
                return False
            sha256.update(memoryview(data)[:left])
            left, data = max(0, left - len(data)), data[left:]
        if sha256.hexdigest() != seal.sha256:
            return False
    return not data and not next(rest, b"")
