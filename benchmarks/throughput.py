"""How fast: `baygan crawl` against a plain Scrapy spider on the same site, without a delay.

python -m benchmarks.throughput [--posts N] [--pairs N]

The newsroom is a process of its own that has rendered its pages beforehand and records nothing.
Both are measured as whole processes, from start to exit, one after the other in turns; what
counts is the median of the ratios. And how long `baygan --help` takes, the median of five.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median

BAYGAN = (sys.executable, "-P", "-c", "from scraper.cli import main; main()")
PLAIN = (sys.executable, "-m", "benchmarks.plain")
REPOSITORY = Path(__file__).parent.parent


def main() -> None:
    options = begin("benchmarks.throughput")
    ratios = []
    with newsroom(options.posts) as home, tempfile.TemporaryDirectory() as folder:
        for number in range(options.pairs):
            here = Path(folder) / str(number)
            ours = options.posts / crawl(home, options.posts, here / "baygan", BAYGAN)
            plain = options.posts / crawl_plainly(home, options.posts, here / "plain")
            ratios.append(ours / plain)
            print(f"baygan {ours:6.1f}   plain spider {plain:6.1f}   ratio {ratios[-1]:.2f}")
    print(f"\nmedian ratio {median(ratios):.2f}")
    starts = [seconds([*BAYGAN, "--help"], REPOSITORY) for _ in range(5)]
    print(f"baygan --help: {median(starts):.2f} s")


def begin(module: str) -> argparse.Namespace:
    """Read the options `posts` and `pairs`, and print what is measured, and where."""
    parser = argparse.ArgumentParser(prog=f"python -m {module}")
    parser.add_argument("--posts", type=int, default=500, metavar="N", help="articles a crawl")
    parser.add_argument("--pairs", type=int, default=5, metavar="N", help="crawls of each kind")
    options = parser.parse_args()
    print(f"{platform.python_implementation()} {platform.python_version()}, {os.cpu_count()} cores")
    print(f"{options.posts} articles, articles a second over the whole process:\n")
    return options


@contextmanager
def newsroom(posts: int) -> Iterator[str]:
    """A newsroom as a process; its address."""
    command = [sys.executable, "-m", "tests.newsroom", "--posts", str(posts), "--warm"]
    with subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


def crawl(home: str, posts: int, folder: Path, baygan: Sequence[str]) -> float:
    """Seconds that a first crawl into a new archive takes; `baygan` is the command."""
    folder.mkdir(parents=True)
    site = f'[sites.news]\nurl = "{home}"\nallow_private = true\ndelay = 0\n'
    (folder / "sites.toml").write_text(site)
    spent = seconds([*baygan, "crawl"], folder)
    require(folder.glob("news/articles/*.jsonl"), posts)
    return spent


def crawl_plainly(home: str, posts: int, folder: Path) -> float:
    """Seconds that the plain spider takes."""
    folder.mkdir(parents=True)
    spent = seconds([*PLAIN, home, str(folder / "articles.jsonl")], REPOSITORY)
    require(folder.glob("articles.jsonl"), posts)
    return spent


def seconds(command: list[str], folder: Path) -> float:
    """Wall clock of one process from start to exit."""
    start = time.perf_counter()
    env = os.environ | {"PYTHONPATH": str(REPOSITORY)}
    subprocess.run(command, cwd=folder, env=env, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def require(paths: Iterator[Path], posts: int) -> None:
    """Both did the same work, or the figures mean nothing."""
    lines = [json.loads(line) for path in paths for line in path.read_text().splitlines()]
    if not posts <= len(lines) <= posts + 1:  # the plain spider takes the protected post too
        sys.exit(f"{len(lines)} articles instead of {posts}")


if __name__ == "__main__":
    main()
