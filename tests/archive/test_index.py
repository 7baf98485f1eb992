"""The index: what is due, what became of it, and that it can always be made anew."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from archive.errors import BayganError, Damaged, FolderError
from archive.index.index import SCHEMA_VERSION, Index, ListedPost
from archive.outcomes import PageState
from archive.writer.batch import BATCH
from archive.writer.site_writer import SiteWriter
from tests.archive.material import (
    HOME,
    UNCOUNTED,
    address,
    archived,
    article,
    exchange,
    ids,
    keep,
    kill,
)
from tests.archive.material import site_folder as new_site
from tests.process import Baygan


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    index = Index(tmp_path / "index.db", write=True)
    yield index
    index.close()


def found(number: int, path: str = "") -> ListedPost:
    return ListedPost(url=f"{HOME}{path or number}", post_type="post", post_id=number)


def test_what_is_found_is_due_in_its_order_until_it_is_settled(index: Index) -> None:
    assert index.add(found(n) for n in (5, 3, 9, 3)) == 3
    assert index.add([found(9), found(7)]) == 1
    batch = index.due(0, 3)
    assert [page.post_id for _, page in batch] == [5, 3, 9]
    assert [page.post_id for _, page in index.due(batch[-1][0], 3)] == [7]
    index.settle(f"{HOME}5", PageState.REFUSED, "list")
    index.settle(f"{HOME}3", PageState.FAILED, "timeout")
    index.settle(f"{HOME}9", PageState.KEPT)
    assert [page.post_id for _, page in index.due(0, 10)] == [7]
    assert [page.post_id for _, page in index.failed()] == [3]
    assert index.reasons() == {"refused": {"list": 1}, "failed": {"timeout": 1}}
    assert index.counts() == {"due": 1, "kept": 1, "refused": 1, "failed": 1, "articles": 0}


def test_a_page_comes_back_as_it_was_found(index: Index) -> None:
    moment = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
    page = ListedPost(
        url=f"{HOME}%D8%AE%D8%A8%D8%B1/",
        post_type="khabar",
        post_id=4,
        title="خبر",
        published=moment,
        modified=moment,
        protected=True,
    )
    index.add([page])
    [(_, again)] = index.due(0, 1)
    assert again == page


def test_a_post_is_known_by_its_number_a_page_by_its_address(index: Index) -> None:
    index.add([found(5, "old-name"), ListedPost(url=f"{HOME}خبر/")])
    assert index.knows(found(5, "new-name"))
    assert index.knows(ListedPost(url=f"{HOME}%d8%ae%d8%a8%d8%b1/?utm_source=x#top"))
    assert not index.knows(found(6))
    assert index.add([found(5, "new-name"), ListedPost(url=f"{HOME}%D8%AE%D8%A8%D8%B1/")]) == 0
    assert len(index.live("post")) == 1


def test_odd_strings_are_stored_and_found(index: Index) -> None:
    odd = f"{HOME}\ud800'\"; DROP TABLE pages; --\0"
    index.add([ListedPost(url=odd, title="\udfff")])
    assert index.knows(ListedPost(url=odd))
    index.crawl_state.robots_sitemaps = ["\ud800"]
    assert index.crawl_state.robots_sitemaps == ["\ufffd"]
    index.crawl_state.of_type("\ud800").nameless = 3
    assert index.crawl_state.of_type("\ud800").nameless == 3
    assert index.versions("\udcff") == []


def test_a_transaction_is_whole_or_nothing(index: Index) -> None:
    with pytest.raises(ValueError, match="in the middle"), index.transaction():
        index.settle(f"{HOME}1", PageState.REFUSED, "list")
        raise ValueError("in the middle")
    assert index.counts()["refused"] == 0
    with index.transaction():
        index.settle(f"{HOME}1", PageState.REFUSED, "list")
    assert index.counts()["refused"] == 1


def test_versions_by_number_and_by_every_spelling_of_the_address(tmp_path: Path) -> None:
    site = new_site(tmp_path)
    url = f"{HOME}خبر-تازه/"
    with SiteWriter(site) as writer:
        writer.keep(url, article(7), writer.capture(exchange(7)))
        assert writer.keep(address(7), article(7), writer.capture(exchange(7))) == "duplicate"
    [line] = site.versions("khabar/post/7")
    for key in (
        url,
        f"{HOME}%D8%AE%D8%A8%D8%B1-%D8%AA%D8%A7%D8%B2%D9%87/?utm_campaign=x",
        "HTTP://khabar.example:80/%d8%ae%d8%a8%d8%b1-%d8%aa%d8%a7%d8%b2%d9%87/#comments",
    ):
        assert site.versions(key) == [line]
        assert site.archive.find(key)[1] == [line]
    assert site.versions("khabar/post/8") == []
    index = site.index()
    assert index is not None
    assert (index.counts()["kept"], index.reasons()) == (1, {"refused": {"duplicate": 1}})
    index.close()


def garbage(path: Path) -> None:
    path.write_bytes(os.urandom(20_000))


def wrong_page(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * (path.stat().st_size - 8192))


def stale_log(path: Path) -> None:
    path.with_name(path.name + "-wal").write_bytes(os.urandom(9_000))
    path.write_bytes(b"SQLite format 3\0" + b"\xff" * 5000)


@pytest.mark.parametrize("harm", [garbage, wrong_page, stale_log], ids=lambda harm: harm.__name__)
def test_a_broken_index_is_put_aside_and_made_anew(
    tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    site = archived(tmp_path, *range(1, 41))
    before = [line["id"] for line in site.articles()]
    harm(site.index_path)
    broken = site.index_path.read_bytes()
    with pytest.raises(Damaged, match=r"index\.db is broken") as caught:
        list(site.articles())
    assert caught.value.exit_code == 4
    with SiteWriter(site) as writer:
        assert writer.keep(address(3), article(3), writer.capture(exchange(3))) == "unchanged"
        keep(writer, 41)
    assert ids(site) == [*before, "khabar/post/41"]
    assert (site.quarantine / "index.db").read_bytes() == broken
    [problem] = list(site.runs())[-1]["problems"]
    assert "index.db was broken" in problem
    harm(site.index_path)
    SiteWriter(site).close()
    kept = {path.name.removeprefix("index.db") for path in site.quarantine.iterdir()}
    assert {"", ".2"} <= kept
    assert len(ids(site)) == 41


def test_a_crawl_mends_a_broken_index_by_itself(baygan: Baygan) -> None:
    baygan("crawl")
    before = baygan("export").out
    path = baygan.folder / "news" / "index.db"
    garbage(path)
    told = baygan("status")
    assert told.code == 4 and "Traceback" not in told.err and "next crawl" in told.err
    again = baygan("crawl")
    assert again.code == 3 and again.err.count("\n") == 1 and "quarantine" in again.err
    assert baygan("export").out == before != ""
    third = baygan("crawl")
    assert (third.code, third.err) == (0, "")


def test_the_index_may_be_deleted(tmp_path: Path) -> None:
    site = archived(tmp_path, 1, 2, 3)
    lines = list(site.articles())
    site.index_path.unlink()
    # No article at all would be taken for the whole archive.
    with pytest.raises(FolderError, match=r"They are safe.*baygan crawl khabar"):
        list(site.articles())
    done = Baygan(tmp_path)("export")
    assert (done.code, done.out) == (1, "")
    SiteWriter(site).close()
    assert list(site.articles()) == lines


def test_the_index_may_be_deleted_after_a_kill(tmp_path: Path) -> None:
    """SQLite's log stays behind then, and must not be taken for the new file's."""
    site = new_site(tmp_path)
    writer = SiteWriter(site)
    keep(writer, *range(1, BATCH + 1))
    log = site.index_path.with_name("index.db-wal")
    left = log.read_bytes()
    kill(writer)
    site.index_path.unlink()
    log.write_bytes(left)
    SiteWriter(site).close()
    assert len(ids(site)) == BATCH


def test_lines_that_the_index_does_not_know_are_taken_in(tmp_path: Path) -> None:
    site = archived(tmp_path, 1)
    before = site.index_path.read_bytes()
    with SiteWriter(site) as writer:
        keep(writer, *range(2, 30))
    site.index_path.write_bytes(before)
    for _ in range(2):
        SiteWriter(site).close()
        assert ids(site) == [f"khabar/post/{n}" for n in range(1, 30)]


def test_lines_that_are_gone_are_damage(tmp_path: Path) -> None:
    site = archived(tmp_path, 1, 2)
    [path] = site.lines.folder.iterdir()
    whole = path.read_bytes()
    path.write_bytes(whole[: whole.index(b"\n") + 1])
    with pytest.raises(Damaged, match="has lost lines"):
        SiteWriter(site)
    path.write_bytes(whole)
    SiteWriter(site).close()
    assert len(ids(site)) == 2


def test_a_line_that_is_none_is_damage_and_the_lock_is_free_again(tmp_path: Path) -> None:
    site = archived(tmp_path, 1, 2)
    [path] = site.lines.folder.iterdir()
    whole = path.read_bytes()
    path.write_bytes(b"\0" * 30 + b"\n" + whole)
    site.index_path.unlink()
    for _ in range(2):
        with pytest.raises(Damaged, match=r"no whole line at byte 0"):
            SiteWriter(site)


def test_a_newer_index_is_left_alone(tmp_path: Path) -> None:
    site = archived(tmp_path, 1)
    newer = sqlite3.connect(site.index_path)
    newer.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    newer.close()
    before = site.index_path.read_bytes()
    with pytest.raises(FolderError, match="newer baygan"):
        SiteWriter(site)
    assert site.index_path.read_bytes() == before
    assert not site.quarantine.exists()


def test_a_reader_does_not_wait_for_the_writer(tmp_path: Path) -> None:
    site = archived(tmp_path, 1)
    with SiteWriter(site) as writer:
        with writer.index.transaction():
            writer.index.settle(address(9), PageState.REFUSED, "list")
            assert ids(site) == ["khabar/post/1"]
        keep(writer, 2)
        writer.flush()
        assert len(ids(site)) == 2


def test_an_index_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "index.db").mkdir()
    with pytest.raises(BayganError, match="cannot open"):
        Index(tmp_path / "index.db", write=True)


def test_since_leaves_out_and_a_later_since_brings_back(index: Index) -> None:
    old, new = datetime(2020, 5, 1, tzinfo=UTC), datetime(2026, 5, 1, tzinfo=UTC)
    index.add([replace(found(1), published=old), replace(found(2), published=new), found(3)])
    index.limit(date(2024, 1, 1))
    assert [page.post_id for _, page in index.due(0, 9)] == [2, 3]
    assert index.live("post") == {2, 3}
    # A page whose date only its article tells was left out by that.
    index.settle(f"{HOME}3", PageState.REFUSED, "before-since")
    index.limit(date(2024, 1, 1))
    assert [page.post_id for _, page in index.due(0, 9)] == [2]
    index.limit(None)
    assert [page.post_id for _, page in index.due(0, 9)] == [1, 2, 3]
    assert index.live("post") == {1, 2, 3}


def test_since_is_a_day_in_iran_and_the_listings_begin_a_day_earlier(index: Index) -> None:
    midnight = datetime(2025, 3, 20, 20, 30, tzinfo=UTC)
    second, hour = timedelta(seconds=1), timedelta(hours=1)
    zones = {"in Iran": 3.5, "in Los Angeles": -8}
    published = [midnight - 40 * hour, midnight - second, midnight]
    posts = [
        replace(found(10 * n + m), published=at, local=f"{at + shift * hour:%Y-%m-%dT%H:%M:%S}")
        for n, shift in enumerate(zones.values())
        for m, at in enumerate(published)
    ]
    index.add([*posts, replace(found(30), local="2025-03-21T00:10:00")])
    for _ in range(2):
        index.limit(date(2025, 3, 21))
        assert [page.post_id for _, page in index.due(0, 9)] == [2, 12, 30]
    # What REST counts from the day before on, by the site's own clock.
    assert index.live("post") == {1, 2, 11, 12, 30}
    assert sorted(index.live_dates(), key=str) == ["2025-03-20T20:30:00Z"] * 2 + [None]
    # What a listing names after all is left out when that is said again.
    index.update([replace(posts[1], modified=midnight, url=f"{HOME}renamed")])
    assert [page.post_id for _, page in index.due(0, 9)] == [1, 2, 12, 30]
    index.limit(date(2025, 3, 21))
    assert [page.post_id for _, page in index.due(0, 9)] == [2, 12, 30]


@pytest.mark.parametrize("year", [1403, 1970])
def test_a_date_that_was_never_set_leaves_no_page_out(index: Index, year: int) -> None:
    index.add([replace(found(1), published=datetime(year, 1, 1, tzinfo=UTC))])
    index.limit(date(2025, 3, 21))
    assert [page.post_id for _, page in index.due(0, 9)] == [1]


def test_who_told_a_date_is_known_of_older_files_too(tmp_path: Path) -> None:
    path = tmp_path / "index.db"
    with closing(Index(path, write=True)) as index:
        at = datetime(2025, 3, 20, tzinfo=UTC)
        index.add([replace(found(n), published=at, date_source="sitemap") for n in (1, 2)])
        index.add([found(3)])
        assert [page.date_source for _, page in index.due(0, 9)] == ["sitemap", "sitemap", None]
    older = sqlite3.connect(path)
    older.executescript(
        f"{UNCOUNTED} UPDATE pages SET local = '2025-03-20T03:30:00' WHERE post_id = 1;"
        "ALTER TABLE pages DROP COLUMN date_source; ALTER TABLE articles DROP COLUMN flags;"
        "PRAGMA user_version = 2"
    )
    older.close()
    for write in (False, True):
        with closing(Index(path, write=write)) as index:
            assert [page.date_source for _, page in index.due(0, 9)] == ["rest", "feed", None]
