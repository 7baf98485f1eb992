"""WordPress's REST API (`wp/v2`): every public post, walked by ID.

Only `orderby=id` has a total order. By `modified` or a filtered `date`, MySQL breaks ties
as it likes and paging loses posts. Errors are told apart by `code`; messages are translated.
"""

from __future__ import annotations

import html
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

from scrapy.http import Response

from archive.errors import Unreachable
from archive.http.urls import host_of
from archive.index.index import ListedPost
from archive.times import earliest
from spiders.fetch import Fetch, clock_of
from spiders.rest.partial_listing import SIZES, Listing, PageFailed, PartialListing, RestClosed
from spiders.rest.post import found_of, json_of

_LINK = re.compile(rb'<([^>]+)>\s*;\s*rel="?https://api\.w\.org/"?')
_LINK_TAG = re.compile(rb'<link[^>]+rel=["\']https://api\.w\.org/["\'][^>]*>')
_HREF = re.compile(rb'href=["\']([^"\']+)')
_FIELDS = "id,type,link,title,date,date_gmt,modified_gmt,content.protected"
_WITH_CONTENT = "id,type,link,title,date,date_gmt,modified_gmt,content,excerpt"
# Steps back that a walk takes at one place, a page each, before it goes on all the same.
_STEPS_BACK = 5
# Public types that carry no articles: core's own, shops', page builders'.
_NO_ARTICLES = re.compile(
    r"page|attachment|nav_menu_item|product.*|shop_.*|wp_.*|elementor.*|e-.*|jet-.*|acf-.*"
    r"|.*(template|layout|block|popup|slider|menu|form|testimonial|faq).*"
)


@dataclass(frozen=True, slots=True)
class PostType:
    """A public post type: its name (`post`) and its route below the root (`wp/v2/posts`)."""

    name: str
    route: str


class RestSaysNo(RestClosed):
    """The API's own word that it is closed; no other address of it will say otherwise."""


def root_of(home: Response) -> str | None:
    """The REST root that the home page names, in its Link header or its head; None if it
    names none. It stays there even when REST is closed.

    Its host and scheme are made the home page's, which save a redirect each time.
    """
    links = (_LINK.search(value) for value in home.headers.getlist("Link"))
    named = next((link[1].decode("utf-8", "replace") for link in links if link), None)
    if named is None and (tag := _LINK_TAG.search(home.body)) and (href := _HREF.search(tag[0])):
        named = html.unescape(href[1].decode("utf-8", "replace"))
    if named is None:
        return None
    root, page = urlsplit(home.urljoin(named)), urlsplit(home.url)
    if host_of(root.geturl()) != host_of(home.url):
        return root.geturl()
    return root._replace(scheme=page.scheme, netloc=page.netloc).geturl()


class RestApi:
    """The API below `root` (`…/wp-json/` or `…/?rest_route=/`), read through `fetch`.

    `size` is how many posts a listing page has; it shrinks if the site refuses that many.
    `lost` are the posts that the site counts and cannot list, a sentence for each.
    """

    def __init__(self, root: str, fetch: Fetch, size: int = 100) -> None:
        self.root = root
        self.size = size
        self.lost: dict[tuple[str, int], str] = {}
        self._fetch = fetch

    async def check(self) -> dict[str, Any]:
        """The root's own answer (`name`, `home`, `namespaces`, …); RestClosed if it is not one,
        RestSaysNo if it is REST itself that does not offer wp/v2 (closed, or before 4.7)."""
        answer = json_of(await self._fetch(self.root))
        offers = answer.get("namespaces") if isinstance(answer, dict) else None
        if isinstance(answer, dict) and isinstance(offers, list) and "wp/v2" in offers:
            return answer
        says_no = isinstance(offers, list) or (isinstance(answer, dict) and "code" in answer)
        raise (RestSaysNo if says_no else RestClosed)(f"{self.root} does not offer wp/v2")

    async def types(self, wanted: tuple[str, ...] = ()) -> list[PostType]:
        """The public post types that carry articles, or those `wanted`."""
        answer = json_of(await self._fetch(self.route("wp/v2/types")))
        if not isinstance(answer, dict):
            raise RestClosed(f"{self.root} does not list its post types")
        found = []
        for name, facts in answer.items():
            if not isinstance(facts, dict) or not facts.get("rest_base"):
                continue
            if name in wanted or (not wanted and not _NO_ARTICLES.fullmatch(name)):
                namespace = facts.get("rest_namespace", "wp/v2")
                found.append(PostType(name, f"{namespace}/{facts['rest_base']}"))
        return found

    async def newest(self, kind: PostType, since: date | None = None) -> Listing:
        """The hundred newest posts by ID, and the total: enough for a quiet night."""
        return await self._stretch(kind, 0, _query(since, "desc"))

    async def count(self, kind: PostType, since: date | None = None, bound: str = "") -> int:
        """How many posts a listing has; it costs one request and next to no bytes."""
        return (await self._page(kind, 0, 1, _query(since, "asc", bound, "id"))).total

    async def post(self, kind: PostType, number: int) -> tuple[ListedPost | None, str, Response]:
        """The post with this ID, or the `code` why it is not shown; and the answer itself."""
        response = await self._fetch(self.route(f"{kind.route}/{number}", f"_fields={_FIELDS}"))
        answer = json_of(response)
        if not isinstance(answer, dict):
            return None, "no JSON", response
        return found_of(answer, kind.name), str(answer.get("code")), response

    async def walk(
        self,
        kind: PostType,
        since: date | None = None,
        bound: str = "",
        *,
        first: Listing | None = None,
        content: bool = False,
    ) -> AsyncIterator[Listing]:
        """All posts of `kind` in the order of their IDs, a listing page at a time.

        `bound` is a further part of the query, such as `after=…` or `modified_after=…`. Behind
        `first`, which `newest` gave, come those it lacks, down to the oldest. With `content`
        the posts come with what WordPress makes of their text.

        Each page begins with the last post of the one before. When it does not, posts were
        removed meanwhile, others took their places, and the walk takes a step back.
        """
        fields = _WITH_CONTENT if content else _FIELDS
        query = _query(since, "desc" if first else "asc", bound, fields)
        listing = first or await self._stretch(kind, 0, query)
        seen: set[int | None] = set()
        while True:
            if listing.posts:
                yield listing
            # Without a total the end is where nothing is listed.
            if listing.end >= listing.total and (listing.total or not listing.posts):
                return
            seen |= {post.post_id for post in listing.posts}
            overlaps = listing.total and len(listing.posts) > 1 and not listing.lost
            place = listing.end - 1 if overlaps else listing.end
            listing = await self._stretch(kind, place, query)
            for _ in range(_STEPS_BACK if overlaps else 0):
                if place == 0 or not listing.posts or listing.posts[0].post_id in seen:
                    break
                place = max(0, place - self.size + 1)
                listing = await self._stretch(kind, place, query)

    async def _stretch(self, kind: PostType, place: int, query: str) -> Listing:
        """The posts from `place` on, as many as the site gives at a time."""
        try:
            listing = await self._page(kind, place, self.size, query)
        except PageFailed:
            return await self._pieces(kind, place, query)
        shown = len(listing.posts)
        if shown in SIZES and listing.end < listing.total:
            # It shows fewer than were asked for, without a word.
            self.size = shown
        return listing

    async def _pieces(self, kind: PostType, place: int, query: str) -> Listing:
        async def ask(place: int, size: int) -> Listing:
            return await self._page(kind, place, size, query, retry=size == 1)

        pieces = PartialListing(ask, place, self.size)
        listing = await pieces.read()
        if not listing.lost:
            self.size = pieces.size
        for place in listing.lost:
            number = await self._culprit(kind, pieces.between(place, "order=desc" in query))
            self.lost[kind.name, number or -place] = (
                f"the site fails over {kind.name} {number or f'number {place + 1} by ID'}:"
                " REST cannot list it, whatever else stands on the page. All others were listed."
            )
        return listing

    async def _culprit(self, kind: PostType, numbers: range) -> int | None:
        """Which of these IDs is the post that the site fails over."""
        for number in numbers:
            answer = await self._fetch(self.route(f"{kind.route}/{number}", "_fields=id"))
            if answer.status >= 500:
                return number
        return None

    def route(self, path: str, query: str = "") -> str:
        """The address of `path` below the root, with pretty permalinks or plain ones."""
        mark = "&" if "?" in self.root else "?"
        return f"{self.root}{path}{mark}{query}" if query else f"{self.root}{path}"

    async def _page(
        self, kind: PostType, place: int, size: int, query: str, retry: bool = True
    ) -> Listing:
        paging = f"offset={place}" if place % size else f"page={place // size + 1}"
        url = self.route(kind.route, f"{query}&per_page={size}&{paging}")
        response = await self._fetch(url, retry=retry)
        answer = json_of(response)
        if isinstance(answer, dict) and answer.get("code") == "rest_post_invalid_page_number":
            return Listing([], 0, clock_of(response), place)
        if response.status != 200 or not isinstance(answer, list):
            raise _refusal(response, answer)
        posts = [found_of(post, kind.name) for post in answer if isinstance(post, dict)]
        total = (response.headers.get("X-WP-Total") or b"").decode()
        count = int(total) if total.isdigit() else 0
        end = place + (len(posts) or size)
        return Listing([post for post in posts if post], count, clock_of(response), end)


def _query(since: date | None, order: str, bound: str = "", fields: str = _FIELDS) -> str:
    query = f"orderby=id&order={order}&_fields={fields}"
    if bound:
        query += f"&{bound}"
    if since and not bound.startswith("after="):
        # The bound is exclusive and by the site's own clock, which may be any; the index judges
        # by Iran's (Frontier).
        query += f"&after={earliest(since) - timedelta(days=1)}T23:59:59"
    return query


def _refusal(response: Response, answer: Any) -> RestClosed:
    """What an answer that lists nothing means: PageFailed if a smaller page may be listed."""
    code = answer.get("code") if isinstance(answer, dict) else "no JSON"
    is_json = b"json" in (response.headers.get("Content-Type") or b"")
    # A 200 that is JSON by its header alone was ended by an error in the middle.
    failed = response.status >= 500 or code == "rest_invalid_param"
    failed = failed or (response.status == 200 and answer is None and is_json)
    kind = PageFailed if failed else RestClosed
    return kind(f"{response.url} answers {response.status} ({code})")


async def find_rest(home: Response, fetch: Fetch) -> tuple[RestApi, dict[str, Any]] | None:
    """The site's REST API and what its root says; None if it is closed or not there.

    The home page's own word goes first: with plain permalinks `/wp-json/` answers 200 with
    the home page. Where REST itself says no there is nothing more to try.
    """
    named = root_of(home)
    guesses = (home.urljoin(path) for path in ("wp-json/", "?rest_route=/"))
    for root in dict.fromkeys([*([named] if named else ()), *guesses]):
        rest = RestApi(root, fetch)
        try:
            return rest, await rest.check()
        except RestSaysNo:
            return None
        except (RestClosed, Unreachable):
            continue
    return None
