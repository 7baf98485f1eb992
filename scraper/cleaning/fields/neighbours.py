"""Tells which elements of a page are about the article, and which are about another post.

Dates, names and terms stand on the cards of related posts, too. A card is a list item, an inner
`article` or a box with one headline, and that headline is a link.
"""

from __future__ import annotations

from functools import cached_property
from itertools import islice
from urllib.parse import unquote, urlsplit

from archive.text.fold import squash
from scraper.cleaning.boilerplate import prose
from scraper.cleaning.boilerplate.by_name import Boilerplate
from scraper.cleaning.boilerplate.links import host_of, is_filing
from scraper.cleaning.html.document import Document, Element, length_of, text_of

_HEADLINES = ("h2", "h3", "h4", "h5", "h6")
_FILING = frozenset(("category", "tag", "author"))
# Parts of the names of schema.org's types for articles.
_WRITTEN = ("article", "posting", "report", "creativework")
_ENDS = ("", "/", "#", "?", "&")
_SHORTEST = 10
_CLOSE, _TEASER, _WORDS, _LONG = 2, 400, 4, 15


class Neighbours:
    """The article's region on its page, and the cards of other posts in and around it.

    `content` holds the article's text, but for the elements in `beside`; `region` is the element
    that holds headline and content; `url` is the article's address.
    """

    def __init__(
        self,
        page: Document,
        boilerplate: Boilerplate,
        region: Element | None,
        headline: Element | None,
        content: Element,
        beside: frozenset[Element] = frozenset(),
        url: str | None = None,
    ) -> None:
        self._boilerplate = boilerplate
        self._beside = beside
        self._region = region
        self._content = content
        held = [content, *content.iterancestors()]
        if headline is not None:
            held += [headline, *headline.iterancestors()]
        self._position = page.position
        self._host, self._place = host_of(url or ""), _place_of(url or "")
        self._title = squash(text_of(headline)) if headline is not None else ""
        self._teasers: dict[Element, bool] = {}
        # What holds the article is no card of another post.
        self._around = frozenset(held)
        self._cards = self._found(page)

    def _found(self, page: Document) -> frozenset[Element]:
        """The cards: the outermost box around each linked headline without a second one in it."""
        linked = [
            headline
            for tag in _HEADLINES
            for headline in page.tags[tag]
            if headline not in self._around
            and not self._boilerplate.is_foreign(headline)
            and _is_linked(headline)
        ]
        count: dict[Element, int] = {}
        for headline in linked:
            for above in headline.iterancestors():
                count[above] = count.get(above, 0) + 1
        cards: set[Element] = set()
        for headline in linked:
            card = headline
            for above in headline.iterancestors():
                if count[above] > 1 or above in self._around:
                    break
                card = above
            cards.add(card)
        return frozenset(cards)

    def is_anothers(self, element: Element) -> bool:
        """Whether an element stands in foreign boilerplate, or on another post's card."""
        if self._boilerplate.is_foreign(element):
            return True
        cards, around = self._cards, self._around
        for distance, above in enumerate(element.iterancestors()):
            if above in around:
                return False
            if above in cards or above.tag == "article":
                return True
            if distance < _CLOSE and self._is_teaser(above):
                return True
        return False

    def _is_teaser(self, box: Element) -> bool:
        """Whether a small box holds a link to another page that is as long as a headline."""
        if (known := self._teasers.get(box)) is None:
            known = length_of(text_of(box)) <= _TEASER and any(
                _is_headline(text_of(link))
                and squash(text_of(link)) != self._title
                and self._may_be_anothers(link)
                for link in box.iter("a")
            )
            self._teasers[box] = known
        return known

    def _may_be_anothers(self, link: Element) -> bool:
        """Whether a link may lead to another article of the site: not to a list of posts, a share
        button, another site («ما را در گوگل‌نیوز دنبال کنید») or a place on this page."""
        address = link.get("href", "")
        if address.startswith(("#", "javascript:", "mailto:")) or "share" in address:
            return False
        if is_filing(address) or not _FILING.isdisjoint(link.get("rel", "").split()):
            return False
        if "author" in link.get("class", ""):
            return False
        return not self.leads_out(link) and not self._is_here(_place_of(address))

    def leads_out(self, link: Element) -> bool:
        """Whether a link leads to another site; `www.` and other names below one are the same."""
        host, own = host_of(link.get("href", "")), self._host
        if not host or not own:
            return False
        return not (f".{host}".endswith(f".{own}") or f".{own}".endswith(f".{host}"))

    def _is_here(self, place: str) -> bool:
        """Whether the path and query of a link are the article's own: its comments, its page for
        the printer (`/ard/print/`)."""
        here = self._place.rstrip("/")
        return bool(here) and place.startswith(here) and place[len(here) :][:1] in _ENDS

    def is_behind(self, element: Element) -> bool:
        """Whether an element stands behind the article's text."""
        return self._position[element] > self._end

    def is_beside_prose(self, element: Element, told: bool = False) -> bool:
        """Whether paragraphs stand close to an element that are not the article's: a comment's.
        `told`: only paragraphs of prose count, so that a line of facts does not."""
        within = {element, *element.iterancestors()}
        for above in islice(element.iterancestors(), _CLOSE):
            if above in self._around:
                return False
            beside = (text_of(p) for p in above.iter("p") if p not in within)
            if any(prose.is_told(text) if told else length_of(text) for text in beside):
                return True
        return False

    def is_own(self, element: Element) -> bool:
        """Whether an element stands in the article's region and not on another post's card."""
        if self.is_anothers(element):
            return False
        region = self._region
        return any(above is region for above in element.iterancestors())

    def is_own_item(self, element: Element) -> bool:
        """Whether a property of microdata is the article's: the item that it stands in holds the
        article, or calls itself one in its region. An item may be a card, a film or a comment."""
        if self.is_anothers(element):
            return False
        above = element.iterancestors()
        item = next((one for one in above if one.get("itemscope") is not None), None)
        if item is None or item in self._around:
            return True
        kind = item.get("itemtype", "").lower()
        return self.is_own(element) and (not kind or any(word in kind for word in _WRITTEN))

    @cached_property
    def _end(self) -> int:
        """The position in the page of the last element of the article's text."""
        last: Element | None = self._content
        end = self._content
        while last is not None:
            end = last
            last = next((child for child in reversed(last) if child not in self._beside), None)
        return self._position[end]

    def region_of(self, page: Document) -> Element:
        """The element that holds headline and text; all of the page if there is no such element."""
        return self._region if self._region is not None else page.root

    def is_in_text(self, element: Element) -> bool:
        """Whether an element stands in the article's text."""
        for above in (element, *element.iterancestors()):
            if above in self._beside:
                return False
            if above is self._content:
                return True
        return False


def _is_headline(text: str) -> bool:
    """Whether a link's text is as long as a headline."""
    return (
        len(text.split()) >= _WORDS and sum(map(str.isalpha, text)) >= _LONG and "://" not in text
    )


def _place_of(address: str) -> str:
    """The path and query of an address; empty if it is broken."""
    try:
        found = urlsplit(address.strip())
    except ValueError:
        return ""
    return unquote(found.path + (f"?{found.query}" if found.query else ""))


def _is_linked(headline: Element) -> bool:
    """Whether a headline is a link to a post. A short one may be a label above a category or a
    name, and a link that is the smaller part of it may be a button: «Cancel»."""
    above = headline.getparent()
    link = above if above is not None and above.tag == "a" else next(headline.iter("a"), None)
    if link is None or not _FILING.isdisjoint(link.get("rel", "").split()):
        return False
    if is_filing(link.get("href", "")):
        return False
    length = length_of(text_of(headline))
    return length >= _SHORTEST and length_of(text_of(link)) * 2 > length
