"""The rules of outages.toml: by what words, names and files a page is known that stands in an
article's place."""

from __future__ import annotations

import re
from functools import cache
from typing import Any, NamedTuple

from archive.text.fold import fold, squash
from scraper.cleaning import rules
from scraper.cleaning.fields.title import plain

# Behind the words of an error a page says no more than that, squashed: «… در این سایت».
_SPOKEN = 12
# The longest that may stand between the thing and its fate, squashed: «… که دنبال آن بودید …».
_BETWEEN = 36
_FEW = 6
# What the heading of an error asks behind «؛».
_ASKS = re.compile("لطفا|شکیبا|صبر|صبور|بعدا|دوباره")
_WORD = re.compile(r"[^\W\d_]{3,}")
# Words that any page may have: they do not show that a title is on it.
_COMMON = frozenset(
    fold("است این برای های شود شده شدن کرد کند کنند باید خود یک دیگر the and for").split()
)
# Facts that only news has.
_FACTS = re.compile(
    r"(?:کد|شناسه|شماره) ?(?:خبر|مطلب)\W{0,3}\d|تاریخ انتشار\s?:|انتهای پیام|لینک کوتاه"
)


class Outage(NamedTuple):
    """One rule of outages.toml, with its words squashed (archive.text.fold)."""

    name: str
    body_id: frozenset[str]
    body_class: frozenset[str]
    marks: tuple[str, ...]
    plugin: re.Pattern[bytes] | None
    whole: frozenset[str]
    begins: tuple[str, ...]
    of: tuple[str, ...]
    fate: tuple[str, ...]
    mentions: tuple[str, ...]

    def begins_like(self, text: str, own: bool) -> bool:
        """Whether a text begins with the rule's words. On an article's `own` page a headline may,
        too: «سایت مسدود شهرداری پس از ده روز باز شد»."""
        if not text.startswith(self.begins):
            return False
        begun = max(len(words) for words in self.begins if text.startswith(words))
        return not own or len(text) <= begun + _SPOKEN

    def is_lost(self, text: str) -> bool:
        """Whether a text says of a thing that it is not there, and no more."""
        return len(text) <= _BETWEEN and text.startswith(self.of) and text.endswith(self.fate)


@cache
def outages() -> tuple[Outage, ...]:
    """All rules, in order."""
    return tuple(map(_outage, rules.load("html/outages")["outage"]))


def _outage(table: dict[str, Any]) -> Outage:
    plugins = b"|".join(re.escape(word.encode()) for word in table.get("plugin", ()))
    return Outage(
        name=table["name"],
        body_id=frozenset(table.get("body_id", ())),
        body_class=frozenset(table.get("body_class", ())),
        marks=tuple(table.get("mark", ())),
        plugin=re.compile(rb"/plugins/[\w-]{0,60}?(?:" + plugins + rb")[\w-]{0,60}/")
        if plugins
        else None,
        whole=frozenset(map(squash, table.get("is", ()))),
        begins=tuple(map(squash, table.get("begins", ()))),
        of=tuple(map(squash, table.get("of", ()))),
        fate=tuple(map(squash, table.get("fate", ()))),
        mentions=tuple(map(squash, table.get("mentions", ()))),
    )


def goes_on(text: str) -> bool:
    """Whether a title is a headline that goes on behind «؛», which no error's title does."""
    before, _, behind = text.partition("؛")
    return len(before) > _FEW and len(behind) > _FEW and not _ASKS.search(fold(behind))


def has_facts(text: str) -> bool:
    """Whether a page's text has a fact that only news has."""
    return _FACTS.search(fold(text)) is not None


def words_of(text: str) -> set[str]:
    """The words of a text or a title that not every page has, folded."""
    return set(_WORD.findall(fold(plain(text)))) - _COMMON


def without_opener(text: str) -> str:
    """A text, squashed, without the word before it: «متأسفیم! این صفحه پیدا نشد»."""
    found = max((word for word in _openers() if text.startswith(word)), key=len, default="")
    return text[len(found) :]


@cache
def login_titles() -> frozenset[str]:
    """The titles of pages on which readers log in, squashed."""
    return frozenset(map(squash, rules.load("html/outages")["login_titles"]))


@cache
def _openers() -> tuple[str, ...]:
    return tuple(map(squash, rules.load("html/outages")["openers"]))
