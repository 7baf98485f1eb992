"""Discovery: REST by ID, else the sitemaps, else the feed, else the pages that list articles.
What it finds goes to the index.

probe (once a week)  robots.txt, home page, REST root, post types
quiet night          the hundred newest posts; known + new == the site's own total
otherwise            every listing page, a hundred posts each
"""

from __future__ import annotations

import logging
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from scrapy.http import Response

from archive.address import host_of
from archive.errors import NotWordPress, Unreachable
from archive.index import Found
from archive.night import Night
from archive.sites import Site
from spiders.feed import Feed, feed_of
from spiders.fetch import Fetch
from spiders.lists import Lists
from spiders.nightly import Nightly
from spiders.pieces import RestClosed
from spiders.rest import PostType, Rest, find_rest
from spiders.sitemap import MAX_FILES, Sitemaps

logger = logging.getLogger(__name__)
PROBE_AGE = timedelta(days=7)
# Closed REST may have been a bad hour.
CLOSED_AGE = timedelta(days=1)


@dataclass(slots=True)
class Probe:
    """What a look at the site told: where REST is (None: closed) and the feed, the public
    types, the site's name; whether anything says that it is WordPress, and which source
    named its articles when REST did not."""

    home: str
    feed: str
    wordpress: bool
    per_page: int = 100
    source: str | None = None
    root: str | None = None
    name: str | None = None
    types: list[PostType] = field(default_factory=list)


class Discovery:
    """One night's discovery for `site`.

    After `run`, `source` says where the articles were found (`rest`, `sitemap`, `feed`,
    `lists`), `totals` what the site itself counts, by post type.
    """

    def __init__(self, site: Site, night: Night, fetch: Fetch) -> None:
        self.site = site
        self.source: str | None = None
        self.totals: dict[str, int] = {}
        self.problems: list[str] = []
        self.site_name: str | None = None
        self._fetch = fetch
        self._night = night
        self._index = night.index

    async def run(self) -> None:
        """Take every published post into the index.

        Unreachable if the home page does not answer, NotWordPress if nothing says that
        WordPress does and nothing lists a page.
        """
        probe = self._remembered() or await self._probe()
        self.site_name = probe.name
        if probe.root:
            try:
                await self._by_rest(Rest(probe.root, self._fetch, probe.per_page), probe)
                return
            except (RestClosed, Unreachable) as error:
                # If the whole site is down, that is the one thing to tell.
                await self._home()
                self.problems.append(f"REST stopped answering: {error}")
                self._index.remember("probe", None)
        await self._without_rest(probe)

    async def look(self) -> None:
        """Only what a probe needs: the totals, and the newest posts or one sitemap."""
        probe = await self._probe()
        self.site_name = probe.name
        if not probe.root:
            await self._without_rest(probe, most=2)
            return
        self.source = "rest"
        rest = Rest(probe.root, self._fetch)
        for kind in probe.types:
            newest = await rest.newest(kind)
            self.totals[kind.name] = newest.total
            self._take(newest.posts)
        self._night.run.counts.found = sum(self.totals.values())

    async def _by_rest(self, rest: Rest, probe: Probe) -> None:
        self.source = "rest"
        for kind in probe.types:
            nightly = Nightly(self.site, self._index, rest, kind, self._take)
            await nightly.run()
            self.totals[kind.name] = nightly.total
            self._night.run.counts.gone += len(nightly.missing)
            if nightly.problem:
                self.problems.append(nightly.problem)
        self.problems += rest.lost.values()
        self._night.run.counts.found = sum(self.totals.values())
        self._note(replace(probe, per_page=rest.size))

    async def _without_rest(self, probe: Probe, most: int = MAX_FILES) -> None:
        """The first source that names an article, `most` files or pages of it."""
        named = [self.site.sitemap] if self.site.sitemap else self._index.fact("sitemaps") or []
        sources: dict[str, Sitemaps | Feed | Lists] = {
            "sitemap": Sitemaps(probe.home, named, self._fetch, most)
        }
        if probe.wordpress:
            # On any other site these would take whatever is linked for an article.
            sources["feed"] = Feed(probe.feed, self._fetch)
            sources["lists"] = Lists(probe.home, self._fetch)
        for name in sorted(sources, key=lambda name: name != probe.source):
            if await self._read(name, sources[name], most):
                self.problems += sources[name].problems
                self._note(replace(probe, source=name))
                return
        raise NotWordPress(
            f"{self.site.url} answers, but neither WordPress's REST API nor a sitemap, a feed or"
            " a page that lists articles was found. Nothing was changed. If it has a sitemap"
            ' elsewhere, name it in sites.toml: sitemap = "https://…"'
        )

    async def _read(self, name: str, source: Sitemaps | Feed | Lists, most: int) -> bool:
        """Take what `source` names; False if that is nothing.

        A source whose newest stand first is read up to the first page that brings nothing
        new, once it was read to its end.
        """
        ended = f"{name} read to its end"
        to_the_end = not source.newest_first or not self._index.fact(ended)
        pages = 0
        async for posts in source.walk():
            self.source = name
            pages += 1
            self._night.run.counts.found += len(posts)
            if (self._take(posts) == 0 and not to_the_end) or pages >= most:
                return True
        if pages and not source.problems:
            self._index.remember(ended, True)
        return pages > 0

    def _take(self, pages: list[Found]) -> int:
        """Bring `pages` into the index, those the site's settings leave out as refused; return
        how many are new or due again."""
        new = [page for page in pages if not self._index.knows(page)]
        again = self._index.update(page for page in pages if not self._skips(page))
        self._index.add(new)
        for page in new:
            if self._skips(page):
                self._index.settle(page.url, "refused", "skipped")
        return len(new) + again

    def _skips(self, page: Found) -> bool:
        return any(part in page.url for part in self.site.skip)

    async def _probe(self) -> Probe:
        home = await self._home()
        found = await find_rest(home, self._fetch)
        probe = Probe(home.url, feed_of(home), wordpress=_looks_like_wordpress(home))
        if found:
            rest, facts = found
            name = facts.get("name")
            probe.wordpress = True
            probe.root, probe.name = rest.root, name if isinstance(name, str) else None
            probe.types = await self._types(rest)
        self._remember(probe, datetime.now(UTC).isoformat())
        return probe

    def _note(self, probe: Probe) -> None:
        """Remember what the probe has learnt since; its age stays."""
        if known := self._index.fact("probe"):
            self._remember(probe, known["at"])

    def _remember(self, probe: Probe, at: str) -> None:
        self._index.remember("probe", {**asdict(probe), "at": at})

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

    async def _types(self, rest: Rest) -> list[PostType]:
        try:
            types = await rest.types(self.site.types)
        except RestClosed as error:
            logger.info("%s; only posts are asked for", error)
            types = []
        return types or [PostType("post", "wp/v2/posts")]

    def _remembered(self) -> Probe | None:
        facts: dict[str, Any] | None = self._index.fact("probe")
        if not facts:
            return None
        age = datetime.now(UTC) - datetime.fromisoformat(facts.pop("at"))
        if age > (PROBE_AGE if facts["root"] else CLOSED_AGE):
            return None
        facts["types"] = [PostType(**kind) for kind in facts["types"]]
        wanted = self.site.types
        if facts["root"] and wanted and {kind.name for kind in facts["types"]} != set(wanted):
            return None
        return Probe(**facts)


def _looks_like_wordpress(home: Response) -> bool:
    """Whether the home page carries one of the marks WordPress leaves unless they are hidden."""
    return (
        any(mark in home.body for mark in (b"/wp-content/", b"/wp-includes/", b"api.w.org"))
        or b"api.w.org" in b"".join(home.headers.getlist("Link"))
        or bool(home.headers.get("X-Pingback"))
    )
