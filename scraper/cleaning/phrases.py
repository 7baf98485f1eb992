"""Finds furniture by what a block says, for what carries no telling class name.

Rules are in phrases.toml. Real articles contain the same words, so a rule looks only at
short blocks, and most rules only at the first and last blocks of a text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from scraper.cleaning import links, rules
from scraper.cleaning.blocks import Block
from scraper.cleaning.fold import fold

_HEAD, _TAIL, _TAIL_SHARE = 3, 8, 0.3
_LONGEST = 400
_COLONS = ":：|؛-–—/«»>…؟.*"
_BETWEEN = re.compile("[^\\w\0\u064b-\u0655\u0670]+")
_NUMBER = (
    r"(?:\d+|صفر|یک|دو|سه|چهار|پنج|شش|هفت|هشت|نه|ده|یازده|دوازده|سیزده|چهارده|پانزده|شانزده|هفده|هجده|نوزده"
    r"|بیست|سی|چهل|پنجاه|شصت|هفتاد|هشتاد|نود|(?:بیست|سی|چهل|پنجاه|شصت|هفتاد|هشتاد|نود) و \w+"
    r"|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty)"
)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A rule of phrases.toml, ready to be asked."""

    name: str
    where: str
    longest: int
    short: int | None
    linked: float | None
    label: bool
    pattern: re.Pattern[str]

    def says(self, block: Block, folded: str) -> bool:
        """Whether a block says what the rule describes, its second condition included."""
        if len(block.text) > self.longest:
            return False
        found = self.pattern.match(folded)
        return found is not None and self._confirmed(block, folded[found.end() :].lstrip())

    def _confirmed(self, block: Block, rest: str) -> bool:
        """The second condition; `rest` is what follows the phrase in the block."""
        if self.short is None or (self.linked is not None and block.share > self.linked):
            return True
        return len(block.text) < self.short and (not rest or rest[0] in _COLONS)


def dropped(blocks: list[Block]) -> set[int]:
    """The numbers of the blocks that are furniture by what they say."""
    gone: set[int] = set()
    head, tail = _HEAD, len(blocks) - max(_TAIL, round(len(blocks) * _TAIL_SHARE))
    label = False
    for number, block in enumerate(blocks):
        if len(block.text) > _LONGEST:
            label = False
            continue
        if label and _is_listed(block):
            gone.add(number)
            continue
        label = False
        edges = {"anywhere"}
        if number >= tail:
            edges.update(("edges", "tail"))
        elif number < head:
            edges.add("edges")
        folded = fold(block.text)
        found = next((p for p in _phrases() if p.where in edges and p.says(block, folded)), None)
        if found:
            gone.add(number)
            label = found.label
        elif _leads_away(block, "edges" in edges):
            gone.add(number)
    return gone


def _is_listed(block: Block) -> bool:
    """An entry under a label such as «بیشتر بخوانید»: nothing but a link."""
    return block.share > 0.8 and len(block.text) < 200


def _leads_away(block: Block, at_edge: bool) -> bool:
    """A block whose links all share the page, or call to a channel."""
    if not block.hrefs or block.kind == "row":
        return False
    unlinked = len(block.text) * (1 - block.share)
    if all(map(links.is_share, block.hrefs)) and unlinked <= 60:
        return True
    if all(map(links.is_network, block.hrefs)) and unlinked <= 60 and block.share > 0.3:
        return at_edge or len(block.text) < 60
    if all(map(links.is_listing, block.hrefs)):
        return block.share > 0.8 and at_edge
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
            pattern=_pattern(rule),
        )
        for rule in rules.load("phrases")["rule"]
    )


def _pattern(rule: dict[str, list[str]]) -> re.Pattern[str]:
    forms = {
        "whole": r"[\W_]*{}[\W_]*$",
        "starts": r"[\W_]*{}(?!\w)",
        "ends": r".*{}[\W_]*$",
        "holds": r".*(?<!\w){}(?!\w).*",
    }
    parts = [
        form.format(_flexible(text)) for key, form in forms.items() for text in rule.get(key, [])
    ]
    parts += [pattern.replace("N", _NUMBER) for pattern in rule.get("pattern", [])]
    return re.compile("|".join(f"(?:{part})" for part in parts), re.DOTALL)


def _flexible(text: str) -> str:
    """A phrase as a pattern on folded text: between words anything but a letter, or nothing."""
    words = [re.escape(word) for word in _BETWEEN.split(text.replace("%s", "\0")) if word]
    joined = r"[\W_]*".join(fold(word) for word in words)
    return joined.replace("\\\0", ".{0,60}").replace("\0", ".{0,60}")
