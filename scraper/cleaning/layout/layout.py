"""A site's layout: the places of its texts, the theme's boxes in them, and its sayings."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

from archive.epochs import canonical, digest_of
from scraper.cleaning.html.document import Document, Element, weight_of
from scraper.cleaning.html.text_blocks import TextBlock
from scraper.cleaning.layout.place import Place
from scraper.cleaning.layout.sayings import Sayings
from scraper.cleaning.layout.spill import spilled

_MOST = 0.75
_TELLING = 150
_MOST_PLACES = 8


class Learnt(NamedTuple):
    """The place of the text on a page, and the elements to pass over in it."""

    root: Element
    passed: set[Element]


@dataclass(frozen=True, slots=True)
class Layout:
    """What was learnt from the pages of a site.

    `places` hold the text, the commonest first. `closed`: the site's paragraphs do not usually go
    on behind these elements, so on a page where they do a stray end tag has closed the element too
    early (layout.spill). `headline` is the place of the headline, `leads` are those of leads
    outside the text. `added` names the theme's boxes in the text, and those behind it, which a tag
    that was left open may bring into it: for each kind the classes and IDs (`.name`, `#name`) that
    it has. `sayings` are the blocks that the site repeats.
    """

    places: tuple[Place, ...]
    closed: bool = True
    headline: Place | None = None
    leads: tuple[Place, ...] = ()
    added: tuple[tuple[str, ...], ...] = ()
    sayings: Sayings = field(default_factory=Sayings)

    def on(self, page: Document) -> Learnt | None:
        """Where the text of `page` stands; None if none of the places is on it."""
        root = self.root(page)
        if root is None:
            return None
        ran_out = spilled(root) if self.closed else None
        root = ran_out.around if ran_out else root
        return Learnt(root, self.passed(page, root) | (ran_out.beside if ran_out else set()))

    def root(self, page: Document) -> Element | None:
        """The element of the text on `page`; None if no place with text is there."""
        for place in self.places:
            found = place.find(page)
            if found is not None and weight_of(found):
                return found
        return None

    def lead(self, page: Document, learnt: Learnt) -> Element | None:
        """The element of the lead on `page`, which stands before the text and outside it. One below
        the text may be another article's."""
        root, passed = learnt
        for place in self.leads:
            found = place.find(page)
            if found is None or found is root or found in root.iterancestors():
                continue
            if found not in passed and page.position[found] > page.position[root]:
                continue
            if found in passed or root not in found.iterancestors():
                return found
        return None

    def passed(self, page: Document, root: Element) -> set[Element]:
        """The theme's boxes in `root`, but for those that hold more than 75 % of its text."""
        named = {element for tokens in self.added for element in page.carrying(tokens)}
        boxes = {element for element in named if root in element.iterancestors()}
        if not boxes:
            return set()
        whole = weight_of(root)
        light = {box for box in boxes if weight_of(box) <= _MOST * max(1, whole)}
        if len(light) == len(boxes):
            return light
        # Readers may say more than the post does. But a box beside which nothing is left is none.
        outer = [box for box in boxes if boxes.isdisjoint(box.iterancestors())]
        left = whole - sum(map(weight_of, outer))
        return boxes if left >= _TELLING else light

    def unsaid(self, blocks: list[TextBlock]) -> list[TextBlock]:
        """The blocks without the site's sayings."""
        return self.sayings.without(blocks)

    def as_json(self) -> dict[str, Any]:
        """The layout as JSON has it; `of_json` reads it back."""
        return {
            "places": [place.as_json() for place in self.places],
            "closed": self.closed,
            "headline": self.headline and self.headline.as_json(),
            "leads": [place.as_json() for place in self.leads],
            "added": [list(tokens) for tokens in self.added],
            "sayings": {name: sorted(said) for name, said in self.sayings._asdict().items()},
        }

    @classmethod
    def of_json(cls, found: dict[str, Any]) -> Layout:
        """The layout that `as_json` gave."""
        return cls(
            places=tuple(map(Place.of_json, found["places"])),
            closed=found["closed"],
            headline=Place.of_json(found["headline"]) if found["headline"] else None,
            leads=tuple(map(Place.of_json, found["leads"])),
            added=tuple(map(tuple, found["added"])),
            sayings=Sayings(**{name: frozenset(said) for name, said in found["sayings"].items()}),
        )

    @property
    def digest(self) -> str:
        """Twelve hexadecimal digits that differ from one layout to another."""
        return digest_of(canonical(self.as_json()))

    def over(self, older: Layout | None) -> Layout:
        """This layout joined with the `older` one, for pages that still have that."""
        if older is None:
            return self
        return Layout(
            places=tuple(dict.fromkeys((*self.places, *older.places)))[:_MOST_PLACES],
            closed=self.closed and older.closed,
            headline=self.headline or older.headline,
            leads=tuple(dict.fromkeys((*self.leads, *older.leads))),
            added=tuple(sorted({*self.added, *older.added})),
            sayings=self.sayings.over(older.sayings),
        )


@lru_cache(maxsize=8)
def layout_of(text: str | None) -> Layout | None:
    """The layout in `text`, which is the JSON of `as_json`; None without a text."""
    return Layout.of_json(json.loads(text)) if text else None
