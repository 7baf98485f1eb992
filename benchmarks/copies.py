"""How long copies take to be found, how much memory that needs, and how many are found.

python -m benchmarks.copies [--articles N] [--folder DIR]

The articles are stories of the newsroom on four sites, which fill the same few sentences; one in
ten is a copy, with up to 20 % of its words altered, respelt, under another headline. Then come
bulletins, a tenth as many, which have 60 words of 100 in common and are no copies. Times are those
of the processor.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import combinations
from pathlib import Path
from random import Random

from archive.copies.clusters import CopyClusters
from archive.copies.shingles import jaccard, shingles
from archive.folder import Archive
from archive.select.selection import Selection
from tests.archive.material import article
from tests.newsroom.stories import write_posts
from tests.select.planted import Newsstand, PlantedCopy, planted, text_of

_BEGIN = datetime(2025, 3, 21, 8, tzinfo=UTC)
_UNRELATED = 1000
_LETTERS = "ابپتجچحخدرزسشصطعغفقکگلمنوهی"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.copies")
    parser.add_argument("--articles", type=int, default=20_000, metavar="N")
    parser.add_argument("--folder", type=Path, metavar="DIR")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
        number = arguments.articles
        archive, copies = planted(Path(folder) / "news", number - number // 10, number // 10)
        measure(archive, {(copy.original, copy.id) for copy in copies})
        print_similarities(copies, archive)
        measure(bulletins(Path(folder) / "bulletins", number // 10), set())


def measure(archive: Archive, truth: set[tuple[str, str]]) -> None:
    """Print what it takes to find the copies of this archive, and how many of `truth` are found."""
    files = list(archive.path.glob("*/articles/*"))
    size = sum(path.stat().st_size for path in files)
    held, began = most_memory(), time.process_time()
    clusters = CopyClusters(Selection().lines(archive))
    read = time.process_time()
    pairs = {(one.first.id, copy.id) for one in clusters for copy in one.copies}
    ended = time.process_time()
    print(
        f"{clusters.articles:,} articles, {size / 1e6:,.0f} MB of lines:"
        f" {read - began:.1f} s to read them, {ended - read:.1f} s to compare,"
        f" {(most_memory() - held) / 1e6:,.0f} MB of memory",
        flush=True,
    )
    found = len(truth & pairs)
    if truth:
        print(f"recall {found / len(truth):.1%}, precision {found / len(pairs):.1%}", flush=True)
    else:
        print(f"{len(pairs)} copies", flush=True)


def print_similarities(copies: list[PlantedCopy], archive: Archive) -> None:
    """Print what LEAST is chosen by: how near copies are, and how near other texts."""
    texts = {one.line["id"]: shingles(one.line["text"]) for one in Selection().lines(archive)}
    for low, high in ((0.0, 0.05), (0.05, 0.1), (0.1, 0.15), (0.15, 0.2)):
        near = [
            jaccard(texts[copy.original], texts[copy.id])
            for copy in copies
            if low <= copy.altered <= high
        ]
        print(f"altered {low:.0%} to {high:.0%}: similarity {min(near):.2f} to {max(near):.2f}")
    others = [shingles(text_of(story)) for story in write_posts(_UNRELATED, 3)]
    most = max(jaccard(one, other) for one, other in combinations(others, 2))
    print(f"of {_UNRELATED} other texts no two more than {most:.2f}", flush=True)


def bulletins(folder: Path, count: int) -> Archive:
    """Texts that share a frame of 60 words and have 40 of their own."""
    stand = Newsstand(folder)
    chance = Random(5)
    frame = [_word(chance) for _ in range(60)]
    stand.write(
        (
            (
                "bamdad",
                replace(
                    article(number, " ".join([*frame, *(_word(chance) for _ in range(40))])),
                    published=_BEGIN + timedelta(hours=number),
                ),
            )
            for number in range(1, count + 1)
        ),
        _BEGIN,
    )
    return stand.archive


def most_memory() -> int:
    """How many bytes of memory the process had at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _word(chance: Random) -> str:
    return "".join(chance.choices(_LETTERS, k=4))


if __name__ == "__main__":
    main()
