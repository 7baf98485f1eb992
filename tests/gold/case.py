"""A case of the gold: its page, and what is expected of a cleaner."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Self

from archive.model import Hints

from .score import half_spaced

GOLD = Path(__file__).parent


@dataclass(frozen=True)
class Expected:
    """What a reader sees; for a page that is no article only `url` and `kind`.

    `kind` is "article" or the reason of the refusal (NotAnArticle's). `paragraphs` are lead,
    paragraphs, subheads, quotes, list items and table rows in page order; `optional` (captions,
    end marker, source line) may stand in a text or not. `day` is Tehran's, None where the page
    does not tell it. `captured` is given where the page says «۳ ساعت پیش».
    """

    url: str
    kind: str
    title: str | None = None
    lead: str | None = None
    paragraphs: list[str] = field(default_factory=list)
    optional: list[str] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    categories: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    day: str | None = None
    source: str | None = None
    end_marker: str | None = None
    captured: str | None = None

    @property
    def half_spaced(self) -> list[str]:
        """The words whose half-space must survive."""
        return half_spaced([self.title or "", *self.paragraphs])

    @property
    def date(self) -> date | None:
        return date.fromisoformat(self.day) if self.day else None

    @property
    def hints(self) -> Hints:
        return Hints(captured=datetime.fromisoformat(self.captured) if self.captured else None)


@dataclass(frozen=True)
class Case:
    """A folder of the gold."""

    folder: Path

    @property
    def name(self) -> str:
        return self.folder.name

    @cached_property
    def page(self) -> bytes:
        return (self.folder / "page.html").read_bytes()

    @cached_property
    def expected(self) -> Expected:
        return Expected(**json.loads((self.folder / "expected.json").read_text("utf-8")))

    @cached_property
    def junk(self) -> list[str]:
        return (self.folder / "junk.txt").read_text("utf-8").splitlines()

    @classmethod
    def write(cls, folder: Path, page: bytes, expected: dict[str, Any], junk: list[str]) -> Self:
        """Keep a case; an empty field is left out of expected.json."""
        folder.mkdir(parents=True)
        told = {key: value for key, value in expected.items() if value not in (None, [])}
        text = json.dumps(told, ensure_ascii=False, indent=1)
        (folder / "page.html").write_bytes(page)
        (folder / "expected.json").write_text(text + "\n", "utf-8")
        (folder / "junk.txt").write_text("".join(f"{line}\n" for line in junk), "utf-8")
        return cls(folder)


def cases(part: str) -> list[Case]:
    """All cases of "build" or "sealed", by name."""
    return [Case(folder) for folder in sorted((GOLD / part).iterdir())]
