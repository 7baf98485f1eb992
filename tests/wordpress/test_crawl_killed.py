"""kill -9 in the middle of the work, ten times over: nothing lost, and only what was on its way
asked for again."""

from __future__ import annotations

import random
import signal
import time
from collections import Counter
from typing import Any

import pytest

from tests.process import Started

from .conftest import FirstCrawl
from .test_crawl_records import check_files, check_places
from .visit import Reader

TIMES = 10
CONCURRENCY = 8  # requests that are on their way at once to a site without a delay
PATIENCE = 60.0  # seconds until a crawl must have come to the moment of its end


# tests/test_kill.py kills crawls of the newsroom; this one takes as long as ten others.
@pytest.mark.sister
@pytest.mark.timeout(600)
def test_a_crawl_killed_ten_times_ends_as_an_undisturbed_one(
    first_crawl: FirstCrawl, tmp_path_factory: pytest.TempPathFactory
) -> None:
    wordpress = first_crawl.reader.wordpress
    reader = Reader.of(wordpress, tmp_path_factory.mktemp("killed"))
    seed = random.randrange(10_000)
    print(f"random moments by seed {seed}")
    chance = random.Random(seed)
    wordpress.mark()
    for _ in range(TIMES):
        moment = len(reader.asked()[0]) + chance.randint(1, len(wordpress.truth) // (2 * TIMES))
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
    again = pages.total() - len(wordpress.truth)
    print(f"{again} pages asked for again")
    assert again <= TIMES * CONCURRENCY


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
