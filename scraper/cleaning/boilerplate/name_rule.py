"""The rules of by_name.toml: what a class name or an ID says of its element."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any, NamedTuple

from scraper.cleaning import rules

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|[-_]+")


class NameRule(NamedTuple):
    """One rule of by_name.toml, without its tokens."""

    name: str
    sure: bool
    foreign: bool
    bare: int = 0


CAPTION = NameRule("caption", True, False)


def rule_of(token: str) -> NameRule | None:
    """The rule for a class or an ID (without `.` or `#`); None if there is none."""
    whole, beginnings = _table()
    if found := whole.get(token):
        return found
    if not token.startswith(_beginnings()):
        return None
    return next(rule for begin, rule in beginnings if token.startswith(begin))


@cache
def kept_names() -> frozenset[str]:
    return frozenset(rules.load("boilerplate/by_name")["kept"])


@cache
def _beginnings() -> tuple[str, ...]:
    return tuple(begin for begin, _ in _table()[1])


@cache
def _table() -> tuple[dict[str, NameRule], list[tuple[str, NameRule]]]:
    whole: dict[str, NameRule] = {}
    beginnings: list[tuple[str, NameRule]] = []
    data = rules.load("boilerplate/by_name")
    entries = [(_rule(entry), entry["tokens"]) for entry in data["rule"]]
    for rule, tokens in [(CAPTION, data["tags"]["caption_tokens"]), *entries]:
        for token in tokens:
            if token.endswith("*"):
                beginnings.append((token[:-1], rule))
            else:
                whole.setdefault(token, rule)
    return whole, beginnings


def _rule(entry: dict[str, Any]) -> NameRule:
    sure, foreign = entry.get("sure", False), entry.get("foreign", False)
    return NameRule(entry["name"], sure, foreign, entry.get("bare", 0))


@lru_cache(maxsize=16384)
def words_of(token: str) -> frozenset[str]:
    """The words of a class name, in lower case: «news-share», «relatedPosts»."""
    return frozenset(word.lower() for word in _CAMEL.split(token) if word)


@lru_cache(maxsize=16384)
def verdict_of(token: str) -> NameRule | bool:
    """The rule for a token (with its mark), else whether one of its words is in the rules' list."""
    if token[0] == "[":
        return False
    words = rules.load("boilerplate/by_name")["words"]["list"]
    return rule_of(token[1:]) or not words_of(token[1:]).isdisjoint(words)
