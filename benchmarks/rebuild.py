"""How fast a rebuild is: against the bare cleaner, and over the cores.

python -m benchmarks.rebuild [--posts N] [--pairs N]

The archive holds N captured pages of the newsroom. In turns: the cleaner alone over all of them,
the pages in memory, in one process; a rebuild bound to one core; a rebuild on all cores. The first
two are compared by processor time, which other work on the machine does not change, the last two by
the clock. Of a rebuild goes off what one of a single page takes: imports and the start of children.
"""

from __future__ import annotations

import argparse
import gzip
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import NamedTuple

from archive.errors import NotAnArticle
from archive.folder import Archive
from archive.http.message import Message
from archive.layout import warc_files
from archive.model import Exchange, Hints
from archive.warc.pages import page_captures, read_response
from archive.writer.site_writer import SiteWriter
from benchmarks.throughput import BAYGAN, REPOSITORY
from tests.newsroom.request import Request
from tests.newsroom.router import Router
from tests.newsroom.site import Site

HOME = "http://news.example"
ENVIRONMENT = os.environ | {"PYTHONPATH": str(REPOSITORY)}
BARE = (sys.executable, "-m", "benchmarks.rebuild", "--bare")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.rebuild")
    parser.add_argument("--posts", type=int, default=1000, metavar="N", help="articles")
    parser.add_argument("--pairs", type=int, default=3, metavar="N", help="of each kind")
    parser.add_argument("--bare", metavar="FOLDER", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.bare:
        clean_all(Path(options.bare))
        return
    cores = sorted(os.sched_getaffinity(0))
    print(f"{platform.python_implementation()} {platform.python_version()}, {len(cores)} cores")
    with tempfile.TemporaryDirectory() as scratch:
        full, empty = Path(scratch) / "full", Path(scratch) / "empty"
        make(full, options.posts)
        make(empty, 1)
        measure(full, empty, options.posts, options.pairs, cores)


class Spent(NamedTuple):
    """Seconds by the clock, and of the processor, children included."""

    clock: float
    processor: float


def measure(full: Path, empty: Path, posts: int, pairs: int, cores: list[int]) -> None:
    """Print a line a pair, and the medians."""
    print(f"{posts} pages, pages a second of processor time, then by the clock:\n")
    speeds, scales = [], []
    for _ in range(pairs):
        bare = posts / bare_cleaner(full)
        one = rebuilt(full, empty, cores[:1])
        every = rebuilt(full, empty, cores)
        speeds.append(posts / one.processor / bare)
        scales.append(one.clock / every.clock / len(cores))
        print(
            f"cleaner {bare:6.1f}   rebuild {posts / one.processor:6.1f}, ratio {speeds[-1]:.2f};"
            f"   one core {posts / one.clock:6.1f}   {len(cores)} cores"
            f" {posts / every.clock:6.1f}, {scales[-1]:.2f} x cores"
        )
    print(f"\nmedian: {median(speeds):.2f} of the cleaner's speed, {median(scales):.2f} x cores")


def rebuilt(full: Path, empty: Path, cores: list[int]) -> Spent:
    """What a rebuild of the full archive takes more than one of a single page."""
    long, short = rebuild(full, cores), rebuild(empty, cores)
    return Spent(long.clock - short.clock, long.processor - short.processor)


def rebuild(archive: Path, cores: list[int]) -> Spent:
    """`baygan rebuild` as a whole process, bound to `cores`, its children too."""
    shutil.rmtree(archive / "quarantine", ignore_errors=True)
    start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [*BAYGAN, "rebuild", "--workers", str(len(cores))],
        cwd=archive,
        env=ENVIRONMENT,
        check=True,
        preexec_fn=lambda: os.sched_setaffinity(0, cores),
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Spent(time.perf_counter() - start, processor)


def bare_cleaner(archive: Path) -> float:
    """Seconds of processor time that the cleaner takes for all pages."""
    done = subprocess.run(
        [*BARE, str(archive)], env=ENVIRONMENT, check=True, stdout=subprocess.PIPE
    )
    return float(done.stdout)


def make(folder: Path, posts: int) -> None:
    """An archive with the pages of `posts` articles, captured and not yet cleaned."""
    folder.mkdir()
    (folder / "sites.toml").write_text(f'[sites.news]\nurl = "{HOME}/"\n')
    site = Site(posts, home=HOME)
    router = Router(site)
    started = datetime(2026, 11, 22, tzinfo=UTC)
    with SiteWriter(Archive(folder).site("news")) as writer:
        for number, post in enumerate(site.listed()):
            request = Request(f"GET {post.path} HTTP/1.1\r\n\r\n".encode())
            document = router.document(request)
            packed = document.content if document.is_packed else gzip.compress(document.content)
            writer.capture(_exchange(site.url(post), packed, started, number, post.id))


def _exchange(url: str, body: bytes, started: datetime, number: int, post_id: int) -> Exchange:
    now = started + timedelta(seconds=number)
    head = (
        "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=UTF-8\r\nContent-Encoding: gzip\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return Exchange(
        url=url,
        page_url=url,
        hints=Hints(post_id=post_id, post_type="post"),
        request=b"GET / HTTP/1.1\r\n\r\n",
        response=head.encode() + body,
        ip="192.0.2.7",
        port=80,
        started=now,
        ended=now,
    )


def clean_all(folder: Path) -> None:
    """What a rebuild is measured against: pages in, articles out, nothing read or written."""
    from scraper.cleaning import clean

    site = folder / "news"
    pages = [page for path in warc_files(site) for page in page_captures(site, path)]
    bodies = [Message.parse(read_response(site, page)).content() or b"" for page in pages]
    clean(bodies[0], pages[0].url)
    start = time.process_time()
    for page, body in zip(pages, bodies, strict=True):
        with suppress(NotAnArticle):
            clean(body, page.url, replace(page.hints, captured=page.date))
    print(time.process_time() - start)


if __name__ == "__main__":
    main()
