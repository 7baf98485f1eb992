"""python -m benchmarks.cleaning [--sealed | --all]: baygan and its peers on the gold corpus.

One process on one core; milliseconds are of processor time, so that a busy machine costs
nobody anything. Prints the Markdown table of the README.
"""

from __future__ import annotations

import argparse
import gc
import os
import statistics
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from tests.gold.case import Case, Expected, cases
from tests.gold.score import Score, half_spaced, leaked, score

from .peers import PEERS, Extract, Found, forget

HEAD = (
    ("extractor", "---"),
    ("P", "--:"),
    ("R", "--:"),
    ("F1", "--:"),
    ("worst page", "--:"),
    ("junk leaked", "--:"),
    ("titles", "--:"),
    ("dates right / wrong / null", ":-:"),
    ("ZWNJ kept", "--:"),
    ("no articles refused", "--:"),
    ("articles refused", "--:"),
    ("ms a page", "--:"),
)


@dataclass
class Tally:
    """One extractor's sums over the pages it was given."""

    scores: list[Score] = field(default_factory=list)
    junk: list[int] = field(default_factory=lambda: [0, 0])
    words: list[int] = field(default_factory=lambda: [0, 0])
    others: list[int] = field(default_factory=lambda: [0, 0])
    titles: int = 0
    titled: bool = False  # it offers titles at all
    dated: bool = False
    days: dict[str, int] = field(default_factory=lambda: {"right": 0, "wrong": 0, "null": 0})
    refused: int = 0
    milliseconds: list[float] = field(default_factory=list)

    def add(self, case: Case, found: Found) -> None:
        due = case.expected
        if due.kind != "article":
            self.others[0] += not found.text.strip()
            self.others[1] += 1
            return
        self.scores.append(score(found.text, due.paragraphs, due.optional))
        self.junk[0] += len(leaked(found.text, case.junk))
        self.junk[1] += len(case.junk)
        kept = set(half_spaced([found.title or "", found.text]))
        self.words[0] += sum(word in kept for word in due.half_spaced)
        self.words[1] += len(due.half_spaced)
        self.titled |= found.title is not None
        self.dated |= found.day is not None
        self.titles += (found.title or "").strip() == due.title
        self.days[_verdict(found, due)] += 1
        self.refused += not found.text.strip()

    def row(self, name: str) -> list[str]:
        """Means are over pages, shares over all junk strings and half-spaced words."""
        count = len(self.scores)
        means = (
            statistics.fmean(measure)
            for measure in (
                [one.precision for one in self.scores],
                [one.recall for one in self.scores],
                [one.f1 for one in self.scores],
            )
        )
        return [
            name,
            *(f"{mean:.3f}" for mean in means),
            f"{min(one.f1 for one in self.scores):.2f}",
            f"{100 * self.junk[0] / self.junk[1]:.1f} %",
            f"{self.titles} of {count}" if self.titled else "–",
            f"{self.days['right']} / {self.days['wrong']} / {self.days['null']}"
            if self.dated
            else "–",
            f"{100 * self.words[0] / self.words[1]:.1f} %",
            f"{self.others[0]} of {self.others[1]}",
            str(self.refused),
            f"{statistics.median(self.milliseconds):.1f}",
        ]


def _verdict(found: Found, due: Expected) -> str:
    """A page that does not tell its day is read rightly by who finds none."""
    if found.day == due.date:
        return "right"
    return "wrong" if found.day else "null"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.cleaning", description=__doc__)
    part = parser.add_mutually_exclusive_group()
    part.add_argument("--sealed", action="store_true", help="the sealed pages, sums only")
    part.add_argument("--all", action="store_true", help="both parts, sums only")
    parser.add_argument("--pages", action="store_true", help="baygan's F1 of each build page")
    given = parser.parse_args(arguments)
    if given.pages and (given.sealed or given.all):
        parser.error("sealed pages are never shown one by one")
    parts = ["build", "sealed"] if given.all else ["sealed" if given.sealed else "build"]
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    warnings.simplefilter("ignore")  # the peers' own
    pages = [case for name in parts for case in cases(name)]
    extractors, absent = _load()
    tallies = measure(pages, extractors, _show if given.pages else None)
    print(table(tallies))
    for name, why in absent.items():
        print(f"\nnot measured: {name} ({why})")
    return 0


def measure(
    pages: Sequence[Case],
    extractors: dict[str, Extract],
    show: Callable[[Case, Found], None] | None = None,
) -> dict[str, Tally]:
    """Every extractor through every page, after one page that only warms it up."""
    tallies = {name: Tally() for name in extractors}
    for name, extract in extractors.items():
        forget()
        _found(extract, pages[0])
        for case in pages:
            gc.collect()
            began = time.process_time()
            found = _found(extract, case)
            tallies[name].milliseconds.append(1000 * (time.process_time() - began))
            tallies[name].add(case, found)
            if show and name == "baygan":
                show(case, found)
    return tallies


def table(tallies: dict[str, Tally]) -> str:
    rows = [[title for title, _ in HEAD], [rule for _, rule in HEAD]]
    rows += [tally.row(name) for name, tally in tallies.items()]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _load() -> tuple[dict[str, Extract], dict[str, str]]:
    """The extractors that are installed, and why the others are not here."""
    extractors, absent = {}, {}
    for name, make in PEERS.items():
        try:
            extractors[name] = make()
        except ImportError as error:
            absent[name] = str(error)
    return extractors, absent


def _found(extract: Extract, case: Case) -> Found:
    """A peer that fails on a page has found nothing on it."""
    try:
        return extract(case.page, case.expected.url, case.expected.hints)
    except Exception as error:  # noqa: BLE001, whatever a foreign extractor raises
        print(f"{case.name}: {type(error).__name__}: {error}", file=sys.stderr)
        return Found("")


def _show(case: Case, found: Found) -> None:
    due = case.expected
    if due.kind == "article":
        f1 = score(found.text, due.paragraphs, due.optional).f1
        print(f"{case.name:24} {f1:.3f} {'; '.join(leaked(found.text, case.junk))}")


if __name__ == "__main__":
    sys.exit(main())
