"""Compares the manifest with the files: every sealed byte must be as it was."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Set
from pathlib import Path

from archive.check.finding import Finding
from archive.jsonl.manifest import Seal, digest, parse_seal
from archive.layout import MANIFEST
from archive.storage.stored_files import size_of

Progress = Callable[[int], None]


class Seals:
    """The manifest of a site. `known` is its length as index.db remembers it: without that nobody
    sees that lines at its end are missing. The files in `unread` are not compared."""

    def __init__(self, site_folder: Path, known: int, unread: Set[str] = frozenset()) -> None:
        self.findings: list[Finding] = []
        self._unread = unread
        self._site_folder = site_folder
        self._seals: dict[str, list[Seal]] = {}
        path = site_folder / MANIFEST
        self._read(path.read_bytes() if path.exists() else b"", known)

    def _read(self, manifest: bytes, known: int) -> None:
        if len(manifest) < known:
            what = f"seals are missing: it had {known} bytes, {len(manifest)} are there"
            self.findings.append(Finding(MANIFEST, len(manifest), what))
        offset = 0
        for data in manifest.splitlines(keepends=True):
            seal = parse_seal(data)
            if seal:
                if seal.offset == 0:
                    self._seals[seal.file] = []
                self._seals.setdefault(seal.file, []).append(seal)
            else:
                torn = not data.endswith(b"\n") and offset >= known
                what = "a torn line" if torn else "a line that is no seal as it was written"
                self.findings.append(Finding(MANIFEST, offset, what, damage=not torn))
            offset += len(data)

    def compare(self, progress: Progress) -> Iterator[Finding]:
        """The files that are not as they were sealed. `progress` is told the bytes read."""
        for file, seals in self._seals.items():
            if file in self._unread:
                continue
            path = self._site_folder / file
            if seals[-1].end == 0:
                if path.exists():
                    yield Finding(file, None, "it was replaced by another file, and is there")
            else:
                try:
                    yield from _compare(path, seals, progress)
                except FileNotFoundError:
                    yield Finding(file, None, f"the file is missing; it had {seals[-1].end} bytes")
                except OSError as error:
                    yield Finding(file, None, f"cannot be read: {error.strerror}")

    def sealed(self, file: str) -> int:
        """The byte up to which the file is sealed; 0 if it is not."""
        seals = self._seals.get(file)
        return seals[-1].end if seals else 0


def _compare(path: Path, seals: list[Seal], progress: Progress) -> Iterator[Finding]:
    size, end = size_of(path), 0
    for seal in seals:
        if seal.offset != end:
            yield Finding(
                MANIFEST, None, f"no seal for bytes {end} to {seal.offset} of {seal.file}"
            )
        end = seal.end
        progress(seal.length)
        if size < seal.end:
            what = f"the file is too short: {seal.end} bytes are sealed, {size} are there"
            yield Finding(seal.file, size, what)
            return
        if digest(path, seal.offset, seal.length) != seal.sha256:
            what = f"bytes {seal.offset} to {seal.end} are not those that were sealed"
            yield Finding(seal.file, seal.offset, what)
    if size > end and path.name.endswith(".warc.gz"):
        yield Finding(seals[0].file, end, "the file has grown since it was sealed")
