"""Finds authors that a page names only behind a label: «خبرنگار: …», «گزارش از …»."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from archive.text.fold import squash
from scraper.cleaning import rules
from scraper.cleaning.fields.neighbours import Neighbours
from scraper.cleaning.fields.persons import are_persons
from scraper.cleaning.html.document import Document, Element, length_of, text_of
from scraper.cleaning.markup.seams import line_of

_TAGS = (
    "li",
    "span",
    "div",
    "p",
    "td",
    "th",
    "small",
    "dt",
    "b",
    "strong",
    "label",
    "i",
    "em",
    "a",
)
_COLON = re.compile(r"\s*[:：]\s*")
# Beside a name a theme writes the day and other facts: «سارا نمونه / ۲۹ آبان», «… در ۲۹ آبان».
_BEHIND_NAME = re.compile(r"\s*[/|•·–—]\s*|\s+-\s+|\s*[،,]\s*(?=\d)|\s+(?:در|on)\s+(?=.{0,20}\d)")
_FACTS = re.compile(r"\s*[|•·]\s*|\s+[-–]\s+")
# Facts that only news has, no film and no book.
_OF_NEWS = re.compile("کد خبر|شناسه|شماره خبر|تاریخ|بازدید|انتشار|سرویس|گروه")
_LONGEST = 100


def found(page: Document, neighbours: Neighbours) -> Iterator[list[str]]:
    """The names behind such a label, the best first: outside the text, then in it.

    In the text «نویسنده» may be a book's author, and «خبرنگار:» may stand before a question of an
    interview. So only some labels count there, on a line of their own and with the same name each
    time.
    """
    within: list[str] = []
    for element in neighbours.region_of(page).iter(*_TAGS):
        text = (element.text or "").strip()
        labelled = text.startswith(_labels())
        if not (labelled or _FACTS.search(text)) or length_of(text_of(element)) > _LONGEST:
            continue
        if neighbours.is_anothers(element):
            continue
        if not labelled:
            yield _among_facts(element, neighbours)
            continue
        name = _behind(element, text) or _running_on(element, text, neighbours)
        name = name and _BEHIND_NAME.split(name)[0].strip()
        if not name or not are_persons(name):
            continue
        if not neighbours.is_in_text(element):
            yield [name]
        elif squash(text.partition(":")[0]) in _reporting() and _stands_alone(element, name):
            within.append(name)
    if len(set(within)) == 1:
        yield within[:1]


def _behind(element: Element, text: str) -> str | None:
    """The rest of a line behind its label, which ends with a colon or with its element; None if
    there is no label or no rest."""
    label, colon, rest = line_of(element).partition(":")
    if colon and squash(label) in _known():
        return rest.strip() or _next(element)
    bare = _COLON.sub("", text)
    if squash(bare) not in _known():
        return None
    whole = line_of(element)
    return whole[len(bare) :].strip(" :") or _next(element)


def _among_facts(element: Element, neighbours: Neighbours) -> list[str]:
    """The name in a line of facts outside the text: «کد خبر: ۴۸۱۲ | خبرنگار: سارا نمونه»."""
    said = line_of(element)
    if neighbours.is_in_text(element) or not _OF_NEWS.search(said):
        return []
    for fact in _FACTS.split(said):
        label, colon, name = fact.partition(":")
        if colon and squash(label) in _known() and are_persons(name.strip()):
            return [name.strip()]
    return []


def _running_on(element: Element, text: str, neighbours: Neighbours) -> str | None:
    """The rest of a line above the text behind a label without a colon: «توسط سارا نمونه»."""
    label = next((one for one in _running() if text.startswith(f"{one} ")), None)
    if label is None or neighbours.is_in_text(element) or neighbours.is_behind(element):
        return None
    return line_of(element)[len(label) :].strip()


def _next(element: Element) -> str | None:
    """The text behind a label that has an element of its own; None if there is none."""
    tail = _COLON.sub("", element.tail or "").strip()
    if tail:
        return " ".join(tail.split())
    following = element.getnext()
    return line_of(following) if following is not None else None


def _stands_alone(element: Element, name: str) -> bool:
    """Whether label and name are all of their paragraph."""
    above = element.getparent()
    if element.tag in ("p", "li", "div") or above is None:
        return True
    return length_of(text_of(above)) <= length_of(text_of(element)) + length_of(name) + 2


@cache
def _labels() -> tuple[str, ...]:
    data = rules.load("fields/fields")["byline_label"]
    return (*data["beside"], *data["reporting"], *data["running"])


@cache
def _running() -> tuple[str, ...]:
    return tuple(rules.load("fields/fields")["byline_label"]["running"])


@cache
def _known() -> frozenset[str]:
    return frozenset(map(squash, _labels()))


@cache
def _reporting() -> frozenset[str]:
    return frozenset(map(squash, rules.load("fields/fields")["byline_label"]["reporting"]))
