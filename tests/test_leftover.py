"""A run that is killed costs no request: what it captured and did not keep, the next one keeps."""

from __future__ import annotations

import json
import shutil
import signal
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.layout import warc_files
from archive.warc.pages import page_captures
from archive.writer.batch import BATCH
from tests.newsroom.newsroom import Newsroom
from tests.newsroom.site import Site
from tests.process import Baygan
from tests.sister import sisters
from tests.test_kill import archive, assert_sound

POSTS = 2 * BATCH + 8


@pytest.fixture(scope="module")
def room() -> Iterator[Newsroom]:
    with Newsroom(Site(12)) as running:
        yield running


@pytest.fixture(scope="module")
def first_night(room: Newsroom, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive whose first night is over, and then more than two batches of posts are new: no
    page waits for the site's layout."""
    baygan = archive(tmp_path_factory.mktemp("first") / "archive", room, delay=0)
    assert baygan("crawl").code == 0
    for _ in range(POSTS):
        room.site.add()
    return baygan.folder


@pytest.fixture
def newsroom(room: Newsroom) -> Newsroom:
    room.server.forget()
    return room


@pytest.fixture
def baygan(first_night: Path, tmp_path: Path) -> Baygan:
    """A copy of `first_night`, the test's own."""
    return Baygan(Path(shutil.copytree(first_night, tmp_path / "archive")))


def fetched(newsroom: Newsroom) -> Counter[str]:
    """How often the page of each post was asked for."""
    paths = {post.path for post in newsroom.site.listed()}
    return Counter(exchange.target for exchange in newsroom.exchanges if exchange.target in paths)


def lines(baygan: Baygan) -> Counter[tuple[str, str]]:
    files = sorted((baygan.folder / "news" / "articles").glob("*.jsonl"))
    found = [json.loads(line) for path in files for line in path.read_bytes().splitlines()]
    return Counter((line["id"], line["text_sha256"]) for line in found)


def captured(baygan: Baygan) -> set[str]:
    site = baygan.folder / "news"
    return {page.url for path in warc_files(site) for page in page_captures(site, path)}


def killed(baygan: Baygan, *options: str, at: str) -> None:
    done = baygan("crawl", *options, BAYGAN_FAILPOINT=at)
    assert done.code == -signal.SIGKILL, done.err


@pytest.mark.parametrize(
    "place",
    ["lines.write:20:half", "text.write", "warc.synced:2",
     *sisters("lines.write", "lines.sync:2", "text.sync:2", "text.synced")],
)  # fmt: skip
def test_no_captured_page_is_fetched_again(baygan: Baygan, newsroom: Newsroom, place: str) -> None:
    killed(baygan, at=place)
    there = captured(baygan)
    assert there
    newsroom.server.forget()
    done = baygan("crawl")
    assert (done.code, done.err) == (0, "")
    again = fetched(newsroom)
    assert not again.keys() & {url.removeprefix(newsroom.url.rstrip("/")) for url in there}
    assert sum(again.values()) == len(newsroom.site.listed()) - len(there)
    assert set(lines(baygan).values()) == {1}
    assert len(lines(baygan)) == len(newsroom.site.listed())
    assert_sound(baygan)


def test_a_second_kill_while_they_are_kept(baygan: Baygan, newsroom: Newsroom) -> None:
    killed(baygan, at="lines.write")
    there = captured(baygan)
    newsroom.server.forget()
    killed(baygan, at="lines.sync")
    assert fetched(newsroom) == {} or captured(baygan) > there
    assert baygan("crawl").code == 0
    assert max(fetched(newsroom).values()) == 1
    assert set(lines(baygan).values()) == {1}
    assert_sound(baygan)


def test_a_limit_counts_requests_and_a_dry_run_keeps_nothing(
    baygan: Baygan, newsroom: Newsroom
) -> None:
    killed(baygan, at="lines.write")
    there = captured(baygan)
    # All that was there may be captured already.
    for _ in range(3):
        newsroom.site.add()
    newsroom.server.forget()
    before = lines(baygan)
    dry = baygan("crawl", "--dry-run")
    assert (dry.code, dry.err) == (0, "")
    assert not set(dry.out.splitlines()) & there
    assert lines(baygan) == before
    done = baygan("crawl", "--limit", "3", "--json")
    assert (done.code, done.err) == (0, "")
    assert sum(fetched(newsroom).values()) == 3
    assert done.lines[0]["new"] == len(there) - len(before) + 3


def test_no_time_left(baygan: Baygan, newsroom: Newsroom) -> None:
    killed(baygan, at="lines.write")
    newsroom.server.forget()
    done = baygan("crawl", "--stop-after", "0s", "--json")
    assert (done.code, done.err, done.lines[0]["verdict"]) == (0, "", "incomplete")
    assert newsroom.exchanges == []
    assert baygan("crawl").code == 0
    assert len(lines(baygan)) == len(newsroom.site.listed())


def test_a_quiet_start_reads_no_capture(baygan: Baygan) -> None:
    """A whole archive could not be read before every night: what cannot be read is not noticed."""
    assert baygan("crawl").code == 0
    for path in (baygan.folder / "news" / "warc").rglob("*.warc.gz"):
        path.write_bytes(b"\0" * path.stat().st_size)
    done = baygan("crawl")
    assert (done.code, done.err) == (0, "")
