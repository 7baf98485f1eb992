"""All pages a site's WARC files hold, in the order they were captured, with bounded memory.

>>> with PageHistory(Path("scratch.db")) as history:
...     history.read(site.path, site.lines)
...     for page in history.pages():
...         print(page.date, page.url)

The files are read once, one after the other, and the pages are sorted by date in an SQLite file:
captures of other programs, imported later, may be older than the site's own.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import datetime
from pathlib import Path
from sqlite3 import Row
from typing import Self

from archive.database.database import Database
from archive.jsonl.article_line import ArticleLine
from archive.jsonl.articles import ArticleLines
from archive.layout import final_name
from archive.model import LISTINGS, Hints
from archive.outcomes import Flag
from archive.record_place import RecordPlace
from archive.storage.stored_files import warc_files
from archive.warc.pages import PageCapture, as_further, page_captures

_SCHEMA = """
CREATE TABLE IF NOT EXISTS pages (
    date TEXT NOT NULL, file TEXT NOT NULL, offset INTEGER NOT NULL, length INTEGER NOT NULL,
    record_id TEXT NOT NULL, redirected INTEGER NOT NULL, imported INTEGER NOT NULL,
    url TEXT NOT NULL, hints TEXT NOT NULL, continues TEXT
) STRICT;
CREATE INDEX IF NOT EXISTS continued ON pages (continues) WHERE continues IS NOT NULL;
"""
_HINTS = tuple(field.name for field in fields(Hints))
_INSTANTS = ("published", "modified")


class PageHistory:
    """The pages of one site, collected in a temporary database at `path`."""

    def __init__(self, path: Path) -> None:
        self._database = Database(path, _SCHEMA, (), write=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._database.close()

    def read(self, site_folder: Path, lines: ArticleLines) -> int:
        """Add every page below `site_folder`; return how many articles they may give.

        `lines` are those of the site: the first versions of baygan did not write for which page a
        request was made, so of a file that names no page its lines name them. Damaged if a file is
        broken, except at the end of a file that is being written.
        """
        silent = set()
        with self._database.transaction():
            for path in warc_files(site_folder):
                file = str(final_name(path).relative_to(site_folder))
                silent.add(file)
                for page in page_captures(site_folder, path):
                    silent.discard(file)
                    self._add(page)
            for _, line in lines.since({}) if silent else ():
                if line["warc"]["file"] in silent:
                    self._add(_told_by(line))
        [row] = self._database.rows("SELECT count(*) AS n FROM pages WHERE continues IS NULL")
        return int(row["n"])

    def _add(self, page: PageCapture) -> None:
        place = page.place
        self._database.run(
            "INSERT INTO pages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                page.date.isoformat(timespec="microseconds"), place.file, place.offset,
                place.length, page.record_id, page.redirected, page.imported,
                page.url, _written(page.hints), page.continues,
            ),
        )  # fmt: skip

    def pages(self) -> Iterator[PageCapture]:
        """The first or only page of each capture of an article, by date, with its further pages."""
        several = bool(self._database.rows("SELECT 1 FROM pages WHERE continues IS NOT NULL"))
        for row in self._database.each(
            "SELECT * FROM pages WHERE continues IS NULL ORDER BY date, file, offset"
        ):
            page = _page(row)
            yield replace(page, further=self._further(page)) if several else page

    def _further(self, first: PageCapture) -> tuple[PageCapture, ...]:
        rows = self._database.rows(
            "SELECT * FROM pages WHERE continues = ? ORDER BY date, file, offset",
            (first.record_id,),
        )
        return tuple(as_further(_page(row), first) for row in rows)


def _told_by(line: ArticleLine) -> PageCapture:
    """The page of a line, with what its listing told as far as the line has it."""
    warc, listed = line["warc"], line["date_source"] in LISTINGS
    hints = Hints(
        post_id=line["post_id"],
        post_type=line["post_type"],
        published=_instant(line["published"]) if listed else None,
        date_source=line["date_source"] if listed else None,
        modified=_instant(line["modified"]) if listed else None,
        protected=Flag.PROTECTED in line["flags"],
    )
    return PageCapture(
        url=line["url"],
        hints=hints,
        place=RecordPlace(warc["file"], warc["offset"], warc["length"]),
        record_id=warc["record_id"],
        date=datetime.fromisoformat(line["fetched"]),
    )


def _instant(told: str | None) -> datetime | None:
    return datetime.fromisoformat(told) if told else None


def _page(row: Row) -> PageCapture:
    return PageCapture(
        url=row["url"],
        hints=_read(row["hints"]),
        place=RecordPlace(row["file"], row["offset"], row["length"]),
        record_id=row["record_id"],
        date=datetime.fromisoformat(row["date"]),
        redirected=bool(row["redirected"]),
        imported=bool(row["imported"]),
        continues=row["continues"],
    )


def _written(hints: Hints) -> str:
    told = {name: value for name in _HINTS if (value := getattr(hints, name))}
    told |= {name: told[name].isoformat() for name in _INSTANTS if name in told}
    if hints.content_place:
        told["content_place"] = str(hints.content_place)
    return json.dumps(told, ensure_ascii=False)


def _read(text: str) -> Hints:
    told = json.loads(text)
    told |= {name: datetime.fromisoformat(told[name]) for name in _INSTANTS if name in told}
    told["content_place"] = RecordPlace.read(told.get("content_place"))
    return Hints(**told)
