"""Random nights: the archive is what the database is, and the script that says so can tell."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from benchmarks.nights import Newsroom, drift_of
from tests.process import REPOSITORY, environment

from . import WordPress
from .conftest import FirstCrawl


@pytest.mark.timeout(600)
def test_random_nights_do_not_drift(wordpress: WordPress, long: bool) -> None:
    sizes = ["--nights", "60"] if long else ["--nights", "4", "--posts", "30", "--seed", "7"]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.nights", *sizes],
        cwd=REPOSITORY,
        env=environment(),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "\n0 of " in done.stdout


def test_drift_is_seen(undone: WordPress, first_crawl: FirstCrawl, tmp_path: Path) -> None:
    """A day's work is drift until the night; so is a title changed behind everybody's back."""
    reader = first_crawl.copied(tmp_path / "archive")
    newsroom = Newsroom(undone, Random(5))
    undone.clock.forward(days=1)
    newsroom.work()
    visit = first_crawl.again
    drift = " ".join(drift_of(newsroom, reader, visit))
    for words in ("not in the archive", "taken for live", "another text", "the ledger says None"):
        assert words in drift
    visit = reader.visit()
    assert list(drift_of(newsroom, reader, visit)) == []
    post = undone.truth[7]
    undone.apply([{"do": "set", "id": post.id, "post_title": "تیتری دیگر"}])
    assert list(drift_of(newsroom, reader, visit)) == [f"{post.id} has another title"]
