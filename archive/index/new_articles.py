"""Brings the lines of new articles into the index by the thousand.

An index that is made anew gets all lines at once. `Index.record` asks a dozen times what is known
of the page of a line; here that is asked once for a thousand lines, and those of pages that nobody
knows yet, nearly all of them, are inserted as `record` would leave them in the end. A rebuild, in
which listings have named the pages, does the same with a batch of them.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from archive.http.urls import spelling
from archive.index.listed_post import ListedPost
from archive.outcomes import PageState
from archive.times.days import utc

if TYPE_CHECKING:
    from archive.database.database import Database
    from archive.jsonl.article_line import ArticleLine
    from archive.jsonl.articles import LinePlace

    Placed = tuple[LinePlace, ArticleLine]
_PAGE = (
    "INSERT INTO pages (spelling, url, post_type, post_id, title, published, modified, date_source,"
    " protected, content_place, state, tries, asked, article)"
    f" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '{PageState.KEPT}', 1, ?, ?)"
)
ARTICLE = "INSERT OR REPLACE INTO articles VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
"""The statement for an `article_row`."""


def article_row(line: ArticleLine, place: LinePlace) -> tuple[object, ...]:
    """The row of the table `articles` for a line."""
    return (
        line["id"], line["version"], line["url"], line["published"], line["fetched"],
        line["title"], line["text_sha256"], line["modified"], spelling(line["url"]),
        place.file, place.offset, place.length, " ".join(line["flags"]),
    )  # fmt: skip


class NewArticles:
    """Takes lines into the index in `database`, inside a transaction; `clock` is when the pages
    count as asked for."""

    def __init__(self, database: Database, clock: datetime) -> None:
        self._database = database
        self._asked = utc(clock)

    def take(self, lines: Sequence[Placed]) -> list[Placed]:
        """Take in the lines of pages of which nothing is known, neither the address nor the ID, and
        which no line before has. Return the others, in their order."""
        keys, posts = self._known(line for _, line in lines)
        new: list[Placed] = []
        others: list[Placed] = []
        for place, line in lines:
            key, post = spelling(line["url"]), (line["post_type"], line["post_id"])
            known = key in keys or post in posts
            (others if known else new).append((place, line))
            keys.add(key)
            if line["post_id"] is not None:
                posts.add(post)
        pages = ((ListedPost.of_line(line), line["id"]) for _, line in new)
        self._database.run_many(_PAGE, (self._page(*page) for page in pages))
        self._database.run_many(ARTICLE, (article_row(line, place) for place, line in new))
        return others

    def unknown(self, pages: Sequence[tuple[ListedPost, ArticleLine]]) -> set[str]:
        """The IDs of the lines that are the first of their articles, and of whose pages, which a
        listing named as the same posts, nothing is known."""
        articles = Counter(line["id"] for _, line in pages)
        lines = [
            line
            for page, line in pages
            if (page.url, page.post_type, page.post_id)
            == (line["url"], line["post_type"], line["post_id"])
            and page.post_id is not None
            and page.public() is page
            and articles[line["id"]] == 1
        ]
        keys, posts = self._known(lines)
        rows = self._database.rows(
            "SELECT articles.id FROM json_each(?) CROSS JOIN articles ON articles.id = value",
            (json.dumps([line["id"] for line in lines]),),
        )
        known = {row["id"] for row in rows}
        return {
            line["id"]
            for line in lines
            if spelling(line["url"]) not in keys
            and (line["post_type"], line["post_id"]) not in posts
            and line["id"] not in known
        }

    def add(self, page: ListedPost, article: str) -> None:
        """Add a page of which nothing is known, with the article that is kept of it."""
        self._database.run(_PAGE, self._page(page, article))

    def _page(self, page: ListedPost, article: str) -> tuple[object, ...]:
        place = page.content_place
        return (
            spelling(page.url), page.url, page.post_type, page.post_id, page.title,
            utc(page.published), utc(page.modified), page.date_source, page.protected,
            str(place) if place else None, self._asked, article,
        )  # fmt: skip

    def _known(self, lines: Iterable[ArticleLine]) -> tuple[set[str], set[tuple[str, int | None]]]:
        """The addresses (spellings) and the posts of these lines that the index knows."""
        spellings = []
        numbers: dict[str, list[int]] = defaultdict(list)
        for line in lines:
            spellings.append(spelling(line["url"]))
            if line["post_id"] is not None:
                numbers[line["post_type"]].append(line["post_id"])
        rows = self._database.rows(
            "SELECT spelling FROM json_each(?) CROSS JOIN pages ON spelling = value"
            " WHERE missing IS NULL",
            (json.dumps(spellings),),
        )
        posts: set[tuple[str, int | None]] = set()
        for post_type, known in numbers.items():
            found = self._database.rows(
                "SELECT post_id FROM json_each(?) CROSS JOIN pages ON post_type = ?"
                " AND post_id = value",
                (json.dumps(known), post_type),
            )
            posts.update((post_type, row["post_id"]) for row in found)
        return {row["spelling"] for row in rows}, posts
