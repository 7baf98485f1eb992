"""WordPress's REST API (`wp/v2`): lists every public post in the order of the IDs.

Only `orderby=id` has a total order: MySQL sorts equal values of `modified` or of a filtered `date`
as it likes, so paging loses posts. Errors are recognised by `code`, since messages are translated.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from scrapy.http import Response

from archive.errors import Unreachable
from archive.http.urls import moved_with
from archive.index.listed_post import ListedPost
from archive.outcomes import Reason
from spiders.fetch import DISALLOWED, Fetch, clock_of, reason_of
from spiders.rest.listing.listing_answer import code_of, place_of, read_json, refusal, total_of
from spiders.rest.listing.partial_listing import (
    SIZES,
    Listing,
    PageFailed,
    PartialListing,
    RestClosed,
)
from spiders.rest.listing.query import Query
from spiders.rest.listing.walk import ListingWalk, WalkIsEndless
from spiders.rest.post import found_of
from spiders.rest.post_type import PostType, types_of

logger = logging.getLogger(__name__)
# Failures that a smaller answer may not have.
_TOO_MUCH = (Reason.TOO_LARGE, Reason.TIMEOUT, Reason.CUT)
MOST_ENTRIES = 1_000
"""Entries of a listing page, of which a hundred are asked for."""
ONE_ROUTE = (DISALLOWED, Reason.NOT_ALLOWED, Reason.BAD_ADDRESS)
"""Failures that concern only one route; any other failure is one of the whole site."""
# Only these fields of the root are needed. Listings have a query, too: if robots.txt does not allow
# addresses with a query, the root already fails, and nothing of REST is read.
_ROOT_FIELDS = "_fields=name,home,namespaces"


class RestSaysNo(RestClosed):
    """The API itself says that it is closed: its other addresses need not be tried."""


class RestApi:
    """The API below `root` (`…/wp-json/` or `…/?rest_route=/`) of the site at `home`, read
    through `fetch`. If the site moves to https or to `www.`, `root` changes, too.

    `size` is how many posts a listing page has, `content_size` how many with their content. They
    become smaller if the site refuses so many, or the answer is too large; with 0 the posts are
    listed without their content. `lost` has a sentence for each post that the site counts but
    cannot list. `nameless` are the entries without a valid ID, by post type. `unproven` are the
    types whose listings could not be read behind the last post that the site counts.
    """

    def __init__(
        self, root: str, fetch: Fetch, home: str, size: int = 100, content_size: int = 100
    ) -> None:
        self.root = root
        self.home = home
        self.size = size
        self.content_size = content_size
        self.lost: dict[tuple[str, int], str] = {}
        self.nameless: dict[str, set[str]] = {}
        self.unproven: set[str] = set()
        self._fetch = fetch

    async def check(self) -> dict[str, Any]:
        """The answer of the root (`name`, `home`, `namespaces`). RestClosed if it is no answer of
        REST; RestSaysNo if REST answers but does not offer wp/v2 (closed, or before 4.7)."""
        answer = await read_json(await self._fetch(self.route("", _ROOT_FIELDS)))
        offers = answer.get("namespaces") if isinstance(answer, dict) else None
        if isinstance(answer, dict) and isinstance(offers, list) and "wp/v2" in offers:
            return answer
        says_no = isinstance(offers, list) or code_of(answer) is not None
        raise (RestSaysNo if says_no else RestClosed)(f"{self.root} does not offer wp/v2")

    async def types(self, wanted: tuple[str, ...] = ()) -> list[PostType]:
        """The public post types that carry articles, or those `wanted`."""
        answer = await read_json(await self._fetch(self.route("wp/v2/types")))
        if not isinstance(answer, dict):
            raise RestClosed(f"{self.root} does not list its post types")
        return types_of(answer, wanted)

    async def newest(
        self, kind: PostType, since: date | None = None, *, content: bool = False
    ) -> Listing:
        """The hundred newest posts by ID, and the total: enough for a run with little new. With
        `content` they have their rendered text if the site gives it in one answer."""
        query = Query("desc", since)
        if content and self.content_size:
            told = replace(query, content=True)
            try:
                return await self._page(kind, 0, self.content_size, told, tries=1)
            except RestClosed:
                self.content_size = 0
        return await self._stretch(kind, 0, query)

    async def last_modified(
        self, kind: PostType, until: datetime, since: date | None = None
    ) -> AsyncIterator[Listing]:
        """The posts that were modified at `until` or later, the last one first, and some more. If
        many posts were modified at the same time it may miss some of them."""
        query = Query("desc", since, by="modified")
        listing = await self._stretch(kind, 0, query)
        yield listing
        while listing.posts and not listing.all_counted:
            if any(post.modified and post.modified < until for post in listing.posts):
                return
            listing = await self._stretch(kind, listing.end, query)
            yield listing

    async def count(self, kind: PostType, since: date | None = None, bound: str = "") -> int | None:
        """How many posts a listing has; None if the site tells no total. It is one request with a
        small answer."""
        return (await self._page(kind, 0, 1, Query("asc", since, bound, bare=True))).total

    async def lists_behind(self, kind: PostType, count: int, since: date | None = None) -> bool:
        """Whether the site lists a post behind the first `count` ones."""
        listing = await self._page(kind, count, 1, Query("asc", since))
        return bool(listing.posts)

    async def post(self, kind: PostType, number: int) -> tuple[ListedPost | None, str, Response]:
        """The post with this ID, or None; the `code` of why it is not shown; the answer itself."""
        fields = "_fields=id,type,link,title,date,date_gmt,modified_gmt,content.protected"
        response = await self._fetch(self.route(f"{kind.route}/{number}", fields))
        answer = await read_json(response)
        if not isinstance(answer, dict):
            return None, "no JSON", response
        return found_of(answer, kind.name, self.home), code_of(answer) or "no code", response

    async def walk(
        self,
        kind: PostType,
        since: date | None = None,
        bound: str = "",
        *,
        first: Listing | None = None,
        content: bool = False,
        excerpt: bool = False,
    ) -> AsyncGenerator[Listing]:
        """All posts of `kind` in the order of their IDs, in at least one listing page.

        `bound` is a further part of the query, such as `after=…` or `modified_after=…`. With
        `first`, which is from `newest`, it goes on behind that, down to the oldest post. With
        `content` the posts have their rendered text if the site gives it, with `excerpt` their
        excerpt, too.

        A post may be on two pages (ListingWalk). RestClosed if there is no end to them.
        """
        query = Query("desc" if first else "asc", since, bound, content, excerpt)
        if excerpt:
            # Who compares everything asks again where it was refused before.
            self.content_size = self.content_size or self.size
        walk = ListingWalk(
            lambda place: self._stretch(kind, place, query), lambda: self._size(query)
        )
        try:
            async for listing in walk.pages(first or await self._stretch(kind, 0, query)):
                yield listing
        except WalkIsEndless as error:
            raise RestClosed(f"{self.route(kind.route)} {error}", error.reason) from error
        if walk.unproven:
            self.unproven.add(kind.name)

    async def _stretch(self, kind: PostType, place: int, query: Query) -> Listing:
        """The posts from `place` on, as many as the site gives in one answer; without their
        content if it gives that to nobody."""
        if not (query.content and self.content_size):
            return await self._read(kind, place, query.plain)
        try:
            return await self._read(kind, place, query)
        except RestClosed as error:
            if isinstance(error, PageFailed) and reason_of(error) == Reason.TIMEOUT:
                # Each attempt takes a minute.
                listing = await self._partial(kind, place, self.size, query.plain, error)
            else:
                listing = await self._read(kind, place, query.plain)
            logger.info("%s; its posts are listed without their content", error)
            self.content_size = 0
            return listing

    async def _read(self, kind: PostType, place: int, query: Query) -> Listing:
        size = self._size(query)
        try:
            listing = await self._page(kind, place, size, query, tries=1 if query.content else 2)
        except PageFailed as error:
            # What failed is asked for in smaller parts.
            return await self._partial(kind, place, size, query, error)
        counted = listing.total is not None and not listing.all_counted
        if place == 0 and counted and listing.shown in SIZES[:-1]:
            # The site gave fewer than asked. Only on the first page: a later page may be the last.
            self._learn(listing.shown, query, capped=True)
        return listing

    def _size(self, query: Query) -> int:
        return min(self.size, self.content_size or self.size) if query.content else self.size

    def _learn(self, size: int, query: Query, *, capped: bool) -> None:
        """Note that no more than `size` posts are given at a time: of any listing if that is a
        rule of the site's (`capped`), else of those with content."""
        if query.content:
            self.content_size = size
        if capped or not query.content:
            self.size = size

    async def _partial(
        self, kind: PostType, place: int, size: int, query: Query, failed: PageFailed
    ) -> Listing:
        async def ask(place: int, size: int) -> Listing:
            return await self._page(kind, place, size, query, tries=1 if size > 1 else 3)

        async def ask_plainly(place: int) -> Listing:
            return await self._page(kind, place, 1, query.plain)

        partial = PartialListing(ask, place, size, failed)
        listing = await partial.read(ask_plainly if query.content else None)
        if not listing.lost:
            self._learn(partial.size, query, capped=failed.code == "rest_invalid_param")
        for place in listing.lost:
            number = await self._culprit(kind, partial.between(place, query.order == "desc"))
            self.lost[kind.name, number or -place] = (
                f"the site fails over {kind.name} {number or f'number {place + 1} by ID'}:"
                " REST cannot list it, whatever else stands on the page. All others were listed."
            )
        return listing

    async def _culprit(self, kind: PostType, numbers: range) -> int | None:
        """The ID, among these, of the post with which the site fails; None if it is not one."""
        for number in numbers:
            try:
                answer = await self._fetch(self.route(f"{kind.route}/{number}", "_fields=id"))
            except Unreachable as error:
                if reason_of(error) not in _TOO_MUCH:
                    raise
                return number
            if answer.status >= 500:
                return number
        return None

    def route(self, path: str, query: str = "") -> str:
        """The address of `path` below the root, with pretty permalinks or plain ones."""
        mark = "&" if "?" in self.root else "?"
        return f"{self.root}{path}{mark}{query}" if query else f"{self.root}{path}"

    async def _page(
        self, kind: PostType, place: int, size: int, query: Query, tries: int = 3
    ) -> Listing:
        paging = f"offset={place}" if place % size else f"page={place // size + 1}"
        url = self.route(kind.route, f"{query}&per_page={size}&{paging}")
        try:
            response = await self._fetch(url, tries=tries)
        except Unreachable as error:
            if reason_of(error) in _TOO_MUCH:
                raise PageFailed(str(error), reason_of(error)) from error
            raise
        answer = await read_json(response)
        if code_of(answer) == "rest_post_invalid_page_number":
            return Listing([], None, clock_of(response), place)
        if response.status != 200 or not isinstance(answer, list):
            raise refusal(response, answer)
        if len(answer) > MOST_ENTRIES:
            raise PageFailed(f"{url} lists {len(answer)} posts", "more posts than were asked for")
        self.root = moved_with(self.root, response.url)
        posts = []
        stored = place_of(response) if query.content else None
        for step, entry in enumerate(answer):
            told = entry if isinstance(entry, dict) else {}
            post = found_of(told, kind.name, self.home, stored)
            if post is None:
                self._note_nameless(kind, entry, f"{query.bound} {place + step}")
            else:
                posts.append(post)
        end, total = place + (len(answer) or size), total_of(response)
        return Listing(posts, total, clock_of(response), end, shown=len(answer))

    def _note_nameless(self, kind: PostType, entry: object, where: str) -> None:
        # Two pages may list the same entry.
        link = entry.get("link") if isinstance(entry, dict) else None
        known = link[:500] if isinstance(link, str) else where
        self.nameless.setdefault(kind.name, set()).add(known)
