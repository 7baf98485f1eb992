"""The spellings of one word: joined, with a half-space, or in two words.

>>> spellings("می_گویند")
[('میگویند',), ('می', 'گویند')]
>>> spellings("میگویند") == spellings("می_گویند")
True

In Persian می, ها and the like belong to the word beside them, and every newsroom writes them in its
own way. A text with a half-space is searched as one word (archive.text.words), so here are the
joined spelling and those that a reader would see as several words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations

_PREFIXES = ("نمی", "می")
_PLURALS = ("ها", "های", "هایی", "هایم", "هایت", "هایش", "هایمان", "هایتان", "هایشان")
_DEGREES = ("تر", "ترین", "تری")
SUFFIXES = frozenset((*_PLURALS, *_DEGREES))
"""They belong to the word before them."""
AFTER_HE = frozenset(("ام", "ای", "ایم", "اید", "اند", "اش"))
"""They belong to the word before them if it ends in ه: «رفته اند». After other letters «ای» and
«ام» are words of their own."""
AFFIXES = SUFFIXES | AFTER_HE | frozenset(_PREFIXES)
_SHORTEST = 2
_LONGEST_SUFFIX = max(map(len, AFFIXES))
# No word has more than a prefix, two suffixes and a half-space or two of its own.
_MOST_CUTS = 5


def spellings(marked: str) -> list[tuple[str, ...]]:
    """Each spelling of a folded word as the words that it is then, the joined one first.

    `_` in the word is a half-space, as in `marked_words`: there it may be cut as well, so
    «کتاب_خانه» is «کتابخانه» or «کتاب خانه».
    """
    joined, cuts = "", set()
    for part in marked.split("_"):
        cuts.add(len(joined))
        joined += part
    cuts |= set(_affix_cuts(joined))
    chosen = sorted(cuts - {0, len(joined)})[:_MOST_CUTS]
    return [
        _cut(joined, places)
        for count in range(len(chosen) + 1)
        for places in combinations(chosen, count)
    ]


def grouped(words: Iterable[str]) -> list[str]:
    """Marked words with prefixes and suffixes that stand alone joined to their neighbour.

    >>> grouped(["می", "گویند", "کتاب", "ها", "را"])
    ['می_گویند', 'کتاب_ها', 'را']
    """
    found: list[str] = []
    for word in words:
        if found and belong(found[-1], word):
            found[-1] += f"_{word}"
        else:
            found.append(word)
    return found


def belong(before: str, word: str) -> bool:
    """Whether two marked words are one that is spelt apart: «می» and «گویند»."""
    if not (_is_persian(before) and _is_persian(word)):
        return False
    if before in _PREFIXES or word in SUFFIXES:
        return True
    return word in AFTER_HE and before.endswith("ه")


def _is_persian(word: str) -> bool:
    return all("\u0620" <= letter <= "\u06d3" or letter == "_" for letter in word)


def _affix_cuts(word: str) -> Iterator[int]:
    for prefix in _PREFIXES:
        if word.startswith(prefix) and len(word) - len(prefix) >= _SHORTEST:
            yield len(prefix)
            break
    yield from _suffix_cuts(word, 2)


def _suffix_cuts(word: str, most: int) -> Iterator[int]:
    """Where suffixes begin; a suffix may stand before another («بزرگ‌ترین‌ها»)."""
    for length in range(2, _LONGEST_SUFFIX + 1):
        stem, suffix = word[:-length], word[-length:]
        if len(stem) < _SHORTEST:
            return
        if suffix in SUFFIXES or (suffix in AFTER_HE and stem.endswith("ه")):
            yield len(stem)
            if most > 1:
                yield from _suffix_cuts(stem, most - 1)


def _cut(word: str, places: tuple[int, ...]) -> tuple[str, ...]:
    ends = (*places, len(word))
    return tuple(word[i:j] for i, j in zip((0, *places), ends, strict=True))
