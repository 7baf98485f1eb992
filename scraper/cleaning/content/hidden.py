"""Decides which hidden text belongs to the article.

A theme may hide the second half of a text until the reader asks for it, with a button or a link
that opens it beside it. That text stays. Hidden advertising has no such control, and goes.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from archive.text.fold import remembered
from scraper.cleaning import rules
from scraper.cleaning.boilerplate import holds
from scraper.cleaning.boilerplate.by_name import Boilerplate, opens
from scraper.cleaning.boilerplate.links import is_control
from scraper.cleaning.boilerplate.name_rule import words_of
from scraper.cleaning.html.document import (
    Document,
    Element,
    length_of,
    link_text_of,
    text_of,
    weight_of,
)

_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_AWAY = re.compile(
    r"(?:left|right|top|text-indent)\s*:\s*-\d{4,}|font-size\s*:\s*0(?![.\d])|clip\s*:\s*rect\(\s*[01](?:px)?\b|clip-path\s*:\s*inset\((?:50|100)%"
)
_NAMING = ("aria-controls", "data-target", "data-bs-target", "href", "for")
_PROSE, _LABEL, _NEAR = 60, 60, 3


class Hidden(NamedTuple):
    """Hidden elements of the content: those to be read (`shown`), and those to be passed over with
    the controls (`unseen`). `doubtful`: much of `shown` has no control that opens it."""

    shown: set[Element]
    unseen: set[Element]
    doubtful: bool


def judge(
    page: Document, boilerplate: Boilerplate, content: Element, passed: set[Element]
) -> Hidden:
    """Which hidden elements in `content` are the article's; `passed` is known boilerplate."""
    shown, unseen, doubtful = set[Element](), set[Element](), False
    found = [e for e in _hidden(page) if content in set(e.iterancestors()) and not opens(e)]
    if not found:
        return Hidden(shown, unseen, doubtful)
    outer = [e for e in found if not any(above in passed for above in e.iterancestors())]
    whole = weight_of(content) - sum(map(weight_of, outer))
    named = _by_name(page)
    for element in outer:
        if element not in boilerplate.matched and _is_opened(named, element):
            shown.add(element)
        elif element in boilerplate.matched or not _is_prose(element):
            unseen.add(element)
        elif controls := list(_controls(named, element)):
            shown.add(element)
            unseen.update(controls)
        elif whole < _PROSE or (2 * weight_of(element) > whole and _is_plain(element)):
            shown.add(element)
            doubtful = True
        else:
            unseen.add(element)
    return Hidden(shown, unseen - shown, doubtful)


def _is_opened(named: dict[str, list[Element]], element: Element) -> bool:
    """Whether a button in a subhead opens an element that has hardly a link."""
    openers = named.get(element.get("id", ""), ()) if element.get("id") else ()
    return any(map(holds.is_opener, openers)) and holds.holds_text(element)


def _hidden(page: Document) -> Iterator[Element]:
    for element in page.find_any(("[style]", "[hidden]")):
        style = element.get("style", "")
        named = element.get("hidden", "false") != "false"
        if named or _hides(style):
            yield element
    for name in rules.load("content/hidden")["hides"]:
        yield from (e for e in page.find("." + name) if not _is_shown_somewhere(e))


@remembered
def _hides(style: str) -> bool:
    return bool(_STYLE.search(style) or _AWAY.search(style))


def _is_shown_somewhere(element: Element) -> bool:
    widths = frozenset(rules.load("content/hidden")["widths"])
    tokens = element.get("class", "").replace(":", "-").split()
    return any(not words_of(token).isdisjoint(widths) for token in tokens)


def _is_prose(element: Element) -> bool:
    own = length_of(text_of(element))
    return own >= _PROSE and length_of(link_text_of(element)) * 3 <= own


def _is_plain(element: Element) -> bool:
    """Whether an element holds several paragraphs and no link."""
    return len(list(element.iter("p"))) > 1 and next(element.iter("a"), None) is None


def _by_name(page: Document) -> dict[str, list[Element]]:
    """The controls of a page by the IDs that they name."""
    found: dict[str, list[Element]] = defaultdict(list)
    for control in (*page.tags["a"], *page.tags["button"], *page.tags["label"]):
        for name in _named(control):
            found[name].append(control)
    return found


def _controls(named: dict[str, list[Element]], element: Element) -> Iterator[Element]:
    """The controls that open a hidden element: they name its ID, or stand beside it without one."""
    yield from named.get(element.get("id", ""), ()) if element.get("id") else ()
    for preceding in (True, False):
        for _, beside in zip(range(_NEAR), element.itersiblings(preceding=preceding), strict=False):
            if length_of(text_of(beside)) <= _LABEL:
                yield from (e for e in beside.iter("button", "a", "label") if _acts(e))


def _named(control: Element) -> set[str]:
    """The IDs a control names, as Bootstrap, ARIA and plain links do."""
    values = (control.get(key, "") for key in _NAMING)
    return {value.removeprefix("#") for value in values if value}


def _acts(control: Element) -> bool:
    """Whether a button or a link starts a script and leads nowhere."""
    href = control.get("href", "")
    if control.tag == "a" and is_control(href):
        return True
    return not _named(control) - {""}
