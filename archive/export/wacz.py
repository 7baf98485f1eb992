"""WACZ 1.1.1: sites in one file that ReplayWeb.page and other programs can open.

https://specs.webrecorder.net/wacz/1.1.1/: a ZIP file of the WARC files, an index of their
captures, a list of the pages to begin with, and a data package with a digest of each of these.
Everything is written while it is read, so memory does not grow with the archive.
"""

from __future__ import annotations

import gzip
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from archive.export.cdxj import captures
from archive.export.zip_package import Package
from archive.files.replaced_file import replaced
from archive.folder import SiteFolder
from archive.http.urls import ascii_uri
from archive.jsonl.article_line import ArticleLine
from archive.storage.stored_files import finished_warcs, size_of
from archive.text.fold import utf8
from archive.times.days import utc

_LINES = 1024  # captures in one block of the index


def write_wacz(
    path: Path,
    sites: list[SiteFolder],
    title: str,
    step: Callable[[int], None] = lambda count: None,
) -> None:
    """Write these sites' finished captures to `path`; an old file there is replaced at the end.

    The list of pages has the newest version of every article. The same archive gives the same
    bytes. `step` is called with the size of each WARC file that is packed. FolderError if it
    cannot be written; then an old file at `path` is as it was.
    """
    with replaced(path) as part, zipfile.ZipFile(part, "x") as file:
        _write(Package(file, part.parent), sites, title, step)


def _write(
    package: Package, sites: list[SiteFolder], title: str, step: Callable[[int], None]
) -> None:
    files = [path for site in sites for path in finished_warcs(site.path)]
    for path in files:
        package.add_file(f"archive/{path.name}", path)
        step(size_of(path))
    pages = _Pages(sites)
    package.add("pages/pages.jsonl", pages.lines(title), packed=True)
    index = _ZippedIndex()
    package.add("indexes/index.cdx.gz", index.blocks(captures(files)), packed=False)
    package.add("indexes/index.idx", [line.encode() for line in index.places], packed=True)
    package.close(title, pages.newest or utc(datetime.now(UTC)) or "")


class _Pages:
    """The list of pages; `newest` is when the newest of them was captured."""

    def __init__(self, sites: list[SiteFolder]) -> None:
        self.newest = ""
        self._sites = sites

    def lines(self, title: str) -> Iterator[bytes]:
        """A line for each page. `hasText` makes ReplayWeb.page search their text, too."""
        head = {"format": "json-pages-1.0", "id": "pages", "title": title, "hasText": True}
        yield _json(head)
        for site in self._sites:
            for line in site.articles():
                self.newest = max(self.newest, line["fetched"])
                yield _json(_page(line))


def _page(line: ArticleLine) -> dict[str, Any]:
    return {
        "id": line["id"],
        "url": ascii_uri(line["url"]),
        "ts": line["fetched"],
        "title": line["title"] or line["url"],
        "text": line["text"],
    }


class _ZippedIndex:
    """The captures in gzip members of some lines each; `places` is the index of the members."""

    def __init__(self) -> None:
        about = {"format": "cdxj-gzip-1.0", "filename": "index.cdx.gz"}
        self.places = [f"!meta 0 {json.dumps(about)}\n"]

    def blocks(self, lines: Iterable[str]) -> Iterator[bytes]:
        """The members; after the last one `places` is complete."""
        rest, offset = iter(lines), 0
        while block := list(islice(rest, _LINES)):
            data = gzip.compress("".join(f"{line}\n" for line in block).encode(), 6, mtime=0)
            yield data
            place = {"offset": offset, "length": len(data)}
            self.places.append(f"{block[0].partition(' {')[0]} {json.dumps(place)}\n")
            offset += len(data)


def _json(value: dict[str, Any]) -> bytes:
    return utf8(json.dumps(value, ensure_ascii=False)) + b"\n"
