"""What durability costs: crawls with fsync against crawls without, and with WARC against without.

python -m benchmarks.durability [--posts N] [--pairs N]

All four are whole processes on one newsroom, in turns; what counts is the median of the ratios.
The switches are this script's: no fsync means that `os.fsync` does nothing in the crawl, no WARC
that pages are tapped and thrown away (benchmarks.unstored). There is no delay, so that nothing
hides the cost.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from statistics import median

from benchmarks.throughput import begin, crawl, newsroom

MAIN = "from scraper.cli import main; main()"
SWITCHES = {
    "whole": "",
    "no fsync": "import os; os.fsync = lambda descriptor: None; ",
    "no WARC": "from benchmarks.unstored import switch; switch(); ",
}


def main() -> None:
    options = begin("benchmarks.durability")
    rates: dict[str, list[float]] = {name: [] for name in SWITCHES}
    with newsroom(options.posts) as home, tempfile.TemporaryDirectory() as folder:
        for number in range(options.pairs):
            # Another one goes first each time: a busy machine favours none.
            names = list(SWITCHES)[number % 3 :] + list(SWITCHES)[: number % 3]
            for name in names:
                here = Path(folder) / f"{number}-{name.replace(' ', '-')}"
                command = [sys.executable, "-P", "-c", SWITCHES[name] + MAIN]
                rates[name].append(options.posts / crawl(home, options.posts, here, command))
            print("   ".join(f"{name} {rates[name][-1]:6.1f}" for name in SWITCHES))
    for name in ("no fsync", "no WARC"):
        ratios = [ours / other for ours, other in zip(rates["whole"], rates[name], strict=True)]
        print(f"\nwhole against {name}: median {median(ratios):.3f}, {min(ratios):.3f} to", end="")
        print(f" {max(ratios):.3f}", end="")
    print()


if __name__ == "__main__":
    main()
