"""Who stands where: posts by their IDs, one live post an address, and what failed asked again."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path

import pytest

from archive.index.index import SCHEMA_VERSION, Index, ListedPost
from archive.jsonl.removals import Removal
from archive.outcomes import PageState
from archive.record_place import RecordPlace
from archive.writer.site_writer import SiteWriter
from tests.archive.material import HOME, UNCOUNTED, address, archived, article, exchange, ids

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    index = Index(tmp_path / "index.db", write=True)
    index.clock = NOON
    yield index
    index.close()


def post(number: int, path: str) -> ListedPost:
    return ListedPost(url=f"{HOME}{path}", post_type="post", post_id=number)


def due(index: Index) -> list[tuple[int | None, str]]:
    return [(page.post_id, page.url.removeprefix(HOME)) for _, page in index.due(0, -1)]


def take(index: Index, *pages: ListedPost) -> None:
    """As discovery does: known pages are compared, the others added."""
    index.update(pages)
    index.add(pages)


def gone(number: int, path: str) -> Removal:
    return Removal(
        id=f"khabar/post/{number}", post_type="post", post_id=number, url=f"{HOME}{path}",
        kind="unpublished", first_missed=NOON, evidence={},
    )  # fmt: skip


def test_an_address_is_whose_the_site_names_there_last(index: Index) -> None:
    take(index, post(1, "a"))
    index.settle(f"{HOME}a", PageState.KEPT)
    take(index, post(2, "a"))
    assert due(index) == [(2, "a")]
    assert index.live("post") == {1, 2}
    index.settle(f"{HOME}a", PageState.REFUSED, "list")
    assert index.balance("post") == {"kept": 1, "refused": 1}
    index.miss([gone(1, "a")])
    assert index.live("post") == {2}
    take(index, post(1, "b"))
    assert due(index) == [(1, "b")]


def test_two_posts_exchange_their_addresses(index: Index) -> None:
    take(index, post(1, "a"), post(2, "b"))
    for path in "ab":
        index.settle(f"{HOME}{path}", PageState.KEPT)
    take(index, post(1, "b"), post(2, "a"))
    assert due(index) == [(1, "b"), (2, "a")]
    for path in "ab":
        index.settle(f"{HOME}{path}", PageState.KEPT)
    take(index, post(1, "b"), post(2, "a"))
    assert due(index) == [] and index.live("post") == {1, 2}


def test_two_posts_that_the_site_has_at_one_address_do_not_take_turns(index: Index) -> None:
    for _ in range(3):
        take(index, post(1, "a"), post(2, "a"))
        assert due(index) in ([(2, "a")], [])
        index.settle(f"{HOME}a", PageState.KEPT)
    assert index.balance("post") == {"kept": 1, "refused": 1}
    index.miss([gone(2, "a")])
    take(index, post(1, "a"))
    assert due(index) == [(1, "a")]


def test_a_page_without_an_id_becomes_the_post_that_is_named_there(index: Index) -> None:
    take(index, ListedPost(url=f"{HOME}a"))
    index.settle(f"{HOME}a", PageState.KEPT)
    take(index, replace(post(1, "a"), modified=NOON))
    assert due(index) == [] and index.balance("post") == {"kept": 1}
    take(index, replace(post(1, "a"), modified=NOON + timedelta(hours=1)))
    assert due(index) == [(1, "a")]


def test_a_page_without_an_id_where_a_removed_post_stood_is_looked_at(index: Index) -> None:
    take(index, post(1, "a"))
    index.settle(f"{HOME}a", PageState.KEPT)
    index.miss([gone(1, "a")])
    take(index, ListedPost(url=f"{HOME}a"))
    assert due(index) == [(None, "a")]
    index.stand(post(1, "a"))
    assert due(index) == [] and index.live("post") == {1}
    index.miss([gone(1, "a")])
    take(index, ListedPost(url=f"{HOME}a"))
    index.stand(post(2, "a"))
    assert due(index) == [(2, "a")] and index.live("post") == {2}


def test_a_site_that_moved_names_the_pages_it_had(index: Index) -> None:
    take(index, post(1, "a"), ListedPost(url=f"{HOME}b"))
    for path in "ab":
        index.settle(f"{HOME}{path}", PageState.KEPT)
    moved = "https://www.khabar.example/"
    take(index, replace(post(1, "a"), url=f"{moved}a"), ListedPost(url=f"{moved}b"))
    assert due(index) == [] and index.counts()["kept"] == 2
    assert index.url_of("post", 1) == f"{moved}a"


def test_two_posts_of_one_address_are_two_articles(tmp_path: Path) -> None:
    site = archived(tmp_path, 1)
    url = address(1)
    with SiteWriter(site) as writer:
        writer.index.add([replace(post(2, ""), url=url)])
        assert writer.keep(url, article(2), writer.capture(exchange(2))) == "new"
    for _ in range(2):
        assert ids(site) == ["khabar/post/1", "khabar/post/2"]
        assert [line["id"] for line in site.versions(url)] == ["khabar/post/2"]
        assert [line["id"] for line in site.versions("khabar/post/1")] == ["khabar/post/1"]
        site.index_path.unlink()
        SiteWriter(site).close()


@pytest.mark.parametrize(
    ("reason", "refused_from"),
    [("http-404", 0), ("http-403", 0), ("empty", 8), ("timeout", 8), ("a-new-word", 8)],
)
def test_what_fails_is_asked_for_ever_more_seldom(
    index: Index, reason: str, refused_from: int
) -> None:
    take(index, post(1, "a"))
    asked = []
    for writer in range(60):
        index.clock = NOON + timedelta(days=writer, minutes=-writer)
        if index.due(0, -1) or index.failed():
            asked.append(writer)
            first = index.settle(f"{HOME}a", PageState.FAILED, reason).is_news
            assert first == (len(asked) == 1)
        state = "refused" if writer >= refused_from else "failed"
        assert index.reasons() == {state: {reason: 1}}
        assert index.young() == (state == "failed")
    assert asked == [0, 1, 2, 4, 8, 16, 32]
    index.settle(f"{HOME}a", PageState.KEPT)
    assert index.failed() == [] and index.unavailable() == {}


@pytest.mark.parametrize("reason", ["list", "protected", "skipped", "elsewhere", "bad-address"])
def test_what_is_settled_is_not_asked_for_again(index: Index, reason: str) -> None:
    take(index, post(1, "a"))
    index.settle(f"{HOME}a", PageState.REFUSED, reason)
    index.clock = NOON + timedelta(days=400)
    assert index.failed() == [] and index.reasons() == {"refused": {reason: 1}}


def test_a_clock_that_was_ahead_keeps_nothing_waiting(index: Index) -> None:
    take(index, post(1, "a"))
    index.clock = NOON + timedelta(days=3000)
    for _ in range(3):
        index.settle(f"{HOME}a", PageState.FAILED, "http-404")
    index.clock = NOON
    assert len(index.failed()) == 1


OLD = """
CREATE TABLE pages (
    spelling TEXT PRIMARY KEY, url TEXT NOT NULL, post_type TEXT, post_id INTEGER,
    title TEXT, published TEXT, modified TEXT, protected INTEGER NOT NULL DEFAULT 0,
    state TEXT NOT NULL DEFAULT 'due', reason TEXT, tries INTEGER NOT NULL DEFAULT 0,
    missing TEXT, local TEXT, content TEXT
) STRICT;
CREATE UNIQUE INDEX post ON pages (post_type, post_id) WHERE post_id IS NOT NULL;
CREATE INDEX page_state ON pages (state);
"""


def make_old(path: Path) -> None:
    """Make the index.db at `path` one of version 2, with the pages it has and some more."""
    database = sqlite3.connect(path, isolation_level=None)
    columns = (
        "url, post_type, post_id, title, published, modified, protected, state, reason, tries,"
        " missing, local, content"
    )
    database.executescript(
        f"{UNCOUNTED} DROP INDEX post; DROP INDEX page_state; DROP INDEX live_address;"
        f"ALTER TABLE pages RENAME TO now; {OLD}"
        f"INSERT INTO pages (spelling, {columns}) SELECT url, {columns} FROM now; DROP TABLE now;"
        "UPDATE articles SET spelling = url; ALTER TABLE articles DROP COLUMN flags;"
        "PRAGMA user_version = 2"
    )
    more = [
        ("https://khabar.example/?p=1", None, "refused", "duplicate"),
        ("https://www.khabar.example/sick", 71, "refused", "empty"),
        ("https://khabar.example/lost", 72, "failed", "http-404"),
        ("https://khabar.example/list", 73, "refused", "list"),
    ]
    for url, number, state, reason in more:
        database.execute(
            "INSERT INTO pages (spelling, url, post_type, post_id, state, reason, tries)"
            " VALUES (?, ?, 'post', ?, ?, ?, 3)",
            (url, url, number, state, reason),
        )
    database.execute("INSERT INTO listed VALUES ('https://www.khabar.example/?p=1', 'f', NULL)")
    database.close()


def test_an_index_of_an_earlier_version_goes_on(tmp_path: Path) -> None:
    site = archived(tmp_path, 1, 2, 3)
    lines = list(site.articles())
    make_old(site.index_path)
    old = site.index_path.read_bytes()
    assert list(site.articles()) == lines
    assert site.index_path.read_bytes() == old
    with SiteWriter(site) as writer:
        index = writer.index
        assert index.counts() == {"due": 0, "kept": 3, "refused": 2, "failed": 1, "articles": 3}
        assert [page.post_id for _, page in index.failed()] == [71, 72]
        moved = [ListedPost(url=f"https://www.khabar.example/?p={n}") for n in (1, 2, 3)]
        assert (index.add(moved), index.update(moved), index.due(0, -1)) == (0, 0, [])
        assert set(index.listed.all()) == {"http://khabar.example/?p=1"}
        assert [page.post_id for page in index.held(chain(*index.live_addresses()))] == [1, 2, 3]
    assert list(site.articles()) == lines
    database = sqlite3.connect(site.index_path)
    assert database.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)
    assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    database.close()


def test_where_the_content_was_told_is_known_until_it_is_told_again(index: Index) -> None:
    first, second = (RecordPlace(f"warc/2026/khabar-{n}.warc.gz", n, 9) for n in (1, 2))
    page = post(1, "a")
    index.add([page])
    assert index.waits("post") and index.lacks_content("post")
    for place, known in ((first, first), (None, first), (second, second)):
        index.update([replace(page, content_place=place)])
        assert [found.content_place for _, found in index.due(0, 9)] == [known]
    assert index.waits("post") and not index.lacks_content("post")
    index.settle(page.url, PageState.KEPT)
    assert not index.waits("post")
