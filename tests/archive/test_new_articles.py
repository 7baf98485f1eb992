"""Lines that are brought into the index by the thousand leave it as one after the other does."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.http.urls import spelling
from archive.index.index import Index
from archive.index.listed_post import ListedPost
from archive.index.migrations import STEPS
from archive.jsonl.article_line import ArticleLine
from archive.jsonl.articles import LinePlace
from archive.jsonl.removals import Removal
from archive.record_place import RecordPlace
from tests.archive.material import HOME, archived

CLOCK = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
Placed = tuple[LinePlace, ArticleLine]


def lines(pattern: ArticleLine, seed: int) -> list[Placed]:
    """Lines of few addresses, IDs and types, so that they meet in every way."""
    chance = random.Random(seed)
    made = []
    for offset in range(120):
        number = chance.choice([None, *range(1, 40)])
        kind = chance.choice(["post", "post", "khabar"])
        line = pattern | {
            "id": f"khabar/{kind}/{number}" if number else f"khabar/url/{chance.randrange(9):016}",
            "url": f"{HOME}{chance.choice(['', 'x/', 'ی/'])}{chance.randrange(60)}/",
            "post_type": kind,
            "post_id": number,
            "version": chance.randrange(1, 4),
            "title": chance.choice([None, "خبر", "half \ud800"]),
            "published": chance.choice([None, "2025-03-20T00:30:00Z", "1403-01-01T00:00:00Z"]),
        }
        made.append((LinePlace(f"2026-{offset // 60 + 10}.jsonl", offset % 60, 1), line))
    return made


def known(index: Index, pattern: ArticleLine, seed: int) -> None:
    """What the index knows before the lines come."""
    chance = random.Random(seed)
    index.clock = CLOCK
    posts = [
        ListedPost(url=f"{HOME}{chance.randrange(60)}/", post_type="post", post_id=number)
        for number in range(1, 40, 3)
    ]
    index.add([*posts, ListedPost(url=f"{HOME}7/"), ListedPost(url=f"{HOME}x/8/")])
    index.listed.set_beside([f"{HOME}9/"])
    index.rechecks.choose_all()
    gone = Removal(
        id="khabar/post/4", post_type="post", post_id=4, url=HOME, kind="erased",
        first_missed=CLOCK, evidence={},
    )  # fmt: skip
    index.miss([gone])


def content(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """All rows of all tables, without the places of pages, which are in another order."""
    with closing(sqlite3.connect(path)) as database:
        tables = [
            name
            for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        ]
        found = {}
        for table in tables:
            columns = [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
            named = ", ".join(name for name in columns if name != "place") or "*"
            found[table] = sorted(database.execute(f"SELECT {named} FROM {table}"), key=repr)
        return found


@pytest.mark.parametrize("seed", range(12))
def test_the_index_is_the_same(tmp_path: Path, seed: int) -> None:
    [pattern] = archived(tmp_path, 1).articles()
    placed = lines(pattern, seed)
    paths = (tmp_path / "one.db", tmp_path / "all.db")
    for path in paths:
        with closing(Index(path, write=True)) as index:
            if seed % 2:
                known(index, pattern, seed)
            index.clock = CLOCK
            if path.name == "all.db":
                for start in range(0, len(placed), 50):
                    index.record_all(placed[start : start + 50])
                continue
            for place, line in placed:
                with index.transaction():
                    index.record(line, place)
    one, other = map(content, paths)
    assert one == other
    with closing(sqlite3.connect(paths[0])) as database:
        database.executescript(STEPS[4])
    assert content(paths[0]) == one  # what the triggers have kept is what is there
    assert len(one["articles"]) > 60


def batches(
    placed: list[Placed], seed: int
) -> list[list[tuple[ListedPost, ArticleLine, LinePlace]]]:
    """Lines with their pages as listings told of them, apart as `Index.enter` asks for it."""
    chance = random.Random(seed)
    made: list[list[tuple[ListedPost, ArticleLine, LinePlace]]] = [[]]
    seen: set[object] = set()
    for place, line in placed:
        named = chance.random() < 0.8
        page = ListedPost(
            url=line["url"],
            post_type=line["post_type"] if named else None,
            post_id=line["post_id"] if named else None,
            title=chance.choice([None, "تیتر"]),
            published=chance.choice([None, CLOCK]),
            protected=chance.random() < 0.1,
            content_place=chance.choice([None, RecordPlace("warc/2026/a.warc.gz", 7, 9)]),
        )
        keys = {spelling(page.url), (page.post_type, page.post_id) if page.post_id else page.url}
        if keys & seen or len(made[-1]) == 16:
            made.append([])
            seen = set()
        made[-1].append((page, line, place))
        seen |= keys
    return made


@pytest.mark.parametrize("seed", range(12))
def test_pages_of_which_nothing_is_known_are_entered_at_once(tmp_path: Path, seed: int) -> None:
    [pattern] = archived(tmp_path, 1).articles()
    found = batches(lines(pattern, seed), seed)
    paths = (tmp_path / "one.db", tmp_path / "all.db")
    at_once = 0
    for path in paths:
        with closing(Index(path, write=True)) as index:
            if seed % 2:
                known(index, pattern, seed)
            index.clock = CLOCK
            for batch in found:
                unknown: set[str] = set()
                if path.name == "all.db":
                    unknown = index.enter([(page, line) for page, line, _ in batch])
                    at_once += len(unknown)
                else:
                    index.add(page for page, _, _ in batch)
                    index.update(page for page, _, _ in batch)
                with index.transaction():
                    for _, line, place in batch:
                        index.record(line, place, unknown=line["id"] in unknown)
    one, other = map(content, paths)
    assert one == other
    assert at_once > 10
