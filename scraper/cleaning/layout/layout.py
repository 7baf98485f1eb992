"""A site's layout as it was learnt: the places of its texts, what stands in them, what it says."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from scraper.cleaning.html.document import Document, Element, weight_of
from scraper.cleaning.html.text_blocks import TextBlock
from scraper.cleaning.layout.place import Place
from scraper.cleaning.layout.sample import key_of

_MOST = 0.4
_OFTEN_MOST = 0.25


@dataclass(frozen=True, slots=True)
class Layout:
    """`places` hold the text, the commonest first; `headline` and `leads` stand outside them, if
    they do; `added` are the classes and IDs (`.name`,
    `#name`) of boxes in them that are not the article's; the three others are what the house
    says, folded, every number as 0: in no post's content, on most pages, on many pages. It was
    learnt from `pages` pages."""

    pages: int
    places: tuple[Place, ...]
    added: tuple[str, ...] = ()
    outside: frozenset[str] = frozenset()
    always: frozenset[str] = frozenset()
    often: frozenset[str] = frozenset()
    headline: Place | None = None
    leads: tuple[Place, ...] = ()

    def root(self, page: Document) -> Element | None:
        """The element of the text on `page`; None where no place is there, or none has a text."""
        for place in self.places:
            found = place.find(page)
            if found is not None and weight_of(found):
                return found
        return None

    def lead(self, page: Document, root: Element) -> Element | None:
        """The element of the lead on `page`, before `root` and outside it."""
        inside = {root, *root.iterancestors(), *root.iter()}
        for place in self.leads:
            found = place.find(page)
            if found is not None and found not in inside:
                return found
        return None

    def passed(self, page: Document, root: Element) -> set[Element]:
        """The theme's boxes in `root`."""
        named = {element for token in self.added for element in page.tokens.get(token, ())}
        if not named:
            return set()
        boxes = [element for element in root.iterdescendants() if element in named]
        most = _MOST * max(1, weight_of(root))
        return {box for box in boxes if weight_of(box) <= most}

    def said(self, blocks: list[TextBlock]) -> set[int]:
        """The numbers of the blocks that are the house's, never all of them."""
        keys = [key_of(block.text) for block in blocks]
        sure = {n for n, key in enumerate(keys) if key in self.outside or key in self.always}
        likely = {n for n, key in enumerate(keys) if key in self.often} - sure
        whole = sum(len(blocks[n].text) for n in range(len(blocks)) if n not in sure)
        if sum(len(blocks[n].text) for n in likely) > _OFTEN_MOST * whole:
            likely = set()
        gone = sure | likely
        if len(gone) == len(blocks):
            return {n for n in gone if keys[n] in self.outside}
        return gone

    def as_json(self) -> dict[str, Any]:
        """The layout as JSON has it; `of_json` reads it back."""
        return {
            "pages": self.pages,
            "places": [place.as_json() for place in self.places],
            "headline": self.headline and self.headline.as_json(),
            "leads": [place.as_json() for place in self.leads],
            "added": list(self.added),
            "outside": sorted(self.outside),
            "always": sorted(self.always),
            "often": sorted(self.often),
        }

    @classmethod
    def of_json(cls, found: dict[str, Any]) -> Layout:
        """The layout that `as_json` gave."""
        said: list[Iterable[str]] = [found[name] for name in ("outside", "always", "often")]
        return cls(
            found["pages"],
            tuple(Place.of_json(place) for place in found["places"]),
            tuple(found["added"]),
            *map(frozenset, said),
            headline=found["headline"] and Place.of_json(found["headline"]),
            leads=tuple(Place.of_json(place) for place in found["leads"]),
        )

    @property
    def digest(self) -> str:
        """Twelve digits by which two layouts are told apart."""
        text = json.dumps(self.as_json(), ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:12]
