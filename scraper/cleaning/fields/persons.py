"""Tells by its words whether a text is a person's name, and separates several names in one text."""

from __future__ import annotations

import re
from functools import cache

from archive.text.fold import fold
from scraper.cleaning import rules

_WORDS = range(2, 6)
_LETTERS = re.compile(r"[^\W\d_](?:[^\W\d_]|[.\u200c\u064b-\u0655'’-])*$")
_BETWEEN = re.compile(r"\s*[،,؛;|/]\s*|\s+(?:و|and|&)\s+|\s+[-–—]\s+")


def is_person(text: str) -> bool:
    """Whether a text may be one person's name: two to five words, no office and no newsroom.

    >>> is_person("مینا نمونه‌ای"), is_person("خبرنگار شهری")
    (True, False)
    """
    words = text.split()
    return (
        len(words) in _WORDS
        and all(map(_LETTERS.match, words))
        and not is_sentence(text)
        and not _is_office(text)
    )


def is_sentence(text: str) -> bool:
    """Whether a text has a word that no name has: «این», «از», «است»."""
    return not _words("no_name").isdisjoint(map(fold, text.split())) or text.endswith(
        (".", "؟", "!")
    )


def are_persons(text: str) -> bool:
    """Whether a text is one person's name, or several."""
    return all(map(is_person, _BETWEEN.split(text.strip())))


def parted(text: str) -> list[str]:
    """The names in a text: several if all parts are names or offices, without the offices;
    otherwise the whole text as one."""
    parts = [part for part in _BETWEEN.split(text.strip()) if part]
    if len(parts) < 2 or not is_person(parts[0]):
        return [text]
    if all(is_person(part) or _is_office(part) for part in parts[1:]):
        return [part for part in parts if is_person(part)]
    return [text]


def _is_office(text: str) -> bool:
    return not _words("offices").isdisjoint(map(fold, text.split()))


@cache
def _words(kind: str) -> frozenset[str]:
    return frozenset(map(fold, rules.load("fields/fields")[kind]))
