"""REST in bad shape: posts it cannot list, pages it caps, answers from a cache, none at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.newsroom.answer import Answer, Header
from tests.newsroom.document import Document
from tests.newsroom.moods import Mood
from tests.newsroom.newsroom import Newsroom
from tests.newsroom.request import Request
from tests.newsroom.site import Options, Site
from tests.nights import Nights
from tests.sister import sisters

POSTS = 240
# The protected one is listed too.
LISTED = POSTS + 1
CACHED = [("X-LiteSpeed-Cache", "hit"), ("X-Cache", "HIT from edge"), ("Age", "86400")]


def cache(header: Header) -> Mood:
    """A cache before the site that keeps every answer for ever and says so with `header`."""
    kept: dict[str, Document] = {}

    def mood(request: Request, document: Document) -> Answer:
        hit = request.target in kept
        return kept.setdefault(request.target, document).answer(headers=(header,) if hit else ())

    return mood


def listings(nights: Nights) -> list[str]:
    return [path for path in nights.asked if path.startswith("/wp-json/wp/v2/posts")]


@pytest.mark.parametrize("place", [0, *sisters(150, LISTED - 1)])
def test_one_poison_post_costs_itself_alone(place: int, tmp_path: Path) -> None:
    site = Site(POSTS)
    poison = site.listed()[place].id
    site.options.poison = (poison,)
    with Newsroom(site) as room:
        nights = Nights(room, tmp_path / "archive")
        night = nights(code=3)
        assert night["new"] == LISTED - 1
        assert night["verdict"] == "incomplete"
        assert [str(poison) in problem for problem in night["problems"]] == [True]
        assert len(listings(nights)) <= 3 + 40, len(listings(nights))


def test_a_poison_post_on_a_site_that_fails_over_large_pages(tmp_path: Path) -> None:
    site = Site(POSTS, options=Options(per_page=20, over="fail"))
    site.options.poison = (site.listed()[70].id,)
    with Newsroom(site) as room:
        nights = Nights(room, tmp_path / "archive")
        night = nights(code=3)
        assert (night["new"], night["verdict"]) == (LISTED - 1, "incomplete")
        assert str(site.options.poison[0]) in night["problems"][0]
        room.site.options.poison = ()
        night = nights()
        assert (night["new"], night["verdict"]) == (1, "complete")


def test_a_site_that_fails_over_every_page_is_asked_few_times(tmp_path: Path) -> None:
    site = Site(12)
    with Newsroom(site) as room:
        nights = Nights(room, tmp_path / "archive")
        nights()
        site.options.poison = tuple(post.id for post in site.listed())
        night = nights(code=3)
        assert (night["gone"], night["coverage"]["missing"]) == (0, 0)
        assert len(listings(nights)) <= 16, listings(nights)


@pytest.mark.parametrize(
    "options",
    [Options(per_page=15, over="cap"), *sisters(Options(per_page=10, over="cap"))],
    ids=["15", "10"],
)
def test_a_page_capped_without_a_word_loses_nothing(options: Options, tmp_path: Path) -> None:
    with Newsroom(Site(60, options=options)) as room:
        nights = Nights(room, tmp_path / "archive")
        night = nights()
        assert (night["new"], night["verdict"]) == (61, "complete")
        for _ in range(25):
            room.site.add()
        night = nights()
        assert (night["new"], night["verdict"]) == (25, "complete")


@pytest.mark.parametrize("header", CACHED, ids=[name for name, _ in CACHED])
def test_old_listings_from_a_cache_hide_nothing(header: Header, tmp_path: Path) -> None:
    with Newsroom(Site(12)) as room:
        nights = Nights(room, tmp_path / "archive")
        room.be(cache(header), "/wp-json/*")
        nights()
        nights()
        usual = len(nights.asked)
        room.site.add()
        night = nights()
        assert (night["new"], night["verdict"]) == (1, "complete")
        assert len(nights.asked) - 1 <= usual + 3


def test_a_site_that_refuses_addresses_past_its_cache_is_read_as_it_answers(
    tmp_path: Path,
) -> None:
    with Newsroom(Site(12)) as room:
        nights = Nights(room, tmp_path / "archive")
        room.be(cache(("Age", "86400")), "/wp-json/*")
        room.be("geo-block", lambda request: "_" in request.query)
        nights()
        assert nights()["verdict"] == "complete"
