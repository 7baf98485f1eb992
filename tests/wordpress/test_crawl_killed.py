"""kill -9 in the middle of the work, five times over: nothing lost, nothing twice."""

from __future__ import annotations

import random
import signal
import time
from collections import Counter
from typing import Any

import pytest

from archive.night import BATCH
from tests.process import Started

from .conftest import FirstCrawl
from .test_crawl_records import check_files, check_places
from .visit import Reader

TIMES = 5
PATIENCE = 60.0  # seconds until a crawl must have come to the moment of its end


def test_a_crawl_killed_five_times_ends_as_an_undisturbed_one(
    first_crawl: FirstCrawl, tmp_path_factory: pytest.TempPathFactory
) -> None:
    wordpress = first_crawl.reader.wordpress
    reader = Reader.of(wordpress, tmp_path_factory.mktemp("killed"))
    seed = random.randrange(10_000)
    print(f"random moments by seed {seed}")
    chance = random.Random(seed)
    wordpress.mark()
    for _ in range(TIMES):
        moment = len(reader.asked()[0]) + chance.randint(1, 60)
        process = reader.baygan.start("crawl")
        wait_for_pages(reader, process, moment)
        time.sleep(chance.uniform(0, 0.1))
        process.kill()
        process.communicate()
        assert process.returncode == -signal.SIGKILL
    outcome = reader.baygan("crawl")
    assert (outcome.code, outcome.out, outcome.err) == (0, "", "")
    assert kept(reader) == kept(first_crawl.reader)
    assert check_places(reader) == len(wordpress.truth)
    check_files(reader.warcs())
    pages = Counter(seen.target for seen in reader.asked()[0])
    assert len(pages) == len(wordpress.truth)
    # Asked for again: a batch on its way, one being cleaned, one waiting to be written.
    assert pages.total() <= len(wordpress.truth) + TIMES * 3 * BATCH


def wait_for_pages(reader: Reader, process: Started, count: int) -> None:
    """Until the server has answered so many articles."""
    deadline = time.monotonic() + PATIENCE
    while len(reader.asked()[0]) < count:
        assert process.poll() is None, "the crawl ended before it could be killed"
        assert time.monotonic() < deadline, "the crawl does not come on"
        time.sleep(0.05)


def kept(reader: Reader) -> dict[str, tuple[Any, ...]]:
    """The articles without what differs from crawl to crawl."""
    keys = ("url", "version", "title", "text", "published", "modified", "authors", "flags")
    return {line["id"]: tuple(str(line[key]) for key in keys) for line in reader.lines()}
