"""A place that a site's pages share: an element, found by its tag, classes and ancestors."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from scraper.cleaning.html.document import Document, Element, weight_of

# Classes and IDs of the post, not of the theme, by WordPress's body_class() and post_class().
_OF_THE_POST = re.compile(
    r"[.#](?:(?:post|postid|page|page-id|category|cat|tag|author|format|post_format|status|type|term"
    r"|comment|attachment|attachmentid)[-_].*|.*\d{4,}.*|has-post-thumbnail|sticky|hentry)$"
)


@dataclass(frozen=True, slots=True)
class Step:
    """One element of a chain. `nth` is its number (from 0) among its parent's children of that tag,
    None if it is not the same on all pages."""

    tag: str
    tokens: tuple[str, ...] = ()
    nth: int | None = None

    def fits(self, element: Element | None) -> bool:
        """Whether an element has the tag and all tokens."""
        if element is None or element.tag != self.tag:
            return False
        return not self.tokens or tokens_of(element).issuperset(self.tokens)


@dataclass(frozen=True, slots=True)
class Place:
    """A chain of steps: the element, its parent and so on. If several elements of a page fit it is
    the first of them, or with `heaviest` the one with most text."""

    steps: tuple[Step, ...]
    heaviest: bool = False

    def find(self, page: Document) -> Element | None:
        """The element on `page` that stands in this place; None if there is none."""
        first = self.steps[0]
        named = page.carrying(first.tokens) if first.tokens else page.tags.get(first.tag, [])
        found = [element for element in named if element.tag == first.tag]
        around: list[Element | None] = list(found)
        for step in self.steps[1:]:
            if len(found) < 2 and first.tokens:
                break
            around = [None if element is None else element.getparent() for element in around]
            fitting = [n for n, element in enumerate(around) if step.fits(element)]
            if not fitting and not first.tokens:
                return None
            if not fitting:
                break
            found, around = [found[n] for n in fitting], [around[n] for n in fitting]
        if len(found) > 1:
            found = [e for e in found if self._stands_in(e)] or found
        if self.heaviest and len(found) > 1:
            return max(found, key=weight_of)
        return found[0] if found else None

    def _stands_in(self, element: Element) -> bool:
        for step in self.steps:
            if step.nth is not None and step.nth != number_of(element):
                return False
            above = element.getparent()
            if above is None:
                break
            element = above
        return True

    def as_json(self) -> dict[str, Any]:
        """The place as JSON has it; `of_json` reads it back."""
        steps = [{"tag": s.tag, "tokens": list(s.tokens), "nth": s.nth} for s in self.steps]
        return {"steps": steps, "heaviest": self.heaviest}

    @classmethod
    def of_json(cls, found: dict[str, Any]) -> Place:
        """The place that `as_json` gave."""
        steps = (Step(s["tag"], tuple(s["tokens"]), s["nth"]) for s in found["steps"])
        return cls(tuple(steps), found["heaviest"])


def common(elements: Sequence[Element]) -> Place:
    """The place of `elements`, one from each page: the tags around them, up to the body or as far
    as they are the same, with the classes, IDs and numbers that all of them have."""
    steps: list[Step] = []
    level: list[Element | None] = list(elements)
    while True:
        here = [element for element in level if element is not None]
        if len(here) < len(level) or len({element.tag for element in here}) > 1:
            break
        tokens = frozenset.intersection(*map(tokens_of, here))
        numbers = {number_of(element) for element in here}
        nth = numbers.pop() if len(numbers) == 1 else None
        if here[0].tag == "body":
            steps.append(Step("body"))
            break
        steps.append(Step(here[0].tag, tuple(sorted(tokens)), nth))
        level = [element.getparent() for element in here]
    return Place(tuple(steps))


def tokens_of(element: Element) -> frozenset[str]:
    """An element's classes and ID (`.name`, `#name`), without those of the single post."""
    found = {f".{token}" for token in element.get("class", "").split()}
    if name := element.get("id", "").strip():
        found.add(f"#{name}")
    return frozenset(token for token in found if not _OF_THE_POST.match(token))


def number_of(element: Element) -> int:
    """Which of its parent's children of the same tag an element is, from 0."""
    return sum(1 for _ in element.itersiblings(element.tag, preceding=True))
