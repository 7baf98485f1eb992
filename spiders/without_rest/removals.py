"""What became of posts that a site without REST does not list any more. Their addresses are asked
in one run, and again in a later one:

    404                            unpublished or erased: the answer does not tell which
    410                            erased
    301 to where another post was  renamed: the same post at a new address
    301 to any other address       redirected
    302 to the home page or a list redirected
    200 with another post          unpublished or erased; another post has its address
    200 with the page of a 404     unpublished or erased
    200                            it is there, but not listed

Any other answer tells nothing, and the next run asks again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from scrapy.http import Response

from archive.errors import Unreachable
from archive.http.urls import spelling
from archive.index.listed_post import ListedPost
from archive.jsonl.article_line import article_id
from archive.jsonl.removals import APART, Removal, evidence_of
from archive.outcomes import PageState
from spiders.fetch import MOVED, Fetch, how_gone, target_if
from spiders.fetch_options import capture_of
from spiders.site_run import RunWriter

MOST = 100
"""The most posts that one run asks about; the next one asks about the others."""


class PageRemovals:
    """Asks about the missing posts of `writer`'s site; `clock` is the time by the site's clock."""

    def __init__(self, writer: RunWriter, fetch: Fetch, clock: datetime) -> None:
        self._writer = writer
        self._index = writer.index
        self._fetch = fetch
        self._clock = clock

    async def ask(
        self, pages: Iterable[ListedPost], last_seen: datetime | None
    ) -> tuple[set[str], set[str]]:
        """Append to the ledger what became of these posts; a renamed one is due again. Return the
        addresses (spellings) of those that are still there, and of those whose answer tells
        nothing."""
        removals: list[Removal] = []
        there: set[str] = set()
        untold: set[str] = set()
        for page in pages:
            answer = await self._answer(page.url)
            if answer is None:
                untold.add(spelling(page.url))
            elif renamed := self._renamed(page, answer):
                self._index.update([renamed])
            elif removal := self._removal(page, answer, last_seen):
                removals.append(removal)
            else:
                (there if answer.status == 200 else untold).add(spelling(page.url))
        self._writer.enter(removals)
        self._writer.run.counts.gone += len(removals)
        return there, untold

    async def settle(self) -> None:
        """Note which of the posts in the ledger came back. Ask a second time about those that an
        earlier run, at least a day ago, missed first."""
        back = []
        for removal in await asyncio.to_thread(self._writer.folder.removals_ledger.open):
            page = ListedPost(url=removal.url, post_type=removal.post_type, post_id=removal.post_id)
            if self._index.is_live(removal.post_type, removal.post_id):
                back.append(replace(removal, returned=self._clock))
            elif not removal.confirmed and self._clock - removal.first_missed >= APART:
                answer = await self._answer(removal.url)
                if answer is None:
                    continue
                if self._removal(page, answer, None):
                    again = replace(removal, confirmed=self._clock)
                    self._writer.confirmations.append(again)
                elif answer.status == 200:
                    self._index.update([page])
                    back.append(replace(removal, returned=self._clock))
        self._writer.enter(back)

    async def _answer(self, url: str) -> Response | None:
        try:
            return await self._fetch(url, follow=False)
        except Unreachable:
            return None

    def _renamed(self, page: ListedPost, answer: Response) -> ListedPost | None:
        target = target_if(MOVED, answer)
        if target is None:
            return None
        # Discovery has named the new address in this run, and nothing was fetched from it yet.
        known = self._index.state(ListedPost(url=target))
        return replace(page, url=target) if known and known.state == PageState.DUE else None

    def _removal(
        self, page: ListedPost, answer: Response, last_seen: datetime | None
    ) -> Removal | None:
        kind = how_gone(page.url, page.post_id, answer)
        if kind is None or page.post_type is None or page.post_id is None:
            return None
        return Removal(
            id=article_id(self._writer.site.name, page.post_type, page.post_id, page.url),
            post_type=page.post_type,
            post_id=page.post_id,
            url=page.url,
            kind=kind,
            first_missed=self._clock,
            last_seen=last_seen,
            evidence=evidence_of(capture_of(answer)),
        )
