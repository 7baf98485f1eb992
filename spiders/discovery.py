"""Discovery: REST by ID, else the sitemaps, else the feed, else the pages that list articles.
What it finds goes to the index.

probe (once a week)  robots.txt, home page, REST root, post types
quiet night          the hundred newest posts; known + new == the site's own total
otherwise            every listing page, a hundred posts each
"""

from __future__ import annotations

import logging
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urljoin, urlsplit

from scrapy.http import Response

from archive.errors import NotWordPress, Unreachable
from archive.http.urls import BadAddress, host_of, resolve
from archive.index.index import ListedPost
from archive.outcomes import PageState, Reason
from archive.sites import Site
from archive.writer.site_writer import SiteWriter
from spiders.fetch import DISALLOWED, Fetch, clock_of, reason_of
from spiders.rest.api import RestApi, moved_with
from spiders.rest.partial_listing import RestClosed, RestRefuses
from spiders.rest.post_type import POST, PostType
from spiders.rest.rest_night import ONE_ROUTE, RestSync
from spiders.rest.root import find_rest, root_of
from spiders.site_profile import SiteProfile, looks_like_wordpress, pages_of
from spiders.sources.feed import feed_of
from spiders.sources.uncached import Uncached
from spiders.without_rest.sync import SyncWithoutRest

logger = logging.getLogger(__name__)
# Longer than the week between two sweeps: a night has one or the other.
PROBE_AGE = timedelta(days=10)
# Closed REST may have been a bad hour.
CLOSED_AGE = timedelta(days=1)


class Discovery:
    """One night's discovery for `site`.

    After `run`, `source` says where the articles were found (`rest`, `sitemap`, `feed`,
    `lists`), `totals` what the site itself counts, by post type (None: no count that can be
    believed). After `look`, `listings` is
    how many listing requests a first crawl takes.
    """

    def __init__(self, site: Site, writer: SiteWriter, fetch: Fetch, verify: bool = False) -> None:
        self.site = site
        self.whole = False
        self.source: str | None = None
        self.totals: dict[str, int | None] = {}
        self.listings = 0
        self.problems: list[str] = []
        self.site_name: str | None = None
        self._verify = verify
        self._writer = writer
        self._index = writer.index
        self._clock: datetime | None = None
        self._fetch = self._timed(fetch)
        self._listings = Uncached(self._fetch, writer.run.run)

    async def run(self) -> None:
        """Take every published post into the index.

        Unreachable if the home page does not answer, NotWordPress if nothing says that
        WordPress does and nothing lists a page.
        """
        self._index.limit(self.site.since)
        await self._find(await self._remembered() or await self._probe(await self._home()))

    async def look(self) -> None:
        """Only what a probe needs: the totals, and the newest posts or one sitemap."""
        probe = await self._probe(await self._home())
        self.site_name = probe.name
        if not probe.root or not await self._look_by_rest(self._rest(probe, probe.root), probe):
            await self._without_rest(replace(probe, root=None), most=2)

    async def _find(self, probe: SiteProfile, has_moved: bool = False) -> None:
        """Take every post by REST; by another source where `probe` knows that it is closed, or
        it gives nothing tonight."""
        self.site_name = probe.name
        if probe.root:
            try:
                await self._by_rest(self._rest(probe, probe.root), probe)
                return
            except (RestClosed, Unreachable) as error:
                if not self._closes(probe, error):
                    # If the whole site is down, that is the one thing to tell.
                    home = await self._home()
                    if not has_moved and moved_with(probe.home, home.url) != probe.home:
                        await self._find(await self._probe(home), has_moved=True)
                        return
                    probe.wordpress = looks_like_wordpress(home)
                    self._index.crawl_state.forget_profile()
                    self.problems.append(f"REST stopped answering: {error}")
        if self._verify:
            self.problems.append("only REST shows content to compare with; nothing was verified")
        await self._without_rest(probe)

    def _closes(self, probe: SiteProfile, error: RestClosed | Unreachable) -> bool:
        """Whether robots.txt or the site itself keeps REST from us. That is no failure, and
        remembered in `probe`; it is told if REST was open before."""
        refuses = isinstance(error, RestRefuses)
        if not refuses and reason_of(error) != DISALLOWED:
            return False
        if refuses and any(self._index.live(kind.name) for kind in probe.types):
            # It was open before, and may be so again with the next run.
            self.problems.append(f"REST stopped answering: {error}")
            self._index.crawl_state.forget_profile()
        probe.root, probe.closed = None, probe.root
        return True

    async def _look_by_rest(self, rest: RestApi, probe: SiteProfile) -> bool:
        """The totals and the newest posts; False if REST lists none of the types."""
        for kind in probe.types:
            try:
                newest = await rest.newest(kind)
            except RestClosed as error:
                logger.info("%s", error)
                continue
            except Unreachable as error:
                if reason_of(error) != DISALLOWED:
                    raise
                continue
            self.totals[kind.name] = newest.total
            self._take(newest.posts)
            self.listings += -(-(newest.total or newest.shown) // rest.size)
        if not self.totals:
            return False
        self.source = "rest"
        self._writer.run.counts.found = self._found()
        return True

    def _rest(self, probe: SiteProfile, root: str) -> RestApi:
        sizes = probe.per_page, probe.content_per_page
        return RestApi(root, self._listings, probe.home, *sizes)

    async def _by_rest(self, rest: RestApi, probe: SiteProfile) -> None:
        rest_night = RestSync(self.site, self._writer, rest, self._fetch, self._take, self._verify)
        types = [kind for kind in probe.types if kind.name not in probe.refused]
        await rest_night.run(types, probe.home)
        self.source = "rest"
        self.totals = rest_night.totals
        self.problems += rest_night.problems
        self.whole = rest_night.whole
        self._writer.run.counts.found = self._found()
        self._tell_refused(rest_night.refused)
        self._note(
            replace(
                probe,
                root=rest.root,
                home=moved_with(probe.home, rest.root),
                ground=moved_with(probe.ground, rest.root),
                per_page=rest.size,
                content_per_page=rest.content_size,
                refused=[*probe.refused, *rest_night.refused],
            )
        )

    def _tell_refused(self, refused: dict[str, str]) -> None:
        """Note once which types REST names and does not list."""
        known = self._index.crawl_state.refused_types
        new = [name for name in refused if name not in known]
        if new:
            self._index.crawl_state.refused_types = known + new
        self._writer.run.notes += [
            f"REST names the type {name} and does not list its posts: {refused[name]}"
            for name in new
        ]

    def _found(self) -> int:
        """How many posts the site lists: by its own count, or by ours where it has none."""
        return sum(
            len(self._index.live(kind)) if total is None else total
            for kind, total in self.totals.items()
        )

    async def _without_rest(self, probe: SiteProfile, most: int | None = None) -> None:
        other = SyncWithoutRest(self.site, self._writer, probe, self._listings, self._take)
        try:
            await other.run(most)
        except (NotWordPress, Unreachable):
            # The site may be another one the next time.
            self._index.crawl_state.forget_profile()
            raise
        self.source = other.source
        self.problems += other.problems
        self.listings = other.listings
        self._writer.run.counts.found = other.listed
        self._note(probe)

    def _take(self, pages: list[ListedPost]) -> int:
        """Bring `pages` into the index, those that are not to be fetched as refused; return how
        many are new or due again."""
        placed = [self._placed(page) for page in pages]
        new = [page for page, _ in placed if not self._index.knows(page)]
        # What the settings leave out is not looked at again, and an address that is none does not
        # take the place of the one that is known.
        told = [page for page, reason in placed if reason != Reason.SKIPPED and not page.refusal]
        again = self._index.update(told)
        self._index.add(new)
        for page, reason in placed:
            known = self._index.state(page) if reason else None
            if reason and known and known.state == PageState.DUE:
                self._writer.refuse_unasked(page.url, reason)
        return len(new) + again

    def _placed(self, page: ListedPost) -> tuple[ListedPost, str | None]:
        """The page at its whole address, and why it is not to be fetched, if it is not."""
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
        """`fetch`, and what its answers tell of the time: the index goes by the site's clock, for
        ours may be wrong. A cache's answer may be old, so the latest counts."""

        async def timed(*arguments: Any, **how: Any) -> Response:
            response = await fetch(*arguments, **how)
            told = clock_of(response)
            self._clock = max(self._clock or told, told)
            self._index.clock = self._clock
            return response

        return timed

    async def _probe(self, home: Response) -> SiteProfile:
        found = await find_rest(home, self._listings)
        probe = SiteProfile(home.url, feed_of(home), looks_like_wordpress(home), self._ground(home))
        if found:
            rest, facts = found
            name = facts.get("name")
            probe.wordpress = True
            probe.root, probe.name = rest.root, name if isinstance(name, str) else None
            probe.types = await self._types(rest)
        else:
            probe.pages = pages_of(home)
            probe.closed = root_of(home) or urljoin(home.url, "wp-json/")
        self._remember(probe, datetime.now(UTC))
        return probe

    def _note(self, probe: SiteProfile) -> None:
        """Remember what the probe has learnt since; its age stays."""
        if known := self._index.crawl_state.profile:
            self._remember(probe, known.at)

    def _remember(self, probe: SiteProfile, at: datetime) -> None:
        self._index.crawl_state.remember_profile(asdict(probe), at)

    async def _home(self) -> Response:
        home = await self._fetch(self.site.url, allow_offsite=True)
        if home.status >= 400:
            raise Unreachable(
                f"{self.site.url} answers {home.status}. Nothing was changed. Look at it in a"
                f" browser; try again later, or mend url in [sites.{self.site.name}]."
            )
        if host_of(home.url) != host_of(self.site.url):
            raise Unreachable(
                f"{self.site.url} leads to another site, {home.url}. Nothing was changed."
                " If that is the one you mean, use its address."
            )
        return home

    def _ground(self, home: Response) -> str:
        """The folder the site is in: its host's root unless sites.toml says otherwise."""
        in_a_folder = urlsplit(self.site.url).path.strip("/")
        return urljoin(home.url, "." if in_a_folder else "/")

    async def _types(self, rest: RestApi) -> list[PostType]:
        try:
            types = await rest.types(self.site.types)
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
        if not timedelta(0) <= age <= PROBE_AGE:
            return None
        facts["types"] = [PostType(**kind) for kind in facts["types"]]
        wanted = self.site.types
        if facts["root"] and wanted and {kind.name for kind in facts["types"]} != set(wanted):
            return None
        probe = SiteProfile(**facts)
        if probe.closed and age > CLOSED_AGE and await self._opened(probe, probe.closed):
            return None
        return probe

    async def _opened(self, probe: SiteProfile, root: str) -> bool:
        """Whether REST is open that was closed: its root, or the listings below it."""
        rest = self._rest(probe, root)
        try:
            if probe.types:
                await rest.newest(probe.types[0])
            else:
                await rest.check()
        except (RestClosed, Unreachable):
            return False
        return True
