"""What a crawl costs beside what else one would take: wget into WARC, then trafilatura.

python -m benchmarks.mirror [--posts N] [--pairs N]

On one newsroom, in turns, whole processes: `baygan crawl` into a new archive; and two wget at a
time, each with half of the articles' addresses, then two processes at a time in which trafilatura
reads the articles from the two WARC files into JSON lines. What counts is the median of the ratios
of processor time, all children in it; other work on the machine changes that little, and wall time
much. Needs wget.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import trafilatura
from warcio.archiveiterator import ArchiveIterator

from benchmarks.throughput import BAYGAN, REPOSITORY, begin, newsroom, require

AT_ONCE = 2
_ENV = os.environ | {"PYTHONPATH": str(REPOSITORY)}


@dataclass(frozen=True)
class Cost:
    """Seconds of processor time, of the processes and all their children, and of the clock."""

    cpu: float
    wall: float

    def __add__(self, other: Cost) -> Cost:
        return Cost(self.cpu + other.cpu, self.wall + other.wall)


def main() -> None:
    if len(sys.argv) == 2 and sys.argv[1].endswith(".warc.gz"):
        extract(Path(sys.argv[1]))
        return
    options = begin("benchmarks.mirror")
    cpu, wall = [], []
    with newsroom(options.posts) as home, tempfile.TemporaryDirectory() as folder:
        addresses = articles(home)
        for number in range(options.pairs):
            here = Path(folder) / str(number)
            ours = crawl(home, options.posts, here / "baygan")
            theirs = mirror(addresses, here / "mirror")
            cpu.append(ours.cpu / theirs.cpu)
            wall.append(ours.wall / theirs.wall)
            print(
                f"baygan {ours.cpu:5.1f} s ({ours.wall:5.1f})   wget and trafilatura"
                f" {theirs.cpu:5.1f} s ({theirs.wall:5.1f})   ratio {cpu[-1]:.2f} ({wall[-1]:.2f})"
            )
    print(f"\nmedian ratio of processor time {median(cpu):.2f}, of the clock {median(wall):.2f}")


def articles(home: str) -> list[str]:
    """The articles' addresses, from the site's sitemaps."""
    found: list[str] = []
    waiting = [f"{home}wp-sitemap.xml"]
    while waiting:
        with urllib.request.urlopen(waiting.pop()) as answer:
            told = re.findall(r"<loc>([^<]+)</loc>", answer.read().decode())
        waiting += [url for url in told if url.endswith(".xml") and "posts-post" in url]
        found += [url for url in told if not url.endswith(".xml")]
    return found


def crawl(home: str, posts: int, folder: Path) -> Cost:
    """What a first crawl into a new archive costs."""
    folder.mkdir(parents=True)
    site = f'[sites.news]\nurl = "{home}"\nallow_private = true\ndelay = 0\n'
    (folder / "sites.toml").write_text(site)
    spent = cost([[*BAYGAN, "crawl"]], folder)
    require(folder.glob("news/articles/*.jsonl"), posts)
    return spent


def mirror(addresses: list[str], folder: Path) -> Cost:
    """What it costs to fetch `addresses` with wget and to read the WARC files with trafilatura."""
    folder.mkdir(parents=True)
    fetch, read = [], []
    for part in range(AT_ONCE):
        (folder / f"{part}.txt").write_text("\n".join(addresses[part::AT_ONCE]))
        (folder / str(part)).mkdir()
        options = ["-q", "-i", f"{part}.txt", f"--warc-file={part}", "-P", f"{part}"]
        fetch.append(["wget", *options, "--header=Accept-Encoding:gzip"])
        read.append([sys.executable, "-m", "benchmarks.mirror", f"{part}.warc.gz"])
    spent = cost(fetch, folder) + cost(read, folder)
    require(folder.glob("*.jsonl"), len(addresses) - 1)
    return spent


def extract(warc: Path) -> None:
    """Write the articles in `warc` to a file of JSON lines beside it."""
    with warc.open("rb") as stream, warc.with_suffix(".jsonl").open("w") as lines:
        for record in ArchiveIterator(stream):
            if record.rec_type != "response":
                continue
            url = record.rec_headers.get_header("WARC-Target-URI")
            text = trafilatura.extract(
                record.content_stream().read(), url=url, output_format="json", with_metadata=True
            )
            print(text if isinstance(text, str) else json.dumps({"url": url}), file=lines)


def cost(commands: list[list[str]], folder: Path) -> Cost:
    """What `commands` cost, run side by side in `folder`."""
    began, used = time.perf_counter(), os.times()
    started = [
        subprocess.Popen(command, cwd=folder, env=_ENV, stdout=subprocess.DEVNULL)
        for command in commands
    ]
    # wget's exit status is 8 if the site answered one address with an error.
    if any(process.wait() not in (0, 8) for process in started):
        sys.exit(f"one of these failed: {commands}")
    now = os.times()
    cpu = now.children_user + now.children_system - used.children_user - used.children_system
    return Cost(cpu, time.perf_counter() - began)


if __name__ == "__main__":
    main()
