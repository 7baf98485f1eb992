"""How polite: twenty sites in one run, and the gaps between the requests to one.

python -m benchmarks.manners [--posts N] [--sites N]

Twenty: one site hangs, one is blocked, one has no name, one answers 500; the rest are healthy.
What counts is the wall time of the whole process against the slowest healthy site's own night.
Gaps: as the site sees them, under Crawl-delay 2, 429 with Retry-After 7 and 503 with a date.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from tests.newsroom.answer import Answer
from tests.newsroom.document import Document
from tests.newsroom.moods import Mood, calm, refuse
from tests.newsroom.newsroom import Newsroom
from tests.newsroom.request import Request
from tests.newsroom.site import Site

BAYGAN = (sys.executable, "-P", "-c", "from scraper.cli import main; main()")
REPOSITORY = Path(__file__).parent.parent
SICK = {"hanging": "hang", "blocked": "challenge", "broken": "500"}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.manners")
    parser.add_argument("--posts", type=int, default=80, metavar="N", help="articles a site")
    parser.add_argument("--sites", type=int, default=20, metavar="N", help="sites in one run")
    options = parser.parse_args()
    twenty(options.sites, options.posts)
    gaps("Crawl-delay 2", None)
    gaps("429, Retry-After 7", refuse(7))
    gaps("503, a date 7 s ahead", in_seven_seconds)


def in_seven_seconds(request: Request, document: Document) -> Answer | None:
    """A mood: 503, with the instant from which the site will answer."""
    # An HTTP date has whole seconds, and is never later than what it stands for.
    until = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=7)
    return refuse(until, "503 Service Unavailable")(request, document)


def twenty(sites: int, posts: int) -> None:
    """Crawl `sites` sites with half a second between two requests, four of them in trouble."""
    with ExitStack() as stack, tempfile.TemporaryDirectory() as folder:
        names = [f"site-{n:02}" for n in range(sites - len(SICK) - 1)]
        rooms = {name: stack.enter_context(Newsroom(Site(posts))) for name in names}
        rooms |= {name: stack.enter_context(Newsroom(Site(posts))) for name in SICK}
        for name, mood in SICK.items():
            rooms[name].be(mood)
        urls = {name: room.url for name, room in rooms.items()}
        urls["nameless"] = "http://no-such-host.invalid/"
        wall, runs, told = crawl(Path(folder), urls, delay=0.5)
    healthy = [run for run in runs if run["site"] in names]
    slowest = max(seconds(run) for run in healthy)
    complete = sum(run["verdict"] == "complete" for run in healthy)
    print(f"{sites} sites of {posts} posts, {len(SICK) + 1} in trouble: {complete} complete")
    print(f"wall {wall:.1f} s, slowest healthy night {slowest:.1f} s, ratio {wall / slowest:.2f}")
    for run in runs:
        if run["site"] not in names:
            print(f"  {run['site']:9} {seconds(run):5.1f} s, {run['requests']} answers")
    print(f"lines told: {len(told)}")


class Witness:
    """A mood: calm, and notes when each request came and for what."""

    def __init__(self) -> None:
        self.seen: list[tuple[float, str]] = []

    def note(self, mood: Mood) -> Mood:
        def noting(request: Request, document: Document) -> Answer | None:
            self.seen.append((time.monotonic(), request.path))
            return mood(request, document)

        return noting


def gaps(name: str, mood: Mood | None) -> None:
    """Crawl a site of eight posts, one of them disallowed, and print the gaps that it saw."""
    witness = Witness()
    with Newsroom(Site(8)) as room, tempfile.TemporaryDirectory() as folder:
        shut = room.posts[3].path
        delays = ("Crawl-delay: 2",) if mood is None else ()
        room.site.options.robots = (f"Disallow: {shut}", *delays)
        room.site.touch()
        room.be(witness.note(calm))
        if mood is not None:
            room.be(witness.note(mood), "/wp-json/wp/v2/posts", times=1)
        crawl(Path(folder), {"news": room.url}, delay=0.5)
    seen = [later - earlier for (earlier, _), (later, _) in pairwise(witness.seen)]
    paths = [path for _, path in witness.seen]
    if mood is None:
        print(f"{name}: {len(seen) - 1} gaps behind robots.txt, shortest {min(seen[1:]):.2f} s")
    else:
        wait = seen[paths.index("/wp-json/wp/v2/posts")]
        print(f"{name}: next request after {wait:.2f} s")
    print(f"  disallowed paths asked for: {paths.count(shut)} of {len(paths)}")


def crawl(
    folder: Path, urls: dict[str, str], delay: float
) -> tuple[float, list[dict[str, Any]], list[str]]:
    """Wall time, the nights' lines and what cron would mail."""
    tables = (f'[sites.{name}]\nurl = "{url}"\n' for name, url in urls.items())
    head = f"[defaults]\ndelay = {delay}\nallow_private = true\n"
    (folder / "sites.toml").write_text(head + "".join(tables))
    began = time.monotonic()
    done = subprocess.run(
        [*BAYGAN, "-C", str(folder), "crawl", "--json"],
        capture_output=True, text=True, cwd=REPOSITORY,
    )  # fmt: skip
    wall = time.monotonic() - began
    return wall, [json.loads(line) for line in done.stdout.splitlines()], done.stderr.splitlines()


def seconds(run: dict[str, Any]) -> float:
    started, ended = (datetime.fromisoformat(run[key]) for key in ("started", "ended"))
    return (ended - started).total_seconds()


if __name__ == "__main__":
    main()
