"""Finds categories and tags where no address and no class tells: behind a label («دسته: اقتصاد»),
and in the breadcrumb above the headline («خانه » اقتصاد » …»)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from archive.text.fold import squash
from scraper.cleaning import rules
from scraper.cleaning.fields.neighbours import Neighbours
from scraper.cleaning.html.document import Document
from scraper.cleaning.html.json_ld import JsonLd, string_of
from scraper.cleaning.markup.seams import line_of

_TAGS = ("li", "span", "div", "p", "td", "dt", "b", "strong")
_LONGEST, _WORDS, _STEPS = 200, 4, 3
_BETWEEN = re.compile(r"\s*[،,|؛#]\s*")
_HOME = frozenset(map(squash, ("خانه", "صفحه اصلی", "صفحهٔ اصلی", "صفحه نخست", "home")))
_LISTS = frozenset(("BreadcrumbList",))


def labelled(page: Document, neighbours: Neighbours, kind: str) -> list[str]:
    """The names behind the first label of a `kind` (`category`, `tag`) outside the text."""
    for element in neighbours.region_of(page).iter(*_TAGS):
        label, colon, rest = line_of(element)[:_LONGEST].partition(":")
        if squash(label) not in _labels(kind) or not (colon or element.getnext() is not None):
            continue
        if neighbours.is_in_text(element) or neighbours.is_anothers(element):
            continue
        holder = element if rest.strip() else element.getparent()
        links = [] if holder is None else [line_of(link) for link in holder.iter("a")]
        names = links or _BETWEEN.split(rest.strip())
        if names := [name for name in names if name and len(name.split()) <= _WORDS]:
            return names
    return []


def in_breadcrumb(page: Document, graph: JsonLd, title: str | None) -> list[str]:
    """The steps between the front page and the article: its category, perhaps with a wider one."""
    for steps in (*_listed(graph), _shown(page)):
        passed = {squash(title or ""), *_HOME}
        names = [name for name in steps[1:] if squash(name) not in passed]
        if 0 < len(names) <= _STEPS and all(len(name.split()) <= _WORDS for name in names):
            return names
    return []


def _listed(graph: JsonLd) -> Iterator[list[str]]:
    """The names in each list of schema.org's type; the last one is the page itself."""
    for node in graph.of_type(_LISTS):
        items = node.get("itemListElement")
        steps = (
            [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
        )
        yield [string_of(step.get("name")) or string_of(step.get("item")) or "" for step in steps][
            :-1
        ]


def _shown(page: Document) -> list[str]:
    holders = page.find_any(rules.load("fields/fields")["breadcrumb"])
    return next(([line_of(link) for link in holder.iter("a")] for holder in holders), [])


@cache
def _labels(kind: str) -> frozenset[str]:
    return frozenset(map(squash, rules.load("fields/fields")["term_label"][kind]))
