"""Chooses the element that holds the article's text.

Themes name it (roots.toml). Only where none of the names is there does density decide: the
element whose own paragraphs hold most text.
"""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from typing import NamedTuple, cast

from lxml.cssselect import CSSSelector
from lxml.cssselect import SelectorError as _SelectorError

from archive.errors import SettingsError
from scraper.cleaning import rules
from scraper.cleaning.furniture import Furniture
from scraper.cleaning.page import Element, Page, length_of, link_text_of, text_of, weight_of

_ENOUGH = 25
_PARAGRAPH = 40


class Root(NamedTuple):
    """The content's element, and whether its name says so (`known`) or only its density."""

    element: Element
    known: bool


def choose(page: Page, furniture: Furniture, content: str | None = None) -> Root:
    """The content's element; `content` is a site's own CSS selector for it."""
    if content and (chosen := select(page, (content,))):
        return Root(max(chosen, key=weight_of), True)
    found = rules.load("roots")
    exact = _best(page, furniture, found["exact"])
    likely = _best(page, furniture, found["likely"])
    # A theme may call a teaser "entry-content" and keep the text in a box of its own name.
    if exact is not None and likely is not None and weight_of(exact) < 0.2 * weight_of(likely):
        exact = likely if _holds_article(page, likely) else exact
    named = exact if exact is not None else likely
    if named is not None and weight_of(named) >= _ENOUGH:
        return Root(named, True)
    dense = _densest(page, furniture)
    if named is not None and (dense is None or weight_of(dense) < 10 * max(1, weight_of(named))):
        return Root(named, True)
    if dense is not None:
        return Root(dense, False)
    wide = _best(page, furniture, found["wide"])
    bodies = page.tags["body"]
    return Root(wide if wide is not None else (bodies[0] if bodies else page.root), False)


def select(page: Page, selectors: tuple[str, ...]) -> list[Element]:
    """Elements of a site's own CSS selectors; a mistake in one is a `SettingsError`."""
    return [
        element
        for selector in selectors
        for element in cast("list[Element]", _css(selector)(page.root))
    ]


@lru_cache(maxsize=256)
def _css(selector: str) -> CSSSelector:
    try:
        return CSSSelector(selector, translator="html")
    except (_SelectorError, ValueError) as error:
        raise SettingsError(f"sites.toml: {selector!r} is no CSS selector: {error}") from error


def _best(page: Page, furniture: Furniture, selectors: list[str]) -> Element | None:
    """The candidate with most text of its own; of two nested alike the inner one."""
    seen: dict[Element, int] = {}
    for selector in selectors:
        for element in page.find(selector):
            if element not in seen:
                seen[element] = weight_of(element)
    own = {e: w for e, w in seen.items() if not furniture.is_foreign(e)} or seen
    if not own:
        return None
    most = max(own.values())
    near = [e for e, weight in own.items() if weight >= 0.9 * most]
    return max(near, key=lambda e: page.position[e])


def _holds_article(page: Page, element: Element) -> bool:
    return not any(above.tag in ("nav", "footer", "aside") for above in element.iterancestors())


def _densest(page: Page, furniture: Furniture) -> Element | None:
    """The parent of most paragraph text, links not counted; grandparents get half of it."""
    scores: dict[Element, float] = defaultdict(float)
    for tag in ("p", "div", "td", "section"):
        for element in page.tags[tag]:
            weight = _own_weight(element) if tag != "p" else _paragraph_weight(element)
            if weight < _PARAGRAPH or furniture.is_foreign(element):
                continue
            holder = element.getparent() if tag == "p" else element
            if holder is not None:
                scores[holder] += weight
                above = holder.getparent()
                if above is not None:
                    scores[above] += weight / 2
    if not scores:
        return None
    return max(scores, key=lambda e: (scores[e], -page.position[e]))


def _paragraph_weight(element: Element) -> int:
    return length_of(text_of(element)) - length_of(link_text_of(element))


def _own_weight(element: Element) -> int:
    """Text that stands bare in an element, as in posts of one div with line breaks."""
    bare = (element.text or "") + "".join(child.tail or "" for child in element)
    return length_of(bare)
