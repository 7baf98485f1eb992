"""python -m benchmarks.pairs [--rounds N]: how long cleaning takes, against trafilatura's default.

Both take every page in turn, in one process on one core, all fields included; of the rounds
each page's best counts for both, in milliseconds of processor time, so that a busy machine
costs nobody anything. Prints a Markdown table: the medians, and the median of the pages' ratios.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
import warnings
from collections.abc import Sequence

from archive.model import Hints
from tests.gold.case import cases
from tests.newsroom.article import article_page
from tests.newsroom.site import Site

from .peers import PEERS, Extract

Pages = list[tuple[bytes, str, Hints]]


def gold() -> dict[str, Pages]:
    """The rendered articles: WordPress's own themes, and the others."""
    found: dict[str, Pages] = {"core themes": [], "other themes and builders": []}
    for case in (*cases("build"), *cases("sealed")):
        if case.expected.kind == "article":
            name = "core themes" if b"/themes/twentytwenty" in case.page else [*found][1]
            found[name].append((case.page, case.expected.url, case.expected.hints))
    return found


def newsroom() -> Pages:
    """Pages of tests/newsroom: 90 KB, half of it scripts and styles."""
    site = Site(40)
    site.home = "https://khabar.example"
    return [(article_page(site, post).encode(), site.url(post), Hints()) for post in site.posts]


def best(pages: Pages, extractors: Sequence[Extract], rounds: int) -> list[list[float]]:
    """Every extractor's best time for every page, in milliseconds."""
    times = [[float("inf")] * len(pages) for _ in extractors]
    for _ in range(rounds):
        for number, page in enumerate(pages):
            for extract, fastest in zip(extractors, times, strict=True):
                began = time.process_time()
                extract(*page)
                spent = 1000 * (time.process_time() - began)
                fastest[number] = min(fastest[number], spent)
    return times


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pairs", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    warnings.simplefilter("ignore")  # the peer's own
    extractors = [PEERS["baygan"](), PEERS["trafilatura"]()]
    print("| pages | | baygan, ms | trafilatura, ms | ratio |\n| --- | --: | --: | --: | --: |")
    for name, pages in (gold() | {"newsroom": newsroom()}).items():
        ours, theirs = best(pages, extractors, rounds)
        ratio = statistics.median(a / b for a, b in zip(ours, theirs, strict=True))
        medians = f"{statistics.median(ours):.1f} | {statistics.median(theirs):.1f}"
        print(f"| {name} | {len(pages)} | {medians} | {ratio:.2f} |")


if __name__ == "__main__":
    main()
