"""A night by REST: every post type in turn, then the witness if it is time for one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from archive.sites import Site
from archive.writer.site_writer import SiteWriter
from spiders.fetch import Fetch
from spiders.rest.api import PostType, RestApi
from spiders.rest.content_check import ContentCheck
from spiders.rest.removals import PostRemovals
from spiders.rest.sitemap_crosscheck import SitemapCrosscheck
from spiders.rest.sync import PostTypeSync, Take


class RestSync:
    """One night of `site` by `rest`; `take` brings pages into the index.

    With `verify` all content is compared with what is kept. After `run`, `totals` are the
    site's own counts by post type, `whole` is whether every post was listed.
    """

    def __init__(
        self,
        site: Site,
        writer: SiteWriter,
        rest: RestApi,
        fetch: Fetch,
        take: Take,
        verify: bool = False,
    ) -> None:
        self._site = site
        self._writer = writer
        self._rest = rest
        self._fetch = fetch
        self._take = take
        self._verify = verify
        self.totals: dict[str, int] = {}
        self.problems: list[str] = []
        self.whole = True

    async def run(self, types: Sequence[PostType], home: str) -> None:
        """Take what is new, edited or renamed, and find what is missing, of all `types`."""
        clock: datetime | None = None
        for kind in types:
            nightly = self._nightly(kind)
            await nightly.run()
            self.totals[kind.name] = nightly.total
            self.whole = self.whole and nightly.whole
            if nightly.problem:
                self.problems.append(nightly.problem)
            clock = nightly.clock or clock
        self.problems += self._rest.lost.values()
        witness = SitemapCrosscheck(self._site, self._writer, home, self._fetch, self._take)
        if clock and self.whole and witness.due(clock):
            await witness.ask(clock)

    def _nightly(self, kind: PostType) -> PostTypeSync:
        return PostTypeSync(
            self._site,
            self._writer,
            self._rest,
            kind,
            self._take,
            PostRemovals(self._writer, self._rest, kind, self._fetch),
            ContentCheck(self._writer, kind.name) if self._verify else None,
        )
