"""A batch: what waits to be acknowledged, and the order in which that is written.

    1  WARC members, fsync                 captured
    2  lines, fsync, then their text       kept
    3  the index, one transaction          acknowledged

Each step is durable before the next one begins. No step needs a later one.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from archive.index.dedup import Payload
from archive.index.index import Index, ListedPost
from archive.index.validators import SeenValidators
from archive.jsonl.article_line import ArticleLine
from archive.jsonl.articles import ArticleLines
from archive.outcomes import Flag, PageState
from archive.warc.text_records import text_record
from archive.warc.writer import WarcSeries

BATCH = 64
"""The most articles in one batch. A crawl also writes its batch every second: at full speed a
smaller one would be full several times in that second, and each time the crawl waits for the disk.
"""


class Unhad(NamedTuple):
    """A page that failed in this run for the first time: its address, why, and whether an article
    of it is kept."""

    url: str
    reason: str
    is_kept: bool


class Batch:
    """Collects articles, other pages that were settled, and captured payloads, until `write`.

    `unhad` are the pages that failed for the first time, among all that were written.
    """

    def __init__(
        self, warc: WarcSeries, lines: ArticleLines, text: WarcSeries, limit: int = BATCH
    ) -> None:
        self._warc = warc
        self._lines = lines
        self._text = text
        self._limit = limit
        self._articles: list[tuple[ArticleLine, datetime]] = []
        self._settled: list[tuple[str, PageState, str, ListedPost | None]] = []
        self.unhad: list[Unhad] = []
        self._payloads: list[Payload] = []
        self._seen: list[SeenValidators] = []
        self._assets: list[str] = []

    @property
    def full(self) -> bool:
        """Whether no more articles fit into the batch."""
        return len(self._articles) >= self._limit

    def add(self, line: ArticleLine, captured: datetime) -> None:
        """Add an article's line; it goes into the file of the month it was `captured` in."""
        self._articles.append((line, captured))

    def settle(
        self, url: str, state: PageState, reason: str, post: ListedPost | None = None
    ) -> None:
        """Add what became of a page that gives no line: `kept` as it was, `refused` or `failed`;
        and the `post` that the page said it is."""
        self._settled.append((url, state, reason, post))

    def note(self, payload: Payload) -> None:
        """Add a payload; others may refer to it once its record is durable."""
        self._payloads.append(payload)

    def note_asset(self, url: str) -> None:
        """Add an asset; it need not be asked for again once its record is durable."""
        self._assets.append(url)

    def see(self, seen: SeenValidators) -> None:
        """Add a page's validators, as they came with its payload."""
        self._seen.append(seen)

    def write(self, index: Index) -> Sequence[ArticleLine]:
        """Write the whole batch in its order; return the lines, which are acknowledged now."""
        self._warc.sync()
        waiting = (self._articles, self._settled, self._payloads, self._seen, self._assets)
        if not any(waiting):
            return ()
        written = [(line, self._lines.append(line, date)) for line, date in self._articles]
        if written:
            self._lines.sync()
            self._text.append([text_record(line) for line, _ in written])
            self._text.sync()
        with index.transaction():
            for line, place in written:
                index.record(line, place)
                if Flag.TRUNCATED in line["flags"]:
                    index.rechecks.choose(line["url"])
            for url, state, reason, post in self._settled:
                if post:
                    index.stand(post)
                settled = index.settle(url, state, reason)
                if settled.is_news:
                    self.unhad.append(Unhad(url, reason, settled.is_kept))
            index.rechecks.choose_outdated()
            index.digests.note(self._payloads)
            index.validators.note(self._seen)
            index.assets.note(self._assets)
        for done in waiting:
            done.clear()
        return [line for line, _ in written]
