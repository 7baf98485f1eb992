"""What an editor changed: two texts compared word by word.

>>> [piece for piece in compare("باران آمد.", "باران نیامد.") if piece.kind != "same"]
[Piece(kind='gone', text='آمد'), Piece(kind='new', text='نیامد')]

Words are compared folded: another ye, a lost half-space, other digits or a tatweel are no
difference. Equal words are shown as the newer text spells them. Paragraphs are matched first and
then their words, so a small change in a long article takes little time. In a long paragraph the
most frequent words are no reason to match a place; of two with thousands of words each all that
lies between the first change and the last is told as changed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
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
# difflib looks at all pairs of equal pieces again for each place that it has matched. Each blank of
# one text is equal to each of the other, so of a long paragraph with many changes it would take
# minutes. Up to so many pairs, those of two hundred words, all pieces are looked at.
_MOST_PAIRS = 50_000
# Pieces of one text times those of the other that are compared without the most frequent ones.
_MOST_TIMES = 100_000_000
_Step = tuple[str, int, int, int, int]


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
    for kind, i, j, k, m in _steps(*keys):
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
    before, after = fold(old).split(), fold(new).split()
    if len(before) * len(after) > _MOST_TIMES:
        return SequenceMatcher(None, before, after).quick_ratio()  # in any order
    return _matcher(before, after).ratio()


def _words(old: str | None, new: str | None) -> Iterator[Piece]:
    if old is None or new is None:
        text = new if old is None else old
        if text:
            yield Piece("new" if old is None else "gone", text)
        return
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    keys = [_key(token) for token in before], [_key(token) for token in after]
    for _, i, j, k, m in _steps(*keys):
        gone, came = "".join(before[i:j]), "".join(after[k:m])
        if _unspaced(gone) == _unspaced(came):
            # Only a half-space became a blank, or the other way round.
            yield Piece("same", came)
            continue
        if gone:
            yield Piece("gone", gone)
        if came:
            yield Piece("new", came)


def _steps(before: Sequence[str], after: Sequence[str]) -> Sequence[_Step]:
    """What makes `after` of `before`, as difflib tells it: a kind (`equal`, `replace`, `insert` or
    `delete`), and where it begins and ends in both."""
    if _pairs(before, after) <= _MOST_PAIRS:
        return _matcher(before, after).get_opcodes()
    first = _shared(before, after)
    last = _shared(before[first:][::-1], after[first:][::-1])
    ends = len(before) - last, len(after) - last
    inner = before[first : ends[0]], after[first : ends[1]]
    steps: Sequence[_Step] = [("replace", 0, len(inner[0]), 0, len(inner[1]))]
    if len(inner[0]) * len(inner[1]) <= _MOST_TIMES:
        steps = _matcher(*inner).get_opcodes()
    moved = [(kind, i + first, j + first, k + first, m + first) for kind, i, j, k, m in steps]
    return [
        ("equal", 0, first, 0, first),
        *moved,
        ("equal", ends[0], len(before), ends[1], len(after)),
    ]


def _matcher(before: Sequence[str], after: Sequence[str]) -> SequenceMatcher[str]:
    """It passes over the most frequent pieces if there are too many pairs of them."""
    return SequenceMatcher(None, before, after, autojunk=_pairs(before, after) > _MOST_PAIRS)


def _pairs(before: Sequence[str], after: Sequence[str]) -> int:
    """How many pairs of equal pieces there are."""
    counts = Counter(after)
    return sum(count * counts[piece] for piece, count in Counter(before).items())


def _shared(before: Sequence[str], after: Sequence[str]) -> int:
    """How many pieces are the same at the beginning of both."""
    shorter = min(len(before), len(after))
    return next((n for n in range(shorter) if before[n] != after[n]), shorter)


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
