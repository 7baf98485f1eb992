"""Finds categories and tags where no address and no class tells: behind a label («دسته: اقتصاد»),
and in the breadcrumb above the headline («خانه » اقتصاد » …»)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from archive.text.fold import fold, squash
from scraper.cleaning import rules
from scraper.cleaning.fields.neighbours import Neighbours
from scraper.cleaning.html.document import Document, Element
from scraper.cleaning.html.json_ld import JsonLd, string_of
from scraper.cleaning.markup.seams import line_of
from scraper.cleaning.month_names import MONTHS

_TAGS = ("li", "span", "div", "p", "td", "dt", "b", "strong")
_WORDS, _STEPS, _MOST, _LINE = 4, 3, 20, 200
_BETWEEN = re.compile(r"\s*[،,|؛#]\s*|\s+[-–—•/]\s+")
_GENERAL = (
    "خانه", "صفحه اصلی", "صفحهٔ اصلی", "صفحه نخست", "home", "اخبار", "خبرها", "همهٔ خبرها",
    "همه خبرها", "وبلاگ", "blog", "news", "آرشیو", "نوشته‌ها", "مطالب",
)  # fmt: skip
_NONE = frozenset(map(squash, ("ندارد", "بدون برچسب", "هیچ")))
_HOME = frozenset(map(squash, _GENERAL))
_LISTS = frozenset(("BreadcrumbList",))


def labelled(page: Document, neighbours: Neighbours, kind: str) -> list[str]:
    """The names behind the first label of a `kind` (`category`, `tag`) outside the text."""
    for element in neighbours.region_of(page).iter(*_TAGS):
        label, colon, rest = (element.text or "").partition(":")
        known = squash(label) in _labels(kind) and (colon or element.getnext() is not None)
        among = _among_facts(element, kind)
        if not (known or among):
            continue
        if neighbours.is_in_text(element) or neighbours.is_anothers(element):
            continue
        names = among or _behind(element, rest) or _behind(element, None)
        if names and squash(names[0]) not in _NONE:
            return names
    return []


def _among_facts(element: Element, kind: str) -> list[str]:
    """The names in a line of facts: «کد خبر: ۴۸۱۲ | سرویس: فرهنگ | نویسنده: سارا نمونه»."""
    text = element.text or ""
    for fact in text.split("|") if "|" in text and len(text) <= _LINE else ():
        label, colon, rest = fact.partition(":")
        if colon and squash(label) in _labels(kind) and ":" not in rest:
            return [
                name for name in _BETWEEN.split(rest.strip()) if 0 < len(name.split()) <= _WORDS
            ]
    return []


def _behind(element: Element, rest: str | None) -> list[str]:
    """The names inside an element behind `rest`, the text behind its label, or those behind the
    element; none if another label follows among them."""
    within = rest is not None
    parts = list(element if within else element.itersiblings())
    linked = list(_linked(parts))
    text = rest if rest is not None else (element.tail or "")
    if linked and not text.strip(" :"):
        return [name for name in map(line_of, linked[:_MOST]) if len(name.split()) <= _WORDS]
    if parts or not text.strip(" :"):
        return []
    names = [name for name in _BETWEEN.split(text.strip(" :")) if name]
    plain = all(len(name.split()) <= _WORDS and ":" not in name for name in names)
    return names if plain else []


def _linked(parts: list[Element]) -> Iterator[Element]:
    """The links in `parts`, up to the next label."""
    for part in parts:
        if ":" in line_of(part):
            return
        yield from part.iter("a")
        if ":" in (part.tail or ""):
            return


def in_breadcrumb(page: Document, graph: JsonLd, title: str | None) -> list[str]:
    """The steps between the front page and the article: its category, perhaps with a wider one."""
    for steps in (*_listed(graph), _shown(page)):
        passed = {squash(title or ""), *_HOME}
        names = [name for name in steps[1:] if squash(name) not in passed and _files(name)]
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


def _files(name: str) -> bool:
    """Whether a step may be a category: no year, no month, no title that was cut."""
    return not (name.endswith(("…", "...")) or fold(name) in MONTHS or fold(name).isdigit())


@cache
def _labels(kind: str) -> frozenset[str]:
    return frozenset(map(squash, rules.load("fields/fields")["term_label"][kind]))
