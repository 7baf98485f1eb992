"""What a reporter hands in, as a text file of posts/: a few `key: value` lines, then the body.

A blank line stands between two blocks; the first sign of a block says what it is:

    ## subhead        > quote        - list item        | cell | cell        ! caption
    --- page ---      everything else is a paragraph; inline HTML is left as it is
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.wordpress.articles import Article, Block, article

POSTS = Path(__file__).parent / "posts"
TEHRAN = ZoneInfo("Asia/Tehran")
SIGNS = {"## ": "h", "> ": "quote", "- ": "item", "! ": "caption"}
AGENCY = re.compile("به گزارش .*?خبرگزاری «?([^\\s»،]+)")
FIRST = datetime(2023, 4, 2, 9, 5)


@dataclass(frozen=True)
class Manuscript:
    """An article, who wrote it and when (Tehran's clock), and the agency it is credited to."""

    article: Article
    category: str
    author: str
    date: datetime
    credit: str | None = None

    @property
    def moment(self) -> datetime:
        return self.date.replace(tzinfo=TEHRAN)


def read(name: str) -> Manuscript:
    """The manuscript of a name; `long-17` and its like are put together by the bed's writer."""
    kind, _, number = name.rpartition("-")
    if kind in {"long", "wire"}:
        return _generated(int(number), chapters=14 if kind == "long" else 2)
    head, _, body = (POSTS / f"{name}.txt").read_text("utf-8").partition("\n\n")
    told = dict(line.split(": ", 1) for line in head.splitlines())
    piece = Article(
        told["title"],
        told.get("lead", ""),
        tuple(_blocks(body)),
        told["category"],
        tuple(told["tags"].split("، ")) if "tags" in told else (),
        end_marker=told.get("end"),
        source=told.get("source"),
    )
    date = _moment(told["date"])
    return Manuscript(piece, told["category"], told["author"], date, told.get("source"))


def _moment(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M")


def _blocks(body: str) -> Iterator[Block]:
    for text in body.strip().split("\n\n"):
        for line in text.splitlines():
            yield _block(line)


def _block(line: str) -> Block:
    if line.startswith("|"):
        return Block("row", "\t".join(cell.strip() for cell in line.strip("|").split("|")))
    if line == "--- page ---":
        return Block("page")
    kind = SIGNS.get(line[:2]) or SIGNS.get(line[:3])
    return Block(kind, line.split(" ", 1)[1]) if kind else Block("p", line)


def _generated(number: int, chapters: int) -> Manuscript:
    """One article of the bed's writer, or several of one topic under their subheads."""
    parts = frozenset({"list", "quote"} if number % 2 else {"table", "end"})
    first = article(number, parts)
    blocks = list(first.blocks)
    for step in range(1, chapters):
        other = article(number + 100 * step, frozenset({"quote"} if step % 2 else {"list"}))
        blocks += [Block("h", other.title), Block("p", other.lead), *other.blocks]
    told = Article(first.title, first.lead, tuple(_once(blocks)), "گوناگون", first.tags)
    date = FIRST.replace(month=number % 12 + 1, day=number % 28 + 1, hour=number % 15 + 7)
    agency = AGENCY.search(blocks[0].text)
    credit = f"خبرگزاری {agency[1]}" if agency else None
    return Manuscript(told, "گوناگون", "تحریریه پگاه", date, credit)


def _once(blocks: list[Block]) -> Iterator[Block]:
    """A sentence that the writer put into two chapters is left out of the second."""
    known: set[str] = set()
    for block in blocks:
        if block.text not in known:
            known.add(block.text)
            yield block
