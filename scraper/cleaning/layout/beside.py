"""Finds the boxes that stand behind the text, outside of its place, by their classes and IDs.

On a page whose author left a tag open (a post split in two inside a quote, say) the place of the
text does not end where it should: the site's foot is then in it. Its name tells that it is none of
the article's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from scraper.cleaning.html.document import Element
from scraper.cleaning.layout.place import tokens_of

_NEARLY_ALL = 0.8
_EXCEPT = 0.02


def beside(roots: Mapping[int, Element]) -> list[tuple[str, ...]]:
    """The classes and IDs of the outermost boxes behind the text (`roots`, by page), as far as they
    are on nearly all pages and, with few exceptions, never in the text."""
    behind: Counter[frozenset[str]] = Counter()
    within: Counter[frozenset[str]] = Counter()
    for root in roots.values():
        behind.update({tokens for tokens in _behind(root) if tokens})
        within.update({tokens for one in root.iter("*") if (tokens := tokens_of(one))})
    usual = [one for one, count in behind.items() if count >= _NEARLY_ALL * len(roots)]
    few = _EXCEPT * len(roots)
    return sorted(
        tuple(sorted(one))
        for one in usual
        if sum(count for held, count in within.items() if one <= held) <= few
    )


def _behind(root: Element) -> list[frozenset[str]]:
    around = [root, *root.iterancestors()]
    return [frozenset(tokens_of(one)) for held in around for one in held.itersiblings("*")]
