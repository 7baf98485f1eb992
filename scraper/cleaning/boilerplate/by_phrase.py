"""Finds boilerplate by the words of a block, where no class name gives it away.

The rules are in by_phrase.toml. Real articles contain the same words, so a rule looks only at
short blocks, and most rules only at the first and last blocks of a text.
"""

from __future__ import annotations

import re
from collections.abc import Set
from dataclasses import dataclass
from functools import cache

from archive.text.fold import fold
from scraper.cleaning import rules
from scraper.cleaning.boilerplate import links
from scraper.cleaning.html.document import Element, length_of, link_text_of, text_of, weight_of
from scraper.cleaning.html.text_blocks import TextBlock

_HEAD, _TAIL, _TAIL_SHARE = 3, 8, 0.3
_BOX, _BOX_SHARE = 700, 0.4
_LONGEST = 400
_COLONS = ":：|؛-–—/«»>…؟.*"
_BETWEEN = re.compile("[^\\w\0\u064b-\u0655\u0670]+")
# What a block asks of its reader when all its links lead to social networks.
_CALL = re.compile("دنبال کنید|عضو شوید|بپیوندید|ما را در|کانال|صفحه ما|پیج|follow|join|subscribe")
_CALL_LONGEST = 200
# What may stand beside links that send this very page to somebody.
_ASKING = 160
_NUMBER = (
    r"(?:\d+|صفر|یک|دو|سه|چهار|پنج|شش|هفت|هشت|نه|ده|یازده|دوازده|سیزده|چهارده|پانزده|شانزده|هفده|هجده|نوزده"
    r"|بیست|سی|چهل|پنجاه|شصت|هفتاد|هشتاد|نود|(?:بیست|سی|چهل|پنجاه|شصت|هفتاد|هشتاد|نود) و \w+"
    r"|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty)"
)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A rule of by_phrase.toml, compiled."""

    name: str
    where: str
    longest: int
    short: int | None
    linked: float | None
    label: bool
    box: bool
    whole: re.Pattern[str]
    part: re.Pattern[str]

    def says(self, block: TextBlock, folded: str, places: Set[str]) -> bool:
        """Whether a block says what the rule describes, in a place where it may act."""
        if len(block.text) > self.longest:
            return False
        linked = self.linked is not None and block.share > self.linked
        # A paragraph that says nothing else, or is mostly link, is boilerplate in the middle too.
        placed = self.where in places or (self.where == "edges" and linked)
        # «ایمیل؟» is a question of an interview, «ایمیل» the label of a field.
        asked = block.text[-1:] in "؟?" and self.where != "anywhere"
        if not asked and self.whole.match(folded):
            # «تلگرام» in a list of messengers is a word; with a link it is a button.
            if block.kind in ("item", "row") and " " not in folded and not block.hrefs:
                return False
            return placed or (self.where == "edges" and block.kind == "text")
        brief = self.short is None or len(block.text) < self.short
        if not placed or not (brief or linked):
            return False
        found = self.part.match(folded)
        if found is None or self.short is None or linked:
            return found is not None
        rest = folded[found.end() :].lstrip()
        return not rest or rest[0] in _COLONS


def dropped(blocks: list[TextBlock], root: Element) -> set[int]:
    """The numbers of the blocks that are boilerplate by what they say."""
    gone: set[int] = set()
    boxes: list[Element] = []
    label = False
    for number, block in enumerate(blocks):
        if label and _is_listed(block):
            gone.add(number)
            continue
        label = False
        if len(block.text) > _LONGEST:
            continue
        places = _places(number, len(blocks))
        folded = fold(block.text)
        found = next((p for p in _phrases() if p.says(block, folded, places)), None)
        if found:
            gone.add(number)
            label = found.label
            boxes += box_around(block, root, needs_links=found.label) if found.box else []
        elif _leads_away(block, "edges" in places):
            gone.add(number)
    return gone | _within(blocks, boxes)


def box_around(block: TextBlock, root: Element, needs_links: bool) -> list[Element]:
    """The box that a block is the label of: an author's, a rating's, a list of other posts.

    None when the label stands in the content itself, or when the box holds too much text to
    be boilerplate, or (`needs_links`) less link text than other text.
    """
    box = block.holder
    while box is not root and text_of(box).strip() == block.text.strip():
        above = box.getparent()
        if above is None:
            return []
        box = above
    if box is root or box in set(root.iterancestors()):
        return []
    own = weight_of(box)
    if needs_links and length_of(link_text_of(box)) < own:
        return []
    return [box] if own <= min(_BOX, _BOX_SHARE * weight_of(root)) else []


def _within(blocks: list[TextBlock], boxes: list[Element]) -> set[int]:
    inside = {element for box in boxes for element in box.iter()}
    return {number for number, block in enumerate(blocks) if block.holder in inside}


def _places(number: int, count: int) -> set[str]:
    """Where a block stands, in the words of `where`."""
    if number >= count - max(_TAIL, round(count * _TAIL_SHARE)):
        return {"anywhere", "edges", "tail"}
    return {"anywhere", "edges"} if number < _HEAD else {"anywhere"}


def _is_listed(block: TextBlock) -> bool:
    """An entry under a label such as «بیشتر بخوانید»: nothing but a link."""
    return block.share > 0.8 and len(block.text) < 200


def _leads_away(block: TextBlock, at_edge: bool) -> bool:
    """A block whose links all share the page, or call to a channel."""
    if not block.hrefs or block.kind == "row":
        return False
    unlinked = len(block.text) * (1 - block.share)
    if all(map(links.is_share, block.hrefs)) and unlinked <= _ASKING:
        return True
    if all(map(links.is_control, block.hrefs)):
        return unlinked <= 60
    if all(map(links.is_network, block.hrefs)):
        if _CALL.search(fold(block.text)) and len(block.text) < _CALL_LONGEST:
            return True
        return unlinked <= 60 and block.share > 0.3 and (at_edge or len(block.text) < 60)
    if all(map(links.is_listing, block.hrefs)):
        return (block.share > 0.8 and at_edge) or unlinked <= 30
    return False


@cache
def _phrases() -> tuple[Phrase, ...]:
    return tuple(
        Phrase(
            name=rule["name"],
            where=rule.get("where", "edges"),
            longest=rule.get("max", 120),
            short=rule.get("short"),
            linked=rule.get("linked"),
            label=rule.get("label", False),
            box=rule.get("box", False),
            whole=_pattern(rule, ("whole",)),
            part=_pattern(rule, ("starts", "ends", "holds")),
        )
        for rule in rules.load("boilerplate/by_phrase")["rule"]
    )


def _pattern(rule: dict[str, list[str]], keys: tuple[str, ...]) -> re.Pattern[str]:
    forms = {
        "whole": r"[\W_]*{}[\W_]*$",
        "starts": r"[\W_]*{}(?!\w)",
        "ends": r".*{}[\W_]*$",
        "holds": r".*(?<!\w){}(?!\w).*",
    }
    parts = [
        forms[key].format("(?:" + "|".join(map(_flexible, rule[key])) + ")")
        for key in keys
        if rule.get(key)
    ]
    if "starts" in keys:
        parts += [pattern.replace("N", _NUMBER) for pattern in rule.get("pattern", [])]
    # Without any phrase the pattern matches nothing.
    parts = parts or ["(?!)"]
    return re.compile("|".join(f"(?:{part})" for part in parts), re.DOTALL)


def _flexible(text: str) -> str:
    """A phrase as a pattern on folded text: between words anything but a letter, or nothing."""
    words = [re.escape(word) for word in _BETWEEN.split(text.replace("%s", "\0")) if word]
    joined = r"[\W_]*".join(fold(word) for word in words)
    return joined.replace("\\\0", ".{0,60}").replace("\0", ".{0,60}")
