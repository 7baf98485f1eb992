"""How much of an article came out, and what else: the measures of the gold.

Tokens are words with their spelling folded (NFC, ي/ى→ی, ك→ک, no half-space, no harakat), so
that a peer that drops half-spaces is charged for it once, in its own column.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

ZWNJ = "\u200c"
_LETTERS = str.maketrans({"ي": "ی", "ى": "ی", "ك": "ک", ZWNJ: None, "\u0640": None})
_HARAKAT = re.compile("[\u064b-\u0652\u0670]")


@dataclass(frozen=True)
class Score:
    """Token precision and recall of a text, both between 0 and 1."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def folded(text: str) -> str:
    """One spelling, white space folded.

    >>> folded("كتاب‌هاي  ما")
    'کتابهای ما'
    """
    text = _HARAKAT.sub("", unicodedata.normalize("NFC", text)).translate(_LETTERS)
    return " ".join(text.split())


def tokens(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", folded(text)))


def score(found: str, gold: Iterable[str], optional: Iterable[str] = ()) -> Score:
    """`optional` (captions, an end marker) may come out or not: it counts neither way."""
    out, due = tokens(found), tokens("\n".join(gold))
    right = (out & due).total()
    wrong = (out - due - tokens("\n".join(optional))).total()
    precision = right / (right + wrong) if right + wrong else 0.0
    return Score(precision, right / due.total())


def leaked(found: str, junk: Iterable[str]) -> list[str]:
    """The junk strings that are in a text, whatever their spelling."""
    text = folded(found)
    return [words for words in junk if folded(words) in text]


def half_spaced(texts: Iterable[str]) -> list[str]:
    """The distinct words with a half-space, in order.

    >>> half_spaced(["می‌رود و «کتاب‌ها» را می‌برد"])
    ['می\u200cرود', 'کتاب\u200cها', 'می\u200cبرد']
    """
    words = re.findall(rf"\w+(?:{ZWNJ}\w+)+", "\n".join(texts))
    return list(dict.fromkeys(words))
