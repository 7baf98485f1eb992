"""How fast `baygan check` reads: megabytes of compressed WARC a second on one core.

python -m benchmarks.check [--posts N] [--rounds N] [--plain]

A site of N articles is written as a crawl writes it, with the newsroom's own pages; then it is
checked, lines, texts, index and manifest with it. Pages are gzipped, as servers send them; with
--plain they are not. What counts is the median of the rounds.
"""

from __future__ import annotations

import argparse
import gzip
import os
import platform
import resource
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from archive.check import Check
from archive.folder import Archive, SiteFolder
from archive.model import Exchange
from archive.writer.site_writer import SiteWriter
from scraper.cleaning import clean
from tests.newsroom.article import article_page
from tests.newsroom.site import Site

HOME = "http://bamdad.example/"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.check")
    parser.add_argument("--posts", type=int, default=4000, metavar="N", help="articles in the site")
    parser.add_argument(
        "--rounds", type=int, default=5, metavar="N", help="how often it is checked"
    )
    parser.add_argument("--plain", action="store_true", help="pages without gzip")
    options = parser.parse_args()
    print(f"{platform.python_implementation()} {platform.python_version()}, one core of", end=" ")
    print(os.cpu_count())
    with tempfile.TemporaryDirectory() as folder:
        site = written(Path(folder), options.posts, plain=options.plain)
        warcs = sum(path.stat().st_size for path in site.path.glob("*/*/*.warc.gz")) / 1e6
        print(f"{options.posts} articles, {warcs:.1f} MB of compressed WARC, text records with it")
        rounds = [(seconds(site), inflating(site)) for _ in range(options.rounds)]
    for checking, alone in rounds:
        print(f"check {warcs / checking:6.1f} MB/s   inflating alone {warcs / alone:6.1f} MB/s")
    print(f"\nmedian {median(warcs / checking for checking, _ in rounds):.1f} MB/s")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak of memory {peak:.0f} MB")


def seconds(site: SiteFolder) -> float:
    """How much processor time one check takes."""
    began = time.process_time()
    checked = Check(site).run()
    assert checked.lines and not checked.findings
    return time.process_time() - began


def inflating(site: SiteFolder) -> float:
    """How much of it the least takes that any reader must do, on the machine as it is now."""
    began = time.process_time()
    for path in site.path.glob("*/*/*.warc.gz"):
        with gzip.open(path) as file:
            while file.read(1 << 20):
                pass
    return time.process_time() - began


def written(folder: Path, posts: int, *, plain: bool) -> SiteFolder:
    """A site in `folder` whose first night has kept `posts` articles."""
    (folder / "sites.toml").write_text(f'[sites.bamdad]\nurl = "{HOME}"\n')
    site = Archive(folder).site("bamdad")
    pages = rendered(min(posts, 200))
    articles = [clean(page, HOME) for page in pages]
    with SiteWriter(site) as writer:
        for number in range(posts):
            page = pages[number % len(pages)]
            article = replace(articles[number % len(pages)], post_id=number + 1)
            url = f"{HOME}?p={number}"
            # Every page is another one, as on a real site.
            exchange = fetched(url, page + f"<!-- {number} -->".encode(), plain=plain)
            writer.keep(url, article, writer.capture(exchange))
    return site


def rendered(count: int) -> list[bytes]:
    """So many article pages of the newsroom."""
    site = Site(count + 1)
    return [article_page(site, post).encode() for post in site.posts][:count]


def fetched(url: str, page: bytes, *, plain: bool) -> Exchange:
    """The exchange in which a server sends `page`."""
    body = page if plain else gzip.compress(page, 6, mtime=0)
    coding = "" if plain else "Content-Encoding: gzip\r\n"
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=UTF-8\r\n{coding}"
    now = datetime.now(UTC)
    return Exchange(
        url=url,
        request=f"GET {url} HTTP/1.1\r\nUser-Agent: baygan\r\n\r\n".encode(),
        response=f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body,
        ip="192.0.2.7",
        port=80,
        started=now,
        ended=now,
    )


if __name__ == "__main__":
    main()
