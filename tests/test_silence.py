"""A site that takes a connection and says nothing: each attempt waits a minute, so it gets few."""

from __future__ import annotations

import asyncio
import json
import time
from pathlib import Path
from typing import Any

import pytest
from scrapy.http import Response

from archive.outcomes import Reason
from scraper.download.throttle import MOST_SILENCE, Ending, OutOfTurn, Throttle
from spiders.fetch import Fetch, NoAnswer
from spiders.rest.api import RestApi
from spiders.rest.listing.partial_listing import PageFailed
from spiders.rest.post_type import POST
from tests.newsroom.newsroom import Newsroom
from tests.newsroom.site import Site
from tests.process import Baygan
from tests.rest_desk import HOME, desk

MINUTE = 60.0
PAGE = "http://khabar.example/2026/1/"


class Silent:
    """Answers a desk's requests for at most `most` posts, and lets all others wait in vain.
    `waits` counts the minutes."""

    def __init__(self, fetch: Fetch, most: int) -> None:
        self._fetch = fetch
        self._most = most
        self.waits = 0

    async def __call__(self, url: str, *, tries: int = 3, **how: Any) -> Response:
        if any(f"per_page={size}&" in url for size in (1, 10, 20, 50, 100) if size <= self._most):
            return await self._fetch(url, **how)
        self.waits += tries
        raise NoAnswer(f"{url} gave no answer.", Reason.TIMEOUT)


def silent(most: int) -> tuple[RestApi, Silent]:
    rest, _ = desk(Site(34))
    fetch = Silent(rest._fetch, most)
    return RestApi(f"{HOME}wp-json/", fetch, HOME), fetch


async def listed(rest: RestApi, *, content: bool) -> set[int | None]:
    walk = rest.walk(POST, content=content)
    return {post.post_id async for listing in walk for post in listing.posts}


@pytest.mark.parametrize("content", [True, False])
def test_a_silent_listing_is_left_after_three_minutes(content: bool) -> None:
    rest, fetch = silent(0)
    with pytest.raises(PageFailed) as failed:
        asyncio.run(listed(rest, content=content))
    assert failed.value.reason == Reason.TIMEOUT
    assert fetch.waits <= 3


@pytest.mark.parametrize("content", [True, False])
def test_a_site_that_is_slow_over_many_posts_is_read_a_few_at_a_time(content: bool) -> None:
    rest, fetch = silent(10)
    calm, _ = desk(Site(34))
    told = asyncio.run(listed(rest, content=content))
    assert told == asyncio.run(listed(calm, content=content))
    # It is found out once.
    assert fetch.waits <= 2
    assert rest.content_size == 10 if content else rest.size == 10


def test_silence_ends_a_run_by_its_length_and_not_by_one_page() -> None:
    pace = Throttle(0)
    for _ in range(3):
        pace.heard_nothing(PAGE, MINUTE)
    assert pace.over is None
    pace.heard(PAGE, 200)
    for _ in range(3):
        pace.heard_nothing(PAGE, MINUTE)
    assert pace.over is None
    pace.heard_nothing(PAGE, MINUTE)
    assert pace.over is Ending.SILENT


def test_another_host_may_be_silent_for_long() -> None:
    pace = Throttle(0)
    pace.heard_nothing("http://images.example/1.jpg", 2 * MOST_SILENCE, elsewhere=True)
    assert pace.over is None


def test_a_site_has_so_much_time_for_its_listings_and_then_pages_go_on() -> None:
    async def seconds(pace: Throttle, *, listing: bool) -> None:
        async with pace.turn(PAGE, listing=listing, page=not listing):
            await asyncio.sleep(0.02)

    async def night() -> Throttle:
        pace = Throttle(0)
        pace.most_listing = 0.05
        await seconds(pace, listing=False)
        assert not pace.is_slow
        with pytest.raises(OutOfTurn) as ended:
            for _ in range(5):
                await seconds(pace, listing=True)
        assert ended.value.reason is Ending.STOPPED
        await seconds(pace, listing=False)
        return pace

    pace = asyncio.run(night())
    assert pace.is_slow
    assert pace.over is None


@pytest.mark.sister
def test_where_rest_is_silent_the_sitemaps_name_the_articles(tmp_path: Path) -> None:
    with Newsroom(Site(12)) as room:
        room.be("hang", lambda request: "/wp-json/wp/v2/p" in request.target)
        (tmp_path / "sites.toml").write_text(
            f'[sites.news]\nurl = "{room.url}"\nallow_private = true\ndelay = 0\n'
        )
        began = time.monotonic()
        done = Baygan(tmp_path, patience=290)("crawl", "--json")
        assert time.monotonic() - began < 5 * MINUTE
    assert done.code == 3
    assert json.loads(done.out)["new"] == 12
    assert "REST stopped answering" in done.err
