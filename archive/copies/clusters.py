"""Finds the clusters of a selection: texts that are copies of one that was published before.

>>> for cluster in CopyClusters(Selection(since="1404-05").lines(Archive("persian-news"))):
...     print(cluster.first.title, [copy.site for copy in cluster.copies])

The texts are taken in the order of their publication. One that is no copy of an earlier text is a
first one, and all later texts that are similar enough to it are its copies. So each copy is near
its first, however many there are: that B is near A and C is near B makes C no copy of A.

The texts are read twice: once for their signatures, and those that may be copies once more, to
compare their shingles. No text is kept: of each a signature and a place, and 64 MB of shingles.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from datetime import datetime
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
_ROOM = 8_000_000
"""How many shingles are held, of eight bytes each."""
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

    The lines are read as soon as this is made: `articles` is their number, `texts` are those that
    are compared. Two texts are copies if their similarity is `least` or more. Two versions of one
    article are no copies of each other. UsageError without rensa, and if `least` is not between
    `LOWEST` and `HIGHEST`.
    """

    def __init__(self, lines: Iterable[SelectedLine], least: float = LEAST) -> None:
        if not LOWEST <= least <= HIGHEST:
            raise UsageError(
                f"{least} is no similarity to ask for. Write one from {LOWEST} to {HIGHEST:.0f}:"
                " baygan copies --least 0.7"
            )
        self._least = least
        self._candidates = Candidates(least)
        self.texts: list[ComparedText] = []
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
        self.texts.append(ComparedText(appeared, line["id"], line["version"], number, site, place))

    def __iter__(self) -> Iterator[CopyCluster]:
        taken = bytearray(len(self.texts))
        held = HeldShingles()
        for first in sorted(self.texts, key=lambda text: text[:4]):
            if taken[first.number]:
                continue
            taken[first.number] = True
            near = [n for n in self._candidates.near(first.number) if not taken[n]]
            copies = self._copies(first, near, held) if near else []
            for text, _ in copies:
                taken[text.number] = True
                held.forget(text.number)
            held.forget(first.number)
            cluster = _cluster(first, [pair for pair in copies if pair[0].id != first.id])
            if cluster:
                yield cluster

    def _copies(
        self, first: ComparedText, near: list[int], held: HeldShingles
    ) -> list[tuple[ComparedText, float]]:
        """Those of the texts `near` that are similar enough to `first`, in the order of
        publication, with their similarity."""
        own = frozenset(held.of(first))
        found = []
        for number in near:
            text = self.texts[number]
            similarity = jaccard(own, held.of(text))
            if similarity >= self._least:
                found.append((text, similarity))
        return sorted(found, key=lambda pair: pair[0][:4])


class HeldShingles:
    """The shingles of texts that were compared once and may be again, as numbers of 64 bits: up to
    64 MB of them. Of others the line is read again.

    Without it a thousand bulletins from one template, which are near each other but no copies,
    would be read half a million times.
    """

    def __init__(self) -> None:
        self._held: dict[int, array[int]] = {}
        self._room = _ROOM

    def of(self, text: ComparedText) -> array[int]:
        """The shingles of this text, each once."""
        if text.number in self._held:
            return self._held[text.number]
        line = text.site.lines.read(text.place)
        found = array("q", map(hash, shingles(line["text"])))
        if len(found) <= self._room:
            self._room -= len(found)
            self._held[text.number] = found
        return found

    def forget(self, number: int) -> None:
        """Make room: the text with this number is compared with no other any more."""
        self._room += len(self._held.pop(number, ()))


def _cluster(first: ComparedText, found: list[tuple[ComparedText, float]]) -> CopyCluster | None:
    """The cluster of `first` and what was found of it; None if that is nothing. An article counts
    by the version that is nearest."""
    if not found:
        return None
    nearest: dict[str, tuple[ComparedText, float]] = {}
    for text, similarity in found:
        if text.id not in nearest or similarity > nearest[text.id][1]:
            nearest[text.id] = (text, similarity)
    chosen = {text.number for text, _ in nearest.values()}
    told = [(text, _copy(text, first.appeared, similarity)) for text, similarity in found]
    return CopyCluster(
        _copy(first, first.appeared, 1.0),
        tuple(copy for text, copy in told if text.number in chosen),
        tuple(copy for text, copy in told if text.number not in chosen),
    )


def _appeared(line: ArticleLine) -> datetime:
    """When the article was published; if that is not known, when it was captured."""
    return datetime.fromisoformat(line["published"] or line["fetched"])


def _copy(text: ComparedText, begin: datetime, similarity: float) -> TextCopy:
    line = text.site.lines.read(text.place)
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
