"""What became of posts that the site does not list any more. They are asked for by ID and at their
addresses in one run; a later run confirms that they are missing.

    code rest_post_invalid_id      erased
    code rest_forbidden            unpublished: in the trash, a draft, private
    200                            it is there: the listing changed while it was read
    301 at its address, elsewhere  redirected
    REST does not show any post    as its address tells: 404, 410, another page

Any other answer (an error, a challenge page) tells nothing, and the next run asks again.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from scrapy.http import Response

from archive.errors import Unreachable
from archive.index.listed_post import ListedPost
from archive.jsonl.article_line import article_id
from archive.jsonl.removals import APART, Kind, Removal, evidence_of
from spiders.fetch import Fetch, how_gone, reason_of
from spiders.fetch_options import capture_of
from spiders.rest.api import ONE_ROUTE, RestApi
from spiders.rest.post_type import PostType
from spiders.site_run import RunWriter

logger = logging.getLogger(__name__)
# Error codes of WordPress for posts. Statuses differ, and messages are translated.
_KINDS: dict[str, Kind] = {
    "rest_post_invalid_id": "erased",
    "rest_forbidden": "unpublished",
    "rest_cannot_read": "unpublished",
}
MOST = 100
"""The most posts that one run asks about; the next one asks about the others."""


class PostRemovals:
    """The missing posts of one type of `writer`'s site."""

    def __init__(self, writer: RunWriter, rest: RestApi, kind: PostType, fetch: Fetch) -> None:
        self._writer = writer
        self._rest = rest
        self._kind = kind
        self._fetch = fetch

    async def ask(
        self, numbers: Collection[int], clock: datetime, last_seen: datetime | None
    ) -> list[ListedPost]:
        """Append to the ledger what became of these posts; return those that are still there."""
        removals, there = [], []
        for number in sorted(numbers)[:MOST]:
            try:
                told = await self._ask(number, clock, last_seen)
            except Unreachable as error:
                # It may take a minute each time. The listings were read: REST is not closed.
                logger.warning("post %d is not listed; asked, no answer: %s", number, error)
                break
            if isinstance(told, ListedPost):
                there.append(told)
            elif told:
                removals.append(told)
        self._writer.enter(removals)
        self._writer.run.counts.gone += len(removals)
        return there

    async def settle(self, clock: datetime) -> None:
        """Call this if the counts agree. Note which posts in the ledger came back, and which are
        missing for a second time, at least a day later."""
        back = []
        for removal in await asyncio.to_thread(self._writer.folder.removals_ledger.open):
            if removal.post_type != self._kind.name:
                continue
            if self._writer.index.is_live(self._kind.name, removal.post_id):
                back.append(replace(removal, returned=clock))
            elif not removal.confirmed and clock - removal.first_missed >= APART:
                self._writer.confirmations.append(replace(removal, confirmed=clock))
        self._writer.enter(back)

    async def _ask(
        self, number: int, clock: datetime, last_seen: datetime | None
    ) -> Removal | ListedPost | None:
        answer: Response | None
        try:
            found, code, answer = await self._rest.post(self._kind, number)
        except Unreachable as error:
            if reason_of(error) not in ONE_ROUTE:
                raise
            found, code, answer = None, reason_of(error), None
        if found:
            return found
        url = self._writer.index.url_of(self._kind.name, number)
        how, evidence = _KINDS.get(code), answer
        # A refusal tells nothing of the post, but its page may. After an error the next run asks.
        is_told = how or answer is None or 400 <= answer.status < 500
        page = await self._page(url) if url and is_told else None
        seen = how_gone(url, number, page) if url and page is not None else None
        if seen and (how is None or seen == "redirected"):
            how, evidence = seen, page
        if how is None or url is None or evidence is None:
            logger.warning("post %d is not listed; asked, the site says %s", number, code)
            return None
        return Removal(
            id=article_id(self._writer.site.name, self._kind.name, number, url),
            post_type=self._kind.name,
            post_id=number,
            url=url,
            kind=how,
            first_missed=clock,
            last_seen=last_seen,
            evidence=evidence_of(capture_of(evidence)),
        )

    async def _page(self, url: str) -> Response | None:
        try:
            return await self._fetch(url, follow=False)
        except Unreachable:
            return None
