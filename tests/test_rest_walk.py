"""A walk through REST's listings reads all of them, whatever the site counts."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import timedelta
from itertools import count

import pytest

from spiders.rest.api import RestApi
from spiders.rest.listing.partial_listing import Listing, PageFailed
from spiders.rest.post_type import POST
from tests.newsroom.answer import Answer
from tests.newsroom.document import Document
from tests.newsroom.moods import Mood, calm, counted
from tests.newsroom.request import Request
from tests.newsroom.router import Router
from tests.newsroom.site import Options, Site
from tests.rest_desk import desk

MISCOUNTS: dict[str, Callable[[int], object]] = {
    "none": lambda count: "",
    "capped at a page": lambda count: min(count, 100),
    "capped at two pages": lambda count: min(count, 200),
    "nought": lambda count: 0,
    "one": lambda count: 1,
    "too high by a few": lambda count: count + 3,
    "too high by far": lambda count: 10**15,
    "five thousand digits": lambda count: "9" * 5000,
    "negative": lambda count: -1,
    "superscript": lambda count: "²",
    "two values": lambda count: f"{count}, 7",
    "two headers": lambda count: [count, 7],
}


async def walked(rest: RestApi, newest_first: bool = False) -> list[int]:
    first = await rest.newest(POST) if newest_first else None
    found: dict[int, None] = {}
    async for listing in rest.walk(POST, first=first):
        found |= {post.post_id: None for post in listing.posts if post.post_id}
    return list(found)


@pytest.mark.parametrize("count", MISCOUNTS.values(), ids=MISCOUNTS)
@pytest.mark.parametrize("newest_first", [False, True], ids=["oldest first", "newest first"])
@pytest.mark.parametrize("posts", [99, 249], ids=["a page", "three pages"])
def test_all_is_read_whatever_is_counted(
    posts: int, newest_first: bool, count: Callable[[int], object]
) -> None:
    site = Site(posts)
    rest, asked = desk(site, counted(count))
    found = asyncio.run(walked(rest, newest_first))
    truth = [post.id for post in site.listed()]
    assert found == (truth[::-1] if newest_first else truth)
    assert len(asked) <= posts // 100 + 8, asked


@pytest.mark.parametrize("size", [10, 15, 20])
@pytest.mark.parametrize("count", ["none", "capped at a page", "one"])
def test_a_capped_page_and_a_count_that_lies_lose_nothing(count: str, size: int) -> None:
    site = Site(124, options=Options(per_page=size, over="cap"))
    rest, asked = desk(site, counted(MISCOUNTS[count]))
    assert asyncio.run(walked(rest)) == [post.id for post in site.listed()]
    assert len(asked) <= 125 // (size - 1) + 8, asked


def test_totals_that_differ_from_page_to_page_end_nothing() -> None:
    site, counts = Site(249), iter([250, 100, 3, 250, 100, 3, 250])
    rest, _ = desk(site, counted(lambda count: next(counts)))
    assert asyncio.run(walked(rest)) == [post.id for post in site.listed()]


def test_a_total_told_twice_and_alike_is_one() -> None:
    for told in ("13, 13", [13, 13]):
        rest, _ = desk(Site(12), counted(lambda count, told=told: told))  # type: ignore[misc]
        assert asyncio.run(rest.newest(POST)).total == 13


def test_nought_is_a_total_and_none_is_none() -> None:
    for told, total in ((0, 0), ("", None)):
        rest, _ = desk(Site(12), counted(lambda count, told=told: told))  # type: ignore[misc]
        assert asyncio.run(rest.newest(POST)).total == total


def test_a_full_last_page_costs_one_request_and_a_short_one_none() -> None:
    for posts, pages in ((99, 2), (98, 1)):
        rest, asked = desk(Site(posts))
        asyncio.run(walked(rest))
        assert len(asked) == pages


def failing_behind(place: int, mood: Mood) -> Mood:
    """Listings that are a 500 behind `place`, as search engines are behind their window."""

    def answer(request: Request, document: Document) -> Answer | None:
        query = request.query
        size = int(query.get("per_page", "10"))
        start = int(query.get("offset", (int(query.get("page", "1")) - 1) * size))
        if start + size > place + 1:
            document = Document(b"{}", "500 Internal Server Error", "application/json")
            return document.answer()
        return mood(request, document)

    return answer


def test_what_cannot_be_read_behind_the_count_proves_nothing() -> None:
    rest, _ = desk(Site(249), failing_behind(199, counted(lambda count: min(count, 100))))
    assert len(asyncio.run(walked(rest))) >= 100
    rest, _ = desk(Site(149), failing_behind(99, counted(lambda count: min(count, 100))))
    assert len(asyncio.run(walked(rest))) == 100
    assert rest.unproven == {"post"}


def test_a_page_that_fails_while_posts_are_counted_behind_it_is_a_failure() -> None:
    rest, _ = desk(Site(149), failing_behind(99, calm))
    with pytest.raises(PageFailed):
        asyncio.run(walked(rest))


def test_a_post_behind_the_count_is_found_by_one_request() -> None:
    for posts, behind in ((149, True), (99, False)):
        rest, asked = desk(Site(posts))
        assert asyncio.run(rest.lists_behind(POST, 100)) is behind
        assert len(asked) == 1


def test_an_answer_of_odd_entries_gives_the_posts_among_them() -> None:
    async def newest(rest: RestApi) -> Listing:
        return await rest.newest(POST)

    def odd(request: Request, document: Document) -> Answer:
        huge = document.body.replace(b'"id":', b'"id":9' + b"0" * 5000, 1)
        body = huge.replace(b"[", b'[null,7,{"id":true,"link":"x"},{"id":-4},{},', 1)
        return Document(body, content_type="application/json").answer()

    site = Site(12)
    rest, _ = desk(site, odd)
    listing = asyncio.run(newest(rest))
    assert {post.post_id for post in listing.posts} == {p.id for p in site.listed()[:-1]}
    assert (listing.shown, len(rest.nameless["post"])) == (18, 6)


def while_read(site: Site, happens: Mapping[int, Callable[[], object]]) -> Mood:
    """A calm site on which something `happens` just before a listing request, by its number."""
    number = count(1)

    def answer(request: Request, document: Document) -> Answer | None:
        happens.get(next(number), calm_day)()
        return calm(request, Router(site).document(request))

    return answer


def calm_day() -> None:
    """Nothing happens."""


NEWEST_FIRST = pytest.mark.parametrize(
    "newest_first", [False, True], ids=["oldest first", "newest first"]
)


@NEWEST_FIRST
def test_a_removal_while_a_listing_is_read_hides_no_other_post(newest_first: bool) -> None:
    site = Site(343)
    posts = site.listed()
    gone = posts[-5 if newest_first else 5]
    rest, asked = desk(site, while_read(site, {3: lambda: site.unpublish(gone.id)}))
    assert {post.id for post in posts} == {*asyncio.run(walked(rest, newest_first))}
    assert len(asked) <= 7, asked


@NEWEST_FIRST
def test_a_removal_and_a_new_post_between_two_pages_hide_no_other_post(newest_first: bool) -> None:
    """The count stays as it is, so only the time of the new post tells of it."""
    site = Site(93, options=Options(per_page=10, over="cap"))
    posts = site.listed()
    day = posts[0].published + timedelta(days=4000)
    site.now = lambda: day + timedelta(minutes=len(asked))
    asked: list[str] = []

    # Newest first, only an old post that comes back from the trash moves nothing at the front.
    back = posts[10].id if newest_first else posts[-10].id
    gone = posts[-5].id if newest_first else posts[5].id
    site.unpublish(back)

    def swap() -> None:
        site.unpublish(gone)
        site.edit(back, status="publish")

    rest, asked = desk(site, while_read(site, {3: swap}))
    found = {*asyncio.run(walked(rest, newest_first))}
    assert {post.id for post in posts} == found
    assert len(asked) <= 10 + 4, asked


def test_an_edit_while_a_listing_is_read_costs_a_request_where_it_fell() -> None:
    site = Site(93, options=Options(per_page=10, over="cap"))
    first = site.listed()[0].published
    site.now = lambda: first + timedelta(days=4000, minutes=len(asked))
    edited = {5: lambda: site.edit(site.listed()[-1].id)}
    rest, asked = desk(site, while_read(site, edited))
    assert len(asyncio.run(walked(rest))) == len(site.listed())
    assert len(asked) == 10 + 2, asked


def test_small_pages_do_not_overlap_where_nothing_moves() -> None:
    rest, asked = desk(Site(93, options=Options(per_page=10, over="cap")))
    assert len(asyncio.run(walked(rest))) == 94
    assert len(asked) == 10, asked
