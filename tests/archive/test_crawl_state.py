"""What a crawl remembers is read from, and written into, an index.db under the names it has always
had there."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from archive.index.index import Index
from archive.index.state import SitemapReading, StoredProfile

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
STAMP = "2026-11-22T12:00:00+00:00"
SOME = {"count": 1, "examples": ["https://khabar.example/1"]}
CROSSCHECK = {
    "source": "sitemap", "read": STAMP, "listed": 3,
    "only_in_sitemap": SOME, "only_in_rest": SOME, "left": 0,
}  # fmt: skip
FACTS: dict[str, Any] = {
    "watermark post": STAMP,
    "swept post": STAMP,
    "miscounted post": True,
    "nameless post": 2,
    "collapsed post": STAMP,
    "probe": {"home": "https://khabar.example/", "types": [], "at": STAMP},
    "sitemaps": ["https://khabar.example/sitemap.xml"],
    "refused types": ["elementor"],
    "witness": CROSSCHECK,
    "remarks": ["one file may not be read"],
    "feed read to its end": STAMP,
    "rechecks": STAMP,
    "sitemap files": {"whole": STAMP, "files": {"a.xml": None}, "clock": STAMP},
    "since": "2026-11-22T12:00:00Z",
    "manifest": 8123,
}


def test_an_index_of_the_version_before_is_understood(tmp_path: Path) -> None:
    path = tmp_path / "index.db"
    Index(path, write=True).close()
    with closing(sqlite3.connect(path)) as database, database:
        rows = [(name, json.dumps(value)) for name, value in FACTS.items()]
        database.executemany("INSERT INTO facts VALUES (?, ?)", rows)
    with closing(Index(path)) as index:
        state = index.crawl_state
        posts, others = state.of_type("post"), state.of_type("page")
        assert (posts.watermark, posts.swept, posts.collapsed) == (NOON, NOON, NOON)
        assert (posts.miscounted, posts.nameless) == (True, 2)
        assert (others.watermark, others.miscounted, others.nameless) == (None, False, 0)
        fields = {"home": "https://khabar.example/", "types": []}
        assert state.profile == StoredProfile(fields, NOON)
        assert state.robots_sitemaps == FACTS["sitemaps"]
        assert (state.refused_types, state.remarks) == (FACTS["refused types"], FACTS["remarks"])
        assert state.crosscheck == CROSSCHECK
        assert state.read_to_its_end("feed") == state.rechecks_chosen == state.since == NOON
        assert state.read_to_its_end("lists") is None
        assert state.sitemap_reading == SitemapReading({"a.xml": None}, NOON, NOON)
        assert state.manifest_size == 8123


def test_what_is_remembered_stands_under_its_old_name(tmp_path: Path) -> None:
    path = tmp_path / "index.db"
    with closing(Index(path, write=True)) as index:
        state = index.crawl_state
        posts = state.of_type("post")
        posts.watermark = posts.swept = posts.collapsed = NOON
        posts.miscounted, posts.nameless = True, 2
        fields = {"home": "https://khabar.example/", "types": []}
        state.remember_profile(fields, NOON)
        state.robots_sitemaps = FACTS["sitemaps"]
        state.refused_types, state.remarks = FACTS["refused types"], FACTS["remarks"]
        state.crosscheck = FACTS["witness"]
        state.set_read_to_its_end("feed", NOON)
        state.rechecks_chosen = state.since = NOON
        state.sitemap_reading = SitemapReading({"a.xml": None}, NOON, NOON)
        state.manifest_size = 8123
    with closing(sqlite3.connect(path)) as database:
        stored = dict(database.execute("SELECT name, value FROM facts"))
    assert {name: json.loads(value) for name, value in stored.items()} == FACTS


def test_what_is_forgotten_is_not_remembered(tmp_path: Path) -> None:
    with closing(Index(tmp_path / "index.db", write=True)) as index:
        state = index.crawl_state
        posts = state.of_type("post")
        posts.miscounted, posts.nameless, posts.collapsed = True, 2, NOON
        posts.miscounted, posts.nameless, posts.collapsed = False, 0, None
        assert (posts.miscounted, posts.nameless, posts.collapsed) == (False, 0, None)
        state.remember_profile({"root": None}, NOON)
        state.forget_profile()
        assert state.profile is None
        assert (state.robots_sitemaps, state.refused_types, state.crosscheck) == ([], [], None)
        assert state.sitemap_reading == SitemapReading({}, None, None)
