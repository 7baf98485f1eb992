"""The rules of by_phrase.toml, compiled: what a block must say, and where it must stand.

In a `pattern` of the file `N` stands for a number, `POST` for the words by which a page calls its
own text («مطلب», «خبر»), `DATE` for a day or an hour or both, and `DAY` for one word, number or
mark of these. What several rules look for has a name in the file's table `patterns`.
"""

from __future__ import annotations

import re
from collections.abc import Set
from dataclasses import dataclass
from functools import cache, lru_cache

from archive.text.fold import fold, squash
from scraper.cleaning import rules
from scraper.cleaning.boilerplate import prose
from scraper.cleaning.html.text_blocks import TextBlock
from scraper.cleaning.month_names import MONTHS

_COLONS = ":：|؛-–—/>…؟.*"
_BETWEEN = re.compile("[^\\w\0\1\u064b-\u0655\u0670]+")
# By so many letters of a block's beginning the rules are chosen that may hold for it.
_OPENING = 3
_NUMBER = (
    r"(?:\d+|صفر|یک|دو|سه|چهار|پنج|شش|هفت|هشت|نه|ده|یازده|دوازده|سیزده|چهارده|پانزده|شانزده|هفده|هجده|نوزده"
    r"|بیست|سی|چهل|پنجاه|شصت|هفتاد|هشتاد|نود|(?:بیست|سی|چهل|پنجاه|شصت|هفتاد|هشتاد|نود) و \w+"
    r"|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty)"
)
_POST = (
    "(?:مطلب|خبر|نوشته|نوشتار|مقاله|پست|صفحه|گزارش|یادداشت|ویدیو|ویدئو|متن|گفت ?و ?گو|محتوا"
    "|post|article)"
)
_DAY = (
    r"(?:[\d\s/:.,،|()\u2013-]|ساعت|مورخ|(?:یک|دو|سه|چهار|پنج) ?شنبه|شنبه|جمعه"
    rf"|صبح|ظهر|عصر|[قب]\.? ?ظ|am|pm|{'|'.join(sorted(MONTHS, key=len, reverse=True))})"
)
_MEANINGS = {"POST": _POST, "DATE": rf"(?=.{{0,60}}\d){_DAY}+", "DAY": _DAY, "N": _NUMBER}
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
    asks: bool
    ours: bool
    label: bool
    box: bool
    portrait: bool
    frame: bool
    home: bool
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


def asked(text: str) -> tuple[Phrase, ...]:
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
            asks=rule.get("asks", False),
            ours=rule.get("ours", False),
            label=rule.get("label", False),
            box=rule.get("box", False),
            portrait=rule.get("portrait", False),
            frame=rule.get("frame", False),
            home=rule.get("home", False),
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
        parts += map(_filled, rule.get("pattern", ()))
    return re.compile("|".join(f"(?:{part})" for part in parts), re.DOTALL) if parts else None


def _flexible(text: str) -> str:
    """A phrase as a pattern for folded text: between its words anything but letters, or nothing."""
    text = text.replace("%s", "\0").replace("%d", "\1")
    words = [re.escape(fold(word)) for word in _BETWEEN.split(text) if word]
    joined = r"[\W_]*".join(words)
    return joined.replace("\0", ".{0,60}").replace("\1", _NUMBER)


def _filled(pattern: str) -> str:
    shared: dict[str, str] = rules.load("boilerplate/by_phrase")["patterns"]
    for name, meaning in (shared | _MEANINGS).items():
        pattern = pattern.replace(name, meaning)
    return pattern
