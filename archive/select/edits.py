"""What was rewritten after it was published: each version that replaced another.

>>> for edit in edits_of(Archive("persian-news").site("khabar")):
...     print(edit.after["id"], edit.is_silent, edit.word_counts())
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from typing import TYPE_CHECKING, Literal, NamedTuple

from archive.jsonl.article_line import ArticleLine
from archive.outcomes import Flag
from archive.text.diff import Piece, compare

if TYPE_CHECKING:
    from archive.folder import SiteFolder


class Edit(NamedTuple):
    """Two versions of an article, one behind the other."""

    before: ArticleLine
    after: ArticleLine

    @property
    def is_silent(self) -> bool:
        """Whether WordPress says that nothing was modified."""
        return Flag.SILENT_EDIT in self.after["flags"]

    def compared(self, key: Literal["title", "text"]) -> list[Piece]:
        """The words of both versions of its title or text."""
        return compare(self.before[key] or "", self.after[key] or "")

    def word_counts(self) -> WordCounts:
        """How many words of title and text are gone, and how many are new."""
        return WordCounts.of([*self.compared("title"), *self.compared("text")])


class WordCounts(NamedTuple):
    """How many words are `gone`, and how many are `new`."""

    gone: int
    new: int

    @classmethod
    def of(cls, pieces: Iterable[Piece]) -> WordCounts:
        """The words of what was compared."""
        counts = {"same": 0, "gone": 0, "new": 0}
        for piece in pieces:
            counts[piece.kind] += len(piece.text.split())
        return cls(counts["gone"], counts["new"])


def edits_of(
    folder: SiteFolder, since: str | None = None, ids: Container[str] | None = None
) -> Iterator[Edit]:
    """The edits that were found at the instant `since` (ISO 8601 in UTC) or later, in the order of
    capture; with `ids` those of these articles alone."""
    with folder.reading() as index:
        for before, after in index.edits(since) if index else ():
            line = folder.lines.read(after)
            if ids is None or line["id"] in ids:
                yield Edit(folder.lines.read(before), line)
