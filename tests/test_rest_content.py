"""Posts are listed with their content where the site shows it, and without it where not."""

from __future__ import annotations

import asyncio

import pytest

from archive.index.listed_post import ListedPost
from spiders.rest.api import RestApi
from spiders.rest.listing.partial_listing import RestClosed
from spiders.rest.post_type import POST
from tests.newsroom.answer import Answer
from tests.newsroom.document import Document
from tests.newsroom.moods import Mood
from tests.newsroom.request import Request
from tests.newsroom.site import Options, Site
from tests.rest_desk import STORED, desk


def walked(rest: RestApi) -> list[ListedPost]:
    async def walk() -> list[ListedPost]:
        return [post async for one in rest.walk(POST, content=True) for post in one.posts]

    return list({post.post_id: post for post in asyncio.run(walk())}.values())


def failing(status: str, number: int = 0, most: int = 0) -> Mood:
    """Listings with content are refused: all, those with the post `number`, or those of more
    than `most` posts."""

    def answer(request: Request, document: Document) -> Answer:
        asked = "content" in request.query.get("_fields", "").split(",")
        met = f'"id":{number},'.encode() in document.body if number else True
        if asked and met and int(request.query["per_page"]) > most:
            return Document(b'{"code":"no"}', status, "application/json").answer()
        return document.answer()

    return answer


def test_the_place_of_the_listing_goes_with_each_post() -> None:
    rest, asked = desk(Site(120))
    posts = walked(rest)
    assert len(posts) == 121 and len(asked) == 2
    assert all(post.content is not None for post in posts)
    places = {str(post.content_place) for post in posts}
    assert places == {f"{STORED.file} {STORED.offset} {STORED.length}"}


@pytest.mark.parametrize(
    "status", ["403 Forbidden", "500 Internal Server Error", "400 Bad Request"]
)
def test_a_site_that_shows_no_content_is_read_without_it(status: str) -> None:
    site = Site(120)
    rest, asked = desk(site, failing(status))
    posts = walked(rest)
    assert [post.post_id for post in posts] == [post.id for post in site.listed()]
    assert not [post for post in posts if post.content is not None or post.content_place]
    assert rest.content_size == 0 and rest.lost == {}
    before = len(asked)
    walked(rest)
    assert len(asked) - before == 2


def test_one_post_whose_content_fails_is_listed_without_it() -> None:
    site = Site(120)
    number = site.listed()[30].id
    rest, _ = desk(site, failing("500 Internal Server Error", number))
    posts = walked(rest)
    assert [post.post_id for post in posts] == [post.id for post in site.listed()]
    assert [post.post_id for post in posts if post.content is None] == [number]
    assert rest.lost == {} and rest.content_size and rest.size == 100


def test_what_is_too_much_with_content_shrinks_those_listings_alone() -> None:
    rest, _ = desk(Site(120), failing("500 Internal Server Error", most=20))
    posts = walked(rest)
    assert len(posts) == 121 and all(post.content is not None for post in posts)
    assert (rest.content_size, rest.size) == (20, 100)


@pytest.mark.parametrize("over", ["refuse", "cap"])
def test_a_cap_is_learnt_for_all_listings(over: str) -> None:
    rest, _ = desk(Site(70, options=Options(per_page=20, over=over)))  # type: ignore[arg-type]
    assert len(walked(rest)) == 71
    assert (rest.content_size, rest.size) == (20, 20)


def test_a_site_that_lists_nothing_is_closed() -> None:
    def closed(request: Request, document: Document) -> Answer:
        return Document(b"{}", "401 Unauthorized", "application/json").answer()

    rest, _ = desk(Site(12), closed)
    with pytest.raises(RestClosed):
        walked(rest)
