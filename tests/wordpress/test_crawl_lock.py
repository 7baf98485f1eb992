"""One run a site: a second one is gone at once, and a killed one leaves nothing to unlock."""

from __future__ import annotations

import signal
import time
from pathlib import Path

from tests.process import Started

from . import WordPress
from .test_crawl_killed import wait_for_pages
from .visit import Reader


def test_a_second_run_asks_for_nothing(town: WordPress, tmp_path: Path) -> None:
    reader = Reader.of(town, tmp_path, delay=0.5)
    town.mark()
    with reader.baygan.start("crawl") as holder:
        try:
            wait_for_pages(reader, holder, 2)
            _refused(reader, holder)
        finally:
            holder.kill()
    assert holder.returncode == -signal.SIGKILL
    third = reader.baygan("crawl", "--limit", "1")
    assert third.code == 0, third


def _refused(reader: Reader, holder: Started) -> None:
    """A second run ends long before the one that holds the lock, and only the holder asks."""
    town = reader.wordpress
    asked = len(town.requests())
    started = time.monotonic()
    # Started by itself: the tests' way to run many commands takes its time before the first one.
    with reader.baygan.start("crawl") as second:
        _, told = second.communicate()
    took = time.monotonic() - started
    meanwhile = len(town.requests()) - asked
    assert second.returncode == 5 and b"news" in told, told
    assert holder.poll() is None, "it waited for the other run's end"
    assert meanwhile <= took / 0.5 + 1, "the second run asked for something"
    # Of the two seconds in which it has to end, a slow machine needs most to load the program.
    assert took < 2 + _seconds(reader, "--version"), "it waited"


def _seconds(reader: Reader, *arguments: str) -> float:
    started = time.monotonic()
    with reader.baygan.start(*arguments) as process:
        process.communicate()
    return time.monotonic() - started
