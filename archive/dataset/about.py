"""All that a card and its metadata tell of a data set."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath

from archive.dataset.gaps import Gaps
from archive.dataset.tally import LineTally
from archive.tables.column import Column

DATA = PurePosixPath("data/articles.parquet")
FILL_IN = "FILL IN"
"""What only the publisher of a data set knows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What of the archive is in a data set: `urls_only` for addresses and digests without text,
    `anonymous` without authors, `selection` for the sites and options that chose its articles."""

    urls_only: bool = False
    anonymous: bool = False
    selection: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """A data set: its `title`, who made the archive (`operator`, `contact`), its `form`, its
    `columns`, what was counted in it, the gaps by site, and the size and digest of its table."""

    title: str
    operator: str | None
    contact: str | None
    form: Form
    columns: tuple[Column, ...]
    tally: LineTally
    gaps: tuple[Gaps, ...]
    size: int
    sha256: str
    made: str
    """The day on which it was made, ISO 8601."""

    @property
    def name(self) -> str:
        """The title, and what was left out."""
        left_out = [
            text
            for text, is_so in (
                ("addresses and digests", self.form.urls_only),
                ("without authors", self.form.anonymous),
            )
            if is_so
        ]
        return f"{self.title} ({', '.join(left_out)})" if left_out else self.title
