"""Finds the clusters of a selection: texts that are copies of one that was published before.

>>> for cluster in CopyClusters(Selection(since="1404-05").lines(Archive("persian-news"))):
...     print(cluster.first.title, [copy.site for copy in cluster.copies])

The texts are taken in the order of their publication. One that is no copy of an earlier text is a
first one, and all later texts that are similar enough to it are its copies. So each copy is near
its first, however many there are: that B is near A and C is near B makes C no copy of A.

The texts are read twice: once for their signatures, and those that may be copies once more, to
compare them word by word. No text is kept; of each a signature and a place is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from archive.copies.candidates import Candidates
from archive.copies.cluster import CopyCluster, TextCopy
from archive.copies.shingles import jaccard, shingles
from archive.errors import UsageError
from archive.jsonl.article_line import ArticleLine
from archive.jsonl.articles import LinePlace

if TYPE_CHECKING:
    from archive.folder import SiteFolder
    from archive.select.selection import SelectedLine

LEAST = 0.5
"""The similarity that makes a copy, if nothing else is asked for. A copy in which an editor
exchanged a fifth of the text, in runs of some words, has 0.55 to 0.75. Two dispatches that are
filled into the same template have 0.4 at most (benchmarks/copies.py)."""
LOWEST, HIGHEST = 0.3, 1.0
SHORTEST = 20
"""A text with fewer shingles, some two lines, is not compared: captions and the like are alike
without being copied."""


class ComparedText(NamedTuple):
    """What is kept of a text that is compared: what orders it, and where its line is."""

    appeared: datetime
    id: str
    version: int
    number: int
    site: SiteFolder
    place: LinePlace


class CopyClusters:
    """The clusters among `lines`, those whose first article is the oldest first.

    The lines are read as soon as this is made. Two texts are copies if their similarity is `least`
    or more, from `LOWEST` to `HIGHEST`. Two versions of one article are no copies of each other.
    UsageError for another one, and without rensa.
    """

    def __init__(self, lines: Iterable[SelectedLine], least: float = LEAST) -> None:
        if not LOWEST <= least <= HIGHEST:
            raise UsageError(
                f"{least} is no similarity to ask for. Write one from {LOWEST} to {HIGHEST:.0f}:"
                " baygan copies --least 0.7"
            )
        self._least = least
        self._candidates = Candidates(least)
        self._texts: list[ComparedText] = []
        self.articles = 0
        for found in lines:
            self.articles += 1
            self._add(found)

    def _add(self, found: SelectedLine) -> None:
        site, place, line = found
        compared = shingles(line["text"])
        if len(compared) < SHORTEST:
            return
        appeared, number = _appeared(line), len(self._candidates)
        self._candidates.add(compared)
        self._texts.append(ComparedText(appeared, line["id"], line["version"], number, site, place))

    def __iter__(self) -> Iterator[CopyCluster]:
        taken = bytearray(len(self._texts))
        for first in sorted(self._texts, key=lambda text: text[:4]):
            if taken[first.number]:
                continue
            taken[first.number] = True
            near = [n for n in self._candidates.near(first.number) if not taken[n]]
            if not near:
                continue
            copies = self._copies(first, [self._texts[n] for n in near])
            for text, _ in copies:
                taken[text.number] = True
            cluster = _cluster(first, [copy for text, copy in copies if text.id != first.id])
            if cluster:
                yield cluster

    def _copies(
        self, first: ComparedText, near: list[ComparedText]
    ) -> list[tuple[ComparedText, TextCopy]]:
        """Those of `near` that are similar enough to `first`, in the order of publication."""
        own = shingles(first.site.lines.read(first.place)["text"])
        found = []
        for text, line in _read(near):
            similarity = jaccard(own, shingles(line["text"]))
            if similarity >= self._least:
                found.append((text, _copy(text, line, first.appeared, similarity)))
        return sorted(found, key=lambda pair: pair[0][:4])


def _cluster(first: ComparedText, found: list[TextCopy]) -> CopyCluster | None:
    """The cluster of `first` and what was found of it; None if that is nothing. An article counts
    by the version that is nearest."""
    if not found:
        return None
    nearest: dict[str, TextCopy] = {}
    for copy in found:
        before = nearest.get(copy.id)
        if before is None or copy.similarity > before.similarity:
            nearest[copy.id] = copy
    copies = tuple(copy for copy in found if nearest[copy.id] is copy)
    others = tuple(copy for copy in found if nearest[copy.id] is not copy)
    line = first.site.lines.read(first.place)
    return CopyCluster(_copy(first, line, first.appeared, 1.0), copies, others)


def _read(texts: list[ComparedText]) -> Iterator[tuple[ComparedText, ArticleLine]]:
    """The texts with their lines, read file by file."""
    ordered = sorted(texts, key=_where)
    for _, group in groupby(ordered, key=lambda text: text.site.site.name):
        of_site = list(group)
        lines = of_site[0].site.lines.read_each(text.place for text in of_site)
        for text, (_, line) in zip(of_site, lines, strict=True):
            yield text, line


def _where(text: ComparedText) -> tuple[str, str, int]:
    return text.site.site.name, text.place.file, text.place.offset


def _appeared(line: ArticleLine) -> datetime:
    """When the article was published; if that is not known, when it was captured."""
    return datetime.fromisoformat(line["published"] or line["fetched"])


def _copy(text: ComparedText, line: ArticleLine, begin: datetime, similarity: float) -> TextCopy:
    return TextCopy(
        id=line["id"],
        site=text.site.site.name,
        version=line["version"],
        url=line["url"],
        title=line["title"],
        source=line["source"],
        published=line["published"],
        published_jalali=line["published_jalali"],
        fetched=line["fetched"],
        hours=round((text.appeared - begin).total_seconds() / 3600, 2),
        similarity=round(similarity, 4),
        place=text.place,
    )
