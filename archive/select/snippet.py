"""The place of a text where the words that were looked for stand.

>>> sought = [*read_query("می‌بارد").sought()]
>>> [piece.text for piece in snippet("باران در شمال می بارد.", sought, 40) if piece.hit]
['می بارد']
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from archive.select.query import Spelling
from archive.text.words import marked_words

# With the signs inside of a word that folding drops.
_RAW = re.compile("[\\w\u200b-\u200f\u064b-\u065f\u0670\u00ad\ufeff]+")
_BLANKS = re.compile(r"\s+")


class SnippetPiece(NamedTuple):
    """Some text, and whether it is what was looked for."""

    text: str
    hit: bool


class _ShownWord(NamedTuple):
    begin: int
    end: int
    word: str
    parts: tuple[str, ...]


def snippet(text: str, sought: Sequence[Spelling], length: int) -> list[SnippetPiece]:
    """About so many characters of `text`, on one line, from where most of what was `sought` stands;
    its beginning if nothing does. `…` stands where it is cut."""
    hits = list(found(text, sought))
    begin = min(_begin(hits, length), max(0, len(text) - length))
    end = len(text) if begin + length >= len(text) else _blank(text, begin + length)
    begin = 0 if begin == 0 else _word(text, begin)
    pieces = [SnippetPiece("… ", False)] if begin else []
    at = begin
    for first, last in hits:
        if first >= at and last <= end:
            pieces.append(SnippetPiece(_line(text[at:first]), False))
            pieces.append(SnippetPiece(_line(text[first:last]), True))
            at = last
    pieces.append(SnippetPiece(_line(text[at:end]).rstrip(), False))
    if end < len(text):
        pieces.append(SnippetPiece(" …", False))
    return [piece for piece in pieces if piece.text]


def found(text: str, sought: Sequence[Spelling]) -> Iterator[tuple[int, int]]:
    """Where in `text` each thing `sought` begins and ends, in order and apart from each other."""
    tokens = list(_tokens(text))
    at = 0
    while at < len(tokens):
        # Of «می گویند» and «می» the longer one.
        most = max((len(one.words) for one in sought if _stands(one, tokens, at)), default=0)
        if most:
            yield tokens[at].begin, tokens[at + most - 1].end
        at += most or 1


def _stands(one: Spelling, tokens: list[_ShownWord], at: int) -> bool:
    words = [token.word for token in tokens[at : at + len(one.words)]]
    if len(words) < len(one.words):
        return False
    if words[:-1] == list(one.words[:-1]) and _is(words[-1], one):
        return True
    return len(one.words) == 1 and any(_is(part, one) for part in tokens[at].parts)


def _is(word: str, one: Spelling) -> bool:
    return word.startswith(one.words[-1]) if one.prefix else word == one.words[-1]


def _tokens(text: str) -> Iterator[_ShownWord]:
    for raw in _RAW.finditer(text):
        for marked in marked_words(raw[0]):
            parts = tuple(marked.split("_"))
            yield _ShownWord(raw.start(), raw.end(), "".join(parts), parts)


def _begin(hits: list[tuple[int, int]], length: int) -> int:
    """Where the piece of text begins: a third of it comes before the first hit."""
    if not hits:
        return 0
    before = length // 3

    def held(first: int) -> int:
        return sum(first <= begin and end <= first + length - before for begin, end in hits)

    best = max((begin for begin, _ in hits), key=lambda begin: (held(begin), -begin))
    return max(0, best - before)


def _blank(text: str, place: int) -> int:
    """The next place from `place` on where a word ends."""
    blank = _BLANKS.search(text, place)
    return blank.start() if blank else len(text)


def _word(text: str, place: int) -> int:
    """The next place behind `place` where a word begins, or the end."""
    blank = _BLANKS.search(text, place)
    return blank.end() if blank else len(text)


def _line(text: str) -> str:
    return _BLANKS.sub(" ", text)
