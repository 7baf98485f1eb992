"""Discovery: REST by ID, else the sitemaps, else the feed, else the pages that list articles.
What it finds goes to the index.

profile (every ten days)  robots.txt, home page, REST root, post types
quiet run                 the hundred newest posts; known + new == the site's own total
otherwise                 every listing page, a hundred posts each
"""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime
from typing import Any

from scrapy.http import Response

from archive.errors import NotWordPress, Unreachable
from archive.http.urls import BadAddress, host_of, moved_with, resolve
from archive.index.listed_post import ListedPost
from archive.outcomes import PageState, Reason
from archive.sites import Site
from spiders.fetch import DISALLOWED, Fetch, clock_of, reason_of
from spiders.rest.all_types import RestSync
from spiders.rest.api import RestApi
from spiders.rest.listing.partial_listing import RestClosed, RestRefuses
from spiders.site_profile import ProfileMemory, SiteProfile, looks_like_wordpress
from spiders.site_run import Discovered, RunWriter
from spiders.sources.steps import Beside
from spiders.sources.uncached import Uncached
from spiders.without_rest.sync import SyncWithoutRest

logger = logging.getLogger(__name__)


class Discovery:
    """Discovers the posts of `site` in one run. They go into the index of `writer`; `found` is what
    was found out about the site. With `verify` all content is compared with what is kept; that is
    done by it, beside the loop."""

    def __init__(
        self, site: Site, writer: RunWriter, fetch: Fetch, verify: Beside | None = None
    ) -> None:
        self.site = site
        self.found = Discovered()
        self._verify = verify
        self._writer = writer
        self._index = writer.index
        self._clock: datetime | None = None
        self._fetch = self._timed(fetch)
        self._listings = Uncached(self._fetch, writer.run.run)
        self._memory = ProfileMemory(site, writer.index, self._fetch, self._listings)

    async def run(self) -> None:
        """Bring every published post into the index.

        Unreachable if the home page does not answer; NotWordPress if nothing lists a page and
        nothing shows that the site is made with WordPress.
        """
        self._index.limit(self.site.since)
        await self._find(await self._memory.profile())

    async def look(self) -> None:
        """Find only what a probe needs: the totals, and the newest posts or one sitemap."""
        profile = await self._memory.look(await self._memory.home())
        self.found.site_name = profile.name
        rest = profile.rest(profile.root, self._listings) if profile.root else None
        if rest is None or not await self._look_by_rest(rest, profile):
            await self._without_rest(replace(profile, root=None), most=2)

    async def _find(self, profile: SiteProfile, has_moved: bool = False) -> None:
        """Bring every post into the index: by REST, or by another source if `profile` says that
        REST is closed, or if it gives nothing in this run."""
        self.found.site_name = profile.name
        if profile.root:
            try:
                await self._by_rest(profile.rest(profile.root, self._listings), profile)
                return
            except (RestClosed, Unreachable) as error:
                if not self._closes(profile, error):
                    # If the whole site is down, this raises, and only that is reported.
                    home = await self._memory.home()
                    if not has_moved and moved_with(profile.home, home.url) != profile.home:
                        await self._find(await self._memory.look(home), has_moved=True)
                        return
                    profile.wordpress = looks_like_wordpress(home)
                    self._memory.forget()
                    self.found.problems.append(f"REST stopped answering: {error}")
        if self._verify:
            self.found.problems.append(
                "only REST shows content to compare with; nothing was verified"
            )
        await self._without_rest(profile)

    def _closes(self, profile: SiteProfile, error: RestClosed | Unreachable) -> bool:
        """Whether robots.txt or the site itself does not allow REST. That is no failure: it is
        stored in `profile`, and a problem only if REST was open before."""
        refuses = isinstance(error, RestRefuses)
        if not refuses and reason_of(error) != DISALLOWED:
            return False
        if refuses and any(self._index.count_live(kind.name) for kind in profile.types):
            # It was open before, and may be open again in the next run.
            self.found.problems.append(f"REST stopped answering: {error}")
            self._index.crawl_state.forget_profile()
        profile.root, profile.closed = None, profile.root
        return True

    async def _look_by_rest(self, rest: RestApi, profile: SiteProfile) -> bool:
        """The totals and the newest posts; False if REST lists none of the types."""
        for kind in profile.types:
            try:
                newest = await rest.newest(kind)
            except RestClosed as error:
                logger.info("%s", error)
                continue
            except Unreachable as error:
                if reason_of(error) != DISALLOWED:
                    raise
                continue
            self.found.totals[kind.name] = newest.total
            self._take(newest.posts)
            self.found.listings += -(-(newest.total or newest.shown) // rest.size)
        if not self.found.totals:
            return False
        self.found.source = "rest"
        self._writer.run.counts.found = self._listed()
        return True

    async def _by_rest(self, rest: RestApi, profile: SiteProfile) -> None:
        sync = RestSync(self.site, self._writer, rest, self._fetch, self._take, self._verify)
        types = [kind for kind in profile.types if kind.name not in profile.refused]
        await sync.run(types, profile.home)
        self.found.source = "rest"
        self.found.totals = sync.totals
        self.found.problems += sync.problems
        self.found.whole = sync.whole
        self._writer.run.counts.found = self._listed()
        self._tell_refused(sync.refused)
        self._memory.note(
            replace(
                profile,
                root=rest.root,
                home=moved_with(profile.home, rest.root),
                ground=moved_with(profile.ground, rest.root),
                per_page=rest.size,
                content_per_page=rest.content_size,
                refused=[*profile.refused, *sync.refused],
            )
        )

    def _tell_refused(self, refused: dict[str, str]) -> None:
        """Add a note, once, for each type that REST names but does not list."""
        known = self._index.crawl_state.refused_types
        new = [name for name in refused if name not in known]
        if new:
            self._index.crawl_state.refused_types = known + new
        self._writer.run.notes += [
            f"REST names the type {name} and does not list its posts: {refused[name]}"
            for name in new
        ]

    def _listed(self) -> int:
        """How many posts the site lists: its own count or, if it has none, ours."""
        return sum(
            self._index.count_live(kind) if total is None else total
            for kind, total in self.found.totals.items()
        )

    async def _without_rest(self, profile: SiteProfile, most: int | None = None) -> None:
        other = SyncWithoutRest(self.site, self._writer, profile, self._listings, self._take)
        try:
            await other.run(most)
        except (NotWordPress, Unreachable):
            # In the next run the site may be different.
            self._memory.forget()
            raise
        self.found.source = other.source
        self.found.problems += other.problems
        self.found.listings = other.listings
        self._writer.run.counts.found = other.listed
        self._memory.note(profile)

    def _take(self, pages: list[ListedPost]) -> int:
        """Bring `pages` into the index; those that are not to be fetched are refused. Return how
        many are new or due again."""
        placed = [self._placed(page) for page in pages]
        known = [self._index.knows(page) for page, _ in placed]
        new = [page for (page, _), is_known in zip(placed, known, strict=True) if not is_known]
        # Pages that the settings leave out are not compared again. A bad address must not replace
        # the known one.
        again = self._index.update(
            page
            for (page, reason), is_known in zip(placed, known, strict=True)
            if is_known and reason != Reason.SKIPPED and not page.refusal
        )
        self._index.add(new)
        for page, reason in placed:
            state = self._index.state(page) if reason else None
            if reason and state and state.state == PageState.DUE:
                self._writer.refuse_unasked(page.url, reason)
        return len(new) + again

    def _placed(self, page: ListedPost) -> tuple[ListedPost, str | None]:
        """The page with its absolute address, and the reason if it is not to be fetched."""
        if page.refusal:
            return page, page.refusal
        try:
            page = replace(page, url=resolve(page.url, self.site.url))
        except BadAddress:
            return page, Reason.BAD_ADDRESS
        host, own = host_of(page.url), host_of(self.site.url)
        if host != own and not host.endswith(f".{own}"):
            return page, Reason.ELSEWHERE
        return page, Reason.SKIPPED if any(part in page.url for part in self.site.skip) else None

    def _timed(self, fetch: Fetch) -> Fetch:
        """`fetch`, which now also sets the index's clock from its answers: ours may be wrong. An
        answer from a cache may be old, so the latest time counts."""

        async def timed(*arguments: Any, **how: Any) -> Response:
            response = await fetch(*arguments, **how)
            told = clock_of(response)
            self._clock = max(self._clock or told, told)
            self._index.clock = self._clock
            return response

        return timed
