"""Edits as a page shows them: the words that are gone or new, with a few around them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from archive.select.edits import Edit, WordCounts
from archive.text.diff import Piece
from scraper.report.shortened import Shortened

_MOST = 40
_AROUND = 5
_PIECE, _EXCERPT = 200, 600
_LONGEST = 30_000
# What `compare` may cost, in pairs of equal tokens: a second or so. A text that is one sign again
# and again has millions of them, one of a newspaper thousands.
_MOST_PAIRS = 4_000_000
_TOKEN = re.compile(r"\w+|\s+|.")
_OF_A_PARAGRAPH = 1000


@dataclass(frozen=True, slots=True)
class ShownEdit:
    """An edit, and what it changed in title and text: nothing where all words are the same. `words`
    is None if a text is too long to compare here."""

    edit: Edit
    title: tuple[Piece, ...]
    text: tuple[Piece, ...]
    words: WordCounts | None


@dataclass(frozen=True, slots=True)
class ShownEdits:
    """The edits that WordPress tells of, and those that it does not; the latest first."""

    told: Shortened[ShownEdit]
    silent: Shortened[ShownEdit]

    @classmethod
    def of(cls, edits: Iterable[Edit]) -> ShownEdits:
        """Of `edits` in the order of capture. Only those that are shown are compared."""
        kept: dict[bool, list[Edit]] = {False: [], True: []}
        counts = {False: 0, True: 0}
        for edit in edits:
            of_kind = kept[edit.is_silent]
            of_kind.append(edit)
            counts[edit.is_silent] += 1
            # Sites follow each other, so the latest of all come from several places.
            if len(of_kind) > 2 * _MOST:
                kept[edit.is_silent] = _latest(of_kind)
        shown = {kind: tuple(map(_shown, _latest(found))) for kind, found in kept.items()}
        told, silent = (Shortened(shown[k], counts[k] - len(shown[k])) for k in (False, True))
        return cls(told, silent)


def _latest(edits: list[Edit]) -> list[Edit]:
    return sorted(edits, key=lambda edit: edit.after["fetched"], reverse=True)[:_MOST]


def _shown(edit: Edit) -> ShownEdit:
    texts = [(line["title"] or "", line["text"]) for line in edit]
    pairs = zip(*texts, strict=True)
    if any(len("".join(text)) > _LONGEST for text in texts) or any(
        _cost(*pair) > _MOST_PAIRS for pair in pairs
    ):
        return ShownEdit(edit, (), (), None)
    title, text = edit.compared("title"), edit.compared("text")
    words = WordCounts.of([*title, *text])
    return ShownEdit(edit, tuple(excerpt(title)), tuple(excerpt(text)), words)


def _cost(old: str, new: str) -> int:
    """How many pairs of equal paragraphs and tokens `compare` looks at, at most, and for each
    changed paragraph what it costs to find its like."""
    before, after = Counter(old.split("\n\n")), Counter(new.split("\n\n"))
    gone = [text for text in before.elements() if text not in after]
    came = [text for text in after.elements() if text not in before]
    left, right = (Counter(_TOKEN.findall("\n".join(texts))) for texts in (gone, came))
    return (
        sum(count * after[text] for text, count in before.items())
        + sum(count * right[token] for token, count in left.items())
        + _OF_A_PARAGRAPH * (len(gone) + len(came))
    )


def excerpt(pieces: list[Piece]) -> Iterator[Piece]:
    """What changed in `pieces`, with a few words around; `…` stands for what is left out. Nothing
    if nothing changed."""
    if all(piece.kind == "same" for piece in pieces):
        return
    room = _EXCERPT
    for number, piece in enumerate(pieces):
        if piece.kind == "same":
            text = _around(piece.text, before=number > 0, behind=number < len(pieces) - 1)
        else:
            text = piece.text
        if len(text) > min(_PIECE, room):
            text = f"{text[: min(_PIECE, room)]} …"
        yield Piece(piece.kind, text)
        room -= len(text)
        if room <= 0:
            return


def _around(text: str, *, before: bool, behind: bool) -> str:
    """The words of `text` that are next to a change `before` it, and to one `behind` it."""
    words = text.split()
    if len(words) <= _AROUND * (before + behind):
        return text
    blank = " "
    first = text[: 1 if text[:1].isspace() else 0] + blank.join(words[:_AROUND]) if before else ""
    last = blank.join(words[-_AROUND:]) + (" " if text[-1:].isspace() else "") if behind else ""
    return f"{first} … {last}".lstrip() if not before else f"{first} … {last}"
