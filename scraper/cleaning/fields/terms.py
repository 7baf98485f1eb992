"""Finds the categories and tags of an article, by their display names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache
from itertools import islice
from typing import NamedTuple
from urllib.parse import unquote

from archive.text.fold import squash
from scraper.cleaning import rules
from scraper.cleaning.boilerplate.links import is_filing
from scraper.cleaning.fields import term_label
from scraper.cleaning.fields.neighbours import Neighbours
from scraper.cleaning.html.document import Document, Element, weight_of
from scraper.cleaning.html.head import Head
from scraper.cleaning.html.json_ld import JsonLd, Node
from scraper.cleaning.markup.seams import line_of
from scraper.cleaning.repair import line

# How many posts a term has, in brackets.
_COUNT = re.compile(r"\s*[(\[]\d{1,3}[)\]]$")
_LONGEST = 80
_LABEL = 20
_MOST = {"category": 4, "tag": 20}


class Terms(NamedTuple):
    """The names of an article's categories, and of its tags."""

    categories: tuple[str, ...]
    tags: tuple[str, ...]


def find(
    page: Document,
    head: Head,
    graph: JsonLd,
    neighbours: Neighbours,
    node: Node | None,
    title: str | None,
) -> Terms:
    """The names in links that are not on another post's card; if there are none those in JSON-LD,
    then those in meta names, those that only their address tells, and at last those behind a label
    and in the breadcrumb. `node` is the article's node in JSON-LD, `title` its headline."""
    fields = rules.load("fields/fields")
    filed, tagged, either = (
        _own(page, neighbours, fields[name]) for name in ("category", "tag", "term")
    )
    filing = {link for link in tagged | either if _is_category(link)}
    categories = filed | (either & filing)
    tags = (tagged | either) - filing
    return Terms(
        _names(line_of(link) for link in _in_order(page, categories))
        or _names(_listed(node, "articleSection"))
        or _names(head.lists.get("article:section", []))
        or _names(_addressed(page, neighbours, "category"))
        or _names(term_label.labelled(page, neighbours, "category"))
        or _names(term_label.in_breadcrumb(page, graph, title)),
        _names(line_of(link).lstrip("#") for link in _in_order(page, tags))
        or _names(_listed(node, "keywords"))
        or _names(head.lists.get("article:tag", []))
        or _names(_addressed(page, neighbours, "tag"))
        or _names(term_label.labelled(page, neighbours, "tag")),
    )


def _own(page: Document, neighbours: Neighbours, selectors: Iterable[str]) -> set[Element]:
    # Many tags may stand in the same box, which is then weighed once.
    weighed = cache(weight_of)
    return {
        element
        for element in page.find_any(selectors)
        if element.tag == "a"
        and not neighbours.is_anothers(element)
        and not (
            element.get("href", "").startswith(("#", "javascript:")) and not element.get("rel")
        )
        and not (neighbours.is_in_text(element) and _is_in_prose(element, weighed))
    }


def _addressed(page: Document, neighbours: Neighbours, kind: str) -> list[str]:
    """The texts of links beside the headline and the text whose address alone says what they lead
    to; none if they are so many that they must be the site's list of all."""
    weighed = cache(weight_of)
    found = [
        line_of(link).lstrip("#").replace("_", " ")
        for link in neighbours.region_of(page).iter("a")
        if is_filing(link.get("href", ""), kind)
        and not neighbours.leads_out(link)
        and not neighbours.is_anothers(link)
        and not (neighbours.is_in_text(link) and _is_in_prose(link, weighed))
    ]
    return found if len(found) <= _MOST[kind] else []


def _is_in_prose(link: Element, weighed: Callable[[Element], int]) -> bool:
    """Whether a link stands in a sentence: there is more around it than a label and other links."""
    above = link.getparent()
    return above is None or weighed(above) > _LABEL


def _is_category(link: Element) -> bool:
    """Whether a link is a category's: WordPress gives it `rel="category tag"`, but in its block
    only a class around the links says so."""
    if "category" in link.get("rel", "").split():
        return True
    above = islice(link.iterancestors(), 2)
    parents = " ".join(element.get("class", "") for element in above).split()
    address = unquote(link.get("href", "").lower())
    return "taxonomy-category" in parents or "cat-links" in parents or "/category/" in address


def _in_order(page: Document, links: set[Element]) -> list[Element]:
    return sorted(links, key=lambda element: page.position[element])


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
        name = _COUNT.sub("", line(text)).strip(" #،,:|")
        if name and len(name) <= _LONGEST:
            names.setdefault(squash(name), name)
    return tuple(names.values())
