"""What the sitemaps listed when they were read before, compared with what they list now.

A site may list a million addresses, so nothing is compared at once: all is asked of the index, and
written to it, in steps.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping, Sequence

from archive.index.index import Index
from archive.index.sitemap_entries import SitemapEntry
from archive.outcomes import Reason
from spiders.sources.steps import STEP, steps

Entries = Mapping[str, str | None]
"""Addresses (spellings) and their lastmod."""


class ListedBefore:
    """The entries in `index`. `now` are those of the files that were read in this run, `left` the
    files that were not."""

    def __init__(self, index: Index, now: Entries, left: Collection[str]) -> None:
        self._index = index
        self._entries = index.listed
        self._now = now
        self._left = left
        self._files = self._entries.files()
        self.count = sum(self._files.values())
        """How many addresses were listed before."""
        self.still_left = sum(self._files.get(file, 0) for file in left)
        """How many of them are in files that were not read, and in none that was; known once the
        entries were `compared`."""

    @property
    def files(self) -> set[str]:
        """The files that listed something, without those that were not read in this run."""
        return self._files.keys() - self._left

    async def compared(self) -> tuple[list[str], int]:
        """The addresses whose lastmod is another one now, and how many had a lastmod before."""
        moved: list[str] = []
        known = 0
        async for part in steps(list(self._now)):
            for key, place in self._entries.places(part).items():
                self.still_left -= place.file in self._left
                known += bool(place.lastmod)
                if place.lastmod and place.lastmod != self._now[key]:
                    moved.append(key)
        return moved, known

    async def reopen(self, keys: Sequence[str]) -> None:
        """Let the pages at these addresses be fetched again."""
        async for part in steps(keys):
            self._index.reopen(part, Reason.EDITED)

    async def gone(self, files: Collection[str]) -> dict[str, str]:
        """The addresses that one of these `files` listed, and none that was read in this run does;
        each with its file."""
        found: dict[str, str] = {}
        for file in files:
            async for part in self._of_file(file):
                found |= {key: file for key in part if key not in self._now}
        return found

    async def articles(self, keys: Sequence[str]) -> int:
        """At how many of these addresses an article stands that is kept."""
        return sum([self._entries.with_articles(part) async for part in steps(keys)])

    async def all_articles(self) -> int:
        """At how many of the addresses that were listed before an article stands that is kept."""
        count = 0
        for file in self._files:
            async for part in self._of_file(file):
                count += self._entries.with_articles(part)
        return count

    async def _of_file(self, file: str) -> AsyncIterator[list[str]]:
        place = 0
        while part := self._entries.of_file(file, place, STEP):
            yield [key for _, key in part]
            place = part[-1][0]
            await asyncio.sleep(0)

    async def note(self, file: str, entries: Sequence[SitemapEntry], *, trusted: bool) -> None:
        """Store what `file` lists now; without their lastmod if it is not `trusted`."""
        async for part in steps(entries):
            dated = part if trusted else [SitemapEntry(key, None) for key, _ in part]
            self._entries.note(file, dated)

    async def set_aside(self, keys: Sequence[str]) -> None:
        """Store that no file lists these addresses now; they are asked about until one tells."""
        async for part in steps(keys):
            self._entries.set_aside(part)

    async def forget(self, keys: Sequence[str]) -> None:
        """Store that no file lists these addresses any more."""
        async for part in steps(keys):
            self._entries.forget(part)
