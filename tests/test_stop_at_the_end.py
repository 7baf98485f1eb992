"""A signal that comes while a site is being closed: what was captured is kept, the account whole.

A new site's pages are cleaned when its last one is there, so that there is always something to do
at the end.
"""

from __future__ import annotations

import json
import os
import signal
import time
from pathlib import Path

import pytest

from scraper.crawl import GRACE_SECONDS
from tests.cluster.machines import children_of
from tests.newsroom.newsroom import Newsroom
from tests.newsroom.site import Site
from tests.process import Baygan
from tests.sister import sisters

POSTS = 60


def last_page_is_sent(room: Newsroom) -> bool:
    asked = {one.target for one in room.exchanges if one.done}
    return all(post.path in asked for post in room.posts)


@pytest.mark.parametrize("late", [*sisters(0.0, 0.15, 0.3), 0.6, *sisters(1.0, 1.2)])
@pytest.mark.parametrize("number", [signal.SIGTERM, *sisters(signal.SIGINT)])
def test_a_signal_while_a_site_is_closed(
    tmp_path: Path, late: float, number: signal.Signals
) -> None:
    (first, second) = Site(POSTS, seed=3), Site(6, seed=4)
    with Newsroom(first) as room, Newsroom(second, host="127.0.0.3") as other:
        (tmp_path / "sites.toml").write_text(
            f'[defaults]\nallow_private = true\ndelay = 0\n[sites.khabar]\nurl = "{room.url}"\n'
            f'[sites.akhbar]\nurl = "{other.url}"\n'
        )
        baygan = Baygan(tmp_path)
        process = baygan.start("crawl")
        deadline = time.monotonic() + 60
        while not last_page_is_sent(room) and time.monotonic() < deadline:
            time.sleep(0.01)
        time.sleep(late)
        process.send_signal(number)
        _, err = process.communicate(timeout=10)
        assert process.returncode in (0, 128 + number), err
        assert err == b""
    captured = len(first.posts)
    [run] = map(json.loads, (tmp_path / "khabar/runs.jsonl").read_text().splitlines())
    kept = [line for line in baygan("export", "khabar").lines if line["post_type"] == "post"]
    assert run["verdict"] in ("complete", "incomplete")
    assert run["coverage"]["kept"] == run["new"]
    assert len(kept) >= captured or run["verdict"] == "incomplete"
    assert baygan("check").code == 0
    if process.returncode == 0:
        assert run["verdict"] == "complete"


def test_an_end_that_takes_too_long_is_cut_off_and_is_no_failure(tmp_path: Path) -> None:
    """The children do not go on, as on a machine that has too much to do."""
    with Newsroom(Site(160)) as room:
        (tmp_path / "sites.toml").write_text(
            f'[sites.khabar]\nurl = "{room.url}"\nallow_private = true\ndelay = 0.05\n'
        )
        baygan = Baygan(tmp_path)
        process = baygan.start("crawl")
        deadline = time.monotonic() + 60
        while not list(tmp_path.glob("khabar/articles/*")) and time.monotonic() < deadline:
            time.sleep(0.05)
        children = children_of(process.pid)
        _signal(children, signal.SIGSTOP)
        process.send_signal(signal.SIGTERM)
        time.sleep(GRACE_SECONDS + 1)
        _signal(children, signal.SIGCONT)
        _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (143, b"")
    [run] = map(json.loads, (tmp_path / "khabar/runs.jsonl").read_text().splitlines())
    assert (run["verdict"], run["problems"]) == ("incomplete", [])
    assert 0 < run["new"] == run["coverage"]["kept"] < 160
    assert baygan("check").code == 0


def _signal(processes: list[int], number: signal.Signals) -> None:
    for process in processes:
        os.kill(process, number)
