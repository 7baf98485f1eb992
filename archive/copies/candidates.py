"""Which texts may be similar, found without comparing each with each: MinHash and LSH by rensa.

A text is kept as a signature of 120 numbers. Two texts have about as many numbers in common as they
have shingles in common. The numbers are cut into bands; texts that are equal in one band are
candidates. Of texts that are exactly as similar as asked for 99.5 % are found, of more similar ones
nearly all. The last word has the comparison of the texts themselves (archive.copies.clusters).

rensa is the extra `baygan[copies]`; nothing else in baygan needs it.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from archive.errors import UsageError

if TYPE_CHECKING:
    from rensa import RMinHash, RMinHashLSH

_NUMBERS = 120
_SEED = 1
# Rows of a band, which must divide 120. More rows make fewer wrong candidates.
_ROWS = (12, 10, 8, 6, 5, 4, 3, 2, 1)
_FOUND = 0.995
# The share of equal numbers is wrong by 0.046 at most (standard deviation, for 120 numbers). Four
# times this is let pass: of ten thousand pairs one would be lost.
_TOLERANCE = 0.18


class Candidates:
    """Texts by the order in which they are added, from 0 on, and which of them may have a
    similarity of `least` or more. UsageError without rensa."""

    def __init__(self, least: float) -> None:
        minhash, lsh = _rensa()
        self._make: type[RMinHash] = minhash
        self._index: RMinHashLSH = lsh(least, _NUMBERS, _NUMBERS // rows(least))
        self._signatures: list[RMinHash] = []
        self._least = least

    def __len__(self) -> int:
        return len(self._signatures)

    def add(self, shingles: Collection[str]) -> None:
        """Add a text."""
        signature = self._make(_NUMBERS, _SEED)
        signature.update(list(shingles))
        self._index.insert(len(self._signatures), signature)
        self._signatures.append(signature)

    def near(self, number: int) -> list[int]:
        """The texts that may be as similar to this one, in the order in which they were added."""
        signature = self._signatures[number]
        return [
            other
            for other in sorted(self._index.query(signature))
            if other != number
            and signature.jaccard(self._signatures[other]) >= self._least - _TOLERANCE
        ]


def rows(least: float) -> int:
    """How many numbers a band has, so that of the pairs with just this similarity nearly all are
    candidates: each band is equal with the probability `least ** rows`."""
    for count in _ROWS:
        if 1 - (1 - least**count) ** (_NUMBERS // count) >= _FOUND:
            return count
    return 1


def need_rensa() -> None:
    """UsageError if rensa is not installed, which says how to install it."""
    _rensa()


def _rensa() -> tuple[type[RMinHash], type[RMinHashLSH]]:
    try:
        from rensa import RMinHash, RMinHashLSH
    except ImportError:
        raise UsageError(
            "copies are found with rensa, which is not installed here. Nothing was written. Install"
            " it into baygan's environment with: pip install 'baygan[copies]' (with pipx:"
            " pipx inject baygan rensa)."
        ) from None
    return RMinHash, RMinHashLSH
