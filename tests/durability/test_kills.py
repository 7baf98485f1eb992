"""kill -9 at random instants of real crawls, one after another on the same archive.

Random kills seldom hit a write; those that do are `test_failpoints`'. These hit everything else:
the reactor, the cleaning children, the lock, a night's first moments and its last.
"""

from __future__ import annotations

import random
import signal
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.layout import warc_files
from archive.warc.pages import page_captures
from tests.newsroom.newsroom import Newsroom
from tests.newsroom.site import Site
from tests.process import Baygan
from tests.test_kill import archive, articles, assert_sound, wait_for_requests

POSTS = 150
KILLS, LONG = 10, 100


@pytest.fixture(scope="module")
def room() -> Iterator[Newsroom]:
    with Newsroom(Site(POSTS)) as running:
        yield running


def captures(baygan: Baygan) -> Counter[str]:
    """How often each page was captured whole."""
    site = baygan.folder / "news"
    return Counter(page.url for path in warc_files(site) for page in page_captures(site, path))


def one_archive(folder: Path, room: Newsroom, dice: random.Random, kills: int) -> int:
    """Crawl into `folder` with at most `kills` kills until all is there; how many it took."""
    baygan = archive(folder, room, delay=0.01)
    acknowledged: Counter[tuple[object, object]] = Counter()
    killed = 0
    while True:
        before = len(room.exchanges)
        process = baygan.start("crawl", "--workers", "1")
        if killed < kills:
            wait_for_requests(process, room, before, dice.randint(0, 30))
            time.sleep(dice.random() * 0.1)
            process.kill()
        out, err = process.communicate()
        assert out == b""
        now = articles(baygan) if (baygan.folder / "news").exists() else Counter()
        assert acknowledged <= now, "a kill or a repair took a line away"
        acknowledged = now
        if process.returncode != -signal.SIGKILL:
            assert (process.returncode, err) == (0, b"")
            break
        killed += 1
    assert len(now) == POSTS + 1 and max(now.values()) == 1
    assert max(captures(baygan).values()) == 1, "a captured page was fetched again"
    assert_sound(baygan)
    return killed


def test_random_kills(room: Newsroom, folder: Path, long: bool) -> None:
    dice = random.Random(20261123)
    wanted, killed, archives = LONG if long else KILLS, 0, 0
    while killed < wanted:
        killed += one_archive(folder / f"{archives}", room, dice, wanted - killed)
        archives += 1
    print(f"\n{killed} kills over {archives} archives: 0 acknowledged articles lost")
