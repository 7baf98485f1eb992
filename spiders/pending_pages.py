"""The pages that a dead run captured but did not keep, in batches, without a request."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace

from archive.model import Missed, Page
from archive.writer.site_writer import SiteWriter
from spiders.page import stored_page
from spiders.page_queue import BATCH
from spiders.site_run import CrawlProgress

# Seconds between two checks how many pages are settled.
_WAIT = 0.02


async def captured_pages(
    writer: SiteWriter, progress: CrawlProgress, is_over: Callable[[], bool]
) -> AsyncIterator[Page | Missed]:
    """The pages as the dead run saw them. Their files are finished once all pages are kept.

    They are counted in `progress`, which is reset at the end. Once `is_over` returns True no more
    come, and the rest waits for the next run.
    """
    pending, site = writer.pending_pages, writer.site
    progress.expected = len(pending.pages)
    for number, found in enumerate(pending.pages):
        while number - progress.settled >= BATCH:
            await asyncio.sleep(_WAIT)
        if is_over():
            return
        hints = replace(found.hints, remove=site.remove, content=site.content)
        further = [pending.response(page) for page in found.further]
        yield stored_page(replace(found, hints=hints), pending.response(found), further)
    while progress.settled < len(pending.pages):
        await asyncio.sleep(_WAIT)
    if pending.pages and not writer.failure:
        writer.flush()
        pending.finish()
    progress.settled = progress.expected = 0
