"""index.db: what is known of a site and what is due. It may be deleted: it is made anew.

Its tables: `pages` is the frontier, `page_counts` its counts, `articles` has a row for every line,
`marks` tells how far each file of lines was read into the index, `facts` holds what a crawl
remembers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

from archive.database.database import Database
from archive.errors import Damaged
from archive.files.append_file import make_folder
from archive.files.torn_tails import move_aside
from archive.http.urls import spelling
from archive.index.dedup import STORED, StoredAssets, StoredPayloads
from archive.index.frontier import Frontier
from archive.index.listed_post import ListedPost
from archive.index.migrations import STEPS
from archive.index.new_articles import ARTICLE, NewArticles, article_row
from archive.index.page_counts import COUNTING, PAGE_COUNTS
from archive.index.posts import FAILING, PAGES
from archive.index.recheck_queue import RECHECKS, RecheckQueue
from archive.index.sitemap_entries import LISTED, LISTED_COUNTING, SitemapEntries
from archive.index.state import FACTS, CrawlState
from archive.index.validators import VALIDATORS, Validators
from archive.jsonl.article_line import ArticleLine
from archive.jsonl.articles import LinePlace
from archive.outcomes import PageState
from archive.times.day_range import EVER, DayRange
from archive.times.days import begin_of

__all__ = ["SCHEMA_VERSION", "Entry", "Index", "ListedPost", "Newest"]

_SCHEMA = f"""
{PAGES}
{PAGE_COUNTS}
{LISTED}
{RECHECKS}
{STORED}
{VALIDATORS}
{FACTS}
CREATE TABLE IF NOT EXISTS articles (
    id TEXT, version INTEGER, url TEXT NOT NULL, published TEXT, fetched TEXT NOT NULL,
    title TEXT, text_sha256 TEXT NOT NULL, modified TEXT, spelling TEXT NOT NULL,
    file TEXT NOT NULL, offset INTEGER NOT NULL, length INTEGER NOT NULL,
    flags TEXT,  -- parted by blanks
    PRIMARY KEY (id, version)
) STRICT;
CREATE INDEX IF NOT EXISTS article_spelling ON articles (spelling);
CREATE INDEX IF NOT EXISTS article_published ON articles (published);
CREATE TABLE IF NOT EXISTS marks (file TEXT PRIMARY KEY, known INTEGER NOT NULL) STRICT;
"""
_BEHIND = f"{FAILING} {COUNTING} {LISTED_COUNTING}"
SCHEMA_VERSION = len(STEPS) + 1


class Newest(NamedTuple):
    """What is needed of an article's newest version to tell whether a text is the next version."""

    version: int
    title: str | None
    text_sha256: str
    modified: str | None


class Entry(NamedTuple):
    """One version of an article in the index: its ID, its number, when the article was published
    (ISO 8601, None if not known), and where its line is."""

    id: str
    version: int
    published: str | None
    place: LinePlace


class Index(Frontier):
    """The index of one site: its frontier and its articles. One writer (the run that holds
    the lock), any number of readers.

    A writer that finds it broken moves it to `quarantine` and begins an empty one; `renewed`
    then says so. Without a `quarantine`, and for a reader, a broken index is Damaged.
    """

    def __init__(self, path: Path, *, write: bool = False, quarantine: Path | None = None) -> None:
        self.path = path
        self.renewed = False
        if write:
            make_folder(path.parent)
        try:
            database = self._begin(path, write=write)
        except Damaged:
            if not write or quarantine is None:
                raise
            for suffix in ("", "-wal", "-shm"):
                move_aside(path.with_name(path.name + suffix), quarantine)
            database = self._begin(path, write=True)
            self.renewed = True
        self.crawl_state = CrawlState(database)
        self.listed = SitemapEntries(database)
        self.rechecks = RecheckQueue(database)
        self.digests = StoredPayloads(database)
        self.validators = Validators(database)
        self.assets = StoredAssets(database)

    def _begin(self, path: Path, *, write: bool) -> Database:
        """Open the file and read what the run begins with; Damaged, and closed, if it is broken."""
        database = Database(
            path,
            _SCHEMA,
            STEPS,
            behind=_BEHIND,
            write=write,
            functions={"spelling": spelling},
            check=True,
        )
        try:
            super().__init__(database)
        except BaseException:
            database.close()
            raise
        return database

    def close(self) -> None:
        """Close; reading or writing afterwards fails."""
        self._database.close()

    def record(self, line: ArticleLine, place: LinePlace, *, unknown: bool = False) -> None:
        """Add one line; the lines of its file are then known up to its end. `unknown`: it is one of
        those that `enter` has told of."""
        self._database.run(ARTICLE, article_row(line, place))
        if not unknown:
            self.stand(ListedPost.of_line(line))
            self.settle(line["url"], PageState.KEPT)
            self._database.run(
                "UPDATE pages SET article = ? WHERE spelling = ? AND missing IS NULL",
                (line["id"], spelling(line["url"])),
            )
        self._mark(place)

    def record_all(self, lines: Sequence[tuple[LinePlace, ArticleLine]]) -> None:
        """The same for many lines, which stand one after the other in their files."""
        with self.transaction():
            for place, line in NewArticles(self._database, self.clock).take(lines):
                self.record(line, place)
            for place in {place.file: place for place, _ in lines}.values():
                self._mark(place)

    def relabel(self, before: str, line: ArticleLine, place: LinePlace) -> None:
        """Note that the line whose ID was `before` is now `line`, at `place`."""
        self._database.run(
            "UPDATE articles SET id = ?, offset = ?, length = ? WHERE id = ? AND version = ?",
            (line["id"], place.offset, place.length, before, line["version"]),
        )
        self._database.run("UPDATE pages SET article = ? WHERE article = ?", (line["id"], before))
        self._mark(place)

    def copy_to(self, path: Path) -> None:
        """Write a copy of the whole index to `path`, where there must be no file."""
        self._database.run("VACUUM INTO ?", (str(path),))

    def dated_apart(self, post_type: str) -> list[tuple[str, int]]:
        """`dated`, by a connection of its own: to be called in a thread. To sort a million dates
        takes seconds."""
        with closing(Index(self.path)) as apart:
            apart._live = self._live
            return apart.dated(post_type)

    def turns_apart(self, now: datetime) -> set[int]:
        """`rechecks.turns`, by a connection of its own: to be called in a thread."""
        with closing(Index(self.path)) as apart:
            return apart.rechecks.turns(now)

    def _mark(self, place: LinePlace) -> None:
        """The lines of the file at `place` are known up to the end of the one there."""
        self._database.run(
            "INSERT OR REPLACE INTO marks VALUES (?, ?)", (place.file, place.offset + place.length)
        )

    def marks(self) -> dict[str, int]:
        """How many bytes of each file of lines are in the index."""
        return {row["file"]: row["known"] for row in self._database.rows("SELECT * FROM marks")}

    def newest_of(self, article: str) -> Newest | None:
        """The newest version of the article with this ID; None if there is none."""
        rows = self._database.rows(
            "SELECT version, title, text_sha256, modified FROM articles WHERE id = ?"
            " ORDER BY version DESC LIMIT 1",
            (article,),
        )
        return Newest(*rows[0]) if rows else None

    def known_title(self, page: ListedPost) -> str | None:
        """The title of the article that is kept of this page; None if none is kept."""
        row = self._row(page)
        newest = self.newest_of(row["article"]) if row and row["article"] else None
        return newest.title if newest else None

    def kept_modified(self, page: ListedPost) -> str | None:
        """When the article that is kept of this page was modified; None if none is kept."""
        row = self._row(page)
        newest = self.newest_of(row["article"]) if row and row["article"] else None
        return newest.modified if newest else None

    def versions(self, key: str) -> list[LinePlace]:
        """Where the versions of an article lie, oldest first. `key` is its ID or an address: then
        it is the article that is at that address now, else the one captured there last."""
        rows = self._database.rows(
            "SELECT file, offset, length FROM articles WHERE id = coalesce("
            "(SELECT id FROM articles WHERE id = ?1 LIMIT 1),"
            " (SELECT article FROM pages WHERE spelling = ?2 AND missing IS NULL),"
            " (SELECT id FROM articles WHERE spelling = ?2 ORDER BY fetched DESC, rowid DESC"
            " LIMIT 1)) ORDER BY version",
            (key, spelling(key)),
        )
        return [LinePlace(*row) for row in rows]

    def entries(
        self, days: DayRange = EVER, *, every: bool = False, changed: bool = False
    ) -> Iterable[Entry]:
        """The newest version of every article, or `every` version of it, in the order of capture.

        Only those published in `days` are read from the disk. With `changed` only articles that
        have several versions.
        """
        terms, values = ["true"], []
        for term, value in (("published >= ?", days.begin), ("published < ?", days.end)):
            if value:
                terms.append(term)
                values.append(value)
        if not every:
            terms.append(
                "NOT EXISTS (SELECT 1 FROM articles AS later"
                " WHERE later.id = articles.id AND later.version > articles.version)"
            )
        if changed:
            terms.append(
                "EXISTS (SELECT 1 FROM articles AS other"
                " WHERE other.id = articles.id AND other.version != articles.version)"
            )
        rows = self._database.each(
            "SELECT id, version, published, file, offset, length FROM articles"
            f" WHERE {' AND '.join(terms)} ORDER BY file, offset",
            values,
        )
        return (
            Entry(row["id"], row["version"], row["published"], LinePlace(*row[3:])) for row in rows
        )

    def edits(self, since: str | None = None) -> Iterable[tuple[LinePlace, LinePlace]]:
        """Every version that replaced another, in the order of capture: where the line of the one
        before lies, and where its own. With `since` only those captured at this instant (ISO 8601
        in UTC) or later."""
        rows = self._database.each(
            "SELECT old.file, old.offset, old.length, new.file, new.offset, new.length"
            " FROM articles AS new JOIN articles AS old ON old.id = new.id AND old.version ="
            " (SELECT max(version) FROM articles WHERE id = new.id AND version < new.version)"
            " WHERE new.version > 1 AND new.fetched >= ? ORDER BY new.fetched, new.id, new.version",
            (since or "",),
        )
        return ((LinePlace(*row[:3]), LinePlace(*row[3:])) for row in rows)

    def counts(self) -> dict[str, int]:
        """Pages by state, and `articles`: how many have at least one version."""
        [row] = self._database.rows("SELECT count(DISTINCT id) AS n FROM articles")
        states = {state.value: count for state, count in self.states().items()}
        return {**states, "articles": row["n"]}

    def flagged(self, flag: str) -> int:
        """How many articles have `flag` in their newest version."""
        rows = self._database.each("SELECT flags, max(version) FROM articles GROUP BY id")
        return sum(flag in (row["flags"] or "").split() for row in rows)

    def dates(self) -> Iterable[str | None]:
        """When each article was published by its newest version, ISO 8601."""
        rows = self._database.each("SELECT published, max(version) FROM articles GROUP BY id")
        return (row["published"] for row in rows)

    def newest_fetched(self) -> str | None:
        """When the newest article was captured, ISO 8601."""
        [row] = self._database.rows("SELECT max(fetched) AS newest FROM articles")
        return str(row["newest"]) if row["newest"] else None

    def limit(self, since: date | None) -> None:
        """Let this run count only what was published on the day `since` or later. Call it again
        after the listings were read: they begin a day earlier."""
        begin = begin_of(since) if since else None
        with self.transaction():
            self._limit(since, changed=begin != self.crawl_state.since)
            self.crawl_state.since = begin
