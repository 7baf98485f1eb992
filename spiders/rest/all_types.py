"""A run by REST: every post type in turn, then the cross-check if it is time for one.

If a type cannot be read:

refused, and never read before (4xx)             it is left out until the next look, with a note
not allowed by robots.txt                        it is left out, without a note
failed, or refused after it was read before      a problem; the other types are read
all types cannot be read, or the first is silent REST is closed, or the site is down
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime

from archive.errors import Unreachable
from archive.outcomes import Reason
from archive.sites import Site
from spiders.fetch import DISALLOWED, Fetch, Take, reason_of
from spiders.rest.api import ONE_ROUTE, RestApi
from spiders.rest.content_check import ContentCheck
from spiders.rest.listing.partial_listing import RestClosed, RestRefuses
from spiders.rest.post_type import POST, PostType
from spiders.rest.removals import PostRemovals
from spiders.rest.sitemap_crosscheck import SitemapCrosscheck
from spiders.rest.sync import PostTypeSync
from spiders.site_run import RunWriter
from spiders.sources.steps import Beside

logger = logging.getLogger(__name__)


class RestSync:
    """One run over `site` by `rest`; `take` brings pages into the index.

    With `verify` all content is compared with what is kept. After `run`, `totals` are the site's
    own counts by post type (None if it tells none that can be believed), `whole` is whether every
    post was listed, `refused` are the types that REST does not show us, and why.
    """

    def __init__(
        self,
        site: Site,
        writer: RunWriter,
        rest: RestApi,
        fetch: Fetch,
        take: Take,
        verify: Beside | None = None,
    ) -> None:
        self._site = site
        self._writer = writer
        self._rest = rest
        self._fetch = fetch
        self._take = take
        self._verify = verify
        self._unread: list[RestClosed | Unreachable] = []
        self.totals: dict[str, int | None] = {}
        self.problems: list[str] = []
        self.refused: dict[str, str] = {}
        self.whole = True

    async def run(self, types: Sequence[PostType], home: str) -> None:
        """Take the posts of all `types` that are new, edited or renamed, and find missing ones.

        RestClosed or Unreachable if none of the types can be read, or the site itself fails.
        """
        clocks = [clock for kind in types if (clock := await self._read(kind))]
        if len(self._unread) == len(types):
            # An error other than that of robots.txt is raised first: it says more.
            raise min(self._unread, key=lambda error: reason_of(error) == DISALLOWED)
        self.problems += self._rest.lost.values()
        self.problems += [
            f"REST lists {len(entries)} of type {name} without an ID that a post can have;"
            " they are left out."
            for name, entries in self._rest.nameless.items()
        ]
        crosscheck = SitemapCrosscheck(
            self._site, self._writer, home, self._fetch, self._take, doubtful=self._is_doubtful()
        )
        if clocks and self.whole and crosscheck.due(clocks[-1]):
            await crosscheck.run(clocks[-1])

    def _is_doubtful(self) -> bool:
        """Whether REST may not list all articles: a count is not that of what is listed, there is
        nothing but the one post that every new WordPress has, or all links lead to another host."""
        told = [total for total in self.totals.values() if total is not None]
        few = len(told) < len(self.totals) or sum(told) <= 1
        return few or self._writer.index.all_elsewhere() is not None

    async def _read(self, kind: PostType) -> datetime | None:
        """Read one type. Return the site's clock when its listing was read; None if it was not read
        to its end."""
        sync = self._sync(kind)
        try:
            await sync.run()
        except RestClosed as error:
            if error.reason == Reason.TIMEOUT and not self.totals:
                # REST is silent: each further attempt takes a minute, and the sitemaps may answer.
                raise
            self._leave_out(kind, error)
            return None
        except Unreachable as error:
            if reason_of(error) not in ONE_ROUTE:
                raise
            self._leave_out(kind, error)
            return None
        self.totals[kind.name] = sync.total
        self.whole = self.whole and sync.whole
        self.problems += sync.problems
        return sync.clock

    def _leave_out(self, kind: PostType, error: RestClosed | Unreachable) -> None:
        """Go on without posts of this type."""
        logger.info("%s; posts of type %s are left out", error, kind.name)
        self._unread.append(error)
        if isinstance(error, RestRefuses) and self._may_be_left_out(kind):
            self.refused[kind.name] = error.reason
            return
        self.totals[kind.name] = None
        self.whole = False
        if reason_of(error) != DISALLOWED:
            self.problems.append(
                f"REST does not list the posts of type {kind.name}: {error.reason}. All others"
                " are read."
            )

    def _may_be_left_out(self, kind: PostType) -> bool:
        """Whether sites.toml does not name this type, and no post of it was ever seen."""
        wanted = kind.name in self._site.types or kind.name == POST.name
        return not wanted and not self._writer.index.count_live(kind.name)

    def _sync(self, kind: PostType) -> PostTypeSync:
        return PostTypeSync(
            self._site,
            self._writer,
            self._rest,
            kind,
            self._take,
            PostRemovals(self._writer, self._rest, kind, self._fetch),
            ContentCheck(self._writer, kind.name, self._verify) if self._verify else None,
        )
