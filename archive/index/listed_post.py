"""A page as discovery names it, and as it stands in a row of the frontier."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, replace
from datetime import datetime

from archive.http.urls import without_userinfo
from archive.jsonl.article_line import ArticleLine
from archive.record_place import RecordPlace


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedPost:
    """A page that discovery names: its address and what the listing says of the post.

    `date_source` names the listing that told `published`: `rest`, `feed` or `sitemap`.
    `local` is the date by the site's own clock, without an offset (`2026-11-22T08:30:00`):
    WordPress compares it with the bounds of a query. `content` and `excerpt` are HTML; they come
    only with a listing that was asked for them, and are not stored; `content_place` is where that
    listing is stored. `refusal` is a stable word for why the page is not to be asked for
    (`bad-address`), if the listing itself tells so.
    """

    url: str
    post_type: str | None = None
    post_id: int | None = None
    title: str | None = None
    published: datetime | None = None
    date_source: str | None = None
    modified: datetime | None = None
    protected: bool = False
    local: str | None = None
    content: str | None = None
    excerpt: str | None = None
    content_place: RecordPlace | None = None
    refusal: str | None = None

    @classmethod
    def of_row(cls, row: sqlite3.Row) -> ListedPost:
        """The page of a row of the frontier."""
        return cls(
            url=row["url"],
            post_type=row["post_type"],
            post_id=row["post_id"],
            title=row["title"],
            published=moment(row["published"]),
            date_source=row["date_source"],
            modified=moment(row["modified"]),
            protected=bool(row["protected"]),
            local=row["local"],
            content_place=RecordPlace.read(row["content_place"]),
        )

    @classmethod
    def of_line(cls, line: ArticleLine) -> ListedPost:
        """The page that a line of articles/ was made from."""
        return cls(
            url=line["url"],
            post_type=line["post_type"],
            post_id=line["post_id"],
            title=line["title"],
            published=moment(line["published"]),
            date_source=line["date_source"],
            modified=moment(line["modified"]),
        )

    def public(self) -> ListedPost:
        """The same post, with no user name or password in its address."""
        url = without_userinfo(self.url)
        return self if url == self.url else replace(self, url=url)


def moment(text: str | None) -> datetime | None:
    """The instant that a row holds as text."""
    return datetime.fromisoformat(text) if text else None
