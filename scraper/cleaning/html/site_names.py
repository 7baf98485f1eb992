"""What the site calls itself: its names and its slogans, from every place that has them.

They are no part of a headline, and a block of the text that has nothing else is boilerplate.
"""

from __future__ import annotations

from archive.model import Hints
from archive.text.fold import squash
from scraper.cleaning.html.document import Document, text_of
from scraper.cleaning.html.head import Head
from scraper.cleaning.html.json_ld import JsonLd, string_of
from scraper.cleaning.repair import line

_TYPES = frozenset({"WebSite", "Organization", "NewsMediaOrganization"})
_NAMES = (".site-title", "#site-title", ".logo-text", ".wp-block-site-title", ".site-name")
_SLOGANS = (".site-description", "#site-description", ".wp-block-site-tagline", ".site-tagline")
_FEED = " » "
_LONGEST = 80


class SiteNames:
    """`names` as they are spelt: the listing's first, then those of the meta names, of JSON-LD, of
    the page's header and of its feed. `sayings`: names and slogans, squashed (archive.text.fold).
    """

    def __init__(self, page: Document, head: Head, graph: JsonLd, hints: Hints) -> None:
        told = [hints.site_name, head.first("og:site_name"), head.first("application-name")]
        slogans: list[str | None] = []
        for node in graph.of_type(_TYPES):
            told += [string_of(node.get("name")), string_of(node.get("alternateName"))]
            slogans.append(string_of(node.get("description")))
        told += [text_of(element) for element in page.find_any(_NAMES)]
        told.append(_feed_title(page))
        slogans += [text_of(element) for element in page.find_any(_SLOGANS)]
        self.names = _plain(told)
        self.sayings = {squash(text) for text in (*self.names, *_plain(slogans))} - {""}


def _feed_title(page: Document) -> str | None:
    """The site's name in the title of the link to its feed: WordPress's feed_links() writes
    «خبر نمونه » خوراک»."""
    for element in page.find("[rel=alternate]"):
        name = element.get("title", "")
        if element.get("type") == "application/rss+xml" and _FEED in name:
            return name.partition(_FEED)[0]
    return None


def _plain(texts: list[str | None]) -> list[str]:
    names = dict.fromkeys(line(text) for text in texts if text)
    return [name for name in names if name and len(name) <= 2 * _LONGEST]
