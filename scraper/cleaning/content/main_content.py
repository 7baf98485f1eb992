"""Chooses the element that holds the article's text.

Themes name it; the names are in main_content.toml. If the page has none of them, it is the
element whose paragraphs hold most text (density.py).
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
from scraper.cleaning.content import density
from scraper.cleaning.html.document import Document, Element, weight_of

_ENOUGH, _FEW = 25, 200


class MainContent(NamedTuple):
    """The content's element, and whether its name says so (`known`) or only its density."""

    element: Element
    known: bool


def choose(
    page: Document,
    boilerplate: Boilerplate,
    headline: Element | None,
    content: str | None = None,
    learnt: Element | None = None,
) -> MainContent:
    """The content's element; `content` is a site's own CSS selector for it, `learnt` is where the
    site's other pages have it."""
    if content and (chosen := select(page, (content,))):
        return MainContent(max(chosen, key=weight_of), True)
    if learnt is not None:
        return MainContent(learnt, True)
    found, weight = rules.load("content/main_content"), cache(weight_of)
    exact = _best(page, boilerplate, found["exact"], weight)
    likely = _best(page, boilerplate, found["likely"], weight)
    # A theme may call a teaser "entry-content" and keep the text in a box of its own name.
    if exact is not None and likely is not None and weight(exact) < 0.2 * weight(likely):
        exact = likely if _holds_article(page, likely) else exact
    named = exact if exact is not None else likely
    if named is not None and weight(named) >= _ENOUGH:
        return MainContent(named, True)
    dense = density.densest(page, boilerplate, headline)
    # What little stands elsewhere is no post's text where the place for it is there and empty.
    if named is not None:
        empty = exact is not None and not weight(exact)
        least = _FEW if empty else 10 * max(1, weight(named))
        if dense is None or weight(dense) < least:
            return MainContent(named, True)
    if dense is not None:
        return MainContent(dense, False)
    wide = _best(page, boilerplate, found["wide"], weight)
    bodies = page.tags["body"]
    return MainContent(wide if wide is not None else (bodies[0] if bodies else page.root), False)


def select(page: Document, selectors: tuple[str, ...]) -> list[Element]:
    """Elements of a site's own CSS selectors; a mistake in one is a `SettingsError`."""
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


def _best(
    page: Document, boilerplate: Boilerplate, selectors: list[str], weight: Callable[[Element], int]
) -> Element | None:
    """The candidate with most text of its own; of two nested alike the inner one."""
    seen = {element: weight(element) for element in page.find_any(selectors)}
    own = {e: w for e, w in seen.items() if not boilerplate.is_foreign(e)} or seen
    if not own:
        return None
    most = max(own.values())
    near = [e for e, held in own.items() if held >= 0.9 * most]
    return max(near, key=lambda e: page.position[e])


def _holds_article(page: Document, element: Element) -> bool:
    return not any(above.tag in ("nav", "footer", "aside") for above in element.iterancestors())
