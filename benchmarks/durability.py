"""What durability costs: crawls with fsync against crawls without, and with WARC against without.

python -m benchmarks.durability [--posts N] [--pairs N]

All four are whole processes on one newsroom, in turns; what counts is the median of the ratios.
The switches are this script's: no fsync means that `os.fsync` does nothing in the crawl, no WARC
that exchanges are tapped and thrown away. There is no delay, so that nothing hides the cost.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
from pathlib import Path
from statistics import median

from benchmarks.throughput import newsroom, require, seconds

MAIN = "from scraper.cli import main; main()"
SWITCHES = {
    "whole": "",
    "no fsync": "import os; os.fsync = lambda descriptor: None; ",
    "no WARC": "from benchmarks.unstored import switch; switch(); ",
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.durability")
    parser.add_argument("--posts", type=int, default=500, metavar="N", help="articles a crawl")
    parser.add_argument("--pairs", type=int, default=5, metavar="N", help="crawls of each kind")
    options = parser.parse_args()
    print(f"{platform.python_implementation()} {platform.python_version()}, {os.cpu_count()} cores")
    print(f"{options.posts} articles, articles a second over the whole process:\n")
    rates: dict[str, list[float]] = {name: [] for name in SWITCHES}
    with newsroom(options.posts) as home, tempfile.TemporaryDirectory() as folder:
        for number in range(options.pairs):
            # Another one goes first each time: a busy machine favours none.
            names = list(SWITCHES)[number % 3 :] + list(SWITCHES)[: number % 3]
            for name in names:
                here = Path(folder) / f"{number}-{name.replace(' ', '-')}"
                rates[name].append(options.posts / crawl(home, options.posts, here, name))
            print("   ".join(f"{name} {rates[name][-1]:6.1f}" for name in SWITCHES))
    for name in ("no fsync", "no WARC"):
        ratios = [ours / other for ours, other in zip(rates["whole"], rates[name], strict=True)]
        print(f"\nwhole against {name}: median {median(ratios):.3f}, {min(ratios):.3f} to", end="")
        print(f" {max(ratios):.3f}", end="")
    print()


def crawl(home: str, posts: int, folder: Path, name: str) -> float:
    """Seconds that a first crawl into a new archive takes with this switch."""
    folder.mkdir(parents=True)
    site = f'[sites.news]\nurl = "{home}"\nallow_private = true\ndelay = 0\n'
    (folder / "sites.toml").write_text(site)
    spent = seconds([sys.executable, "-P", "-c", SWITCHES[name] + MAIN, "crawl"], folder)
    require(folder.glob("news/articles/*.jsonl"), posts)
    return spent


if __name__ == "__main__":
    main()
