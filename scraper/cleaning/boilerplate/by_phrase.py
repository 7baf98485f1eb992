"""Finds boilerplate by the words of a block, if no class name shows it.

The rules are in by_phrase.toml. Articles have the same words, so a rule looks only at short blocks,
most rules only at the first and last blocks of a text, and words that an author may write need a
second evidence (evidence.py).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from functools import cache

from archive.text.fold import fold, squash
from scraper.cleaning.boilerplate import buttons, evidence, prose, vocabulary
from scraper.cleaning.boilerplate.links import host_of
from scraper.cleaning.boilerplate.phrase import Phrase, asked
from scraper.cleaning.html.document import Element, holds_only, length_of, link_text_of, text_of
from scraper.cleaning.html.text_blocks import TextBlock

_HEAD, _TAIL, _TAIL_SHARE = 3, 8, 0.3
_BOX, _BOX_SHARE, _LONGEST = 700, 0.4, 400
# The second evidence is looked for so many times at most: one look may read the whole page.
_PROOFS = 300
# The shortest name of a site that is known for one in a line.
_NAME = 4
# What a reader may answer to such a rule's question about the page.
_POLL, _CHOICE = "reactions", re.compile(r"\W*(?:بله|آری|بلی|خیر|نه|yes|no)\W*\d*\W*$")
# «پایگاه خبری نکارود» calls itself «نکارود», too. Squashed.
_KIND_OF_SITE = re.compile(
    "^(?:پایگاهخبریتحلیلی|پایگاهخبری|پایگاهاطلاعرسانی|خبرگزاری|شبکهخبری|رسانه|روزنامه|هفتهنامه"
    "|ماهنامه|مجله|نشریه|سایت|وبسایت|تارنمای?)"
)


def dropped(
    blocks: list[TextBlock], root: Element, names: Collection[str] = frozenset()
) -> set[int]:
    """The numbers of the blocks that are boilerplate; `root` is the element of the content, `names`
    are the site's own (squashed)."""
    proper = frozenset(_KIND_OF_SITE.sub("", name) for name in names)
    gone: set[int] = set()
    boxes: list[Element] = []
    # Many labels may stand in the same box, which is then weighed once.
    weighed = cache(_weighed)
    hinted: dict[int, Phrase | None] = {}
    label, polled, tried = False, False, 0
    for number, block in enumerate(blocks):
        if (label and evidence.is_listed(block)) or (polled and _CHOICE.match(fold(block.text))):
            gone.add(number)
            continue
        label = polled = False
        if len(block.text) > _LONGEST:
            continue
        places = _places(number, len(blocks))
        folded = fold(block.text)
        found = next((p for p in asked(block.text) if p.says(block, folded, places)), None)
        tried += found is not None
        if found and tried <= _PROOFS and _is_proven(found, blocks, number, folded, root, proper):
            gone.add(number)
            label, polled = found.label, found.name == _POLL
            boxes += box_around(found, blocks, number, root, weighed) if found.box else []
        elif buttons.leads_away(blocks, number):
            gone.add(number)
            if tried <= _PROOFS and buttons.names_author(block):
                tried += 1
                boxes += _card_around(blocks, number, root, weighed)
        elif (
            (found and _may_end(found, block))
            or buttons.is_account(blocks, number)
            or (
                block.kind in ("text", "head")
                and vocabulary.is_the_pages(block.text, proper)
                and not evidence.is_step(blocks, number)
            )
        ):
            hinted[number] = found
    gone |= _within(blocks, boxes)
    edges = evidence.at_edges(blocks, hinted.keys() - gone, gone)
    labels = [(n, found) for n in sorted(edges) if (found := hinted[n]) and found.box]
    for number, found in labels[:_PROOFS]:
        boxes += box_around(found, blocks, number, root, weighed)
    return gone | edges | _within(blocks, boxes)


def _is_proven(
    found: Phrase,
    blocks: list[TextBlock],
    number: int,
    folded: str,
    root: Element,
    names: Collection[str],
) -> bool:
    """Whether a block is boilerplate by a second evidence, or by words that only a page has."""
    block = blocks[number]
    if found.ours:
        return _names_the_site(block, folded, names)
    if found.home and not _leads_home(block, names):
        return False
    linked = evidence.leads(block) if found.linked is None else block.share > found.linked
    if linked or (found.sure and _is_own_voice(found, blocks, number, folded)):
        return True
    if found.fills(folded) and (block.hrefs or evidence.stands_alone(blocks, number)):
        return True
    if (found.label or found.box) and evidence.heads_links(blocks, number, root):
        return True
    if found.box and evidence.lists_heads(blocks, number):
        return True
    if found.frame and evidence.heads_frame(block):
        return True
    if found.portrait and any(map(evidence.portrays, _box_of(block, root))):
        return True
    if found.where != "tail" and found.fills(folded) and evidence.is_boxed_in(block, root):
        return True
    return evidence.is_marked(block, root, found.named) or (
        found.fills(folded) and evidence.faces_form(block, root)
    )


def _names_the_site(block: TextBlock, folded: str, names: Collection[str]) -> bool:
    """Whether a block speaks of the site by its name: «نکارود را دنبال کنید»."""
    if prose.is_cited(block.text) or prose.is_reported(folded):
        return False
    said = squash(block.text)
    return any(name in said for name in names if len(name) >= _NAME)


def _leads_home(block: TextBlock, names: Collection[str]) -> bool:
    """Whether all links of a block lead to the site itself; its host is one of its names."""
    hosts = [host_of(href) for href in block.hrefs]
    return all(not host or squash(host.partition(".")[0]) in names for host in hosts)


def _may_end(found: Phrase, block: TextBlock) -> bool:
    """Whether a block is boilerplate if it stands at the edge of the text."""
    if found.ours or found.home or (prose.is_told(block.text) and not found.asks):
        return False
    return block.kind != "row" or found.where == "anywhere"


def _is_own_voice(found: Phrase, blocks: list[TextBlock], number: int, folded: str) -> bool:
    """Whether the words are the page's own: not quoted or reported by the article, no subhead."""
    block = blocks[number]
    if not found.label and (prose.is_cited(block.text) or prose.is_reported(folded)):
        return False
    # A list of steps may end with the one that a form ends with.
    if found.where == "tail" and evidence.is_step(blocks, number):
        return False
    heads = block.kind == "head" or evidence.is_bold_head(blocks, number)
    return not heads or not evidence.heads_prose(blocks, number)


def is_notice(text: str, names: Collection[str] = frozenset()) -> bool:
    """Whether a text is nothing but a notice of the page, such as the one about cookies, or a call
    of the site with one of its `names`."""
    if len(text) > _LONGEST:
        return False
    folded, said = fold(text), squash(text)
    ours = any(len(name) >= _NAME and name in said for name in names)
    rules = (p for p in asked(text) if (p.sure and not p.label) or (p.ours and ours))
    return any(rule.fills(folded) for rule in rules)


def _weighed(box: Element) -> tuple[int, int]:
    """How many characters of other text and of link text a box holds."""
    linked = length_of(link_text_of(box))
    return length_of(text_of(box)) - linked, linked


def box_around(
    found: Phrase,
    blocks: list[TextBlock],
    number: int,
    root: Element,
    weighed: Callable[[Element], tuple[int, int]],
) -> list[Element]:
    """The box that a block is the label of, in a list: an author's, a rating's, a list of posts.

    It is empty if the label stands in the content itself, if the box holds too much text, or too
    little link text for a list of posts, or if it holds prose and nothing else shows that it is
    boilerplate.
    """
    for box in _box_of(blocks[number], root):
        own, linked = weighed(box)
        if (found.label and linked < own) or own > min(_BOX, _BOX_SHARE * weighed(root)[0]):
            return []
        if evidence.is_named(box, found.named) or (linked >= own and not evidence.is_editors(box)):
            return [box]
        if found.portrait and evidence.portrays(box):
            return [box]
        inside = [blocks[n] for n in sorted(_within(blocks, [box]) - {number})]
        return [] if evidence.holds_prose(inside) else [box]
    return []


def _card_around(
    blocks: list[TextBlock],
    number: int,
    root: Element,
    weighed: Callable[[Element], tuple[int, int]],
) -> list[Element]:
    """The box around an author's link that presents the author below the text, in a list: it has a
    picture, and no sentence stands behind it."""
    for box in _box_of(blocks[number], root):
        inside = _within(blocks, [box])
        behind = blocks[max(inside) + 1 :]
        small = weighed(box)[0] <= min(_LONGEST, _BOX_SHARE * weighed(root)[0])
        ends = not any(prose.is_told(block.text) and block.share < 1 for block in behind)
        # The picture may stand beside what is written.
        above = box.getparent()
        beside = above is not None and above is not root and weighed(above) == weighed(box)
        pictured = evidence.is_pictured(box) or (beside and evidence.is_pictured(above))
        if small and ends and pictured:
            return [box]
    return []


def _box_of(block: TextBlock, root: Element) -> list[Element]:
    """The smallest box that holds more than the block, in a list; empty if that is the content."""
    box = block.holder
    while box is not root and holds_only(box, block.text):
        above = box.getparent()
        if above is None:
            return []
        box = above
    return [] if box is root or box in set(root.iterancestors()) else [box]


def _within(blocks: list[TextBlock], boxes: list[Element]) -> set[int]:
    if not boxes:
        return set()
    inside = {element for box in boxes for element in box.iter()}
    return {number for number, block in enumerate(blocks) if block.holder in inside}


def _places(number: int, count: int) -> set[str]:
    """Where a block stands among `count` blocks, in the words of the key `where`."""
    if number >= count - max(_TAIL, round(count * _TAIL_SHARE)):
        return {"anywhere", "edges", "tail"}
    return {"anywhere", "edges"} if number < _HEAD else {"anywhere"}
