"""manifest.jsonl: the size and SHA-256 of everything a site has finished writing.

    {"file": "warc/2026/khabar-….warc.gz", "offset": 0, "length": 81233, "sha256": "…"}
    {"file": "articles/2026-11.jsonl", "offset": 20480, "length": 9117, "sha256": "…"}

A file that only grows is sealed in parts: each seal begins where the one before it ends. A line
with offset 0 begins its file anew; if its length is 0, too, the file is gone. So a changed bit or
a missing file can be proved, also in files that have no checksums of their own.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from archive.files.byte_source import opened
from archive.files.torn_tails import cut_tail, last_newline
from archive.jsonl import json_lines
from archive.layout import MANIFEST, sealed_files

_BLOCK = 1 << 18


@dataclass(frozen=True, slots=True)
class Seal:
    """Some bytes of a file (named relative to the site's folder) and their SHA-256."""

    file: str
    offset: int
    length: int
    sha256: str

    @property
    def end(self) -> int:
        """The first byte behind the sealed ones."""
        return self.offset + self.length


def seal(site_folder: Path, quarantine: Path) -> int:
    """Seal everything that is finished and not sealed yet; return the manifest's new length in
    bytes.

    Call it under the site's lock, with everything synced: the bytes that are there now are the
    right ones from now on. A torn last line of a dead run is first moved to `quarantine`.
    """
    path = site_folder / MANIFEST
    if path.exists():
        cut_tail(path, last_newline(path), quarantine)
    ends = {seal.file: seal.end for seal in read_seals(path)}
    files = {file: site_folder / file for file in finished(site_folder)}
    return _append(
        path,
        [
            _seal(file, there, ends.get(file, 0))
            for file, there in files.items()
            if there.stat().st_size > ends.get(file, 0)
        ],
    )


def renew(site_folder: Path, files: Iterable[str]) -> int:
    """Seal `files` from their first byte, after they were made anew or removed. Return the
    manifest's new length in bytes."""
    there = set(finished(site_folder))
    nothing = hashlib.sha256().hexdigest()
    seals = [
        _seal(file, site_folder / file, 0) if file in there else Seal(file, 0, 0, nothing)
        for file in files
    ]
    return _append(site_folder / MANIFEST, seals)


def finished(site_folder: Path) -> list[str]:
    """Every file of the site that is to be sealed, relative to its folder."""
    return [str(path.relative_to(site_folder)) for path in sorted(sealed_files(site_folder))]


def read_seals(path: Path) -> Iterator[Seal]:
    """The seals in the manifest at `path`, oldest first; other lines are left out."""
    for line in json_lines.read(path):
        if found := parse_seal(line.data):
            yield found


def parse_seal(data: bytes) -> Seal | None:
    """The seal in one line of a manifest; None if the line is not exactly as we write it."""
    try:
        seal = Seal(**(json_lines.object_in(data) or {}))
    except TypeError:
        return None
    return seal if json.dumps(asdict(seal)).encode() + b"\n" == data else None


def digest(path: Path, offset: int, length: int) -> str:
    """The SHA-256 of these bytes of the file at `path`, as far as the file has them."""
    sha256 = hashlib.sha256()
    with opened(path) as source:
        step = max(_BLOCK, source.most)
        while length and (data := source.read_at(offset, min(length, step))):
            sha256.update(data)
            offset, length = offset + len(data), length - len(data)
    return sha256.hexdigest()


def _seal(file: str, path: Path, offset: int) -> Seal:
    length = path.stat().st_size - offset
    return Seal(file, offset, length, digest(path, offset, length))


def _append(path: Path, seals: list[Seal]) -> int:
    return json_lines.append(path, [asdict(seal) for seal in seals])
