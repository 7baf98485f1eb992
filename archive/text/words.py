"""The words of a text as a search sees them: folded by `fold`, and further.

>>> words_of("مسئولان کتاب‌ها را می‌خوانند").whole
['مسیولان', 'کتابها', 'را', 'میخوانند']
>>> words_of("مسئولان کتاب‌ها را می‌خوانند").parts
['کتاب', 'ها', 'می', 'خوانند']

A word is a run of letters and digits. A half-space does not end it, but its two sides are `parts`,
so that who looks for «کتاب» finds «کتاب‌ها».
"""

from __future__ import annotations

import re
from typing import NamedTuple

from archive.text.fold import fold

HALF_SPACE = "\u200c"
# Letters that keyboards and house styles exchange: hamza on its seats, alef with madda or wasla.
# `fold` does what is another code for the same letter; these are other letters.
_SEATS = str.maketrans("أإآٱؤئ", "ااااوی")
# Stands for the half-space while a text is folded. A real one parts words before.
_MARK = "_"
_WORD = re.compile(r"[^\W_]+(?:_+[^\W_]+)*")


class TextWords(NamedTuple):
    """The words of a text in their order, and in order the parts of those with a half-space."""

    whole: list[str]
    parts: list[str]


def words_of(text: str) -> TextWords:
    """The words of `text`, folded."""
    whole, parts = [], []
    for word in marked_words(text):
        if _MARK in word:
            cut = [part for part in word.split(_MARK) if part]
            parts += cut
            word = "".join(cut)
        whole.append(word)
    return TextWords(whole, parts)


def marked_words(text: str) -> list[str]:
    """The folded words of `text`, with `_` in the place of a half-space inside of a word.

    >>> marked_words("می‌آید")
    ['می_اید']
    """
    marked = text.replace(_MARK, " ").replace(HALF_SPACE, _MARK)
    return _WORD.findall(fold(marked).translate(_SEATS))
