"""Visits of baygan to the bed: what it said, what the web server saw, what it kept."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from warcio.archiveiterator import ArchiveIterator

from tests.process import Baygan, Outcome

from . import Request, WordPress

SITE = "news"


@dataclass(frozen=True)
class Visit:
    """One run of baygan: `pages` are the requests for a post's address, `parts` those for what
    of a long post stands at further addresses, `others` the rest."""

    outcome: Outcome
    pages: list[Request]
    parts: list[Request]
    others: list[Request]

    def __str__(self) -> str:
        asked = "\n".join(f"{seen.method} {seen.target} {seen.status}" for seen in self.others)
        return f"{self.outcome}, {len(self.pages)} pages and\n{asked}"


class Reader:
    """A reader of the bed who keeps an archive of it in `folder`."""

    def __init__(self, wordpress: WordPress, folder: Path) -> None:
        self.wordpress = wordpress
        self.baygan = Baygan(folder, patience=1800)  # pytest's own limit is the one that counts
        self.site = folder / SITE

    @classmethod
    def of(cls, wordpress: WordPress, folder: Path, *more: str, delay: float = 0) -> Reader:
        """With an archive whose only site is the bed; `more` are further lines of its table in
        sites.toml."""
        table = [f"[sites.{SITE}]", f'url = "{wordpress.url}"', "allow_private = true"]
        table.append(f"delay = {delay}")
        (folder / "sites.toml").write_text("\n".join([*table, *more]), "utf-8")
        return cls(wordpress, folder)

    def visit(self, *arguments: str) -> Visit:
        """Crawl without a terminal, and look into the server's log."""
        self.wordpress.mark()
        outcome = self.baygan("crawl", *arguments)
        return Visit(outcome, *self.asked())

    def next_night(self, *arguments: str) -> Visit:
        """The same, a day later."""
        self.wordpress.clock.forward(days=1)
        return self.visit(*arguments)

    def nights(self) -> list[dict[str, Any]]:
        """The lines of runs.jsonl, oldest first."""
        return _objects(self.site / "runs.jsonl")

    def removals(self) -> list[dict[str, Any]]:
        """The lines of removals.jsonl; none if there is no such file."""
        return _objects(self.site / "removals.jsonl")

    def asked(self) -> tuple[list[Request], list[Request], list[Request]]:
        """What the server has answered since the last mark: posts' pages, their further parts,
        and all else."""
        addresses = {post.url for post in self.wordpress.truth}
        pages: list[Request] = []
        parts: list[Request] = []
        others: list[Request] = []
        for request in self.wordpress.requests():
            address = f"http://127.0.0.1:{self.wordpress.port}{request.target}"
            if address in addresses:
                pages.append(request)
            elif re.sub(r"(\d+/|&page=\d+)$", "", address) in addresses:
                parts.append(request)
            else:
                others.append(request)
        return pages, parts, others

    def lines(self) -> list[dict[str, Any]]:
        """Every line of articles/*.jsonl."""
        return [
            line for file in sorted(self.site.glob("articles/*.jsonl")) for line in _objects(file)
        ]

    def newest(self) -> dict[int, dict[str, Any]]:
        """The newest version of every article by post ID."""
        lines = sorted(self.lines(), key=lambda line: int(line["version"]))
        return {line["post_id"]: line for line in lines}

    def by_id(self) -> dict[int, dict[str, Any]]:
        """The lines by post ID; each ID has one line."""
        lines = self.lines()
        found = {line["post_id"]: line for line in lines}
        assert len(found) == len(lines), "an article has two lines"
        return found

    def warcs(self, kind: str = "*") -> list[Path]:
        """The files of kind `warc` or `text`; both by default, unfinished ones too."""
        return sorted(self.site.glob(f"{kind}/*/*.warc.gz*"))

    def texts(self) -> dict[str, str]:
        """The clean texts in text/, by the ID of the page's record."""
        records = [one for one in self.contents("text") if "WARC-Refers-To" in one[0]]
        found = {record["WARC-Refers-To"]: body.decode() for record, body in records}
        assert len(found) == len(records), "two texts of one page"
        return found

    def contents(self, kind: str = "*") -> Iterator[tuple[dict[str, str], bytes]]:
        """Every record's fields and its content without any coding, as warcio reads them."""
        for path in self.warcs(kind):
            with path.open("rb") as file:
                for record in ArchiveIterator(file):
                    yield dict(record.rec_headers.headers), record.content_stream().read()


def _objects(path: Path) -> list[dict[str, Any]]:
    """The JSON lines of a file; none if it is not there."""
    lines = path.read_bytes().splitlines() if path.exists() else []
    return [json.loads(line) for line in lines]
