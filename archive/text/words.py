"""The words of a text as a search sees them: folded by `fold`, and further.

>>> words_of("مسئولان کتاب‌ها را می‌خوانند").whole
['مسیولان', 'کتابها', 'را', 'میخوانند']
>>> words_of("مسئولان کتاب‌ها را می‌خوانند").parts
['کتاب', 'ها', 'می', 'خوانند']

A word is a run of letters and digits. A half-space does not end it, but its two sides are `parts`,
so that who looks for «کتاب» finds «کتاب‌ها».
"""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

from archive.text.fold import PAGE, encoded, fold

HALF_SPACE = "\u200c"
# Letters that keyboards and house styles exchange: hamza on its seats, alef with madda or wasla.
# `fold` does what is another code for the same letter; these are other letters.
_SEATS = str.maketrans("أإآٱؤئ", "ااااوی")
# Stands for the half-space while a text is folded. A real one parts words before.
_MARK = "_"
_WORD = re.compile(r"[^\W_]+(?:_+[^\W_]+)*")


def _folded(text: str) -> str:
    """`text` folded, its half-spaces as marks."""
    marked = text.replace(_MARK, " ").replace(HALF_SPACE, _MARK)
    return fold(marked).translate(_SEATS)


def _as_word(found: str) -> str:
    """What a character of the code page is in a word; a blank if it ends one."""
    folded = _folded(f"a{found}a")[1:-1]
    return folded if folded == _MARK or folded.isalnum() else " "


_DROPPED = bytes(byte for byte, found in enumerate(PAGE) if not _folded(f"a{found}a")[1:-1])
_AS_WORDS = "".join(_as_word(found) for found in PAGE)


class TextWords(NamedTuple):
    """The words of a text in their order, and in order the parts of those with a half-space."""

    whole: list[str]
    parts: list[str]


def words_of(text: str) -> TextWords:
    """The words of `text`, folded."""
    marked = marked_words(text)
    halved = [word.split(_MARK) for word in marked if _MARK in word]
    parts = [part for cut in halved for part in cut if part]
    return TextWords(" ".join(marked).replace(_MARK, "").split(" ") if marked else [], parts)


def marked_words(text: str) -> list[str]:
    """The folded words of `text`, with `_` in the place of a half-space inside of a word.

    >>> marked_words("می‌آید")
    ['می_اید']
    """
    data = encoded(text)
    if data is None:
        return _WORD.findall(_folded(text))
    found, _ = codecs.charmap_decode(data.translate(None, _DROPPED), "strict", _AS_WORDS)
    words = found.split()
    if _MARK not in found:
        return words
    return [bare for word in words if (bare := word.strip(_MARK))]
