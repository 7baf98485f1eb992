"""A page to learn from, and the same page read: its blocks, and what of them the content has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from archive.errors import NotAnArticle
from archive.text.fold import fold, remembered, squash, utf8
from scraper.cleaning.boilerplate import by_name
from scraper.cleaning.date_parser import scan, told_by_address
from scraper.cleaning.html import charset, limits
from scraper.cleaning.html.document import Document, Element
from scraper.cleaning.html.head import Head
from scraper.cleaning.html.json_ld import JsonLd, string_of
from scraper.cleaning.html.text_blocks import TextBlock, blocks_of

_DIGITS = re.compile(r"\d+")
_BRIEF = 8
_TELLING = 20
_NEAR, _LINE = 4, 160
_WORDS = re.compile(r"[^\W\d_]{3,}")


@dataclass(frozen=True, slots=True)
class Sample:
    """A page of the site: its bytes, and what else is known. `content` is the post's content as
    REST or a feed gives it (HTML), `charset` comes from the Content-Type header."""

    url: str
    html: bytes
    content: str | None = None
    published: datetime | None = None
    charset: str | None = None


class Content(NamedTuple):
    """A post's content by REST or a feed, squashed (archive.text.fold): all, and its blocks."""

    text: str
    blocks: frozenset[str]

    def holds(self, said: str) -> bool:
        """Whether the content has the block `said` (squashed). A short one must be a block there,
        too: as a part of a sentence it may be a tag's name by chance."""
        return said in self.blocks or (len(said) >= _TELLING and said in self.text)


class Mark:
    """A line of a page, and the forms in which it is compared.

    `folded` and squashed (`said`), see archive.text.fold; its `key`, see `key_of`; its numbers
    (`digits`). `within`: whether the post's content has it, None if the content is not known.
    """

    __slots__ = ("block", "digits", "folded", "key", "said", "within")

    def __init__(self, block: TextBlock, content: Content | None) -> None:
        self.block = block
        self.folded = fold(block.text)
        self.key = key_of(block.text)
        self.digits = tuple(_DIGITS.findall(self.folded)) if "0" in self.key else ()
        self.said = squash(block.text)
        self.within = None if content is None else content.holds(self.said)


class Sheet:
    """A sample, read. `headline` is the number of its mark, `day` the day of publication. `words`
    are those of the title, the section and the tags: the pages of a series share some."""

    def __init__(self, sample: Sample, page: Document, graph: JsonLd) -> None:
        self.page = page
        self.content = _told(sample.content)
        self.body: Element = page.tags["body"][0]
        blocks = blocks_of(self.body, set())
        self.marks = [Mark(line, self.content) for block in blocks for line in lines_of(block)]
        head = Head(page)
        self.title = head.first("og:title", "twitter:title") or head.title
        told = [self.title, head.first("article:section") or "", *head.lists.get("article:tag", [])]
        self.headline = self._headline()
        self.day = self._day(sample, head, graph)
        self.description = squash(head.first("og:description", "description") or "").rstrip("…")
        self.words = frozenset(word for text in told for word in _WORDS.findall(fold(text)))

    def _headline(self) -> int | None:
        """The number of the mark that is the headline: the title in the page's head has it."""
        wanted = squash(self.title)
        fitting = [
            number
            for number, mark in enumerate(self.marks)
            if len(mark.said) > max(_BRIEF, 0.5 * len(wanted))
            and mark.said in wanted
            and mark.block.share < 0.5
        ]
        headings = [n for n in fitting if self.marks[n].block.kind == "head"]
        return next(iter(headings or fitting), None)

    def _day(self, sample: Sample, head: Head, graph: JsonLd) -> str | None:
        """The day of publication (`2026-11-30`): the sample's, or what the head, JSON-LD, the
        address, a line near the headline or a `<time>` says. It is only compared with other days,
        so its calendar does not matter."""
        if sample.published:
            return sample.published.date().isoformat()
        node = graph.article(self.title) or {}
        told = [
            head.first("article:published_time"),
            string_of(node.get("datePublished")),
            told_by_address(sample.url),
        ]
        if day := next(filter(None, told), None):
            return fold(day)[: len("1404-08-29")]
        near = self.headline if self.headline is not None else 0
        lines = (mark.block.text for mark in self.marks[max(0, near - _NEAR) : near + _NEAR])
        moments = (scan(text) for text in lines if len(text) <= _LINE)
        found = next(filter(None, moments), None)
        return found.at.date().isoformat() if found else self._stamp()

    def _stamp(self) -> str | None:
        """The day of the first stamp below the headline: above it are those of other posts."""
        position, start = self.page.position, 0
        if self.headline is not None:
            start = position[self.marks[self.headline].block.holder]
        below = (time for time in self.page.tags["time"] if position[time] > start)
        moments = (scan(time.get("datetime", "")) for time in below)
        found = next(filter(None, moments), None)
        return found.at.date().isoformat() if found else None

    def inside(self, root: Element) -> Iterator[Mark]:
        """The marks in `root`, in page order."""
        held = set(root.iter())
        return (mark for mark in self.marks if mark.block.holder in held)


def lines_of(block: TextBlock) -> list[TextBlock]:
    """The lines of a paragraph, each as a block of its own."""
    if "\n" not in block.text or block.kind in ("pre", "row"):
        return [block]
    return [replace(block, text=line) for line in block.text.split("\n")]


@remembered
def key_of(text: str) -> str:
    """A text as it is compared from page to page: folded, every number as 0.

    >>> key_of("کد خبر: ۱۲۳۴")
    'کد خبر: 0'
    """
    return _DIGITS.sub("0", fold(text))


def read(sample: Sample) -> Sheet | None:
    """The sample's page; None if it should not be parsed (html.limits) or has no body."""
    try:
        limits.check_file(sample.html)
        source, _ = charset.to_utf8(sample.html, sample.charset)
        limits.check(source)
        page = Document(source)
    except NotAnArticle:
        return None
    graph = JsonLd(page)
    by_name.hush(page)
    return Sheet(sample, page, graph) if page.tags["body"] else None


def _told(content: str | None) -> Content | None:
    """The post's content, read; None if there is no text in it."""
    if content is None or not content.strip():
        return None
    try:
        page = Document(utf8(f"<html><body>{content}</body></html>"))
    except NotAnArticle:
        return None
    by_name.hush(page)
    blocks = blocks_of(page.root, set())
    said = [squash(line.text) for block in blocks for line in lines_of(block)]
    return Content("".join(said), frozenset(said)) if any(said) else None
