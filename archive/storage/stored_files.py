"""The finished WARC files of a site that are not here, but in the store that sites.toml names.

    [archive]
    storage = "s3://bucket/archive"

A person may remove a WARC file that `baygan push` has copied. What the manifest names and is not
here is then looked for there. Nothing is asked of the store to know which files these are.
"""

from __future__ import annotations

import json
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from archive import layout
from archive.files.byte_source import ByteSource, look_elsewhere
from archive.layout import IMPORT, MANIFEST, SITES_TOML, TEXT, WARC, suffix_of
from archive.storage.address import StoreAddress, store_address
from archive.storage.bucket import Bucket, StoredBytes

_KINDS = (WARC, TEXT)


class StoredFile(NamedTuple):
    """Where a file is in a store, and how many bytes it has."""

    address: StoreAddress
    size: int


def storage_of(site_folder: Path) -> StoreAddress | None:
    """The store of the archive that the site is in; None if sites.toml names none."""
    return _storage(*_stamped(site_folder.parent / SITES_TOML))


def stored_at(path: Path) -> StoredFile | None:
    """Where a WARC file is that is not here; None if the manifest does not name it, or sites.toml
    names no store."""
    if len(path.parents) < 4:
        return None
    site = path.parents[2]
    address = storage_of(site)
    file = str(layout.final_name(path).relative_to(site))
    size = _sizes(site).get(file) if address else None
    return StoredFile(address / site.name / file, size) if address and size else None


def only_stored(site: Path) -> list[Path]:
    """The paths of the WARC files that are not here and should be in the store."""
    if storage_of(site) is None:
        return []
    here = {layout.final_name(path) for path in site.glob("*/*/*.warc.gz*")}
    return [path for file in _sizes(site) if (path := site / file) not in here]


def size_of(path: Path) -> int:
    """The size of a WARC file, wherever it is; OSError if it is nowhere."""
    try:
        return path.stat().st_size
    except FileNotFoundError:
        if stored := stored_at(path):
            return stored.size
        raise


def finished_warcs(site: Path) -> list[Path]:
    """The finished files with captures, here and in the store."""
    return sorted([*layout.finished_warcs(site), *_stored(site, WARC)])


def warc_files(site: Path) -> list[Path]:
    """All files with captures, here and in the store, in the order they were begun."""
    return layout.warc_files(site, _stored(site, WARC))


def imported_files(site: Path) -> list[Path]:
    """The files with captures of other programs, here and in the store."""
    stored = [path for path in _stored(site, WARC) if IMPORT in path.name]
    return sorted(
        [*layout.imported_files(site), *(one for one in stored if layout.is_imported(one.name))]
    )


def text_files(site: Path, run: str = "*") -> list[Path]:
    """The finished files with clean text, here and in the store, of all runs or of one."""
    stored = [path for path in _stored(site, TEXT) if run in ("*", layout.run_of(path.name))]
    return sorted([*layout.text_files(site, run), *stored])


def _stored(site: Path, kind: str) -> list[Path]:
    return [path for path in only_stored(site) if path.parents[1].name == kind]


def _sizes(site: Path) -> dict[str, int]:
    """The size of each WARC file that the manifest names."""
    return _named(*_stamped(site / MANIFEST))


def _stamped(path: Path) -> tuple[Path, int, int]:
    """The path with what changes when the file does."""
    try:
        about = path.stat()
    except OSError:
        return path, 0, -1
    return path, about.st_mtime_ns, about.st_size


@lru_cache(maxsize=64)
def _storage(path: Path, changed: int, size: int) -> StoreAddress | None:
    # Not by way of read_settings: that is about far more, and has looked at it before.
    told = tomllib.loads(path.read_text("utf-8-sig")).get("archive", {}) if size > 0 else {}
    return store_address(told["storage"]) if "storage" in told else None


@lru_cache(maxsize=64)
def _named(path: Path, changed: int, size: int) -> dict[str, int]:
    suffixes = tuple(suffix_of(kind) for kind in _KINDS)
    ends: dict[str, int] = {}
    for data in path.read_bytes().splitlines() if size > 0 else ():
        try:
            seal = json.loads(data)
            file, end = seal["file"], seal["offset"] + seal["length"]
        except (ValueError, KeyError, TypeError):
            continue  # a check tells of it
        if file.partition("/")[0] in _KINDS and file.endswith(suffixes):
            ends[file] = end
    return {file: end for file, end in ends.items() if end}


def _source(path: Path) -> ByteSource | None:
    """The bytes of a file that is only in the store."""
    stored = stored_at(path)
    if stored is None:
        return None
    return StoredBytes(Bucket(stored.address.bucket), stored.address.key, stored.size)


look_elsewhere(_source)
