"""Brings the lines of new articles into the index by the thousand.

An index that is made anew gets all lines at once. `Index.record` asks a dozen times what is known
of the page of a line; here that is asked once for a thousand lines, and those of pages that nobody
knows yet, nearly all of them, are inserted as `record` would leave them in the end.
"""

from __future__ import annotations

import json
from collections import defaultdict
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
    f" state, tries, asked, article) VALUES (?, ?, ?, ?, ?, ?, ?, ?, '{PageState.KEPT}', 1, ?, ?)"
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
        keys, posts = self._known(lines)
        new: list[Placed] = []
        others: list[Placed] = []
        for place, line in lines:
            key, post = spelling(line["url"]), (line["post_type"], line["post_id"])
            known = key in keys or post in posts
            (others if known else new).append((place, line))
            keys.add(key)
            if line["post_id"] is not None:
                posts.add(post)
        self._database.run_many(_PAGE, (self._page(line) for _, line in new))
        self._database.run_many(ARTICLE, (article_row(line, place) for place, line in new))
        return others

    def _page(self, line: ArticleLine) -> tuple[object, ...]:
        page = ListedPost.of_line(line)
        return (
            spelling(page.url), page.url, page.post_type, page.post_id, page.title,
            utc(page.published), utc(page.modified), page.date_source, self._asked, line["id"],
        )  # fmt: skip

    def _known(self, lines: Iterable[Placed]) -> tuple[set[str], set[tuple[str, int | None]]]:
        """The addresses (spellings) and the posts of these lines that the index knows."""
        spellings = []
        numbers: dict[str, list[int]] = defaultdict(list)
        for _, line in lines:
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
