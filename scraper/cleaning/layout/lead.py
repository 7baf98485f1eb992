"""Finds the places of the headline, and of leads that stand between it and the text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from scraper.cleaning.date_parser import scan
from scraper.cleaning.html.document import Element
from scraper.cleaning.layout.place import Place, common
from scraper.cleaning.layout.region import largest
from scraper.cleaning.layout.sample import Mark, Sheet

_SHORTEST, _LONGEST = 45, 1200
_HEADLINES, _LEADS, _LEAST = 0.5, 0.05, 3
_AGREE = 0.3
_MOST = 2
_PICTURES = frozenset(("figure", "figcaption", "li", "table"))


def headline(sheets: Sequence[Sheet]) -> Place | None:
    """The place of the headline; None if not at least half of the pages have it in one place."""
    found = {
        n: sheet.marks[sheet.headline].block.holder
        for n, sheet in enumerate(sheets)
        if sheet.headline is not None
    }
    group = largest(found) if found else []
    if len(group) < _HEADLINES * len(sheets):
        return None
    place = common([found[n] for n in group])
    right = sum(place.find(sheets[n].page) is found[n] for n in group)
    return place if right >= 0.9 * len(group) else None


def leads(
    sheets: Sequence[Sheet], roots: Mapping[int, Element], repeated: Counter[str]
) -> list[Place]:
    """The places of leads between headline and text, two at most; `roots`: the text, by page."""
    found: dict[int, Mark] = {}
    for number, root in roots.items():
        own = [m for m in above(sheets[number], root) if repeated[m.folded] == 1 and _may_lead(m)]
        found.update({number: own[0]} if own else {})
    places: list[Place] = []
    while found and len(places) < _MOST:
        group = largest({n: mark.block.holder for n, mark in found.items()})
        if len(group) < max(_LEAST, _LEADS * len(roots)):
            break
        if _agree({n: sheets[n] for n in group}, found):
            places.append(common([found[n].block.holder for n in group]))
        found = {n: mark for n, mark in found.items() if n not in group}
    return places


def above(sheet: Sheet, root: Element) -> list[Mark]:
    """The marks between the headline and `root`, the element of the text."""
    if sheet.headline is None:
        return []
    position = sheet.page.position
    end, around = position[root], set(root.iterancestors())
    between = []
    for mark in sheet.marks[sheet.headline + 1 :]:
        if position[mark.block.holder] >= end:
            break
        if mark.block.holder not in around:
            between.append(mark)
    return between


def _may_lead(mark: Mark) -> bool:
    """Whether a mark may be a lead: a sentence, no caption and no meta line."""
    text = mark.block.text
    if not _SHORTEST <= len(text) <= _LONGEST or mark.block.share >= 0.3:
        return False
    around = (mark.block.holder, *mark.block.holder.iterancestors())
    if any(element.tag in _PICTURES for element in around):
        return False
    return text[-1:] in ".؟!»" or scan(text) is None


def _agree(sheets: Mapping[int, Sheet], found: Mapping[int, Mark]) -> bool:
    """Whether enough of the pages' meta descriptions begin as the marks do; also if few pages have
    one. Descriptions repeat the lead, and not a caption."""
    told = {n: sheet.description for n, sheet in sheets.items() if sheet.description}
    agreed = sum(text.startswith(found[n].said[:60]) for n, text in told.items())
    return len(told) < 0.5 * len(sheets) or agreed >= _AGREE * len(told)
