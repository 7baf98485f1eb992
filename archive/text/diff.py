"""What an editor changed: two texts compared word by word.

>>> [piece for piece in compare("باران آمد.", "باران نیامد.") if piece.kind != "same"]
[Piece(kind='gone', text='آمد'), Piece(kind='new', text='نیامد')]

Words are compared folded: another ye, a lost half-space, other digits or a tatweel are no
difference. Equal words are shown as the newer text spells them. Paragraphs are matched first and
then their words, so a small change in a long article takes little time.
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
# A word with its half-spaces and harakat, or white space, or one other character.
_TOKEN = re.compile("[\\w\u200c\u200d\u064b-\u0655\u0670]+|\\s+|.", re.DOTALL)
_ALIKE = 0.3
_NEAR = 8


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words with the blanks between them: the `same` in both texts, `gone` or `new`."""

    kind: Kind
    text: str


def compare(old: str, new: str) -> list[Piece]:
    """The words of both texts in reading order; gone words come before the new ones there."""
    before, after = _PARAGRAPH.split(old), _PARAGRAPH.split(new)
    pieces: list[Piece] = []
    for was, now in _matched(before, after):
        found = list(_words(was, now))
        if pieces and found:
            # The break is new or gone together with the paragraph after it.
            kind = "same" if was is not None and now is not None else found[0].kind
            pieces.append(Piece(kind, "\n\n"))
        pieces += found
    return list(_joined(pieces))


def _matched(before: list[str], after: list[str]) -> Iterator[tuple[str | None, str | None]]:
    """Pairs of paragraphs that are the same or replace each other; None for the missing one of a
    pair."""
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
            # Only a half-space became a blank, or the other way round.
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
    """Join neighbours of one kind; a single blank between two changes of a kind joins them, too."""
    for number in range(1, len(pieces) - 1):
        piece, (left, right) = pieces[number], (pieces[number - 1], pieces[number + 1])
        if piece.kind == "same" and piece.text == " " and left.kind == right.kind != "same":
            pieces[number] = Piece(left.kind, " ")
    for kind, group in groupby(pieces, key=lambda piece: piece.kind):
        yield Piece(kind, "".join(piece.text for piece in group))
