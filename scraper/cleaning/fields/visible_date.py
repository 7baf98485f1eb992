"""Finds the date of publication that a reader sees: in a `time`, by a class, behind a label.

A day in the text, in a kicker, on an invitation («زمان: …») or beside a reader's comment is not
that date. So its place counts: before the text, or behind it if a class or a label says that it is
the date of publication. A line without class and label must have nothing but the date.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from itertools import islice
from typing import TypeAlias

from archive.text.fold import fold
from scraper.cleaning import rules
from scraper.cleaning.date_parser import is_bare, is_labelled_so, scan
from scraper.cleaning.fields.date_line import is_small, said_in, with_clock
from scraper.cleaning.fields.neighbours import Neighbours
from scraper.cleaning.html.document import Document, Element, length_of, text_of

_LONGEST, _LINE, _SENTENCE, _CLOSE = 160, 60, 50, 2
# A meta line has no more elements in it.
_PARTS = 8
_TOLD = re.compile("[0-9]|پیش|قبل|دیروز|ago")
_Line: TypeAlias = tuple[Element, str]
_TAGS = ("li", "span", "div", "p", "td", "small")
_LISTED = frozenset(("li", "a", "blockquote", "td"))
# Boxes that hold more than a date; in others at most so many words may stand beside it.
_WIDE = frozenset((".entry-meta", ".post-meta", ".meta", ".fusion-meta-info-wrapper"))
_MOST = 3
_CHANGE = re.compile("به ?روز ?رسانی|بروز ?رسانی|ویرایش|updated|modified|آخرین تغییر")
_PUBLICATION = frozenset(("published", "post-published", "entry-date"))
_PUBLISHED = re.compile(
    r"(?:تاریخ|زمان|ساعت)(?: و (?:ساعت|زمان))? ?(?:انتشار|درج|ارسال|ثبت|خبر)\W|منتشر شده|انتشار\W"
    r"|ارسال شده|درج شده|(?:date |time )?(?:published|posted)\W|publish(?:ed)? date"
)
_CHANGED = "__modified-date"
_DATED = re.compile(r"(?:تاریخ|زمان|ساعت)\W")
# Words of an invitation beside its day.
_EVENT = re.compile(r"مکان|محل|نشانی|برگزاری|(?<!\w)جا\s?:|بلیت|ورود(?!\w)|venue|place|location")


class Shown:
    """The dates on a page that may be the article's."""

    def __init__(
        self, page: Document, neighbours: Neighbours, headline: Element | None, content: Element
    ) -> None:
        self._page, self._neighbours = page, neighbours
        self._headline, self._content = headline, content

    def stamps(self) -> Iterator[str]:
        """The values of `datetime` and `itemprop`, in elements about the publication."""
        for element in self._page.find("[itemprop=datePublished]"):
            stamp = element.get("content") or element.get("datetime")
            if stamp and element.tag != "meta" and self._speaks(element, True):
                yield stamp
        for element in self._page.find("time"):
            stamp = element.get("datetime")
            named = names_publication(element) or _names_post(element)
            if names_change(element):
                continue
            if stamp and self._speaks(element, named) and (named or not _tells_change(element)):
                yield stamp

    def texts(self) -> Iterator[str]:
        """Short texts with a date, the best first: with a class for a post's date, with a label of
        publication, with a class for any date, with a label of any date, and those between headline
        and text that are only a date."""
        fields = rules.load("fields/fields")
        neighbours = self._neighbours
        published, dated, between = self._lines()
        # A date behind the text may be a reader's, so what stands above it comes first.
        for behind in (False, True):
            yield from self._named(fields["post_date"], behind)
            own = [(e, text) for e, text in published if neighbours.is_own(e)]
            yield from _agreed([text for e, text in own if neighbours.is_behind(e) == behind])
            yield from self._named(fields["any_date"], behind)
            for element, text in (*dated, *between) if not behind else ():
                if neighbours.is_own(element):
                    yield text
        # It may stand in a bar above everything; but a list of other posts has many days.
        above = [(e, text) for e, text in published if not neighbours.is_behind(e)]
        yield from _agreed([text for e, text in above if not neighbours.is_anothers(e)])

    def changes(self) -> Iterator[str]:
        """Short lines that tell when the article was changed: «آخرین به‌روزرسانی: …»."""
        for element in (element for tag in _TAGS for element in self._page.tags[tag]):
            if len(element) > _PARTS or not 6 <= length_of(text_of(element)) <= _LINE:
                continue
            text = fold(said_in(element))
            found = _CHANGE.search(text)
            if not found or not is_bare(text[found.end() :].lstrip(" :")):
                continue
            own = self._neighbours.is_own(element) and not self._neighbours.is_behind(element)
            if own and not self._neighbours.is_in_text(element):
                yield text[found.end() :]

    def lone_change(self) -> str | None:
        """The stamp of the one `time` above the text, if nothing but its class says «updated»: some
        themes give that class to the date of publication and have no other."""
        shown = (e for e in self._page.find("time") if not names_change(e))
        times = [e for e in shown if self._speaks(e, False)]
        if len(times) != 1 or _CHANGE.search(fold(_beside(times[0]))):
            return None
        return times[0].get("datetime")

    def _named(self, selectors: list[str], behind: bool) -> Iterator[str]:
        for element in dict.fromkeys(self._page.find_any(selectors)):
            if self._neighbours.is_behind(element) != behind:
                continue
            text = _published_part(_full(element))
            if length_of(text) > _LONGEST or (text == _full(element) and _tells_change(element)):
                continue
            if names_change(element):
                continue
            wide = any(f".{token}" in _WIDE for token in element.get("class", "").split())
            if not is_labelled_so(text, _MOST if not wide else None):
                continue
            if self._speaks(element, _names_post(element)):
                yield with_clock(element, text)

    def _lines(self) -> tuple[list[_Line], list[_Line], list[_Line]]:
        """Short lines with a label of publication, those with only «تاریخ:», and those between
        headline and text that are only a date."""
        published: list[_Line] = []
        dated: list[_Line] = []
        between: list[_Line] = []
        for element in (element for tag in _TAGS for element in self._page.tags[tag]):
            if len(element) > _PARTS or not 6 <= length_of(text_of(element)) <= _LINE:
                continue
            if names_change(element):
                continue
            whole = said_in(element)
            text = _published_part(whole)
            folded = fold(text)
            labelled = _PUBLISHED.match(folded)
            if not (labelled or self._is_before(element)) or not _TOLD.search(folded):
                continue
            if element is self._content or not self._counts(element, True):
                continue
            if text == whole and _tells_change(element):
                continue
            text = with_clock(element, text)
            if labelled:
                published.append((element, text))
            elif _DATED.match(folded):
                dated += [] if _is_event(element) else [(element, text)]
            elif self._is_between(element) and text[-1] not in ".!؟" and is_bare(text):
                between.append((element, text))
        return published, dated, between

    def _speaks(self, element: Element, named: bool) -> bool:
        return self._neighbours.is_own(element) and self._counts(element, named)

    def _counts(self, element: Element, named: bool) -> bool:
        """Whether a date may be the article's by its place. `named`: its class or its label says
        that it is; a date behind the text needs that."""
        if self._neighbours.is_in_text(element):
            return self._is_line(element, named)
        if not self._neighbours.is_behind(element):
            return True
        return named and not self._neighbours.is_beside_prose(element, told=True)

    def _is_line(self, element: Element, named: bool) -> bool:
        """Whether a date in the content is a line of its own above the first sentence. Themes whose
        content holds all of the page have it further down, with a class for it."""
        above = element.getparent()
        line = said_in(above) if above is not self._content and is_small(above) else ""
        # In a list or a table it is a book's, a film's or a meeting's date.
        if any(e.tag in _LISTED for e in (element, *element.iterancestors())):
            return False
        if self._page.position[element] < self._sentences:
            return is_bare(line) or is_bare(said_in(element))
        return named and is_bare(line)

    def _is_before(self, element: Element) -> bool:
        return self._page.position[element] < self._page.position[self._content]

    def _is_between(self, element: Element) -> bool:
        start = -1 if self._headline is None else self._page.position[self._headline]
        return start >= 0 and start < self._page.position[element] and self._is_before(element)

    @cached_property
    def _sentences(self) -> int:
        """The position of the text's first sentence; what stands before it may be a meta line."""
        position = self._page.position
        for element in self._content.iter():
            held = element.tag in ("p", "li", "blockquote") and length_of(text_of(element))
            if (held or length_of(element.text or "")) >= _SENTENCE:
                return position[element]
            if length_of(element.tail or "") >= _SENTENCE and element is not self._content:
                return position[element]
        return len(position)


def names_publication(element: Element) -> bool:
    """Whether a `time` is the date of publication by its class, whatever its text says.

    Themes without a second `time` give the first one both of hAtom's classes, `published` and
    `updated`; the theme Publisher writes «last updated» into its `post-published`.
    """
    return not _PUBLICATION.isdisjoint(element.get("class", "").split())


def names_change(element: Element) -> bool:
    """Whether a date is that of the last change by a class around it or in it, as the block Post
    Date has it."""
    inside = islice(element.iterdescendants(), _CLOSE)
    around = (element, *inside, *islice(element.iterancestors(), _CLOSE))
    return any(_CHANGED in one.get("class", "") for one in around)


def _agreed(texts: list[str]) -> list[str]:
    """The texts if all have the same day, else none."""
    days = {moment.at.date() for text in texts if (moment := scan(text))}
    return texts if len(days) == 1 else []


def _names_post(element: Element) -> bool:
    """Whether an element, its parent or that one's parent has a class for a post's date."""
    names = rules.load("fields/fields")["post_date"]
    around = (element, *islice(element.iterancestors(), _CLOSE))
    return any(f".{token}" in names for one in around for token in one.get("class", "").split())


def _is_event(element: Element) -> bool:
    """Whether the lines beside «زمان: …» name a place, as an invitation does."""
    above = element.getparent()
    return is_small(above) and bool(_EVENT.search(fold(said_in(above)[: _LONGEST * 4])))


def _full(element: Element) -> str:
    """The text of a date, or the fuller one in its `title`: «۳ ماه پیش» for a reader."""
    text, title = said_in(element), element.get("title", "")
    return title if title and (element.tag == "abbr" or not scan(text)) and scan(title) else text


def _published_part(text: str) -> str:
    """Of a line that tells of a change and of the publication the second, folded; else all. Before
    the change may stand only the day: «۴ شهریور ۱۴۰۴ - به‌روزرسانی در ۵ شهریور ۱۴۰۴»."""
    folded = fold(text)
    change, published = _CHANGE.search(folded), _PUBLISHED.search(folded)
    if (
        change
        and not published
        and is_bare(before := folded[: change.start()].rstrip(" -–—|•·،,("))
    ):
        return before
    if not change or not published:
        return text
    begin, end = published.start(), change.start()
    return folded[begin:] if end < begin else folded[begin:end]


def _beside(element: Element) -> str:
    """The text of an element and, if that is small, of the one around it."""
    parent = element.getparent()
    return text_of(element) + " " + (text_of(parent) if is_small(parent) else "")


def _tells_change(element: Element) -> bool:
    if "updated" in element.get("class", "").split() and not names_publication(element):
        return True
    label = _beside(element)
    return (
        length_of(label) < _LONGEST and bool(_CHANGE.search(fold(label))) and "انتشار" not in label
    )
