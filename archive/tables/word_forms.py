"""Other spellings of the words of a text, so that a plain full-text index finds more of them.

    word_forms("مي‌گويند ۱۴۰۵")  →  میگویند می گویند 1405

An index by Unicode takes a half-space for a blank and every letter for itself: «می‌گویند» would
not be found by «میگویند», nor «كتاب» (with an Arabic kaf) by «کتاب». These words go into the index
beside the text, and the text stays as it is. They stand by themselves: a phrase is found only as
the text spells it.
"""

from __future__ import annotations

import re
from functools import lru_cache

from archive.text.fold import fold

_WORD = re.compile(r"[\w\u0640\u064b-\u065f\u0670\u200c\u200d]+")
_HALF_SPACES = re.compile("[\u200c\u200d]+")


def word_forms(text: str) -> str:
    """The other spellings of the words in `text`, a blank between them, each once."""
    found: dict[str, None] = {}
    for word in dict.fromkeys(_WORD.findall(text)):
        found.update(dict.fromkeys(_others(word)))
    return " ".join(found)


@lru_cache(maxsize=1 << 16)
def _others(word: str) -> tuple[str, ...]:
    """The folded word, joined and, if it has half-spaces, in its parts; none that is `word`."""
    parts = fold(_HALF_SPACES.sub(" ", word))
    # Upper case is no matter: the index folds it.
    plain = {word.casefold(), _HALF_SPACES.sub(" ", word).casefold()}
    return tuple(one for one in dict.fromkeys((fold(word), parts)) if one and one not in plain)
