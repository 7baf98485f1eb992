"""One run a site: a second one is gone at once, and a killed one leaves nothing to unlock."""

from __future__ import annotations

import signal
import time
from pathlib import Path

from . import WordPress
from .test_crawl_killed import wait_for_pages
from .visit import Reader


def test_a_second_run_asks_for_nothing(town: WordPress, tmp_path: Path) -> None:
    reader = Reader.of(town, tmp_path, delay=0.5)
    town.mark()
    holder = reader.baygan.start("crawl")
    wait_for_pages(reader, holder, 2)
    asked = len(town.requests())
    started = time.monotonic()
    # Started by itself: the tests' way to run many commands takes its time before the first one.
    second = reader.baygan.start("crawl")
    _, told = second.communicate()
    took = time.monotonic() - started
    meanwhile = len(town.requests()) - asked
    assert second.returncode == 5 and b"news" in told, told
    assert took < 2
    assert meanwhile <= took / 0.5 + 1, "the second run asked for something"
    holder.kill()
    holder.communicate()
    assert holder.returncode == -signal.SIGKILL
    third = reader.baygan("crawl", "--limit", "1")
    assert third.code == 0, third
