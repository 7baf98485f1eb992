"""WACZ 1.1.1: sites in one file that ReplayWeb.page and others open as it is.

https://specs.webrecorder.net/wacz/1.1.1/: a ZIP file of the WARC files, an index of their
captures, a list of the pages to begin with, and a data package that holds a digest of each.
All of it is written as it is read, so memory does not grow with the archive.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import IO, Any

from archive.errors import FolderError
from archive.export.cdxj import captures
from archive.folder import SiteFolder
from archive.http.urls import ascii_uri
from archive.times import utc
from archive.version import __version__

_BLOCK = 1 << 20
_LINES = 1024  # captures in one block of the index


def write_wacz(path: Path, sites: list[SiteFolder], title: str) -> None:
    """Write these sites' finished captures to `path`; a file there is replaced when all is done.

    The pages are the newest version of every article. FolderError if it cannot be written.
    """
    part = path.with_name(path.name + ".part")
    try:
        with zipfile.ZipFile(part, "w", allowZip64=True) as file:
            _write(_Package(file), sites, title)
        part.replace(path)
    except OSError as error:
        raise FolderError(f"cannot write {path}: {error.strerror}. The archive is safe.") from None
    finally:
        part.unlink(missing_ok=True)


def _write(package: _Package, sites: list[SiteFolder], title: str) -> None:
    files = [path for site in sites for path in sorted(site.path.glob("warc/*/*.warc.gz"))]
    for path in files:
        with package.entry(f"archive/{path.name}") as entry, path.open("rb") as warc:
            while data := warc.read(_BLOCK):
                entry.write(data)
    with package.entry("pages/pages.jsonl", packed=True) as entry:
        for page in _pages(sites, title):
            entry.write(_json(page) + b"\n")
    blocks: list[str] = []
    with package.entry("indexes/index.cdx.gz") as entry:
        blocks += _write_index(entry, captures(files))
    with package.entry("indexes/index.idx", packed=True) as entry:
        entry.write("".join(blocks).encode())
    package.close(title)


def _pages(sites: list[SiteFolder], title: str) -> Iterator[dict[str, Any]]:
    yield {"format": "json-pages-1.0", "id": "pages", "title": title}
    for site in sites:
        for line in site.articles():
            url, name = ascii_uri(line["url"]), line["title"] or line["url"]
            yield {"id": line["id"], "url": url, "ts": line["fetched"], "title": name}


def _write_index(entry: _Entry, lines: Iterable[str]) -> Iterator[str]:
    """Write the captures in gzip members of some each; what comes back is the index of these."""
    rest, offset = iter(lines), 0
    yield f"!meta 0 {json.dumps({'format': 'cdxj-gzip-1.0', 'filename': 'index.cdx.gz'})}\n"
    while block := list(islice(rest, _LINES)):
        data = gzip.compress("".join(f"{line}\n" for line in block).encode(), 6, mtime=0)
        entry.write(data)
        place = {"offset": offset, "length": len(data)}
        yield f"{block[0].partition(' {')[0]} {json.dumps(place)}\n"
        offset += len(data)


class _Package:
    """The ZIP file and what its data package says of every entry."""

    def __init__(self, file: zipfile.ZipFile) -> None:
        self._file = file
        self._resources: list[dict[str, Any]] = []
        self._now = datetime.now(UTC)

    @contextmanager
    def entry(self, name: str, *, packed: bool = False) -> Iterator[_Entry]:
        """An entry to write to; what is gzipped already is stored as it is."""
        with self._file.open(self._info(name, packed=packed), "w", force_zip64=True) as stream:
            entry = _Entry(stream)
            yield entry
        about = {"name": Path(name).name.lower(), "path": name}
        digest = f"sha256:{entry.digest.hexdigest()}"
        self._resources.append({**about, "hash": digest, "bytes": entry.size})

    def close(self, title: str) -> None:
        """Write the data package and its own digest."""
        package = {
            "profile": "data-package",
            "resources": self._resources,
            "title": title,
            "created": utc(self._now),
            "wacz_version": "1.1.1",
            "software": f"baygan/{__version__}",
        }
        data = json.dumps(package, ensure_ascii=False, indent=2).encode()
        digest = {"path": "datapackage.json", "hash": f"sha256:{hashlib.sha256(data).hexdigest()}"}
        self._file.writestr(self._info("datapackage.json", packed=True), data)
        self._file.writestr(self._info("datapackage-digest.json", packed=True), _json(digest))

    def _info(self, name: str, *, packed: bool) -> zipfile.ZipInfo:
        info = zipfile.ZipInfo(name, self._now.timetuple()[:6])
        info.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
        info.external_attr = 0o644 << 16
        return info


class _Entry:
    """Writes to the ZIP file and keeps the digest and size of what was written."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.digest = hashlib.sha256()
        self.size = 0
        self._stream = stream

    def write(self, data: bytes) -> None:
        self.digest.update(data)
        self.size += len(data)
        self._stream.write(data)


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()
