"""Nights by REST on sites that miscount, garble, or close a part of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.newsroom.answer import Answer
from tests.newsroom.document import Document
from tests.newsroom.moods import Mood
from tests.newsroom.newsroom import Newsroom
from tests.newsroom.request import Request
from tests.newsroom.site import Options, Site
from tests.nights import Nights
from tests.sister import sisters


def no_route(status: str = "404 Not Found", body: bytes = b'{"code":"rest_no_route"}') -> Mood:
    document = Document(body, status, "application/json")
    return lambda request, _: document.answer()


def test_without_a_total_a_night_is_unprovable_and_no_alarm(tmp_path: Path) -> None:
    with Newsroom(Site(12)) as room:
        room.be("counted", "/wp-json/*")
        nights = Nights(room, tmp_path / "archive")
        night = nights()
        assert (night["new"], night["verdict"], night["problems"]) == (13, "unprovable", [])
        assert night["coverage"]["balance"]["post"]["unaccounted"] is None
        gone = room.posts[2]
        room.site.edit(room.posts[0].id, title="تیتری که عوض شد")
        room.site.add()
        room.site.remove(gone.id)
        night = nights()
        assert (night["new"], night["changed"], night["gone"]) == (1, 1, 1)
        assert nights()["problems"] == [] and len(nights.asked) <= 5


@pytest.mark.timeout(400)
@pytest.mark.parametrize(
    "count",
    [lambda count: min(count, 100), *sisters(lambda count: count + 7)],
    ids=["capped", "too high"],
)
def test_a_total_that_lies_loses_nothing_and_removes_nothing(
    count: Callable[[int], object], tmp_path: Path
) -> None:
    with Newsroom(Site(120)) as room:
        nights = Nights(room, tmp_path / "archive")
        assert nights()["verdict"] == "complete"
        room.be("counted", "/wp-json/*", count=count)
        gone = room.posts[2]
        nights.forward(days=1)
        night = nights(code=None)
        assert (night["verdict"], night["gone"], night["new"]) == ("unprovable", 0, 0)
        [problem] = night["problems"]
        assert "own count" in problem
        room.site.edit(room.posts[5].id, title="تیتری که عوض شد")
        room.site.add()
        room.site.remove(gone.id)
        nights.forward(days=1)
        night = nights(code=None)
        assert (night["verdict"], night["new"], night["changed"]) == ("unprovable", 1, 1)
        nights.forward(days=7)
        nights(code=None)
        assert [removal["post_id"] for removal in nights.ledger] == [gone.id]
        nights.forward(days=1)
        nights(code=None)
        assert len(nights.asked) <= 5, nights.asked
        room.be("calm")
        nights.forward(days=7)
        assert nights()["verdict"] == "complete"


@pytest.mark.parametrize("status", ["404 Not Found", "401 Unauthorized"])
def test_a_type_without_a_route_leaves_the_others_to_rest(status: str, tmp_path: Path) -> None:
    with Newsroom(Site(12, custom=4)) as room:
        room.be(no_route(status), "/wp-json/wp/v2/khabar*")
        nights = Nights(room, tmp_path / "archive")
        night = nights()
        # The sitemaps name the posts of the type that REST does not list.
        assert (night["new"], night["verdict"]) == (13 + 4, "complete")
        assert (night["coverage"]["source"], night["coverage"]["total"]) == ("rest", {"post": 13})
        assert sum("the type khabar" in note for note in night["notes"]) == 1
        night = nights()
        assert (night["verdict"], night["notes"]) == ("complete", [])
        assert len(nights.asked) <= 4, nights.asked


def test_a_type_that_fails_is_told_and_what_is_kept_of_it_stays(tmp_path: Path) -> None:
    with Newsroom(Site(12, custom=4)) as room:
        nights = Nights(room, tmp_path / "archive")
        assert nights()["verdict"] == "complete"
        room.be(no_route(), "/wp-json/wp/v2/khabar*")
        room.site.add()
        night = nights(code=3)
        assert (night["new"], night["gone"], night["verdict"]) == (1, 0, "unprovable")
        assert "type khabar: 404 (rest_no_route)" in night["problems"][0]
        room.be("calm")
        assert nights()["verdict"] == "complete"


def test_posts_with_no_address_and_notices_cost_themselves_alone(tmp_path: Path) -> None:
    with Newsroom(Site(12)) as room:
        link = room.posts[3].path.replace("/", "\\/").encode()

        def garbled(request: Request, document: Document) -> Answer:
            scheme, _, rest = document.body.partition(link)
            body = scheme + b":port" + rest if rest else document.body
            return Document(
                b"<br /><b>Notice</b>: [0] in x.php<br />\n" + body,
                document.status,
                document.content_type,
                document.headers,
            ).answer()

        room.be(garbled, "/wp-json/*")
        # A sitemap would name the post's own address, where it is fetched then.
        room.site.options.sitemap = "none"
        nights = Nights(room, tmp_path / "archive")
        # A page that cannot be had is news once.
        night = nights(code=3)
        assert (night["new"], night["verdict"]) == (12, "complete")
        assert night["coverage"]["refused"]["bad-address"] == 1
        assert nights()["verdict"] == "complete" and nights.fetched == 0


# With plain permalinks the newsroom has no sitemap, and its front page names ten.
CLOSING = [
    ("Disallow: /wp-json/", Options(), 13),
    ("Disallow: /*?", Options(), 13),
    ("Disallow: /*per_page=", Options(), 13),
    ("Disallow: /wp-json/wp/v2/posts", Options(), 13),
    ("Disallow: /*?rest_route=", Options(permalinks="plain"), 10),
]


@pytest.mark.parametrize(("rule", "options", "named"), CLOSING)
def test_robots_txt_that_closes_rest_is_no_failure(
    rule: str, options: Options, named: int, tmp_path: Path
) -> None:
    with Newsroom(Site(12, options=replace(options, robots=(rule,)))) as room:
        nights = Nights(room, tmp_path / "archive")
        for days in range(2):
            nights.forward(days=days)
            night = nights()
            assert night["problems"] == [] and night["coverage"]["source"] != "rest"
            assert night["new"] == (0 if days else named)
            targets = [exchange.target for exchange in room.exchanges]
            assert not [target for target in targets if "rest_route" in target]
            listings = [target for target in targets if "/wp/v2/posts" in target]
            assert not listings, listings
