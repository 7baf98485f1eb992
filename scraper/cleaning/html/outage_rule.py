"""The rules of outages.toml: by what words, names and files a page is known that stands in an
article's place."""

from __future__ import annotations

import re
from functools import cache
from typing import Any, NamedTuple

from archive.text.fold import squash
from scraper.cleaning import rules

# Behind the words of an error a page says no more than that, squashed: «… در این سایت».
_SPOKEN = 12
# The longest that may stand between the thing and its fate, squashed: «… که دنبال آن بودید …».
_BETWEEN = 36


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
