"""The entries of a WACZ, and its data package: the list of entries, with a digest of each.

If an entry has no extra field in the ZIP's directory, ReplayWeb.page takes it that there is none in
the entry's own header either, and reads the entry from right after its name. So the two must agree:
a ZIP64 field must be in both if it is needed, else in none. Therefore the size of an entry must be
known before its first byte is written.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any

from archive.errors import FolderError
from archive.files.byte_source import opened_file
from archive.storage.stored_files import size_of
from archive.version import __version__

_BLOCK = 1 << 20
# All entries have the first day that ZIP knows: so the same archive gives the same bytes.
_DAY = (1980, 1, 1, 0, 0, 0)


class Package:
    """Writes entries to `file`. An entry whose size is not known yet is first written to a file
    without a name in `folder`."""

    def __init__(self, file: zipfile.ZipFile, folder: Path) -> None:
        self._zip = file
        self._folder = folder
        self._resources: list[dict[str, Any]] = []

    def add_file(self, name: str, path: Path) -> None:
        """Store the file at `path` as it is, as the entry `name`; FolderError if it cannot be
        read."""
        try:
            file, size = opened_file(path), size_of(path)
        except OSError as error:
            raise _unreadable(path, error) from None
        with file:
            self._add(name, size, _blocks(file, path), packed=False)

    def add(self, name: str, blocks: Iterable[bytes], *, packed: bool) -> None:
        """Add an entry with these bytes; with `packed` it is compressed."""
        with tempfile.TemporaryFile(dir=self._folder) as file:
            for block in blocks:
                file.write(block)
            size = file.tell()
            file.seek(0)
            self._add(name, size, iter(lambda: file.read(_BLOCK), b""), packed=packed)

    def close(self, title: str, created: str) -> None:
        """Write the data package and its own digest. `created` is ISO 8601 in UTC."""
        package = {
            "profile": "data-package",
            "resources": self._resources,
            "title": title,
            "created": created,
            "wacz_version": "1.1.1",
            "software": f"baygan/{__version__}",
        }
        data = json.dumps(package, ensure_ascii=False, indent=2).encode()
        digest = {"path": "datapackage.json", "hash": f"sha256:{hashlib.sha256(data).hexdigest()}"}
        for name, content in (
            ("datapackage.json", data),
            ("datapackage-digest.json", json.dumps(digest).encode()),
        ):
            self._zip.writestr(_info(name, packed=True), content)

    def _add(self, name: str, size: int, blocks: Iterable[bytes], *, packed: bool) -> None:
        digest, written = hashlib.sha256(), 0
        # Above this size zipfile puts the field into the directory, too.
        large = size > zipfile.ZIP64_LIMIT
        with self._zip.open(_info(name, packed=packed), "w", force_zip64=large) as entry:
            for block in blocks:
                digest.update(block)
                written += len(block)
                entry.write(block)
        about = {"name": Path(name).name.lower(), "path": name}
        hashed = f"sha256:{digest.hexdigest()}"
        self._resources.append({**about, "hash": hashed, "bytes": written})


def _info(name: str, *, packed: bool) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _DAY)
    info.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
    info.external_attr = 0o644 << 16
    return info


def _blocks(file: IO[bytes], path: Path) -> Iterator[bytes]:
    while True:
        try:
            data = file.read(_BLOCK)
        except OSError as error:
            raise _unreadable(path, error) from None
        if not data:
            return
        yield data


def _unreadable(path: Path, error: OSError) -> FolderError:
    return FolderError(f"cannot read {path}: {error.strerror}. Nothing was changed.")
