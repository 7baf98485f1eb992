"""Finds the boilerplate of a page by the class names and IDs in by_name.toml.

Nothing is cut out here: `inside` returns the elements to pass over, so that every other
step still sees the page as it came.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from scraper.cleaning import rules
from scraper.cleaning.html.document import (
    Document,
    Element,
    length_of,
    link_text_of,
    text_of,
    weight_of,
)

_MOST = 0.4
_WORD_MOST = 0.15
_LABEL = 40
_FACTS = 60
_ASKING = 200
_POST = frozenset(("type-post", "hentry"))
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|[-_]+")


class NameRule(NamedTuple):
    """One rule of by_name.toml, without its tokens."""

    name: str
    sure: bool
    foreign: bool


CAPTION = NameRule("caption", True, False)


def rule_of(token: str) -> NameRule | None:
    """The rule a class or ID token (without its mark) falls under."""
    whole, beginnings = _table()
    if found := whole.get(token):
        return found
    if not token.startswith(_beginnings()):
        return None
    return next(rule for begin, rule in beginnings if token.startswith(begin))


@lru_cache(maxsize=1)
def _beginnings() -> tuple[str, ...]:
    return tuple(begin for begin, _ in _table()[1])


@lru_cache(maxsize=1)
def _table() -> tuple[dict[str, NameRule], list[tuple[str, NameRule]]]:
    whole: dict[str, NameRule] = {}
    beginnings: list[tuple[str, NameRule]] = []
    data = rules.load("boilerplate/by_name")
    entries = [
        (
            NameRule(entry["name"], entry.get("sure", False), entry.get("foreign", False)),
            entry["tokens"],
        )
        for entry in data["rule"]
    ]
    for rule, tokens in [(CAPTION, data["tags"]["caption_tokens"]), *entries]:
        for token in tokens:
            if token.endswith("*"):
                beginnings.append((token[:-1], rule))
            else:
                whole.setdefault(token, rule)
    return whole, beginnings


@lru_cache(maxsize=16384)
def words_of(token: str) -> frozenset[str]:
    """The words a class name is made of: «news-share», «relatedPosts»."""
    return frozenset(word.lower() for word in _CAMEL.split(token) if word)


@lru_cache(maxsize=16384)
def _verdict(token: str) -> NameRule | bool:
    """The rule a token (with its mark) falls under, else whether a word in it is boilerplate's."""
    if token[0] == "[":
        return False
    words = rules.load("boilerplate/by_name")["words"]["list"]
    return rule_of(token[1:]) or not words_of(token[1:]).isdisjoint(words)


class Boilerplate:
    """A page's boilerplate: which elements fall under which rule."""

    def __init__(self, page: Document) -> None:
        self.page = page
        self.matched: dict[Element, NameRule] = {}
        self._worded: set[Element] = set()
        for token, elements in page.tokens.items():
            verdict = _verdict(token)
            if isinstance(verdict, NameRule):
                for element in elements:
                    held = self.matched.get(element)
                    if held is None or (verdict.sure and not held.sure):
                        self.matched[element] = verdict
            elif verdict:
                self._worded.update(elements)
        self._foreign = {e for e, rule in self.matched.items() if rule.foreign}
        # What is_foreign() found out of elements that others stand in.
        self._known: dict[Element, bool] = {}
        self._foreign.update(page.tags["nav"], page.tags["aside"])
        self._foreign.update(e for e in page.tags["footer"] if not _within(e, ("article", "main")))

    def settle(self, root: Element) -> None:
        """Tell which element is the content: what holds it is not foreign, whatever its name."""
        self._foreign.difference_update(root.iterancestors(), (root,))
        self._known.clear()

    def is_foreign(self, element: Element) -> bool:
        """Whether an element is not about the article, as comments and related posts are."""
        if element in self._foreign:
            return True
        above = element.getparent()
        if above is None:
            return False
        if (known := self._known.get(above)) is None:
            foreign = self._foreign
            known = above in foreign or any(e in foreign for e in above.iterancestors())
            self._known[above] = known
        return known

    def is_under(self, element: Element, name: str) -> bool:
        """Whether an element stands in something that the rule `name` matches."""
        held = (self.matched.get(above) for above in element.iterancestors())
        return any(rule is not None and rule.name == name for rule in held)

    def inside(self, root: Element, headline: Element | None = None) -> set[Element]:
        """The elements inside `root` to pass over, without those that hold the headline."""
        tags = rules.load("boilerplate/by_name")["tags"]
        apart, captions = frozenset(tags["apart"]), frozenset(tags["captions"])
        passed: set[Element] = set()
        doubtful: list[tuple[Element, float]] = []
        kept = set(headline.iterancestors()) if headline is not None else set()
        for element in root.iterdescendants():
            rule = self.matched.get(element)
            if element in kept:
                continue
            if element.tag in captions or (rule and rule.sure):
                passed.add(element)
            elif rule or element.tag in apart:
                doubtful.append((element, _MOST))
            elif element in self._worded and _says_little(element):
                doubtful.append((element, _MOST if _asks(element) else _WORD_MOST))
            elif is_card(element):
                doubtful.append((element, _MOST))
            elif _is_hidden(element):
                passed.add(element)
        passed |= self._fact_boxes(root)
        whole = max(1, weight_of(root) - sum(weight_of(e) for e in _outermost(passed)))
        passed.update(e for e, most in doubtful if weight_of(e) <= most * whole)
        return passed

    def _fact_boxes(self, root: Element) -> set[Element]:
        """Boxes inside `root` that hold a post's date, terms or author and hardly a word more."""
        found: set[Element] = set()
        facts = rules.load("boilerplate/by_name")["facts"]
        boxes = frozenset(facts["boxes"])
        marks = [e for e in self.page.find_any(facts["marks"]) if _is_in(e, root)]
        for mark in marks:
            widest: Element | None = None
            for above in mark.iterancestors():
                if above is root or _beside(above, marks) > _FACTS:
                    break
                if not boxes.isdisjoint(above.get("class", "").split()):
                    widest = above
            if widest is not None:
                found.add(widest)
        return found


def hush(page: Document) -> None:
    """Empty the elements that hold code or controls, so that their text is not counted."""
    for tag in rules.load("boilerplate/by_name")["tags"]["silent"]:
        for element in page.tags[tag]:
            if not (tag == "button" and opens(element)):
                tail = element.tail
                element.clear()
                element.tail = tail


def opens(element: Element) -> bool:
    """Whether an element is a part of an accordion or a tab, by its own or its parent's name."""
    words = frozenset(rules.load("boilerplate/by_name")["opens"]["words"])
    parent = element.getparent()
    names = element.get("class", "") + " " + (parent.get("class", "") if parent is not None else "")
    return any(words_of(token) & words for token in names.split())


def _is_hidden(element: Element) -> bool:
    style = element.get("style")
    hidden = element.get("hidden") is not None and element.get("hidden") != "false"
    if not hidden and not (style and _HIDDEN.search(style)):
        return False
    return not opens(element)


def is_card(element: Element) -> bool:
    """Whether an element is another post's teaser: post_class() on it, its headline a link.

    Builders' blocks of posts (Divi, Elementor, core's query loop) are lists of these.
    """
    if element.tag != "article" and _POST.isdisjoint(element.get("class", "").split()):
        return False
    headline = next(element.iter("h1", "h2", "h3", "h4", "h5"), None)
    return headline is not None and next(headline.iter("a"), None) is not None


def _says_little(element: Element) -> bool:
    own, linked = length_of(text_of(element)), length_of(link_text_of(element))
    return own <= (_ASKING if _asks(element) else _LABEL) or linked * 2 >= own


def _asks(element: Element) -> bool:
    """Whether a box has something to fill in or to press."""
    return next(element.iter("form", "input", "button"), None) is not None


def _beside(box: Element, marks: list[Element]) -> int:
    """How much text a box holds beside the marks in it."""
    inside = [mark for mark in marks if _is_in(mark, box)]
    return weight_of(box) - sum(weight_of(mark) for mark in _outermost(set(inside)))


def _is_in(element: Element, box: Element) -> bool:
    return any(above is box for above in element.iterancestors())


def _outermost(elements: set[Element]) -> list[Element]:
    return [e for e in elements if not any(above in elements for above in e.iterancestors())]


def _within(element: Element, tags: tuple[str, ...]) -> bool:
    return any(above.tag in tags for above in element.iterancestors())
