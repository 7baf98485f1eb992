"""Under what the site files an article: categories and tags, by their display names."""

from __future__ import annotations

from collections.abc import Iterable, Set
from urllib.parse import unquote

from scraper.cleaning import rules
from scraper.cleaning.fold import squash
from scraper.cleaning.furniture import Furniture
from scraper.cleaning.head import Head
from scraper.cleaning.linked import Node
from scraper.cleaning.page import Element, Page, text_of
from scraper.cleaning.repair import line

_LONGEST = 80


def categories(
    page: Page, head: Head, furniture: Furniture, node: Node | None, region: Element | None
) -> tuple[str, ...]:
    """Category names: links in the article's region, else JSON-LD, else meta."""
    links = _own(page, furniture, region, rules.load("fields")["category"])
    terms = _own(page, furniture, region, rules.load("fields")["term"])
    links += [e for e in terms if _is_category(e)]
    return (
        _names(text_of(e) for e in _in_order(page, links))
        or _names(_listed(node, "articleSection"))
        or _names(head.lists.get("article:section", []))
    )


def tags(
    page: Page, head: Head, furniture: Furniture, node: Node | None, region: Element | None
) -> tuple[str, ...]:
    """Tag names: links in the article's region, else JSON-LD keywords, else meta."""
    links = _own(page, furniture, region, rules.load("fields")["tag"])
    terms = _own(page, furniture, region, rules.load("fields")["term"])
    links += [e for e in terms if not _is_category(e)]
    return (
        _names(text_of(e).lstrip("#") for e in _in_order(page, links) if not _is_category(e))
        or _names(_listed(node, "keywords"))
        or _names(head.lists.get("article:tag", []))
    )


def _own(
    page: Page, furniture: Furniture, region: Element | None, selectors: Iterable[str]
) -> list[Element]:
    found = dict.fromkeys(page.find_any(selectors))
    around = {region, *region.iterancestors()} if region is not None else set()
    return [
        element
        for element in found
        if element.tag == "a" and not furniture.is_foreign(element) and _belongs(element, around)
    ]


def _belongs(element: Element, around: Set[Element]) -> bool:
    """Around the article's region, and not in an article of its own: another post's teaser."""
    for above in element.iterancestors():
        if above in around:
            return True
        if above.tag == "article":
            return False
    return True


def _is_category(link: Element) -> bool:
    """WordPress gives categories `rel="category tag"`; its block only says it around them."""
    if "category" in link.get("rel", "").split():
        return True
    parents = " ".join(above.get("class", "") for above in list(link.iterancestors())[:2]).split()
    address = unquote(link.get("href", "").lower())
    return "taxonomy-category" in parents or "cat-links" in parents or "/category/" in address


def _in_order(page: Page, links: list[Element]) -> list[Element]:
    return sorted(set(links), key=lambda element: page.position[element])


def _listed(node: Node | None, key: str) -> list[str]:
    value = node.get(key) if node else None
    values = value if isinstance(value, list) else [value]
    texts = [text for text in values if isinstance(text, str)]
    if len(texts) == 1 and not isinstance(value, list):
        return texts[0].replace("،", ",").split(",")
    return texts


def _names(texts: Iterable[str]) -> tuple[str, ...]:
    names: dict[str, str] = {}
    for text in texts:
        name = line(text).strip(" #،,:|")
        if name and len(name) <= _LONGEST:
            names.setdefault(squash(name), name)
    return tuple(names.values())
