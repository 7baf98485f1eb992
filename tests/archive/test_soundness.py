"""Every page of index.db is looked at once a week, and when the last writer did not close it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from archive.errors import Damaged
from archive.index.index import Index
from archive.index.listed_post import ListedPost
from archive.outcomes import PageState
from archive.writer.site_writer import SiteWriter
from tests.archive.material import HOME, address, archived

MANY = 600


def full(path: Path) -> None:
    with closing(Index(path, write=True)) as index:
        index.add(ListedPost(url=f"{HOME}{number}/{'x' * 200}") for number in range(MANY))


def harm(path: Path) -> None:
    """Make one page worthless, of those that hold the addresses and that no opening reads."""
    with closing(sqlite3.connect(path)) as database:
        [size] = database.execute("PRAGMA page_size").fetchone()
        root = "SELECT rootpage FROM sqlite_master WHERE name = 'live_address'"
        [page] = database.execute(root).fetchone()
    with path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)


def weeks(path: Path) -> list[int]:
    with closing(sqlite3.connect(path)) as database:
        return [week for (week,) in database.execute("SELECT week FROM health")]


def test_a_week_is_noted_when_the_file_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "khabar" / "index.db"
    full(path)
    [week] = weeks(path)
    with closing(Index(path, write=True)):
        assert weeks(path) == [-1] and week > 100_000
    assert weeks(path) == [week]


@pytest.mark.parametrize("before", ["a week ago", "died"])
def test_what_is_broken_is_found(tmp_path: Path, before: str) -> None:
    path = tmp_path / "khabar" / "index.db"
    full(path)
    harm(path)
    Index(path, write=True).close()  # this week it was looked at already
    with closing(sqlite3.connect(path)) as database:
        database.execute(f"UPDATE health SET week = {'week - 1' if before != 'died' else '-1'}")
        database.commit()
    with pytest.raises(Damaged, match=r"index\.db is broken"):
        Index(path, write=True)
    with closing(Index(path, write=True, quarantine=tmp_path / "quarantine")) as index:
        assert index.renewed


def test_who_finds_something_broken_leaves_it_to_the_next_writer(tmp_path: Path) -> None:
    path = tmp_path / "khabar" / "index.db"
    full(path)
    harm(path)
    index = Index(path, write=True)
    with pytest.raises(Damaged, match="the next crawl"):
        index.settle(f"{HOME}1/{'x' * 200}", PageState.KEPT)
    index.close()
    with pytest.raises(Damaged, match=r"index\.db is broken"):
        Index(path, write=True)


def test_a_run_that_meets_the_damage_is_the_last_one(tmp_path: Path) -> None:
    site = archived(tmp_path, *range(1, 41))
    lines = list(site.articles())
    harm(site.index_path)
    with pytest.raises(Damaged), SiteWriter(site) as writer:
        writer.refuse(address(50), "list")
        writer.flush()
    with SiteWriter(site) as writer:
        assert "index.db was broken" in writer.run.problems[0]
    assert list(site.articles()) == lines
