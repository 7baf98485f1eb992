"""What the site itself told of an article's text, held against what was read of its page.

REST's `content.rendered` has no theme around it, and all pages of a post in one. It is no text to
keep: plugins add to it, and shortcodes do not always run. So it is a witness alone: its words are
counted, those of whole prose that a reader sees. Those that the rules would take off as boilerplate
are not, and those that the site's house always says.

    the article lacks a tenth of them     it is `incomplete`, and worth another reading
"""

from __future__ import annotations

import re
from collections import Counter
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
# So many words lacking, and so great a share of all, are more than captions and house sentences.
_LACKING = ((20, 0.1), (8, 0.4))
# What the rules take off is not counted unless they take off more than this of it.
_TRUSTED = 0.5


def words_of(text: str) -> list[str]:
    """The words of a text, folded."""
    return _WORD.findall(fold(text))


def prose_of(content: str, layout: Layout | None = None) -> list[str]:
    """The paragraphs of a content's HTML whose words count; `layout` knows what the house says."""
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
    """The words of a post's content; `paragraphs` as `prose_of` has them."""

    def __init__(self, paragraphs: list[str]) -> None:
        # Builders have a paragraph twice, for telephones and for screens; a reader sees one.
        self.paragraphs = [words_of(paragraph) for paragraph in dict.fromkeys(paragraphs)]
        self._words = Counter(word for words in self.paragraphs for word in words)

    def trust(self, ruled: str) -> None:
        """Count only what is in `ruled`, too: the content as the rules leave it."""
        left = self._words & Counter(words_of(ruled))
        if left.total() >= _TRUSTED * self._words.total():
            self._words = left

    def missed(self, article: Article) -> int:
        """How many of its words the article lacks."""
        return (self._words - _words_in(article)).total()

    def added(self, article: Article) -> int:
        """How many words the article has beside them."""
        return (Counter(words_of(article.text)) - self._words).total()

    def refutes(self, article: Article) -> bool:
        """Whether the article lacks more than a theme may leave out."""
        missed, whole = self.missed(article), self._words.total()
        return any(missed >= least and missed > share * whole for least, share in _LACKING)

    def swells(self, article: Article) -> bool:
        """Whether the article has so much beside them that it can be no better a reading."""
        return self.added(article) > max(_LACKING[0][0], self._words.total() // 3)


def _words_in(article: Article) -> Counter[str]:
    """The words of an article's text, and those that were taken out of it into other fields."""
    fields = (article.title, article.source, article.end_marker, *article.authors)
    return Counter(words_of("\n".join([article.text, *filter(None, fields)])))
