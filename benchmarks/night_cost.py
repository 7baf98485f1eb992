"""What a quiet night costs in an archive of many articles, against one of 300, and how long it
holds the loop that all sites share.

python -m benchmarks.night_cost [--articles N] [--pairs N] [--week] [--folder FOLDER]

Both sites are answered by this process; the crawls are processes of their own, in turns, and what
counts is the median of the ratios of their processor time, children included. `held` is the
longest turn of the loop by the clock, `busy` the longest by the processor, which others on the
machine do not lengthen. Then index.db is made anew. With --week also the night of the week in which
everything is listed and compared with the sitemaps, and the nights of a site of which only sitemaps
tell. The archives stay in FOLDER.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from statistics import median

from archive.folder import Archive
from archive.writer.site_writer import SiteWriter
from benchmarks.large_archive import NAME, large_archive
from benchmarks.large_site import LargeSite
from tests.process import environment

FEW = 300
_WATCHED = (
    "from benchmarks.held_loop import watch; watch({!r}); from scraper.cli import main; main()"
)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.night_cost")
    parser.add_argument("--articles", type=int, default=200_000, metavar="N")
    parser.add_argument("--pairs", type=int, default=5, metavar="N")
    parser.add_argument("--week", action="store_true")
    parser.add_argument("--folder", type=Path, metavar="FOLDER")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = given.folder or Path(scratch)
        quiet(folder, given.articles, given.pairs)
        anew(folder / str(given.articles))
        if given.week:
            week(folder, given.articles)


def quiet(folder: Path, articles: int, pairs: int) -> None:
    """The quiet nights of both, in turns."""
    ratios = []
    with (
        night(folder / str(FEW), "127.9.9.1", FEW) as few,
        night(folder / str(articles), "127.9.9.2", articles) as many,
    ):
        for crawl in (few, many):
            crawl.run()
        for _ in range(pairs):
            ratios.append(many.run() / few.run())
            print(f"{FEW}: {few}   {articles}: {many}   ratio {ratios[-1]:.2f}", flush=True)
    print(f"median ratio {median(ratios):.2f}", flush=True)


def anew(folder: Path) -> None:
    """index.db is made anew from the lines; the one that was there is put back."""
    site = Archive(folder).site(NAME)
    aside = site.index_path.rename(site.index_path.with_name("index.aside"))
    start, begun = time.perf_counter(), time.process_time()
    with SiteWriter(site) as writer:
        wall, spent = time.perf_counter() - start, time.process_time() - begun
        count = writer.index.counts()["articles"]
    aside.rename(site.index_path)
    print(
        f"index.db anew: {count / wall:.0f} lines a second, {count / spent:.0f} of processor time"
    )


def week(folder: Path, articles: int) -> None:
    """The nights in which much is read."""
    with night(folder / str(articles), "127.9.9.2", articles) as crawl:
        crawl.site.now += timedelta(days=7)
        crawl.run()
        print(f"all listed and compared: {crawl}", flush=True)
    with night(folder / f"{articles}-sitemaps", "127.9.9.3", articles, rest=False) as crawl:
        for name in ("sitemaps, read whole", "sitemaps, quiet", "sitemaps, a week later"):
            crawl.site.now += timedelta(days=7 if name.endswith("later") else 0, hours=1)
            crawl.run()
            print(f"{name}: {crawl}", flush=True)


class Night:
    """The nights of one site in its archive."""

    def __init__(self, folder: Path, site: LargeSite) -> None:
        self.site = site
        self._folder = folder
        self._spent = 0.0
        self._held = ""

    def __str__(self) -> str:
        return f"{self._spent:.2f} s, {len(self.site.asked)} requests, {self._held}"

    def run(self) -> float:
        """Crawl once, five minutes after the crawl before; its processor time in seconds."""
        self.site.now += timedelta(minutes=5)
        self.site.asked.clear()
        told = self._folder / "held.json"
        command = [sys.executable, "-P", "-c", _WATCHED.format(str(told)), "crawl", "-q"]
        process = subprocess.Popen(command, cwd=self._folder, env=environment())
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            print(f"the crawl ended with {process.returncode}", file=sys.stderr)
        self._spent = used.ru_utime + used.ru_stime
        busy, turns = json.loads(told.read_text())
        self._held = f"held {turns[0][0]:.3f} s, busy {busy:.3f} s"
        return self._spent


@contextmanager
def night(folder: Path, host: str, count: int, *, rest: bool = True) -> Iterator[Night]:
    """The archive in `folder`, and its site from now on; its time goes on where it was."""
    archive = large_archive(folder, host, count, rest=rest)
    with LargeSite(host, count, rest=rest) as site, archive.reading() as index:
        state = index and index.crawl_state
        known = state and (state.of_type("post").watermark if rest else state.sitemap_reading.clock)
        if known:
            site.now = max(site.now, known + timedelta(days=2))
        yield Night(folder, site)


if __name__ == "__main__":
    main()
