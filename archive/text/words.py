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

from archive.text.fold import DROPPED_BYTES, PAGE, coded, fold

HALF_SPACE = "\u200c"
# Letters that keyboards and house styles exchange: hamza on its seats, alef with madda or wasla.
# `fold` does what is another code for the same letter; these are other letters.
_SEATS = str.maketrans("أإآٱؤئ", "ااااوی")
# Stands for the half-space while a text is folded. A real one parts words before.
_MARK = "_"
_WORD = re.compile(r"[^\W_]+(?:_+[^\W_]+)*")


def _seen(character: str) -> str:
    """What becomes of one character of `PAGE`."""
    if character == HALF_SPACE:
        return _MARK
    return next(iter(_WORD.findall(fold(character).translate(_SEATS))), " ")


# By this table a text takes a fifth of the time. What is dropped does not part words.
_SEEN = "".join(map(_seen, PAGE))
_DROPPED = bytes(byte for byte in DROPPED_BYTES if PAGE[byte] != HALF_SPACE)


class TextWords(NamedTuple):
    """The words of a text in their order, and in order the parts of those with a half-space."""

    whole: list[str]
    parts: list[str]


def words_of(text: str) -> TextWords:
    """The words of `text`, folded."""
    marked = _marked(text)
    cut = (word.strip(_MARK) for word in marked.split() if _MARK in word)
    parts = [part for word in cut if _MARK in word for part in word.split(_MARK) if part]
    return TextWords(marked.replace(_MARK, "").split(), parts)


def marked_words(text: str) -> list[str]:
    """The folded words of `text`, with `_` in the place of a half-space inside of a word.

    >>> marked_words("می‌آید")
    ['می_اید']
    """
    return [word for marked in _marked(text).split() if (word := marked.strip(_MARK))]


def _marked(text: str) -> str:
    """The same words, parted by blanks; `_` may stand around them, too."""
    try:
        data = coded(text)
    except UnicodeEncodeError:
        marked = text.replace(_MARK, " ").replace(HALF_SPACE, _MARK)
        return " ".join(_WORD.findall(fold(marked).translate(_SEATS)))
    marked, _ = codecs.charmap_decode(data.translate(None, _DROPPED), "strict", _SEEN)
    return marked
