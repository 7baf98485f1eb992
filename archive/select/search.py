"""A search over several sites: what is found, in one order.

>>> with Search(Archive("persian-news"), Selection(match="باران"), HitOrder.RANK) as search:
...     titles = [found.line["title"] for found in islice(search.lines(), 20)]
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import ExitStack
from heapq import merge
from typing import TYPE_CHECKING, Self

from archive.errors import Damaged, UsageError
from archive.select.hits import MOST_RANKED, Hit, HitOrder, Hits
from archive.select.query import Query
from archive.select.selection import CopyPlace, SelectedLine, Selection
from archive.select.upkeep import forget, searching

if TYPE_CHECKING:
    from archive.folder import Archive, SiteFolder


class Search:
    """The articles of a selection with a `match`, in an order. Use it in a `with` block.

    `count` is in how many the words stand; it is only known for sure if `counted`: not if they
    must be looked at one by one for what the selection asks of their keys or texts, nor if there
    are more than `MOST_RANKED` in a site. `sought` is what a text was found for. UsageError and
    UnknownSite as `Selection.lines` raises them.
    """

    def __init__(self, archive: Archive, selection: Selection, order: HitOrder) -> None:
        query = selection.query
        if query is None:
            raise UsageError("no word to search for. Write one: baygan search باران")
        self._selection = selection
        self._days = selection.days
        self._order = order
        self.sought = list(query.sought())
        # Before the files are opened: which of the hits are copies is told by their texts alone.
        self._copies = selection.copies(archive)
        self._hits: list[tuple[SiteFolder, Hits]] = []
        self.count, most = 0, 0
        folders = archive.sites(selection.sites)
        with ExitStack() as opened:
            for folder in folders:
                found = self._begin(folder, query, opened)
                if found:
                    hits, count = found
                    self._hits.append((folder, hits))
                    self.count += count
                    most = max(most, count)
            # Nothing went wrong: they stay open.
            self._open = opened.pop_all()
        self.counted = not selection.filters and most <= MOST_RANKED

    def _begin(
        self, folder: SiteFolder, query: Query, opened: ExitStack
    ) -> tuple[Hits, int] | None:
        """The hits in a site and how many they are; None before its first crawl."""
        try:
            return self._looked_up(folder, query, opened)
        except Damaged:
            forget(folder)
            return self._looked_up(folder, query, opened)

    def _looked_up(
        self, folder: SiteFolder, query: Query, opened: ExitStack
    ) -> tuple[Hits, int] | None:
        chosen = self._selection
        words = opened.enter_context(searching(folder))
        if words is None:
            return None
        every = chosen.versions == "all"
        hits = Hits(words, query, self._days, every=every, changed=chosen.changed)
        return hits, hits.count()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._open.close()

    def lines(self) -> Generator[SelectedLine]:
        """What is found, the best or the newest first."""
        weighed = self.count <= MOST_RANKED
        rows = [self._ordered(folder, hits, weighed) for folder, hits in self._hits]
        for folder, hit in merge(*rows, key=lambda found: found[1].key):
            if CopyPlace(folder.site.name, hit.place) in self._copies:
                continue
            yield from self._selection.read(folder, [hit.place])

    def _ordered(
        self, folder: SiteFolder, hits: Hits, weighed: bool
    ) -> Iterator[tuple[SiteFolder, Hit]]:
        wanted = self._selection.ids(folder)
        found = hits.dated() if self._order == HitOrder.DATE else hits.ranked(weighed=weighed)
        return ((folder, hit) for hit in found if wanted is None or hit.id in wanted)
