"""What an editor changed: two texts, word against word.

>>> [piece for piece in compare("باران آمد.", "باران نیامد.") if piece.kind != "same"]
[Piece(kind='gone', text='آمد'), Piece(kind='new', text='نیامد')]

Words are compared folded, so another ye, a half-space lost, other digits or a tatweel are no
difference; what is the same is shown as the newer text spells it. Paragraphs are matched
before words, so that long articles take no longer than what changed in them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from typing import Literal

from archive.text.fold import fold

Kind = Literal["same", "gone", "new"]
_PARAGRAPH = re.compile(r"\n\n+")
# Words with their half-spaces and harakat; white space; every other character for itself.
_TOKEN = re.compile("[\\w\u200c\u200d\u064b-\u0655\u0670]+|\\s+|.", re.DOTALL)
_ALIKE = 0.3
_NEAR = 8


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words that stayed, went (`gone`) or came (`new`), with the blanks between them."""

    kind: Kind
    text: str


def compare(old: str, new: str) -> list[Piece]:
    """The words of both texts in reading order, what went before what came."""
    before, after = _PARAGRAPH.split(old), _PARAGRAPH.split(new)
    pieces: list[Piece] = []
    for was, now in _matched(before, after):
        found = list(_words(was, now))
        if pieces and found:
            # The break belongs to the paragraph it brings.
            kind = "same" if was is not None and now is not None else found[0].kind
            pieces.append(Piece(kind, "\n\n"))
        pieces += found
    return list(_joined(pieces))


def _matched(before: list[str], after: list[str]) -> Iterator[tuple[str | None, str | None]]:
    """Paragraphs that are the same or take each other's place; None for one without a mate."""
    keys = [_unspaced(text) for text in before], [_unspaced(text) for text in after]
    for kind, i, j, k, m in SequenceMatcher(None, *keys, autojunk=False).get_opcodes():
        if kind == "equal":
            yield from zip(before[i:j], after[k:m], strict=True)
            continue
        gone, new = before[i:j], after[k:m]
        while gone or new:
            if gone and new and _ratio(gone[0], new[0]) >= _ALIKE:
                yield gone.pop(0), new.pop(0)
            elif gone and not any(_ratio(gone[0], text) >= _ALIKE for text in new[:_NEAR]):
                yield gone.pop(0), None
            else:
                yield None, new.pop(0)


def _ratio(old: str, new: str) -> float:
    """How much two paragraphs have in common, by their words."""
    return SequenceMatcher(None, fold(old).split(), fold(new).split(), autojunk=False).ratio()


def _words(old: str | None, new: str | None) -> Iterator[Piece]:
    if old is None or new is None:
        text = new if old is None else old
        if text:
            yield Piece("new" if old is None else "gone", text)
        return
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    keys = [_key(token) for token in before], [_key(token) for token in after]
    for _, i, j, k, m in SequenceMatcher(None, *keys, autojunk=False).get_opcodes():
        gone, came = "".join(before[i:j]), "".join(after[k:m])
        if _unspaced(gone) == _unspaced(came):
            # A blank where a half-space was is no other word.
            yield Piece("same", came)
            continue
        if gone:
            yield Piece("gone", gone)
        if came:
            yield Piece("new", came)


def _unspaced(text: str) -> str:
    return "".join(fold(text).split())


def _key(token: str) -> str:
    return fold(token) or " "


def _joined(pieces: list[Piece]) -> Iterator[Piece]:
    """Neighbours of one kind as one piece; a mere blank between two changes goes with them."""
    for number in range(1, len(pieces) - 1):
        piece, (left, right) = pieces[number], (pieces[number - 1], pieces[number + 1])
        if piece.kind == "same" and piece.text == " " and left.kind == right.kind != "same":
            pieces[number] = Piece(left.kind, " ")
    for kind, group in groupby(pieces, key=lambda piece: piece.kind):
        yield Piece(kind, "".join(piece.text for piece in group))
