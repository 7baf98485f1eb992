"""The pace of one site: what makes it slower, what makes it faster again, and what ends it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from itertools import pairwise

import pytest

from scraper.download.lanes import LISTING_DELAY, Lanes
from scraper.download.throttle import PATIENCE, Ending, OutOfTurn, Throttle, seconds_of

HOME = "https://khabar.example/"
CDN = "https://cdn.example/logo.png"
DELAY = 0.1
NOON = "Sat, 21 Nov 2026 12:00:00 GMT"
HALF_PAST = "Sat, 21 Nov 2026 12:00:30 GMT"


def starts(pace: Throttle, count: int, *, took: float = 0.0, listing: bool = False) -> list[float]:
    """When each of `count` turns began; each takes `took` seconds and is answered well."""
    moments: list[float] = []

    async def turn() -> None:
        async with pace.turn(HOME, listing=listing):
            moments.append(time.monotonic())
            await asyncio.sleep(took)
            pace.heard(HOME, 200)

    async def all_at_once() -> None:
        await asyncio.gather(*(turn() for _ in range(count)))

    asyncio.run(all_at_once())
    return moments


def gaps(moments: list[float]) -> list[float]:
    return [later - earlier for earlier, later in pairwise(moments)]


def test_the_delay_is_a_floor_and_chance_only_adds_to_it() -> None:
    seen = gaps(starts(Throttle(DELAY), 12))
    assert min(seen) >= DELAY
    assert len({round(gap, 4) for gap in seen}) > 3


def test_a_slow_site_rests_as_long_as_it_worked() -> None:
    assert min(gaps(starts(Throttle(DELAY), 4, took=0.3))) >= 0.6


def test_listings_are_dear() -> None:
    assert min(gaps(starts(Throttle(DELAY), 3, listing=True))) >= LISTING_DELAY


def test_without_a_delay_nothing_is_waited_for() -> None:
    moments = starts(Throttle(0, at_once=8), 8, took=0.2, listing=True)
    assert moments[-1] - moments[0] < 0.2


def refuse(pace: Throttle, times: int) -> None:
    for _ in range(times):
        pace.heard(HOME, 503)


def test_refusals_double_the_delay_and_good_answers_ease_it_back() -> None:
    async def gap_after(times: int, good: int = 0) -> float:
        pace = Throttle(DELAY)
        refuse(pace, times)
        for _ in range(good):
            pace.heard(HOME, 200)
        began = time.monotonic()
        for _ in range(2):
            async with pace.turn(HOME):
                ended = time.monotonic()
        return ended - began

    async def measured() -> tuple[float, float, float]:
        return await gap_after(1), await gap_after(2), await gap_after(2, good=40)

    once, twice, eased = asyncio.run(measured())
    # The pause after the refusal, and the gap between the two turns, are both longer.
    assert once >= 2 * DELAY + 2 * DELAY
    assert twice >= 4 * DELAY + 4 * DELAY
    assert eased < twice


@pytest.mark.parametrize(
    ("kind", "happens"),
    [
        (Ending.REFUSES, lambda pace: pace.heard(HOME, 429)),
        (Ending.BROKEN, lambda pace: pace.heard(HOME, 500)),
        (Ending.SILENT, lambda pace: pace.heard_nothing(HOME)),
        (Ending.BLOCKS, lambda pace: pace.met("a browser check")),
    ],
)
def test_so_many_in_a_row_end_the_night(kind: Ending, happens: Callable[[Throttle], None]) -> None:
    pace = Throttle(0)
    for _ in range(PATIENCE[kind] - 1):
        happens(pace)
    assert pace.over is None
    pace.heard(HOME, 200)
    pace.met(None)
    for _ in range(PATIENCE[kind] - 1):
        happens(pace)
    assert pace.over is None
    happens(pace)
    assert pace.over == kind
    with pytest.raises(OutOfTurn, match=kind):
        asyncio.run(_turn(pace))


async def _turn(pace: Throttle) -> None:
    async with pace.turn(HOME):
        pass


def test_a_budget_is_spent_and_not_overdrawn() -> None:
    async def spend(turn: Awaitable[None]) -> str | None:
        try:
            await turn
        except OutOfTurn as error:
            return error.reason
        return None

    async def five() -> list[str | None]:
        pace = Throttle(0, budget=3)
        return [await spend(_turn(pace)) for _ in range(5)]

    assert asyncio.run(five()) == [None, None, None, Ending.SPENT, Ending.SPENT]


def test_more_than_an_hour_of_retry_after_ends_the_night() -> None:
    pace = Throttle(0)
    pace.heard(HOME, 429, 3600)
    assert pace.over is None
    pace.heard(HOME, 429, 3601)
    assert pace.over == Ending.LATER


def test_a_crawl_delay_is_taken_up_to_two_minutes() -> None:
    pace = Throttle(1)
    service, host = pace.lanes(HOME)
    pace.slow_down(HOME, 0.2)
    assert max(service.delay, host.delay) == 1
    pace.slow_down(HOME, 3600)
    assert max(service.delay, host.delay) == 120


@pytest.mark.parametrize(
    ("told", "date", "seconds"),
    [
        ("7", "", 7),
        (" 7 ", "", 7),
        (HALF_PAST, NOON, 30),
        (NOON, HALF_PAST, 0),
        ("soon", NOON, None),
        ("", NOON, None),
        ("-7", NOON, None),
        ("²", NOON, None),
        ("9" * 5000, NOON, float("inf")),
        (f"Sat, 21 Nov {'9' * 5000} 12:00:30 GMT", NOON, None),
        ("Mon, 01 Jan 0001 00:00:00 +0330", NOON, 0),
        ("Fri, 31 Dec 9999 23:59:59 -0330", NOON, None),
    ],
)
def test_retry_after_is_measured_by_the_server_s_own_clock(
    told: str, date: str, seconds: float | None
) -> None:
    assert seconds_of(told, date) == seconds


def test_another_host_s_hours_of_retry_after_are_not_waited_for() -> None:
    """Its pictures come another night; the site's own night goes on."""
    pace = Throttle(0)
    pace.heard(CDN, 429, 3000, elsewhere=True)

    async def ask() -> None:
        async with pace.turn(CDN, elsewhere=True):
            pass

    with pytest.raises(OutOfTurn, match=Ending.LATER):
        asyncio.run(ask())
    assert pace.over is None
    asyncio.run(_turn(pace))


def test_another_host_that_is_silent_is_given_up_and_the_site_is_not() -> None:
    pace = Throttle(0)
    for _ in range(PATIENCE[Ending.SILENT]):
        pace.heard_nothing(CDN, elsewhere=True)

    async def ask() -> None:
        async with pace.turn(CDN, elsewhere=True):
            pass

    with pytest.raises(OutOfTurn, match=Ending.SILENT):
        asyncio.run(ask())
    asyncio.run(_turn(pace))


def test_no_page_begins_after_its_time_but_listings_do() -> None:
    pace = Throttle(0, until=time.monotonic())

    async def ask(page: bool) -> None:
        async with pace.turn(HOME, page=page):
            pass

    asyncio.run(ask(page=False))
    with pytest.raises(OutOfTurn, match=Ending.STOPPED):
        asyncio.run(ask(page=True))
    assert pace.over is None


def test_listings_have_a_time_of_their_own() -> None:
    pace = Throttle(0, until=time.monotonic() + 60, list_until=time.monotonic())

    async def ask(page: bool) -> None:
        async with pace.turn(HOME, page=page):
            pass

    asyncio.run(ask(page=True))
    with pytest.raises(OutOfTurn, match=Ending.STOPPED):
        asyncio.run(ask(page=False))


def test_sites_that_share_a_host_share_its_lanes() -> None:
    lanes = Lanes()
    slow, quick = Throttle(2, lanes=lanes), Throttle(0.5, lanes=lanes)
    for url in (HOME, "http://www.khabar.example/en/", "https://KHABAR.example:8443/"):
        slow.lanes(url)
        assert quick.lanes(url)[1] is slow.lanes(HOME)[1]
        assert quick.lanes(url)[1].delay == 2
    quick.slow_down(HOME, 9)
    assert slow.lanes("https://www.khabar.example/fa/")[0].delay == 9
    assert slow.lanes("https://khabar.example:8443/")[0].delay == 0
    assert quick.lanes(CDN)[1].delay == 0.5
