"""A site's share of the children that clean: one that fills them stalls itself."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from time import process_time

import pytest

from archive.errors import NotAnArticle
from archive.outcomes import Reason
from scraper.workers import CleaningFailed, CleaningWorkers


def busy(seconds: float, refuse: bool = False) -> float:
    """Keep a processor busy, as a page does that a parser cannot digest; in a child."""
    end = process_time() + seconds
    while process_time() < end:
        pass
    if refuse:
        raise NotAnArticle(Reason.LIST, "after a long look")
    return seconds


@pytest.fixture
def workers() -> Iterator[CleaningWorkers]:
    workers = CleaningWorkers(1, 60, shared=True)
    yield workers
    workers.close()


def test_a_site_that_fills_the_children_stalls_itself() -> None:
    workers = CleaningWorkers(1, 4, shared=True)
    ended: list[str] = []

    async def clean(site: str, seconds: float) -> None:
        try:
            await workers.for_site(site, busy, seconds)
        except CleaningFailed as error:
            ended.append(f"{site}: {error.reason}")
        else:
            ended.append(site)

    async def crawl() -> None:
        bombs = [clean(site, 60.0) for site in ("bad", "worse")]
        await asyncio.gather(*bombs, *(clean("good", 0.0) for _ in range(30)))
        bombs = [clean(site, 60.0) for site in ("bad", "worse") for _ in range(2)]
        await asyncio.gather(*bombs, *(clean("good", 0.0) for _ in range(30)))

    asyncio.run(crawl())
    workers.close()
    first, then = ended[:32], ended[32:]
    # The first page of each had its two seconds; then no page of the good site waited any more.
    assert first[:-1].count("good") == 30
    assert sorted(set(first) - {"good"}) == ["bad: clean-timeout", "worse: clean-timeout"]
    # Slow sites take turns.
    assert then[:30].count("good") == 30
    assert then[30:] == ["bad: clean-timeout", "worse: clean-timeout"] * 2


def test_a_slow_page_is_read_all_the_same_and_a_quick_one_frees_its_site(
    workers: CleaningWorkers,
) -> None:
    async def crawl() -> None:
        assert await workers.for_site("one", busy, 2.5, quick=1) == 2.5
        assert workers.is_slow("one")
        with pytest.raises(NotAnArticle) as caught:
            await workers.for_site("one", busy, 2.5, True, quick=1)
        assert caught.value.reason == Reason.LIST and workers.is_slow("one")
        assert await workers.for_site("one", busy, 0.0) == 0.0
        assert not workers.is_slow("one")
        assert await workers.for_site("two", busy, 0.0) == 0.0
        assert not workers.is_slow("two")

    asyncio.run(crawl())


def test_what_takes_minutes_by_nature_has_its_own_time() -> None:
    workers = CleaningWorkers(1, 3, shared=True)

    async def crawl() -> None:
        assert await workers.for_site("one", busy, 5.0, quick=1, seconds=60) == 5.0

    asyncio.run(crawl())
    workers.close()


def test_what_is_known_to_be_heavy_never_holds_the_common_child(workers: CleaningWorkers) -> None:
    """Nine sites with listings of many megabytes, and one with small pages."""
    ended: list[str] = []

    async def work(site: str, seconds: float, quick: int) -> None:
        await workers.for_site(site, busy, seconds, quick=quick, seconds=60)
        ended.append(site)

    async def crawl() -> None:
        # Both children are there.
        await asyncio.gather(work("first", 0.0, 0), work("second", 0.0, 2))
        heavy = [work(f"heavy-{number}", 0.5, 0) for number in range(9)]
        await asyncio.gather(*heavy, *(work("small", 0.0, 2) for _ in range(20)))
        assert not workers.is_slow("heavy-1")

    asyncio.run(crawl())
    assert "small" not in ended[-7:]
    assert ended.count("small") == 20
