"""A network that says no at once, as on a laptop that wakes up or with a cable out: connect() fails
before anything is sent. The run ends, says so in a line and leaves nothing locked."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from tests.newsroom.newsroom import Newsroom
from tests.process import Baygan

# Linux has no route to the broadcast address of the loopback network, nor to a group without one.
NO_ROUTE = "127.255.255.255"


def archive(folder: Path, **sites: str) -> Baygan:
    tables = [
        f'[sites.{name}]\nurl = "{url}"\nallow_private = true\ndelay = 0\n'
        for name, url in sites.items()
    ]
    (folder / "sites.toml").write_text("\n".join(tables))
    return Baygan(folder)


@pytest.mark.parametrize("url", [f"http://{NO_ROUTE}/", f"https://{NO_ROUTE}/"])
def test_a_network_that_says_no_ends_the_run_with_a_line(url: str, tmp_path: Path) -> None:
    baygan = archive(tmp_path, far=url)
    begun = time.monotonic()
    done = baygan("crawl")
    assert time.monotonic() - begun < 60
    assert (done.code, done.out) == (1, "")
    [line] = done.err.splitlines()
    assert line.startswith(f"Warning: far: {url} gave no answer (connection-failed).")
    # The lock is free again: 5 would say that another run holds it. What was told is told once.
    again = baygan("crawl")
    assert (again.code, again.out, again.err) == (1, "", "")


def test_a_site_beside_it_is_whole(tmp_path: Path, newsroom: Newsroom) -> None:
    baygan = archive(tmp_path, far=f"http://{NO_ROUTE}/", news=newsroom.url)
    done = baygan("crawl", "--json")
    assert done.code == 3
    verdicts = {night["site"]: night["verdict"] for night in map(json.loads, done.out.splitlines())}
    assert verdicts == {"far": "failed", "news": "complete"}
