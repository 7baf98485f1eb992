"""Learns a site's layout from some of its pages: places, boxes, headline and leads, sayings."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from operator import itemgetter

from scraper.cleaning.html.document import Element
from scraper.cleaning.layout import lead
from scraper.cleaning.layout.added import Added
from scraper.cleaning.layout.beside import beside
from scraper.cleaning.layout.house import House
from scraper.cleaning.layout.layout import Layout
from scraper.cleaning.layout.region import places
from scraper.cleaning.layout.sample import Sample, Sheet, read
from scraper.cleaning.layout.spill import spilled

LEAST = 12
"""So many pages are needed to learn a layout."""
_SPILLED = 0.3
_MOST_BYTES = 32 * 1024 * 1024
_MOST_OF_A_PAGE = 2 * 1024 * 1024


def learn(samples: Iterable[Sample]) -> Layout | None:
    """The layout of the site that the samples are from; None if they are too few, or if their texts
    have no places in common. The order of the samples does not matter."""
    sheets = [sheet for sample in _chosen(samples) if (sheet := read(sample))]
    if len(sheets) < LEAST:
        return None
    repeated = Counter(said for sheet in sheets for said in {m.folded for m in sheet.marks})
    found = places(sheets, repeated)
    if not found:
        return None
    untaught = Layout(tuple(found))
    roots = {
        n: root for n, sheet in enumerate(sheets) if (root := untaught.root(sheet.page)) is not None
    }
    boxed = replace(
        untaught,
        added=tuple(sorted({*_added(sheets, roots, untaught, repeated), *beside(roots)})),
        headline=lead.headline(sheets),
        closed=sum(map(bool, map(spilled, roots.values()))) <= _SPILLED * len(roots),
        leads=tuple(lead.leads(sheets, roots, repeated)),
    )
    passed = {n: boxed.passed(sheets[n].page, root) for n, root in roots.items()}
    return replace(boxed, sayings=House(sheets, roots, passed).sayings())


def _added(
    sheets: list[Sheet], roots: dict[int, Element], layout: Layout, repeated: Counter[str]
) -> set[tuple[str, ...]]:
    """The classes and IDs of the theme's boxes, place by place: each template has its own."""
    found: set[tuple[str, ...]] = set()
    for place in layout.places:
        held = {n: root for n, root in roots.items() if place.find(sheets[n].page) is root}
        roots = {n: root for n, root in roots.items() if n not in held}
        found.update(Added(sheets, held, repeated).names())
    return found


def _chosen(samples: Iterable[Sample]) -> list[Sample]:
    """The samples in a fixed order, each page once; without very large pages, and only so many that
    they fit into memory."""
    named = sorted(((_name(one), one) for one in samples), key=itemgetter(0))
    each = {name[1]: (name, one) for name, one in named}
    chosen, size = [], 0
    for _, one in sorted(each.values(), key=itemgetter(0)):
        size += len(one.html)
        if len(one.html) <= _MOST_OF_A_PAGE and size <= _MOST_BYTES:
            chosen.append(one)
    return chosen


def _name(sample: Sample) -> tuple[str, bytes, str]:
    return sample.url, hashlib.sha256(sample.html).digest(), sample.content or ""
