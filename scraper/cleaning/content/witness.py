"""Compares an article with its content as a listing gave it: counts the words that are missing.

REST's `content.rendered` has no theme around it, and all pages of a post in one. It is not kept as
the text: plugins add to it, and shortcodes do not always run. So it is only evidence. Its words are
counted in paragraphs that a reader sees, without those that the rules remove as boilerplate and
those that stand in all posts of the site. An article that lacks 20 words, and a tenth of all, is
read again.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from archive.errors import NotAnArticle
from archive.model import Article
from archive.text.fold import fold
from scraper.cleaning.boilerplate import by_name
from scraper.cleaning.html.document import Document
from scraper.cleaning.html.text_blocks import blocks_of

if TYPE_CHECKING:
    from scraper.cleaning.layout.layout import Layout

_WORD = re.compile(r"\w+")
_SHORTCODE = re.compile(r"\[/?[A-Za-z][^\[\]]{0,500}\]")
# What themes show in another way than WordPress, or not at all: no words of it are counted.
_UNCOUNTED = (
    "figure", "figcaption", "caption", "table", "form", "select", "button", "nav", "aside",
    "iframe", "video", "audio", "object", "svg", "noscript", "template",
)  # fmt: skip
_UNCOUNTED_NAMES = (".wp-caption", ".wp-caption-text", ".gallery", ".screen-reader-text")
_LINKS = 0.5
# Missing words, and their share of all: more than captions and the site's sayings have.
_LACKING = ((20, 0.1), (8, 0.4))
# What the rules remove is not counted, if they leave at least this share.
_TRUSTED = 0.5


def words_of(text: str) -> list[str]:
    """The words of a text, folded."""
    return _WORD.findall(fold(text))


def prose_of(content: str, layout: Layout | None = None) -> list[str]:
    """The paragraphs whose words count, of a content in HTML. `layout` tells which sentences stand
    in all posts of the site."""
    try:
        page = Document(f"<html><body>{_SHORTCODE.sub(' ', content)}</body></html>".encode())
    except NotAnArticle:
        return []
    by_name.hush(page)
    passed = {element for tag in _UNCOUNTED for element in page.tags[tag]}
    passed.update(page.find_any(_UNCOUNTED_NAMES))
    blocks = blocks_of(page.root, passed)
    blocks = layout.unsaid(blocks) if layout else blocks
    return [block.text for block in blocks if block.share < _LINKS and block.kind != "row"]


class Witness:
    """The words of a post's content, of the paragraphs that `prose_of` gives."""

    def __init__(self, prose: list[str]) -> None:
        # Page builders print a paragraph twice, for two kinds of screens; a reader sees one.
        self._prose = dict.fromkeys(prose)
        self._trusted: Counter[str] | None = None

    @cached_property
    def paragraphs(self) -> list[list[str]]:
        """The paragraphs, each a list of words."""
        return [words_of(paragraph) for paragraph in self._prose]

    @cached_property
    def _all(self) -> Counter[str]:
        return Counter(word for words in self.paragraphs for word in words)

    @property
    def _words(self) -> Counter[str]:
        """The words that count."""
        return self._all if self._trusted is None else self._trusted

    def trust(self, ruled: str) -> None:
        """Count only the words that are in `ruled`, too: the content's text after the rules."""
        left = self._words & Counter(words_of(ruled))
        if left.total() >= _TRUSTED * self._words.total():
            self._trusted = left

    def missed(self, article: Article) -> int:
        """How many of the content's words the article lacks. Fields were cut out of its text."""
        told, found = self._apart(article.text)
        if not told:
            return 0
        fields = (article.title, article.source, article.end_marker, *article.authors)
        words = Counter(words_of("\n".join([*found, *filter(None, fields)])))
        return ((self._trusted or _counted(told)) - words).total()

    def added(self, article: Article) -> int:
        """How many words the article's text has that are not the content's."""
        told, found = self._apart(article.text)
        return (_counted(found) - (self._trusted or _counted(told))).total() if found else 0

    def refutes(self, article: Article) -> bool:
        """Whether the article lacks more words than a theme may leave out (`_LACKING`)."""
        missed = self.missed(article)
        return any(
            missed >= least and missed > share * self._words.total() for least, share in _LACKING
        )

    def swells(self, article: Article) -> bool:
        """Whether the article has too many words that are not the content's: more than 20, and more
        than a third as many as the content."""
        added = self.added(article)
        return added > _LACKING[0][0] and added > self._words.total() // 3

    def _apart(self, text: str) -> tuple[Sequence[str], Sequence[str]]:
        """The content's paragraphs and those of `text`. What both have need not be counted, and
        mostly that is all; but not all of it is trusted."""
        paragraphs = text.split("\n\n")
        told, found = dict(self._prose), []
        if self._trusted is not None:
            return tuple(told), paragraphs
        for paragraph in paragraphs:
            if paragraph in told:
                del told[paragraph]
            else:
                found.append(paragraph)
        return tuple(told), found


def _counted(paragraphs: Sequence[str]) -> Counter[str]:
    return Counter(words_of("\n".join(paragraphs)))
