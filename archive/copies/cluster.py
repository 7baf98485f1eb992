"""A text and its copies: who published it first, and who how many hours after."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from archive.jsonl.articles import LinePlace
from archive.text.fold import squash

_AGENCY = squash("خبرگزاری")


@dataclass(frozen=True, slots=True)
class TextCopy:
    """One article of a cluster, by one of its versions.

    `hours` are those from the first publication to its own; instead of a date that is not known
    (`published` is None) the capture counts (`fetched`), which may be much later. `similarity` is
    that to the first text, from 0 to 1. `source` is the agency that the page credits.
    """

    id: str
    site: str
    version: int
    url: str
    title: str | None
    source: str | None
    published: str | None
    published_jalali: str | None
    fetched: str
    hours: float
    similarity: float
    place: LinePlace


@dataclass(frozen=True, slots=True)
class CopyCluster:
    """The article that was published `first`, and its `copies` in the order of publication.

    `others` are further versions of the same articles; there are only some if all versions were
    compared.
    """

    first: TextCopy
    copies: tuple[TextCopy, ...]
    others: tuple[TextCopy, ...] = ()

    @property
    def articles(self) -> tuple[TextCopy, ...]:
        """The first one and the copies."""
        return (self.first, *self.copies)

    @property
    def sites(self) -> int:
        """On how many sites the text stands."""
        return len({one.site for one in self.articles})

    @property
    def agency(self) -> str | None:
        """The agency that most of the articles credit, of two the one that is credited first; None
        if there is none."""
        named = Counter(_key(one.source) for one in self.articles if one.source)
        if not named:
            return None
        [(key, _)] = named.most_common(1)
        return next(one.source for one in self.articles if one.source and _key(one.source) == key)

    def credits(self, one: TextCopy) -> bool:
        """Whether an article of the cluster credits its agency."""
        agency = self.agency
        return bool(agency and one.source) and _key(agency or "") == _key(one.source or "")


def _key(source: str) -> str:
    """«خبرگزاری ایسنا» and «ایسنا» are one agency."""
    return squash(source).removeprefix(_AGENCY) or squash(source)
