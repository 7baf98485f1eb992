"""A crawl of many sites over a cluster in trouble: workers killed, the scheduler started anew.

It says what came of it; the bar is that nothing was lost, and nothing fetched twice.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any
from urllib.parse import unquote, urlsplit

from tests.cluster.machines import Machines
from tests.newsroom.answer import Answer
from tests.newsroom.document import Document
from tests.newsroom.moods import calm
from tests.newsroom.newsroom import Newsroom
from tests.newsroom.request import Request
from tests.newsroom.site import Site
from tests.process import Baygan, Started

DELAY = 0.05


class Rooms:
    """So many newsrooms, each on a host of its own, as a context manager; `arrivals` are when
    pages were asked for, and which (`site/path`)."""

    def __init__(self, sites: int, posts: int) -> None:
        self._stack = ExitStack()
        self._lock = Lock()
        self.arrivals: list[tuple[float, str]] = []
        self.rooms = {
            f"site-{n:02}": Newsroom(Site(posts, seed=n), host=f"127.0.9.{n + 1}", record=False)
            for n in range(sites)
        }

    def __enter__(self) -> Rooms:
        for name, room in self.rooms.items():
            room.be(self._noting(name))
            self._stack.enter_context(room)
        return self

    def __exit__(self, *error: object) -> None:
        self._stack.close()

    def write_toml(self, folder: Path, delay: float = DELAY) -> None:
        """Name all of them in sites.toml."""
        tables = (f'[sites.{name}]\nurl = "{room.url}"\n' for name, room in self.rooms.items())
        head = f"[defaults]\ndelay = {delay}\nallow_private = true\n"
        (folder / "sites.toml").write_text(head + "".join(tables))

    def _noting(self, name: str) -> Callable[[Request, Document], Answer | None]:
        pages = {unquote(post.path) for post in self.rooms[name].posts}

        def mood(request: Request, document: Document) -> Answer | None:
            if request.path in pages:
                with self._lock:
                    self.arrivals.append((time.time(), f"{name}{request.path}"))
            return calm(request, document)

        return mood


@dataclass(slots=True)
class TroubledCrawl:
    """What came of it. `again` are pages that were asked for again after they were kept; `twice`
    counts those asked for twice, since they were not kept when their run died."""

    code: int = -1
    out: str = ""
    err: str = ""
    seconds: float = 0.0
    articles: int = 0
    twice: int = 0
    again: list[str] = field(default_factory=list)
    starts: int = 0
    check: int = -1
    checked: str = ""

    def __str__(self) -> str:
        return (
            f"{dict(self.verdicts)}, exit code {self.code}, {self.articles} articles in"
            f" {self.seconds:.0f} s; {self.starts} processes started anew\n"
            f"pages fetched again after they were kept: {len(self.again)}; asked for twice, since"
            f" they were not kept when their run died: {self.twice}\n"
            f"check --deep --cluster: exit code {self.check}, {len(self.checked)} bytes of damage"
        )

    @property
    def verdicts(self) -> Counter[str]:
        return Counter(json.loads(line)["verdict"] for line in self.out.splitlines())


def troubled_crawl(sites: int, posts: int, workers: int, troubles: str) -> TroubledCrawl:
    """Crawl `sites` of so many `posts` over so many `workers`. The `troubles` come one after the
    other, at even distances: `k` kills worker 1, `p` takes its power, `s` kills the scheduler."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        rooms = stack.enter_context(Rooms(sites, posts))
        rooms.write_toml(folder)
        machines = stack.enter_context(Machines(workers))
        baygan = Baygan(folder, patience=900)
        found, begun = TroubledCrawl(), time.monotonic()
        crawl = baygan.start("crawl", "--json", "--cluster", machines.address)
        kept: list[tuple[float, set[str]]] = []
        for number, trouble in enumerate(troubles, 1):
            _wait(crawl, rooms, number * sites * posts // (len(troubles) + 1))
            _make(trouble, machines)
            kept.append((time.time(), _kept(folder)))
        out, err = crawl.communicate(timeout=900)
        found.seconds = time.monotonic() - begun
        found.code, found.out, found.err = crawl.returncode, out.decode(), err.decode()
        found.starts = machines.starts - workers - 1
        asked = Counter(page for _, page in rooms.arrivals)
        found.articles = len(_kept(folder))
        found.twice = sum(count > 1 for count in asked.values())
        found.again = [
            page for at, page in rooms.arrivals if any(at > t and page in had for t, had in kept)
        ]
        checked = baygan("check", "--deep", "--cluster", machines.address)
        found.check, found.checked = checked.code, checked.out + checked.err
        return found


def _wait(crawl: Started, rooms: Rooms, count: int) -> None:
    """Until so many pages have been asked for, or the crawl has ended."""
    while len(rooms.arrivals) < count and crawl.poll() is None:
        time.sleep(0.01)


def _make(trouble: str, machines: Machines) -> None:
    if trouble == "s":
        machines.kill_scheduler()
    else:
        machines.kill_worker(1, with_children=trouble == "p")


def _kept(folder: Path) -> set[str]:
    """The pages of all lines that are whole."""
    lines = [
        (path.parts[-3], json.loads(line))
        for path in folder.glob("*/articles/*.jsonl")
        for line in path.read_bytes().split(b"\n")[:-1]
    ]
    return {f"{site}{_path(line)}" for site, line in lines}


def _path(line: dict[str, Any]) -> str:
    return unquote(urlsplit(line["url"]).path)
