"""Every source of articles is complete by itself; counted in the newsroom's own log."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from tests.newsroom.newsroom import Newsroom
from tests.newsroom.site import Options, Site
from tests.process import Baygan

CLOSED = "rest_login_required"
POSTS = 24
# Posts, and the protected one that the site lists too.
LISTED = POSTS + 1

SOURCES = [
    ("rest", Options(), 8),
    ("rest", Options(per_page=10), 12),
    ("sitemap", Options(rest=CLOSED), 6),
    ("sitemap", Options(rest=CLOSED, sitemap="yoast"), 6),
    ("sitemap", Options(rest=CLOSED, sitemap="rankmath", sitemap_size=10), 9),
    ("sitemap", Options(rest=CLOSED, sitemap="aioseo", sitemap_gzip=True), 8),
    ("sitemap", Options(rest="rest_no_route", sitemap_dirty=True), 6),
    ("feed", Options(rest=CLOSED, sitemap="none"), 14),
    ("lists", Options(rest=CLOSED, sitemap="none", feed=False), 15),
]


def crawl(baygan: Baygan) -> dict[str, Any]:
    done = baygan("crawl", "--json")
    assert done.code == 0, done.err
    night: dict[str, Any] = json.loads(done.out)
    return night


def visit(room: Newsroom, folder: Path) -> Baygan:
    folder.mkdir()
    (folder / "sites.toml").write_text(
        f'[sites.news]\nurl = "{room.url}"\nallow_private = true\ndelay = 0\n'
    )
    return Baygan(folder)


@pytest.mark.parametrize(("source", "options", "listings"), SOURCES)
def test_every_source_is_complete_by_itself(
    source: str, options: Options, listings: int, tmp_path: Path
) -> None:
    with Newsroom(Site(POSTS, options=options)) as room:
        baygan = visit(room, tmp_path / "archive")
        night = crawl(baygan)
        assert night["coverage"]["source"] == source
        asked = [exchange.path for exchange in room.exchanges]
        articles = {unquote(post.path) for post in room.posts}
        assert {path for path in asked if path in articles} == articles
        # The home page is looked at, and as a list it is read once more.
        targets = [exchange.target for exchange in room.exchanges if exchange.target != "/"]
        assert len(targets) == len(set(targets))
        assert len(asked) - LISTED <= listings, asked
        archived = baygan("export", "--fields", "title,text").out.splitlines()
        assert {json.loads(line)["title"] for line in archived} >= {p.title for p in room.posts}

        before = len(room.exchanges)
        again = crawl(baygan)
        assert again["new"] == 0
        later = [exchange.path for exchange in room.exchanges[before:]]
        assert len(later) <= 6
        assert not articles & set(later)


def test_a_custom_post_type_that_carries_news_is_taken_too(tmp_path: Path) -> None:
    with Newsroom(Site(6, custom=4)) as room:
        night = crawl(visit(room, tmp_path / "archive"))
        assert night["coverage"]["total"] == {"post": 7, "khabar": 4}
        assert night["verdict"] == "complete"


def test_types_in_sites_toml_limit_what_is_taken(tmp_path: Path) -> None:
    with Newsroom(Site(6, custom=4)) as room:
        baygan = visit(room, tmp_path / "archive")
        with (tmp_path / "archive" / "sites.toml").open("a") as toml:
            toml.write('types = ["khabar"]\n')
        assert crawl(baygan)["coverage"]["total"] == {"khabar": 4}


def test_what_came_after_the_first_night_is_found_by_every_source(tmp_path: Path) -> None:
    for number, (source, options, _) in enumerate(SOURCES[::2]):
        with Newsroom(Site(POSTS, options=options)) as room:
            baygan = visit(room, tmp_path / f"archive{number}")
            crawl(baygan)
            room.site.add(title="خبری که فردا نوشته شد")
            assert crawl(baygan)["new"] == 1, source


def test_a_night_that_died_while_it_read_the_feed_is_made_good(tmp_path: Path) -> None:
    options = Options(rest=CLOSED, sitemap="none")
    with Newsroom(Site(POSTS, options=options)) as room:
        baygan = visit(room, tmp_path / "archive")
        room.be("500", lambda request: request.query.get("paged") == "2")
        assert baygan("crawl").code == 3
        assert len(baygan("export").out.splitlines()) < POSTS
        room.be("calm")
        crawl(baygan)
        assert len(baygan("export").out.splitlines()) >= POSTS


def test_skipped_addresses_are_not_asked_for(tmp_path: Path) -> None:
    with Newsroom(Site(6)) as room:
        baygan = visit(room, tmp_path / "archive")
        with (tmp_path / "archive" / "sites.toml").open("a") as toml:
            toml.write('skip = ["/2025/"]\n')
        night = crawl(baygan)
        assert night["new"] == 0
        assert night["coverage"]["refused"] == {"skipped": 7}
