"""kill -9, SIGTERM and Ctrl-C in the middle of a crawl: nothing lost, nothing twice."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.warc.reader import read_record
from tests.newsroom.newsroom import Newsroom
from tests.newsroom.site import Site
from tests.process import Baygan, Started
from tests.warc_reader import findings, read_folder

POSTS = 120
KILLS = 5
DELAY = 0.04
"""Seconds between two requests: a whole crawl takes some five seconds after its start."""


@pytest.fixture(scope="module")
def room() -> Iterator[Newsroom]:
    with Newsroom(Site(POSTS)) as running:
        yield running


def archive(folder: Path, room: Newsroom, delay: float = DELAY) -> Baygan:
    folder.mkdir()
    site = f'[sites.news]\nurl = "{room.url}"\nallow_private = true\ndelay = {delay}\n'
    (folder / "sites.toml").write_text(site)
    return Baygan(folder)


def lines(baygan: Baygan) -> list[dict[str, object]]:
    """Every line there is, torn or not: the file's own, not the index's."""
    files = sorted((baygan.folder / "news" / "articles").glob("*.jsonl"))
    return [json.loads(line) for path in files for line in path.read_bytes().split(b"\n")[:-1]]


def articles(baygan: Baygan) -> Counter[tuple[object, object]]:
    return Counter((line["id"], line["text_sha256"]) for line in lines(baygan))


def wait_for_requests(process: Started, room: Newsroom, before: int, count: int) -> None:
    """Until so many requests have come, or the process has ended."""
    while len(room.exchanges) - before < count and process.poll() is None:
        time.sleep(0.001)


def assert_sound(baygan: Baygan) -> None:
    """Every line leads to its record and has one text record; every file is whole."""
    site = baygan.folder / "news"
    records = read_folder(site)
    assert findings(records) == []
    assert not list(site.rglob("*.open"))
    for path in site.rglob("*.gz"):
        subprocess.run(["gzip", "-t", path], check=True)
    references = Counter(r.get("WARC-Refers-To") for r in records if r.kind == "conversion")
    for line in lines(baygan):
        warc = line["warc"]
        assert isinstance(warc, dict)
        stored = read_record(site, warc)
        assert stored.field("WARC-Target-URI") == line["url"]
        assert stored.field("WARC-Payload-Digest") == f"sha256:{warc['payload_sha256']}"
        assert references.pop(f"<{warc['record_id']}>") == 1
    assert not references, "a text record without a line"


@pytest.fixture(scope="module")
def undisturbed(room: Newsroom, tmp_path_factory: pytest.TempPathFactory) -> Counter[object]:
    baygan = archive(tmp_path_factory.mktemp("whole") / "archive", room, delay=0)
    assert baygan("crawl").code == 0
    kept = articles(baygan)
    assert len(kept) == POSTS + 1  # the protected post, without its text, too
    return Counter(dict(kept))


@pytest.mark.sister
def test_five_kills_and_the_archive_is_that_of_a_quiet_night(
    room: Newsroom, tmp_path: Path, undisturbed: Counter[object]
) -> None:
    baygan = archive(tmp_path / "archive", room)
    dice = random.Random(20261122)
    acknowledged: Counter[tuple[object, object]] = Counter()
    # Each run goes on where the one before was; its first seven requests only look at the site.
    for pages in dice.sample((6, 12, 18, 24, 30), KILLS):
        before = len(room.exchanges)
        process = baygan.start("crawl", "--workers", "1")
        wait_for_requests(process, room, before, 7 + pages)
        time.sleep(dice.random() * DELAY)
        process.kill()
        process.communicate()
        assert process.returncode == -signal.SIGKILL, "the kill came too late"
        now = articles(baygan)
        assert acknowledged <= now, "a kill or a repair took a line away"
        acknowledged = now
    assert 0 < len(acknowledged) < POSTS
    done = baygan("crawl")
    assert (done.code, done.err) == (0, "")
    assert articles(baygan) == undisturbed
    assert_sound(baygan)
    again = len(room.exchanges)
    assert baygan("crawl").code == 0
    assert len(room.exchanges) - again <= 4, "articles were fetched again"
    assert articles(baygan) == undisturbed


@pytest.mark.parametrize(
    ("number", "code"),
    [(signal.SIGTERM, 143), pytest.param(signal.SIGINT, 130, marks=pytest.mark.sister)],
    ids=["term", "ctrl-c"],
)
def test_a_stop_in_good_order(
    room: Newsroom, tmp_path: Path, undisturbed: Counter[object], number: int, code: int
) -> None:
    baygan = archive(tmp_path / "archive", room, delay=DELAY)
    before = len(room.exchanges)
    process = baygan.start("crawl")
    wait_for_requests(process, room, before, 25)
    started = time.monotonic()
    process.send_signal(number)
    out, err = process.communicate(timeout=30)
    took = time.monotonic() - started
    assert (process.returncode, out, err) == (code, b"", b"")
    assert took < 10
    stopped = articles(baygan)
    assert 0 < len(stopped) < POSTS
    assert_sound(baygan)
    run = json.loads((baygan.folder / "news" / "runs.jsonl").read_bytes())
    assert (run["verdict"], run["new"]) == ("incomplete", len(stopped))
    (baygan.folder / "sites.toml").write_text(
        (baygan.folder / "sites.toml").read_text().replace(f"{DELAY}", "0")
    )
    assert baygan("crawl").code == 0
    assert articles(baygan) == undisturbed
    assert_sound(baygan)


def test_a_second_signal_ends_it_at_once(room: Newsroom, tmp_path: Path) -> None:
    baygan = archive(tmp_path / "archive", room, delay=DELAY)
    with Newsroom(Site(5)) as slow:
        (baygan.folder / "sites.toml").write_text(
            f'[sites.news]\nurl = "{slow.url}"\nallow_private = true\ndelay = 0\n'
        )
        slow.be("hang", lambda request: request.path.startswith("/20"))
        process = baygan.start("crawl")
        while not any(seen.path.startswith("/20") for seen in slow.exchanges):
            time.sleep(0.001)
        process.send_signal(signal.SIGTERM)
        time.sleep(0.3)
        started = time.monotonic()
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=30)
        assert time.monotonic() - started < 3
    assert (process.returncode, err) == (143, b"")
    assert_sound(baygan)
