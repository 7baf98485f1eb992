"""The second evidence: what beside its words speaks for a block being boilerplate.

A text about share buttons has «اشتراک‌گذاری» for a subhead, a poem ends a line with «خانه». So words
count only with a link, a form, a name, a list of links below, or an edge with nothing of the
article behind it.
"""

from __future__ import annotations

from collections.abc import Collection, Set
from itertools import islice

from scraper.cleaning import rules
from scraper.cleaning.boilerplate import links, prose
from scraper.cleaning.boilerplate.by_name import rule_of, words_of
from scraper.cleaning.boilerplate.holds import asks
from scraper.cleaning.html.document import Element, length_of, link_text_of, text_of, weight_of
from scraper.cleaning.html.text_blocks import TextBlock

_LINKED = 0.3
_BOX = 300
_LEVELS = 4
_WORDS = 3
_CLUSTER = 3
_PROSE = 25
_LISTED = 200
_HEAD = 120
# How far a look goes, in blocks and in elements: a page of labels must not cost its square.
_FAR = 200
_BOXES = frozenset(("div", "section", "aside"))
# Boxes that editors and builders make around each block of an article.
_EDITORS = ("wp-block-", "elementor", "wpb_", "vc_", "et_pb_", "fusion-", "brxe-", "fl-")


def is_listed(block: TextBlock) -> bool:
    """An entry under a label such as «بیشتر بخوانید»: nothing but a link."""
    return block.share > 0.8 and len(block.text) < _LISTED


def leads(block: TextBlock) -> bool:
    """Whether a block is a link, a good part of it, or leads where only buttons lead."""
    if block.share > _LINKED:
        return True
    away = (links.is_share, links.is_network, links.is_control, links.is_listing)
    return bool(block.hrefs) and all(any(kind(href) for kind in away) for href in block.hrefs)


def stands_alone(blocks: list[TextBlock], number: int) -> bool:
    """A paragraph of some words that is nothing but a label: no subhead, and no answer."""
    block = blocks[number]
    answers = number > 0 and blocks[number - 1].text.endswith(("؟", "?", ":"))
    plain = block.kind == "text" and not block.strong and not answers
    return plain and len(block.text.split()) >= _WORDS and not prose.is_told(block.text)


def is_marked(block: TextBlock, root: Element, named: Collection[str]) -> bool:
    """Whether a small box around a block asks for something, sends the page to somebody, or has
    boilerplate's name."""
    box, words = block.holder, named or _words()
    for _ in range(_LEVELS):
        if box is root or (not named and weight_of(box) > _BOX):
            return False
        if asks(box) or is_named(box, words) or _sends(box):
            return True
        above = box.getparent()
        if above is None:
            return False
        box = above
    return False


def is_named(box: Element, words: Collection[str]) -> bool:
    """Whether a class of a box says that it is boilerplate, or one of `words`."""
    for token in box.get("class", "").split():
        if not words_of(token).isdisjoint(words) or rule_of(token) is not None:
            return True
    return False


def faces_form(block: TextBlock, root: Element) -> bool:
    """Whether the element beside a block has something to fill in."""
    if block.holder is root:
        return False
    beside = (block.holder.getnext(), block.holder.getprevious())
    return any(e is not None and _fills_in(e) for e in beside)


def is_boxed_in(block: TextBlock, root: Element) -> bool:
    """Whether a block is all that stands in a box of its own: «<div><p>تبلیغات</p></div>»."""
    box = block.holder.getparent()
    if block.kind != "text" or block.strong or box is None or box is root or is_editors(box):
        return False
    alone = block.holder.tag != "div" and box.tag in _BOXES
    return alone and text_of(box).strip() == text_of(block.holder).strip()


def portrays(box: Element) -> bool:
    """Whether a box shows somebody: a picture, or a link to what an author wrote."""
    if is_editors(box):
        return False
    shown = next(box.iter("img"), None) is not None
    return shown or any(links.is_listing(link.get("href", "")) for link in box.iter("a"))


def heads_links(blocks: list[TextBlock], number: int, root: Element) -> bool:
    """Whether a block is the label of a list of links, shown or passed over already."""
    if number + 1 < len(blocks) and is_listed(blocks[number + 1]):
        return True
    below = _below(blocks[number].holder, root)
    # Pictures alone may be links and buttons.
    if below is None or next(below.iter("a", "button"), None) is None:
        return False
    return length_of(link_text_of(below)) >= weight_of(below)


def _below(element: Element, root: Element) -> Element | None:
    """The next element behind one that holds anything, in the same boxes or beside them."""
    while element is not root:
        for below in islice(element.itersiblings(), _FAR):
            if len(below) or (below.text or "").strip():
                return below
        above = element.getparent()
        if above is None or above is root:
            return None
        element = above
    return None


def at_edges(blocks: list[TextBlock], hinted: Set[int], gone: Set[int]) -> set[int]:
    """Of the blocks that words hint at, those with nothing of the article behind or before them,
    and those of which several stand in a row."""
    found = _behind(blocks, hinted, gone) | _before(blocks, hinted, gone)
    row: list[int] = []
    for number in range(len(blocks) + 1):
        if number in hinted and blocks[number].kind not in ("item", "row"):
            row.append(number)
            continue
        found.update(row if len(row) >= _CLUSTER else ())
        row = []
    return found


def _behind(blocks: list[TextBlock], hinted: Set[int], gone: Set[int]) -> set[int]:
    last = len(blocks) - 1
    while last >= 0 and (last in gone or last in hinted):
        last -= 1
    found = {n for n in hinted if n > last}
    behind = range(last + 1, len(blocks))
    # A poem's last line may be «خانه»: it takes the end of a sentence before it, or others beside.
    if any(n in gone for n in behind) or len(behind) >= _CLUSTER:
        return found
    return found if last >= 0 and prose.ends_well(blocks[last].text) else set()


def _before(blocks: list[TextBlock], hinted: Set[int], gone: Set[int]) -> set[int]:
    first = 0
    while first < len(blocks) and (first in gone or (first in hinted and _is_plain(blocks[first]))):
        first += 1
    if first == len(blocks) or not prose.is_told(blocks[first].text):
        return set()
    return {n for n in hinted if n < first}


def _is_plain(block: TextBlock) -> bool:
    return block.kind == "text" and not block.strong


def holds_prose(inside: list[TextBlock]) -> bool:
    """Whether one of a box's blocks tells something, and is no link."""
    return any(
        len(block.text) >= _PROSE and block.share <= 0.5 and prose.is_told(block.text)
        for block in inside
    )


def is_editors(box: Element) -> bool:
    """Whether a box is one that an editor makes around an article's own blocks."""
    tokens = box.get("class", "").split()
    return any(token.startswith(_EDITORS) for token in tokens)


def heads_prose(blocks: list[TextBlock], number: int) -> bool:
    """Whether a subhead stands above a paragraph that tells something."""
    below = blocks[number + 1] if number + 1 < len(blocks) else None
    return below is not None and below.share <= _LINKED and prose.is_told(below.text)


def lists_heads(blocks: list[TextBlock], number: int) -> bool:
    """Whether a label's list repeats the text's subheads: a table of contents without links."""
    below = blocks[number + 1] if number + 1 < len(blocks) else None
    if below is None or below.kind == "head" or len(below.text) > _HEAD:
        return False
    later = blocks[number + 2 : number + _FAR]
    return any(block.kind == "head" and block.text == below.text for block in later)


def _sends(box: Element) -> bool:
    return any(links.is_share(link.get("href", "")) for link in box.iter("a"))


def _fills_in(element: Element) -> bool:
    return next(element.iter("form", "input", "textarea", "select"), None) is not None


def _words() -> Collection[str]:
    words: list[str] = rules.load("boilerplate/by_name")["words"]["list"]
    return words
