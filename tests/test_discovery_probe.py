"""What a look at a site finds: where REST is, what a first crawl costs, what is no WordPress."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.newsroom.document import Document
from tests.newsroom.moods import Mood
from tests.newsroom.newsroom import Newsroom
from tests.newsroom.site import Options, Site
from tests.nights import Nights
from tests.process import Baygan

CLOSED = "rest_login_required"
SHOP = b"<!DOCTYPE html><html><head><title>Pages</title></head><body><h1>Salaam</h1></body></html>"

COSTS = [
    (Options(), "REST: 241 of type post", 3),
    (Options(rest=CLOSED, sitemap_size=50), "sitemap: about 250 addresses", 6),
    (Options(rest=CLOSED, sitemap="none"), "paged feed: about 250 addresses", 26),
    (Options(rest=CLOSED, sitemap="none", feed=False), "list articles: about 250 addresses", 26),
]


def answer(body: bytes, content_type: str = "text/html; charset=UTF-8") -> Mood:
    return lambda request, document: Document(body, content_type=content_type).answer()


@pytest.mark.parametrize(
    ("options", "source", "listings"),
    [*COSTS[:2], *(pytest.param(*cost, marks=pytest.mark.sister) for cost in COSTS[2:])],
)
def test_a_probe_says_what_a_first_crawl_costs(
    options: Options, source: str, listings: int, tmp_path: Path
) -> None:
    with Newsroom(Site(240, options=options)) as room:
        told = Baygan(tmp_path)("probe", room.url, "--allow-private")
        assert told.code == 0, told.err
        assert source in told.err
        assert f"{listings} listings, about " in told.err
        asked = [exchange.path for exchange in room.exchanges]
        # Robots, home, REST, six places of a sitemap, a look, two samples.
        assert len(asked) <= 14, asked


@pytest.mark.parametrize("what", ["home page", "oembed only", "not found"])
def test_where_rest_is_not_the_sitemaps_are_read(what: str, tmp_path: Path) -> None:
    with Newsroom(Site(8)) as room:
        home = room.router._html("<html><body>api.w.org</body></html>").content
        old = json.dumps({"name": "news", "namespaces": ["oembed/1.0"]}).encode()
        said: dict[str, str | Mood] = {
            "home page": answer(home),
            "oembed only": answer(old, "application/json"),
            "not found": "500",
        }
        room.be(said[what], lambda request: "rest_route" in request.query)
        room.be(said[what], "/wp-json/*")
        night = Nights(room, tmp_path / "archive")()
        assert (night["new"], night["coverage"]["source"]) == (9, "sitemap")


def test_rest_that_answers_only_at_its_plain_address_is_found(tmp_path: Path) -> None:
    with Newsroom(Site(8)) as room:
        room.be(answer(SHOP), "/wp-json/*")
        night = Nights(room, tmp_path / "archive")()
        assert (night["new"], night["coverage"]["source"]) == (9, "rest")


def test_rest_that_dies_for_a_night_removes_nothing_and_sends_us_nowhere(tmp_path: Path) -> None:
    with Newsroom(Site(24)) as room:
        nights = Nights(room, tmp_path / "archive")
        nights()
        room.be(answer(SHOP), "/wp-json/*")
        nights.forward(days=1)
        night = nights(code=3)
        assert "REST stopped answering" in night["problems"][0]
        assert (night["gone"], nights.fetched) == (0, 0)
        assert len(nights.asked) <= 12, nights.asked
        room.be("calm")
        night = nights()
        assert (night["verdict"], nights.fetched) == ("complete", 0)


def test_a_site_becomes_a_wordpress_and_is_one_no_more(tmp_path: Path) -> None:
    with Newsroom(Site(8)) as room:
        nights = Nights(room, tmp_path / "archive")
        room.be(answer(SHOP))
        room.be(answer(b"User-agent: *\nDisallow:\n", "text/plain"), "/robots.txt")
        night = nights(code=1)
        assert night["verdict"] == "failed"
        assert "neither WordPress's REST API nor a sitemap" in night["problems"][0]
        room.be("calm")
        assert nights()["new"] == 9
        room.be(answer(SHOP))
        room.be(answer(b"User-agent: *\nDisallow:\n", "text/plain"), "/robots.txt")
        night = nights(code=1)
        assert (night["gone"], night["verdict"]) == (0, "failed")
        room.be("calm")
        night = nights()
        assert (night["verdict"], night["new"], nights.fetched) == ("complete", 0, 0)
