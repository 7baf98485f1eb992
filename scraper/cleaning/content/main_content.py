"""Chooses the element that holds the article's text.

Themes have class names for it, which are in main_content.toml. If the page has none of them, the
element is found by its text (scraper.cleaning.region).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache
from typing import NamedTuple, cast

from lxml.cssselect import CSSSelector
from lxml.cssselect import SelectorError as _SelectorError

from archive.errors import SettingsError
from archive.sites import Site
from scraper.cleaning import rules
from scraper.cleaning.boilerplate.by_name import Boilerplate
from scraper.cleaning.content.named_boxes import ENOUGH, around, best, spilled
from scraper.cleaning.html.document import Document, Element, weight_of
from scraper.cleaning.region import region
from scraper.cleaning.region.elsewhere import is_much

_FEW = 200


class MainContent(NamedTuple):
    """The content's element. `known`: a name, a selector or a layout told it, and not only its
    text.

    If the text stands in several boxes, `element` is the one around all of them, `first` the first
    box, `beside` what in the element is not the article's, and `lead` a box with only the lead.
    `doubtful`: there is much text elsewhere.
    """

    element: Element
    known: bool
    first: Element
    beside: frozenset[Element] = frozenset()
    lead: Element | None = None
    doubtful: bool = False


def choose(
    page: Document,
    boilerplate: Boilerplate,
    headline: Element | None,
    content: str | None = None,
    learnt: Element | None = None,
) -> MainContent:
    """The content's element; there always is one, in doubt the body.

    `content` is the CSS selector for it in sites.toml, `learnt` the element that the site's layout
    tells. Raises `SettingsError` if `content` is no CSS.
    """
    if content and (chosen := select(page, (content,))):
        return whole(max(chosen, key=weight_of), True)
    if learnt is not None:
        return whole(learnt, True)
    named, empty, weight = _named(page, boilerplate, headline)
    if named and sum(map(weight, named)) >= ENOUGH:
        return _doubted(page, boilerplate, headline, _of_boxes(page, boilerplate, named))
    found = region.find(page, boilerplate, headline)
    # If the named element is there but empty, a little text elsewhere is not the post's.
    if named:
        least = _FEW if empty else 10 * max(1, weight(named[0]))
        if found is None or weight(found.element) < least:
            return whole(named[0], True)
    if found is not None:
        return MainContent(
            found.element, False, found.first, found.beside, found.lead, found.doubtful
        )
    wide = best(page, boilerplate, headline, rules.load("content/main_content")["wide"], weight)
    return whole((wide or page.tags["body"] or [page.root])[0], False)


def _named(
    page: Document, boilerplate: Boilerplate, headline: Element | None
) -> tuple[list[Element], bool, Callable[[Element], int]]:
    """The boxes with the content's name, whether one of an exact name is empty, and the weights."""
    found, weight = rules.load("content/main_content"), cache(weight_of)
    exact = best(page, boilerplate, headline, found["exact"], weight)
    likely = best(page, boilerplate, headline, found["likely"], weight)
    held = sum(map(weight, exact))
    # A theme may call a teaser "entry-content" and keep the text in a box of its own name.
    if exact and likely and held < 0.2 * sum(map(weight, likely)) and _holds_article(likely[0]):
        exact = likely
    return exact or likely, bool(exact) and not held, weight


def _doubted(
    page: Document, boilerplate: Boilerplate, headline: Element | None, named: MainContent
) -> MainContent:
    """`named`; if much text stands elsewhere, it or the region around it, as `doubtful`."""
    own = weight_of(named.element) - sum(map(weight_of, named.beside))
    if not is_much(page, boilerplate, headline, named.element, named.beside, own):
        return named
    found = region.find(page, boilerplate, headline)
    if found is not None and found.element in named.first.iterancestors():
        held = weight_of(found.element) - sum(map(weight_of, found.beside))
        if held > own and not any(e in found.beside for e in named.first.iterancestors()):
            return MainContent(
                found.element, False, found.first, found.beside, found.lead, doubtful=True
            )
    return named._replace(doubtful=True)


def whole(element: Element, known: bool) -> MainContent:
    """The content that is one whole element."""
    return MainContent(element, known, element)


def _of_boxes(page: Document, boilerplate: Boilerplate, boxes: list[Element]) -> MainContent:
    boxes = [*boxes, *spilled(page, boilerplate, boxes[-1])]
    element, beside = around(boxes, page)
    return MainContent(element, True, boxes[0], beside)


def select(page: Document, selectors: tuple[str, ...]) -> list[Element]:
    """The elements that CSS selectors of sites.toml name; `SettingsError` if one is no CSS."""
    return [
        element
        for selector in selectors
        for element in cast("list[Element]", _css(selector)(page.root))
    ]


def check_selectors(site: Site) -> None:
    """SettingsError if a selector that sites.toml gives for `site` is no CSS."""
    for key, selectors in (("remove", site.remove), ("content", (site.content,))):
        for selector in filter(None, selectors):
            try:
                CSSSelector(selector, translator="html")
            except (_SelectorError, ValueError) as error:
                raise SettingsError(
                    f"sites.toml, [sites.{site.name}]: {key}: {selector!r} is no CSS selector:"
                    f" {error}. Nothing was fetched."
                ) from None


@lru_cache(maxsize=256)
def _css(selector: str) -> CSSSelector:
    try:
        return CSSSelector(selector, translator="html")
    except (_SelectorError, ValueError) as error:
        raise SettingsError(f"sites.toml: {selector!r} is no CSS selector: {error}") from error


def _holds_article(element: Element) -> bool:
    return not any(above.tag in ("nav", "footer", "aside") for above in element.iterancestors())
