"""What is known about a site as a whole, and for how long that is believed.

A look at the site fetches robots.txt, the home page, REST's root and its post types. Its result is
believed for ten days; if REST was closed, that is checked again after one day.
"""

from __future__ import annotations

import logging
import re
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import urljoin, urlsplit

from scrapy.http import Response

from archive.errors import Unreachable
from archive.http.urls import host_of
from archive.index.index import Index
from archive.sites import Site
from archive.text.numbers import number_of
from spiders.fetch import Fetch, reason_of
from spiders.rest.api import ONE_ROUTE, RestApi
from spiders.rest.listing.partial_listing import RestClosed
from spiders.rest.post_type import POST, PostType
from spiders.rest.root import find_rest, root_of
from spiders.sources.feed import feed_of

logger = logging.getLogger(__name__)
# Longer than the week between two sweeps, so that they are not always in the same run.
PROFILE_AGE = timedelta(days=10)
# REST may have been closed only for some hours.
CLOSED_AGE = timedelta(days=1)
# So much of the home page is looked at, in bytes.
_READ = 4 << 20
_PAGES = re.compile(rb"(?:/page/|[?&](?:amp;|#038;)?paged=)(\d{1,5})/?[\"'?&#]")


@dataclass(slots=True)
class SiteProfile:
    """The result of a look at the site.

    `root` is where REST is (None: it is closed) and `closed` where it would be if it were open;
    `types` are the public post types, `refused` those that REST does not list. `wordpress` tells
    whether the site shows that it is made with WordPress. Without REST, `source` named its
    articles. `sitemap` is one that was found by guessing, `lists` the kind of lists that are
    complete, `pages` how many pages the blog has by the links of the home page. A listing page has
    `per_page` posts, or `content_per_page` with their content.

    All addresses of the site are below `ground`: a site in a folder shares its host with others.
    """

    home: str
    feed: str
    wordpress: bool
    ground: str = ""
    per_page: int = 100
    content_per_page: int = 100
    source: str | None = None
    sitemap: str | None = None
    lists: str | None = None
    closed: str | None = None
    pages: int = 0
    root: str | None = None
    name: str | None = None
    types: list[PostType] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def rest(self, root: str, fetch: Fetch) -> RestApi:
        """The API below `root`, with the known sizes of the site's listing pages."""
        return RestApi(root, fetch, self.home, self.per_page, self.content_per_page)


def pages_of(home: Response) -> int:
    """How many pages the blog has, by the links of the home page; 0 if it has no such link."""
    numbers = (number_of(number.decode()) or 0 for number in _PAGES.findall(home.body, 0, _READ))
    return max(numbers, default=0)


def looks_like_wordpress(home: Response) -> bool:
    """Whether the home page has one of the marks of WordPress, which a site may hide."""
    return (
        any(mark in home.body for mark in (b"/wp-content/", b"/wp-includes/", b"api.w.org"))
        or b"api.w.org" in b"".join(home.headers.getlist("Link"))
        or bool(home.headers.get("X-Pingback"))
    )


class ProfileMemory:
    """The profile of `site`, from `index` or from a new look at the site. `fetch` gets the home
    page, `listings` the answers of REST."""

    def __init__(self, site: Site, index: Index, fetch: Fetch, listings: Fetch) -> None:
        self._site = site
        self._index = index
        self._fetch = fetch
        self._listings = listings

    async def profile(self) -> SiteProfile:
        """The stored profile while it can be believed, else that of a new look."""
        return await self._remembered() or await self.look(await self.home())

    async def look(self, home: Response) -> SiteProfile:
        """Look at the site, beginning with its home page, and store the profile."""
        found = await find_rest(home, self._listings)
        wordpress = looks_like_wordpress(home)
        profile = SiteProfile(home.url, feed_of(home), wordpress, self._ground(home))
        if found:
            rest, facts = found
            name = facts.get("name")
            profile.wordpress = True
            profile.root, profile.name = rest.root, name if isinstance(name, str) else None
            profile.types = await self._types(rest)
        else:
            profile.pages = pages_of(home)
            profile.closed = root_of(home) or urljoin(home.url, "wp-json/")
        self._remember(profile, datetime.now(UTC))
        return profile

    async def home(self) -> Response:
        """The home page; Unreachable if it is an error page, or leads to another site."""
        home = await self._fetch(self._site.url, allow_offsite=True)
        if home.status >= 400:
            raise Unreachable(
                f"{self._site.url} answers {home.status}. Nothing was changed. Look at it in a"
                f" browser; try again later, or mend url in [sites.{self._site.name}]."
            )
        if host_of(home.url) != host_of(self._site.url):
            raise Unreachable(
                f"{self._site.url} leads to another site, {home.url}. Nothing was changed."
                " If that is the one you mean, use its address."
            )
        return home

    def note(self, profile: SiteProfile) -> None:
        """Store what was found out since the look, without making the profile younger."""
        if known := self._index.crawl_state.profile:
            self._remember(profile, known.at)

    def forget(self) -> None:
        """Let the next run look at the site again."""
        self._index.crawl_state.forget_profile()

    def _remember(self, profile: SiteProfile, at: datetime) -> None:
        self._index.crawl_state.remember_profile(asdict(profile), at)

    def _ground(self, home: Response) -> str:
        """The folder of the site: the root of its host unless sites.toml says otherwise."""
        in_a_folder = urlsplit(self._site.url).path.strip("/")
        return urljoin(home.url, "." if in_a_folder else "/")

    async def _types(self, rest: RestApi) -> list[PostType]:
        try:
            types = await rest.types(self._site.types)
        except RestClosed as error:
            logger.info("%s; only posts are asked for", error)
            types = []
        except Unreachable as error:
            if reason_of(error) not in ONE_ROUTE:
                raise
            types = []
        return types or [POST]

    async def _remembered(self) -> SiteProfile | None:
        known = self._index.crawl_state.profile
        if known is None:
            return None
        facts, age = known.fields, datetime.now(UTC) - known.at
        if not timedelta(0) <= age <= PROFILE_AGE:
            return None
        facts["types"] = [PostType(**kind) for kind in facts["types"]]
        wanted = self._site.types
        if facts["root"] and wanted and {kind.name for kind in facts["types"]} != set(wanted):
            return None
        profile = SiteProfile(**facts)
        if profile.closed and age > CLOSED_AGE and await self._is_open(profile, profile.closed):
            return None
        return profile

    async def _is_open(self, profile: SiteProfile, root: str) -> bool:
        """Whether REST, which was closed, is open now: its root, or the listings below it."""
        rest = profile.rest(root, self._listings)
        try:
            if profile.types:
                await rest.newest(profile.types[0])
            else:
                await rest.check()
        except (RestClosed, Unreachable):
            return False
        return True
