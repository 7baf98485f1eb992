"""Finds boilerplate by the words of a block, if no class name shows it.

The rules are in by_phrase.toml. Articles have the same words, so a rule looks only at short blocks,
most rules only at the first and last blocks of a text, and words that an author may write need a
second evidence (evidence.py).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Set
from dataclasses import dataclass
from functools import cache, lru_cache

from archive.text.fold import fold, squash
from scraper.cleaning import rules
from scraper.cleaning.boilerplate import buttons, evidence, prose
from scraper.cleaning.html.document import Element, length_of, link_text_of, text_of
from scraper.cleaning.html.text_blocks import TextBlock

_HEAD, _TAIL, _TAIL_SHARE = 3, 8, 0.3
_BOX, _BOX_SHARE, _LONGEST = 700, 0.4, 400
# The second evidence is looked for so many times at most: one look may read the whole page.
_PROOFS = 300
_COLONS = ":：|؛-–—/>…؟.*"
_BETWEEN = re.compile("[^\\w\0\1\u064b-\u0655\u0670]+")
# By so many letters of a block's beginning the rules are chosen that may hold for it.
_OPENING = 3
_NUMBER = (
    r"(?:\d+|صفر|یک|دو|سه|چهار|پنج|شش|هفت|هشت|نه|ده|یازده|دوازده|سیزده|چهارده|پانزده|شانزده|هفده|هجده|نوزده"
    r"|بیست|سی|چهل|پنجاه|شصت|هفتاد|هشتاد|نود|(?:بیست|سی|چهل|پنجاه|شصت|هفتاد|هشتاد|نود) و \w+"
    r"|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty)"
)
# Behind a label that counts: an address, a number or a code, and perhaps its unit.
_COUNTED = r"(?:$|(?:https?:|www\.|[\w.-]{2,60}\.\w{2,12}/|\d)\S*(?:[\W_].{0,60})?$)"


@dataclass(frozen=True, slots=True)
class Phrase:
    """A rule of by_phrase.toml, compiled. `opens` has the first letters (squashed) of the blocks
    that it may hold for; it is empty if they may begin with any letters."""

    name: str
    where: str
    longest: int
    short: int | None
    linked: float | None
    sure: bool
    label: bool
    box: bool
    portrait: bool
    named: tuple[str, ...]
    whole: re.Pattern[str] | None
    counts: re.Pattern[str] | None
    part: re.Pattern[str] | None
    opens: tuple[str, ...]

    def says(self, block: TextBlock, folded: str, places: Set[str]) -> bool:
        """Whether the rule holds for a block by its words (`folded`) and its `places`."""
        if len(block.text) > self.longest:
            return False
        linked = self.linked is not None and block.share > self.linked
        # A paragraph that has nothing else, or is mostly a link, is boilerplate in the middle, too.
        placed = self.where in places or (self.where == "edges" and linked)
        if not placed and self.where == "tail":
            return False
        # «ایمیل؟» is a question of an interview, «ایمیل» the label of a field.
        asked = block.text[-1:] in "؟?" and self.where != "anywhere"
        if self.whole and not asked and self.whole.match(folded):
            # «تلگرام» in a list of messengers is a word; with a link it is a button.
            if block.kind in ("item", "row") and " " not in folded and not block.hrefs:
                return False
            return placed or (self.where == "edges" and block.kind == "text")
        if self.counts and placed and self.counts.match(folded):
            return linked or (block.kind != "row" and not prose.is_told(block.text))
        return self._begins(block, folded, placed, linked)

    def _begins(self, block: TextBlock, folded: str, placed: bool, linked: bool) -> bool:
        brief = self.short is None or len(block.text) < self.short
        if not self.part or not (brief or linked):
            return False
        found = self.part.match(folded)
        if not placed:
            # A label that is the whole block may stand between paragraphs, too.
            return found is not None and self.short is None and found.end() == len(folded)
        if found is None or self.short is None or linked:
            return found is not None
        rest = folded[found.end() :].lstrip()
        return not rest or rest[0] in _COLONS

    def fills(self, folded: str) -> bool:
        """Whether the rule's words are the whole block."""
        if self.whole and self.whole.match(folded):
            return True
        found = self.part.match(folded) if self.part and self.short is None else None
        return found is not None and found.end() == len(folded)


def dropped(blocks: list[TextBlock], root: Element) -> set[int]:
    """The numbers of the blocks that are boilerplate; `root` is the element of the content."""
    gone: set[int] = set()
    boxes: list[Element] = []
    # Many labels may stand in the same box, which is then weighed once.
    weighed = cache(_weighed)
    hinted: dict[int, Phrase | None] = {}
    label, tried = False, 0
    for number, block in enumerate(blocks):
        if label and evidence.is_listed(block):
            gone.add(number)
            continue
        label = False
        if len(block.text) > _LONGEST:
            continue
        places = _places(number, len(blocks))
        folded = fold(block.text)
        found = next((p for p in _asked(block.text) if p.says(block, folded, places)), None)
        tried += found is not None
        if found and tried <= _PROOFS and _is_proven(found, blocks, number, folded, root):
            gone.add(number)
            label = found.label
            boxes += box_around(found, blocks, number, root, weighed) if found.box else []
        elif buttons.leads_away(blocks, number):
            gone.add(number)
        elif (found and _may_end(found, block)) or buttons.is_account(blocks, number):
            hinted[number] = found
    gone |= _within(blocks, boxes)
    edges = evidence.at_edges(blocks, hinted.keys() - gone, gone)
    labels = [(n, found) for n in sorted(edges) if (found := hinted[n]) and found.box]
    for number, found in labels[:_PROOFS]:
        boxes += box_around(found, blocks, number, root, weighed)
    return gone | edges | _within(blocks, boxes)


def _is_proven(
    found: Phrase, blocks: list[TextBlock], number: int, folded: str, root: Element
) -> bool:
    """Whether a block is boilerplate by a second evidence, or by words that only a page has."""
    block = blocks[number]
    linked = evidence.leads(block) if found.linked is None else block.share > found.linked
    if linked or (found.sure and _is_own_voice(found, blocks, number, folded)):
        return True
    if found.fills(folded) and (block.hrefs or evidence.stands_alone(blocks, number)):
        return True
    if (found.label or found.box) and evidence.heads_links(blocks, number, root):
        return True
    if found.box and evidence.lists_heads(blocks, number):
        return True
    if found.portrait and any(map(evidence.portrays, _box_of(block, root))):
        return True
    if found.where != "tail" and found.fills(folded) and evidence.is_boxed_in(block, root):
        return True
    return evidence.is_marked(block, root, found.named) or (
        found.fills(folded) and evidence.faces_form(block, root)
    )


def _may_end(found: Phrase, block: TextBlock) -> bool:
    """Whether a block is boilerplate if it stands at the edge of the text."""
    return not prose.is_told(block.text) and (block.kind != "row" or found.where == "anywhere")


def _is_own_voice(found: Phrase, blocks: list[TextBlock], number: int, folded: str) -> bool:
    """Whether the words are the page's own: not quoted or reported by the article, no subhead."""
    block = blocks[number]
    if not found.label and (prose.is_cited(block.text) or prose.is_reported(folded)):
        return False
    return block.kind != "head" or not evidence.heads_prose(blocks, number)


def is_notice(text: str) -> bool:
    """Whether a text is nothing but a notice of the page, such as the one about cookies."""
    if len(text) > _LONGEST:
        return False
    folded = fold(text)
    return any(p.sure and not p.label and p.fills(folded) for p in _asked(text))


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


def _box_of(block: TextBlock, root: Element) -> list[Element]:
    """The smallest box that holds more than the block, in a list; empty if that is the content."""
    box = block.holder
    while box is not root and text_of(box).strip() == block.text.strip():
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


def _asked(text: str) -> tuple[Phrase, ...]:
    """The rules that may hold for a text by its first letters: most of them cannot."""
    return _opened(squash(text)[:_OPENING])


@lru_cache(maxsize=16384)
def _opened(opening: str) -> tuple[Phrase, ...]:
    return tuple(p for p in _phrases() if not p.opens or opening.startswith(p.opens))


@cache
def _phrases() -> tuple[Phrase, ...]:
    return tuple(
        Phrase(
            name=rule["name"],
            where=rule.get("where", "edges"),
            longest=rule.get("max", 120),
            short=rule.get("short"),
            linked=rule.get("linked"),
            sure=rule.get("sure", False),
            label=rule.get("label", False),
            box=rule.get("box", False),
            portrait=rule.get("portrait", False),
            named=tuple(rule.get("named", ())),
            whole=_pattern(rule, ("whole",)),
            counts=_pattern(rule, ("counts",)),
            part=_pattern(rule, ("starts", "ends")),
            opens=_opens(rule),
        )
        for rule in rules.load("boilerplate/by_phrase")["rule"]
    )


def _opens(rule: dict[str, list[str]]) -> tuple[str, ...]:
    if not rule.keys().isdisjoint(("ends", "holds", "pattern")):
        return ()
    phrases = [phrase for key in ("whole", "starts", "counts") for phrase in rule.get(key, ())]
    return tuple({squash(phrase.partition("%")[0])[:_OPENING] for phrase in phrases})


def _pattern(rule: dict[str, list[str]], keys: tuple[str, ...]) -> re.Pattern[str] | None:
    forms = {
        "whole": r"[\W_]*{}[\W_]*$",
        "starts": r"[\W_]*{}(?!\w)",
        "counts": r"[\W_]*{}[\W_]*" + _COUNTED,
        "ends": r".*{}[\W_]*$",
    }
    parts = [
        forms[key].replace("{}", "(?:" + "|".join(map(_flexible, rule[key])) + ")", 1)
        for key in keys
        if rule.get(key)
    ]
    if "starts" in keys:
        # A letter right behind `.*` is found fast.
        for held in map(_flexible, rule.get("holds", ())):
            parts.append(rf".*{held[0]}(?<!\w{held[0]}){held[1:]}(?!\w).*")
        parts += [pattern.replace("N", _NUMBER) for pattern in rule.get("pattern", [])]
    return re.compile("|".join(f"(?:{part})" for part in parts), re.DOTALL) if parts else None


def _flexible(text: str) -> str:
    """A phrase as a pattern for folded text: between its words anything but letters, or nothing."""
    text = text.replace("%s", "\0").replace("%d", "\1")
    words = [re.escape(fold(word)) for word in _BETWEEN.split(text) if word]
    joined = r"[\W_]*".join(words)
    return joined.replace("\0", ".{0,60}").replace("\1", _NUMBER)
