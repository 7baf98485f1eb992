"""Finds a site's sayings: blocks that stand on many of its pages, whatever the news of the day.

There are three kinds, the surest first: what no post's content holds (`outside`), what most pages
have (`always`), and what many have, mostly at the beginning or the end of the text (`often`).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from scraper.cleaning.html.document import Element
from scraper.cleaning.layout.box import is_credit
from scraper.cleaning.layout.lead import above
from scraper.cleaning.layout.sample import Mark, Sheet
from scraper.cleaning.layout.sayings import Sayings
from scraper.cleaning.layout.series import Series

_LEAST = 4
_OUTSIDE, _OFTEN, _AMID, _ALWAYS, _LABEL_ALWAYS = 0.05, 0.15, 0.3, 0.6, 0.8
_DAYS = 3
_NEARLY = 0.9
_SIGNED, _SIGNED_TEXTS, _SIGNED_LEAST = 0.7, 0.1, 3
_LABEL = 60
_ROUNDS = 4
_LETTER = re.compile(r"[^\W\d_]")
_ENDS = ".!؟?…»"


class Occurrence(NamedTuple):
    """A mark on one page, and its number among the marks of lead and text there."""

    page: int
    number: int
    mark: Mark


class House:
    """The blocks of lead and text on all pages, and which of them are sayings.

    `roots` are the elements of the text, `passed` the theme's boxes in them, both by page.
    """

    def __init__(
        self,
        sheets: Sequence[Sheet],
        roots: Mapping[int, Element],
        passed: Mapping[int, set[Element]],
    ) -> None:
        self.sheets = sheets
        self.series = Series(sheets, roots)
        self.text = {n: _without(sheets[n].inside(root), passed[n]) for n, root in roots.items()}
        # A saying may stand in the place of a lead, too.
        self.lines = {n: [*above(sheets[n], roots[n]), *text] for n, text in self.text.items()}
        self.found: dict[str, list[Occurrence]] = defaultdict(list)
        for page, marks in self.lines.items():
            for number, mark in enumerate(marks):
                if _LETTER.search(mark.key) and not is_credit(mark):
                    self.found[mark.key].append(Occurrence(page, number, mark))
        days = {sheets[n].day for n in roots} - {None}
        self.least_days = min(_DAYS, len(days))
        self.one_day = len(days) < 2

    def sayings(self) -> Sayings:
        """The site's sayings."""
        outside = {key for key, held in self.found.items() if self._is_outside(held)}
        always: set[str] = set()
        often: set[str] = set()
        # Between a block and the edge of the text other sayings may stand: each round knows more.
        for _ in range(_ROUNDS):
            known = outside | always | often
            often |= self._signatures(known)
            more = {key for key in self.found.keys() - known if self._is_always(key, known)}
            some = {key for key in self.found.keys() - known - more if self._is_often(key, known)}
            always |= more
            often |= some
            if known == outside | always | often:
                break
        return Sayings(frozenset(outside), frozenset(always), frozenset(often - always))

    def _pages(self, held: list[Occurrence]) -> set[int]:
        return {one.page for one in held}

    def _share(self, held: list[Occurrence], least: float) -> bool:
        pages = self._pages(held)
        if len(pages) < max(_LEAST, least * len(self.lines)):
            return False
        days = {self.sheets[n].day for n in pages} - {None}
        # What many pages of one day have may be the news of that day.
        enough = len(days) >= self.least_days and not self.one_day
        return enough or len(pages) >= _ALWAYS * len(self.lines)

    def _is_outside(self, held: list[Occurrence]) -> bool:
        told = [one.mark for one in held if one.mark.within is not None]
        # The pages of a series may share a lead, and contents often do not hold the lead.
        above = sum(one.mark not in self.text[one.page] for one in held) > 0.5 * len(held)
        return (
            self._share(held, _ALWAYS if above else _OUTSIDE)
            and len(told) > 0.5 * len(held)
            and sum(bool(mark.within) for mark in told) <= 0.05 * len(told)
        )

    def _is_always(self, key: str, known: set[str]) -> bool:
        held = self.found[key]
        if not self._share(held, _ALWAYS) or self._is_data(held):
            return False
        if not _is_label(held):
            return True
        return self._leads_nowhere(held, known) or (
            self._share(held, _LABEL_ALWAYS) and not any(_is_subhead(one.mark) for one in held)
        )

    def _is_often(self, key: str, known: set[str]) -> bool:
        held = self.found[key]
        if not self._share(held, _OFTEN) or self._is_data(held):
            return False
        if any(one.mark.block.kind in ("item", "pre", "quote") for one in held):
            return False
        if sum(map(self._is_alone, held)) > 0.5 * len(held):
            return False
        if _is_label(held):
            return self._leads_nowhere(held, known) and not self.series.is_one(self._pages(held))
        edge = sum(self._is_at_edge(one, known) for one in held) >= _NEARLY * len(held)
        return self._share(held, _OFTEN if edge else _AMID) and not self._is_series(key, held)

    def _is_data(self, held: list[Occurrence]) -> bool:
        """Whether the numbers differ from page to page, or it is a row of a table: prices."""
        differ = len({one.mark.digits for one in held}) > 1
        return (differ and "://" not in held[0].mark.key) or held[0].mark.block.kind == "row"

    def _is_at_edge(self, one: Occurrence, known: set[str]) -> bool:
        marks = self.lines[one.page]
        before, after = marks[: one.number], marks[one.number + 1 :]
        return all(m.key in known for m in before) or all(m.key in known for m in after)

    def _is_alone(self, one: Occurrence) -> bool:
        """Whether a post has nothing else, but for what other posts have as well."""
        others = (mark for mark in self.text[one.page] if mark is not one.mark)
        found = [self.found.get(mark.key, []) for mark in others]
        return all(self._share(held, _OFTEN) and not self._is_data(held) for held in found)

    def _leads_nowhere(self, held: list[Occurrence], known: set[str]) -> bool:
        """Whether nothing of the article but links follows a label; sayings are left out."""
        count = 0
        for one in held:
            below = (m for m in self.lines[one.page][one.number + 1 :] if m.key not in known)
            following = next(below, None)
            count += following is None or following.block.share >= 0.5
        return count >= _NEARLY * len(held)

    def _is_series(self, key: str, held: list[Occurrence]) -> bool:
        """Whether the pages are a series: by their titles, or by other lines that they share."""
        pages = self._pages(held)
        if self.series.is_one(pages):
            return True
        numbers = {one.page: one.number for one in held}
        beside = {mark.key for page in pages for mark in self.lines[page]} - {key}
        for other in beside:
            same = self._pages(self.found.get(other, []))
            if len(same & pages) < 0.7 * len(same | pages):
                continue
            apart = [
                o for o in self.found[other] if abs(o.number - numbers.get(o.page, o.number)) > 1
            ]
            if len(apart) >= 0.8 * len(self.found[other]):
                return True
        return False

    def _signatures(self, known: set[str]) -> set[str]:
        """The keys of authors' names and of the texts about them at the end of the articles: the
        last block of most pages is one of a few texts, and above each always stands the same
        name."""
        ends: dict[str, list[Occurrence]] = defaultdict(list)
        for page, marks in self.lines.items():
            left = [(n, m) for n, m in enumerate(marks) if m.key not in known]
            if len(left) > 2:
                ends[left[-1][1].key].append(Occurrence(page, *left[-1]))
        signed: dict[str, str] = {}
        for key, held in ends.items():
            above = {self.lines[one.page][one.number - 1].key for one in held}
            if len(held) < _SIGNED_LEAST or len(above) > 1 or _is_label(held):
                continue
            [name] = above
            named = self.found.get(name, [])
            if key in self.found and named and _is_label(named) and not self._is_data(named):
                signed[key] = name
        filled = sum(len(ends[key]) for key in signed)
        few = len(signed) <= max(3, _SIGNED_TEXTS * len(self.lines))
        own = len(set(signed.values())) == len(signed)
        if few and own and filled >= _SIGNED * len(self.lines):
            return {*signed, *signed.values()}
        return set()


def _without(marks: Iterable[Mark], passed: set[Element]) -> list[Mark]:
    """The marks that are not in the theme's boxes."""
    gone = {element for box in passed for element in box.iter()}
    return [mark for mark in marks if mark.block.holder not in gone]


def _is_subhead(mark: Mark) -> bool:
    return mark.block.kind == "head" or mark.block.strong


def _is_label(held: list[Occurrence]) -> bool:
    """Whether a block is no sentence but may stand above one: a subhead, «نرخ امروز:»."""
    mark = held[0].mark
    text = mark.block.text.rstrip()
    return (
        _is_subhead(mark)
        or text.endswith((":", "："))
        or (len(text) <= _LABEL and not text.endswith(tuple(_ENDS)))
    )
