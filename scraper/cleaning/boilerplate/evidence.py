"""Looks for the second evidence: what, beside its words, shows that a block is boilerplate.

A text about share buttons may have «اشتراک‌گذاری» as a subhead, and a poem may end with «خانه». So
words count only together with a link, a form, a class name, a list of links below, or a place at
the edge of the text with nothing of the article behind it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Set
from itertools import islice

from archive.text.fold import fold
from scraper.cleaning import rules
from scraper.cleaning.boilerplate import links, prose
from scraper.cleaning.boilerplate.holds import asks
from scraper.cleaning.boilerplate.name_rule import rule_of, words_of
from scraper.cleaning.html.document import (
    Element,
    holds_only,
    length_of,
    link_text_of,
    text_of,
    weight_of,
)
from scraper.cleaning.html.text_blocks import TextBlock

_LINKED = 0.3
_BOX = 300
_LEVELS = 4
_WORDS = 3
_CLUSTER = 3
_PROSE = 25
_LISTED = 200
_HEAD = 120
# How many blocks or elements one look passes at most: on a page of labels the time would otherwise
# grow with the square of their number.
_FAR = 200
_COUNTED = re.compile(r"\W*(\d{1,3})\s*[.)–-]")
_BOXES = frozenset(("div", "section", "aside"))
# Boxes that editors and builders make around each block of an article.
_EDITORS = ("wp-block-", "elementor", "wpb_", "vc_", "et_pb_", "fusion-", "brxe-", "fl-")


def is_listed(block: TextBlock) -> bool:
    """Whether a block may be an entry under a label such as «بیشتر بخوانید»: mostly a link."""
    return block.share > 0.8 and len(block.text) < _LISTED


def leads(block: TextBlock) -> bool:
    """Whether more than 30 % of a block is link text, or all its links lead where buttons lead."""
    if block.share > _LINKED:
        return True
    away = (links.is_share, links.is_network, links.is_control, links.is_listing)
    return bool(block.hrefs) and all(any(kind(href) for kind in away) for href in block.hrefs)


def stands_alone(blocks: list[TextBlock], number: int) -> bool:
    """Whether a block is a paragraph that may be a label of three words or more: it is no sentence,
    no subhead and no answer to a question."""
    block = blocks[number]
    answers = number > 0 and blocks[number - 1].text.endswith(("؟", "?", ":"))
    plain = block.kind == "text" and not block.strong and not answers
    return plain and len(block.text.split()) >= _WORDS and not prose.is_told(block.text)


def is_marked(block: TextBlock, root: Element, named: Collection[str]) -> bool:
    """Whether one of the four innermost boxes around a block has a form or a button, a share link,
    or a class of boilerplate.

    `named` are a rule's own words for such classes; without them only boxes with at most 300
    characters count. `root` is the element of the content.
    """
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
    """Whether a class of a box has one of `words`, or a rule of by_name.toml names it."""
    for token in box.get("class", "").split():
        if not words_of(token).isdisjoint(words) or rule_of(token) is not None:
            return True
    return False


def faces_form(block: TextBlock, root: Element) -> bool:
    """Whether the element before or behind a block has a form's field."""
    if block.holder is root:
        return False
    beside = (block.holder.getnext(), block.holder.getprevious())
    return any(e is not None and _fills_in(e) for e in beside)


def is_boxed_in(block: TextBlock, root: Element) -> bool:
    """Whether a paragraph stands alone in a box: `<div><p>تبلیغات</p></div>`."""
    box = block.holder.getparent()
    if block.kind != "text" or block.strong or box is None or box is root or is_editors(box):
        return False
    alone = block.holder.tag != "div" and box.tag in _BOXES
    return alone and holds_only(box, text_of(block.holder))


def portrays(box: Element) -> bool:
    """Whether a box may present a person: it has a picture, or a link to an author's posts."""
    if is_editors(box):
        return False
    shown = next(box.iter("img"), None) is not None
    return shown or any(links.is_listing(link.get("href", "")) for link in box.iter("a"))


def is_pictured(box: Element | None) -> bool:
    """Whether a box that no editor made has a picture."""
    return box is not None and not is_editors(box) and next(box.iter("img"), None) is not None


def heads_links(blocks: list[TextBlock], number: int, root: Element) -> bool:
    """Whether a block is the label of a list of links. The list may be among the blocks or already
    left out of them, as buttons are."""
    if number + 1 < len(blocks) and is_listed(blocks[number + 1]):
        return True
    listed = next_below(blocks[number].holder, root)
    # Pictures alone may be links and buttons.
    if listed is None or next(listed.iter("a", "button"), None) is None:
        return False
    return length_of(link_text_of(listed)) >= weight_of(listed)


def heads_frame(block: TextBlock) -> bool:
    """Whether the element below a block holds a frame or a script, and no text."""
    below = block.holder.getnext()
    if below is None or block.kind != "text" or block.strong or length_of(text_of(below)):
        return False
    return next(below.iter("iframe", "ins", "script"), None) is not None


def next_below(element: Element, root: Element) -> Element | None:
    """The next element behind `element`, or behind what holds it, that is not empty."""
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
    """The numbers of the blocks in `hinted` with nothing of the article behind or before them, and
    of those that stand in a row of three or more.

    `hinted` are blocks with boilerplate's words and no second evidence, `gone` those that are
    known to be boilerplate.
    """
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
    # A poem's last line may be «خانه»: a single block counts only behind the end of a sentence.
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
    """Whether one of a box's blocks is prose of 25 characters or more, and no link."""
    return any(
        len(block.text) >= _PROSE and block.share <= 0.5 and prose.is_told(block.text)
        for block in inside
    )


def is_editors(box: Element) -> bool:
    """Whether a block editor or a page builder made the box around an article's own blocks."""
    tokens = box.get("class", "").split()
    return any(token.startswith(_EDITORS) for token in tokens)


def heads_prose(blocks: list[TextBlock], number: int) -> bool:
    """Whether a subhead stands above a paragraph of prose."""
    below = blocks[number + 1] if number + 1 < len(blocks) else None
    return below is not None and below.share <= _LINKED and prose.is_told(below.text)


def is_step(blocks: list[TextBlock], number: int) -> bool:
    """Whether a block is one of the steps that a text counts or lists: it has the next number after
    that of the block before it, or both are items of a list."""
    if number == 0:
        return False
    block, above = blocks[number], blocks[number - 1]
    if block.kind == "item" == above.kind:
        return block.holder.getparent() is above.holder.getparent()
    counted = [_COUNTED.match(fold(b.text)) for b in (above, block)]
    first, second = [int(found[1]) if found else 0 for found in counted]
    return 0 < first == second - 1


def is_bold_head(blocks: list[TextBlock], number: int) -> bool:
    """Whether a bold line without a colon or a link stands right above a paragraph, with nothing
    between them that was left out: an editor's subhead."""
    block = blocks[number]
    below = blocks[number + 1].holder if number + 1 < len(blocks) else None
    bold = block.strong and not block.hrefs and block.text[-1:] not in ":："
    return bold and below is not None and block.holder.getnext() is below


def lists_heads(blocks: list[TextBlock], number: int) -> bool:
    """Whether the block below a label repeats a subhead: a table of contents without links."""
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
