"""WordPress's REST API (`wp/v2`): every public post, walked by ID.

Only `orderby=id` has a total order. By `modified` or a filtered `date`, MySQL breaks ties
as it likes and paging loses posts. Errors are told apart by `code`; messages are translated.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import date
from typing import Any

from scrapy.http import Response

from archive.errors import Unreachable
from archive.http.urls import moved_with
from archive.index.listed_post import ListedPost
from archive.outcomes import Reason
from archive.text.numbers import number_of
from spiders.fetch import DISALLOWED, Fetch, clock_of, reason_of
from spiders.rest.json_answer import read_json
from spiders.rest.partial_listing import (
    SIZES,
    Listing,
    PageFailed,
    PartialListing,
    RestClosed,
    RestRefuses,
)
from spiders.rest.post import found_of
from spiders.rest.post_type import PostType, types_of
from spiders.rest.query import Query
from spiders.sources.walk_budget import WalkBudget

# Steps back that a walk takes at one place, a page each, before it goes on all the same; and
# stretches in a row that bring nothing new, before it ends whatever the site counts.
_STEPS = 5
# Failures of one answer, which a smaller one may not meet.
_TOO_MUCH = (Reason.TOO_LARGE, Reason.TIMEOUT, Reason.CUT)
MOST_ENTRIES = 1_000
"""Entries of a listing page, of which a hundred are asked for."""
ONE_ROUTE = (DISALLOWED, Reason.NOT_ALLOWED, Reason.BAD_ADDRESS)
"""What one route may meet alone; any other failure is the site's."""
_REFUSED = (401, 403, 404)
_CODE = re.compile(r"\w{1,80}", re.ASCII)
# All that is read of the root's answer. It is asked for with a query, as every listing is: where
# robots.txt closes those, nothing of REST is read.
_ROOT_FIELDS = "_fields=name,home,namespaces"


class RestSaysNo(RestClosed):
    """The API's own word that it is closed; no other address of it will say otherwise."""


class RestApi:
    """The API below `root` (`…/wp-json/` or `…/?rest_route=/`) of the site at `home`, read
    through `fetch`. `root` follows a site that moves to https or to `www.`

    `size` is how many posts a listing page has, and `content_size` how many one with their
    content; they shrink if the site refuses that many, or so much is too large.
    `lost` are the posts that the site counts and cannot list, a sentence for each; `nameless`
    are those it lists without an ID that could be theirs, by post type; `unproven` are the types
    whose listings could not be read behind the last post that is counted.
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
        """The root's own answer (`name`, `home`, `namespaces`); RestClosed if it is not one,
        RestSaysNo if it is REST itself that does not offer wp/v2 (closed, or before 4.7)."""
        answer = await read_json(await self._fetch(self.route("", _ROOT_FIELDS)))
        offers = answer.get("namespaces") if isinstance(answer, dict) else None
        if isinstance(answer, dict) and isinstance(offers, list) and "wp/v2" in offers:
            return answer
        says_no = isinstance(offers, list) or _code_of(answer) is not None
        raise (RestSaysNo if says_no else RestClosed)(f"{self.root} does not offer wp/v2")

    async def types(self, wanted: tuple[str, ...] = ()) -> list[PostType]:
        """The public post types that carry articles, or those `wanted`."""
        answer = await read_json(await self._fetch(self.route("wp/v2/types")))
        if not isinstance(answer, dict):
            raise RestClosed(f"{self.root} does not list its post types")
        return types_of(answer, wanted)

    async def newest(self, kind: PostType, since: date | None = None) -> Listing:
        """The hundred newest posts by ID, and the total: enough for a quiet night."""
        return await self._stretch(kind, 0, Query("desc", since))

    async def count(self, kind: PostType, since: date | None = None, bound: str = "") -> int | None:
        """How many posts a listing has, None if the site tells no total; it costs one request
        and next to no bytes."""
        return (await self._page(kind, 0, 1, Query("asc", since, bound, bare=True))).total

    async def lists_behind(self, kind: PostType, count: int, since: date | None = None) -> bool:
        """Whether the site lists a post behind the first `count` ones."""
        listing = await self._page(kind, count, 1, Query("asc", since))
        return bool(listing.posts)

    async def post(self, kind: PostType, number: int) -> tuple[ListedPost | None, str, Response]:
        """The post with this ID, or the `code` why it is not shown; and the answer itself."""
        fields = "_fields=id,type,link,title,date,date_gmt,modified_gmt,content.protected"
        response = await self._fetch(self.route(f"{kind.route}/{number}", fields))
        answer = await read_json(response)
        if not isinstance(answer, dict):
            return None, "no JSON", response
        return found_of(answer, kind.name, self.home), _code_of(answer) or "no code", response

    async def walk(
        self,
        kind: PostType,
        since: date | None = None,
        bound: str = "",
        *,
        first: Listing | None = None,
        content: bool = False,
    ) -> AsyncIterator[Listing]:
        """All posts of `kind` in the order of their IDs, a listing page at a time; at least one.

        `bound` is a further part of the query, such as `after=…` or `modified_after=…`. Behind
        `first`, which `newest` gave, come those it lacks, down to the oldest. With `content`
        the posts come with what WordPress makes of their text.

        The site's total is no more than a hint where it ends: a page that is full is followed.
        Each page begins with the last post of the one before. When it does not, posts were
        removed meanwhile, others took their places, and the walk takes a step back. RestClosed if
        there is no end to it (WalkBudget).
        """
        query = Query("desc" if first else "asc", since, bound, content)
        listing = first or await self._stretch(kind, 0, query)
        seen: set[int | None] = set()
        budget = WalkBudget(listing.total)
        idle = fullest = 0
        while True:
            yield listing
            news = {post.post_id for post in listing.posts} - seen
            idle = 0 if news else idle + 1
            if idle >= _STEPS or _ends(listing, bool(news), fullest):
                return
            seen |= news
            if endless := budget.is_spent(len(seen)):
                raise RestClosed(f"{self.route(kind.route)} {endless}", endless)
            fullest = max(fullest, listing.shown)
            overlaps = len(listing.posts) > 1 and not listing.lost
            place = listing.end - 1 if overlaps else listing.end
            try:
                behind = await self._stretch(kind, place, query)
            except RestClosed:
                if not listing.all_counted:
                    raise
                self.unproven.add(kind.name)
                return
            listing = behind
            for _ in range(_STEPS if overlaps else 0):
                if place == 0 or not listing.posts or listing.posts[0].post_id in seen:
                    break
                place = max(0, place - self._size(query) + 1)
                listing = await self._stretch(kind, place, query)

    async def _stretch(self, kind: PostType, place: int, query: Query) -> Listing:
        """The posts from `place` on, as many as the site gives at a time."""
        size = self._size(query)
        try:
            listing = await self._page(kind, place, size, query)
        except PageFailed:
            return await self._partial(kind, place, size, query)
        counted = listing.total is not None and not listing.all_counted
        if place == 0 and counted and listing.shown in SIZES[:-1]:
            # Fewer than were asked for; on a later page a list may end whose count is too high.
            self._learn(listing.shown, query)
        return listing

    def _size(self, query: Query) -> int:
        return self.content_size if query.content else self.size

    def _learn(self, size: int, query: Query) -> None:
        if query.content:
            self.content_size = size
        else:
            self.size = size

    async def _partial(self, kind: PostType, place: int, size: int, query: Query) -> Listing:
        async def ask(place: int, size: int) -> Listing:
            return await self._page(kind, place, size, query, retry=size == 1)

        partial = PartialListing(ask, place, size)
        listing = await partial.read()
        if not listing.lost:
            self._learn(partial.size, query)
        for place in listing.lost:
            number = await self._culprit(kind, partial.between(place, query.order == "desc"))
            self.lost[kind.name, number or -place] = (
                f"the site fails over {kind.name} {number or f'number {place + 1} by ID'}:"
                " REST cannot list it, whatever else stands on the page. All others were listed."
            )
        return listing

    async def _culprit(self, kind: PostType, numbers: range) -> int | None:
        """Which of these IDs is the post that the site fails over."""
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
        self, kind: PostType, place: int, size: int, query: Query, retry: bool = True
    ) -> Listing:
        paging = f"offset={place}" if place % size else f"page={place // size + 1}"
        url = self.route(kind.route, f"{query}&per_page={size}&{paging}")
        try:
            response = await self._fetch(url, retry=retry)
        except Unreachable as error:
            if reason_of(error) in _TOO_MUCH:
                raise PageFailed(str(error), reason_of(error)) from error
            raise
        answer = await read_json(response)
        if _code_of(answer) == "rest_post_invalid_page_number":
            return Listing([], None, clock_of(response), place)
        if response.status != 200 or not isinstance(answer, list):
            raise _refusal(response, answer)
        if len(answer) > MOST_ENTRIES:
            raise PageFailed(f"{url} lists {len(answer)} posts", "more posts than were asked for")
        self.root = moved_with(self.root, response.url)
        posts = []
        for step, entry in enumerate(answer):
            post = found_of(entry, kind.name, self.home) if isinstance(entry, dict) else None
            if post is None:
                self._note_nameless(kind, entry, f"{query.bound} {place + step}")
            else:
                posts.append(post)
        end, total = place + (len(answer) or size), _total_of(response)
        return Listing(posts, total, clock_of(response), end, shown=len(answer))

    def _note_nameless(self, kind: PostType, entry: object, where: str) -> None:
        # Two pages may list the same one.
        link = entry.get("link") if isinstance(entry, dict) else None
        known = link[:500] if isinstance(link, str) else where
        self.nameless.setdefault(kind.name, set()).add(known)


def _ends(listing: Listing, has_news: bool, fullest: int) -> bool:
    """Whether a walk ends with `listing`; the fullest page before had so many entries."""
    if listing.total is None or not has_news:
        return not has_news and (listing.total is None or listing.all_counted)
    shown = listing.shown + len(listing.lost)
    is_full = shown in SIZES[:-1] or 0 < fullest <= shown
    # A page that has more than are counted tells that the count is wrong.
    return listing.end == listing.total and not is_full


def _code_of(answer: object) -> str | None:
    """The `code` of an answer in which REST says no."""
    code = answer.get("code") if isinstance(answer, dict) else None
    return code if isinstance(code, str) else None


def _total_of(response: Response) -> int | None:
    """X-WP-Total; None if it is missing or no number, or told twice and differently."""
    values = response.headers.getlist("X-WP-Total")
    told = {part.strip() for value in values for part in value.decode("latin-1").split(",")}
    total = number_of(told.pop()) if len(told) == 1 else None
    return total if total is not None and total >= 0 else None


def _refusal(response: Response, answer: object) -> RestClosed:
    """What an answer that lists nothing means: PageFailed if a smaller page may be listed."""
    code = _code_of(answer)
    says = code if code and _CODE.fullmatch(code) else "no JSON" if answer is None else "no code"
    is_json = b"json" in (response.headers.get("Content-Type") or b"")
    # A 200 that is JSON by its header alone was ended by an error in the middle.
    failed = response.status >= 500 or code == "rest_invalid_param"
    failed = failed or (response.status == 200 and answer is None and is_json)
    refused = response.status in _REFUSED
    kind = PageFailed if failed else RestRefuses if refused else RestClosed
    return kind(f"{response.url} answers {response.status} ({says})", f"{response.status} ({says})")
