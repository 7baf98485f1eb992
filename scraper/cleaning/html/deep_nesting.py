"""Flattens a tree that is very deep only because elements were never closed.

Example: each entry of a live blog opens a `div` and does not close it, so every entry stands inside
the one before. A browser shows them one below the other. Later steps walk the tree by recursion,
which Python allows only to a limited depth.
"""

from __future__ import annotations

from collections import Counter
from typing import cast

from lxml import etree

Element = etree._Element

_DEEPEST = 180
_DEEPEST_INLINE = 220
_REPEATED = 3
# fmt: off
_INLINE = frozenset((
    "a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "del", "em", "font", "i", "img", "ins",
    "label", "mark", "q", "s", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u",
))
# fmt: on


def flattened(root: Element) -> Element:
    """A copy of `root` with all its text in the same order.

    Blocks are at most about 180 levels deep, inline elements about 220. An inline element below
    that is left out, its text stays.
    """
    copy = _Copy(root)
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "start":
            copy.start(element)
        else:
            copy.end(element)
    return copy.root


class _Copy:
    """The copy as far as it is made. `open` has the elements that are open: original and copy."""

    def __init__(self, root: Element) -> None:
        self.original = root
        self.root = root.makeelement(root.tag, _attributes(root))
        self.root.text = root.text
        self.open: list[tuple[Element, Element]] = [(root, self.root)]
        self.names = Counter([_name(root)])
        self.held = {root}

    def start(self, element: Element) -> None:
        if element is self.original:
            return
        if len(self.open) > _DEEPEST:
            self._close_repeated(element)
            while element.tag not in _INLINE and len(self.open) > _DEEPEST:
                self._close()
        if len(self.open) > _DEEPEST_INLINE:
            self._write(element.text)
            return
        child = etree.SubElement(self.open[-1][1], element.tag, _attributes(element))
        child.text = element.text
        self.open.append((element, child))
        self.names[_name(element)] += 1
        self.held.add(element)

    def end(self, element: Element) -> None:
        if element is self.original:
            return
        if element in self.held:
            while self.open[-1][0] is not element:
                self._close()
            self._close()
        self._write(element.tail)

    def _close_repeated(self, element: Element) -> None:
        """Close elements that were probably never closed: their tag and class are open three times
        or more. If `element` has the tag and class of one, the outermost such one is closed;
        otherwise, unless it is inline, the whole run of them.
        """
        name, beginning, repeated = _name(element), None, None
        for number in range(len(self.open) - 1, 0, -1):
            held = _name(self.open[number][0])
            if self.names[held] < _REPEATED:
                if beginning is not None:
                    break
                continue
            beginning = number
            repeated = number if held == name else repeated
        if repeated is None and element.tag not in _INLINE:
            repeated = beginning
        while repeated is not None and len(self.open) > repeated:
            self._close()

    def _close(self) -> None:
        element, _ = self.open.pop()
        self.names[_name(element)] -= 1
        self.held.discard(element)

    def _write(self, text: str | None) -> None:
        """Add `text` at the end of the copy as it is now."""
        if not text:
            return
        holder = self.open[-1][1]
        if len(holder):
            holder[-1].tail = (holder[-1].tail or "") + text
        else:
            holder.text = (holder.text or "") + text


def _name(element: Element) -> tuple[str, str]:
    return element.tag, element.get("class", "")


def _attributes(element: Element) -> dict[str, str]:
    return dict(cast("list[tuple[str, str]]", element.items()))
