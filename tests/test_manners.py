"""Manners, seen from the site's side: how often it is asked, for what, and by whom."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from archive.version import __version__
from tests.newsroom.answer import Answer
from tests.newsroom.document import Document
from tests.newsroom.moods import Mood, calm, refuse, unavailable
from tests.newsroom.newsroom import Newsroom
from tests.newsroom.request import Request
from tests.process import Baygan, Outcome
from tests.sister import sisters

# A request's start here is its arrival there, some milliseconds later.
SLACK = 0.05
LISTENING = "0A"  # TCP_LISTEN, as /proc/net/tcp writes it


class Witness:
    """A mood: answers after `seconds`, notes when each request came, and `at_once`, how many
    were under way at the same time at most."""

    def __init__(self, newsroom: Newsroom, seconds: float = 0.0) -> None:
        self.moments: list[float] = []
        self.at_once = 0
        self._newsroom = newsroom
        self._seconds = seconds

    def __call__(self, request: Request, document: Document) -> Answer | None:
        self.moments.append(self._newsroom.exchanges[-1].arrived)
        under_way = sum(not exchange.done for exchange in self._newsroom.exchanges)
        self.at_once = max(self.at_once, under_way)
        answer = calm(request, document)
        assert answer is not None
        return replace(answer, delay=self._seconds)

    @property
    def gaps(self) -> list[float]:
        """Seconds from each request to the next."""
        return [later - earlier for earlier, later in pairwise(self.moments)]


@pytest.fixture
def patient(baygan: Baygan) -> Baygan:
    """baygan with a quarter of a second between two requests, and a contact."""
    toml = baygan.folder / "sites.toml"
    text = toml.read_text().replace("delay = 0", "delay = 0.25")
    toml.write_text('[archive]\ncontact = "archive@example.org"\n\n' + text)
    return baygan


def targets(newsroom: Newsroom) -> list[str]:
    return [exchange.target for exchange in newsroom.exchanges]


def problem(done: Outcome) -> str:
    """The one warning of a crawl that had no luck."""
    assert done.out == ""
    [line] = done.err.splitlines()
    assert line.startswith("Warning: news: ")
    return line


def test_one_request_at_a_time_however_slow_the_site(patient: Baygan, newsroom: Newsroom) -> None:
    witness = Witness(newsroom, seconds=0.4)
    newsroom.be(witness)
    assert patient("crawl", "--limit", "4").code == 0
    assert len(witness.moments) >= 9
    assert witness.at_once == 1


def test_the_delay_lies_between_any_two_requests(patient: Baygan, newsroom: Newsroom) -> None:
    witness = Witness(newsroom)
    newsroom.be(witness)
    assert patient("crawl", "--limit", "6").code == 0
    assert len(witness.gaps) >= 10
    assert min(witness.gaps) >= 0.25 - SLACK


def test_without_a_delay_more_than_one_request_is_under_way(
    baygan: Baygan, newsroom: Newsroom
) -> None:
    """What the two tests above would see if manners were lost."""
    witness = Witness(newsroom, seconds=0.2)
    newsroom.be(witness)
    assert baygan("crawl").code == 0
    assert witness.at_once > 1


def test_a_longer_crawl_delay_wins(patient: Baygan, newsroom: Newsroom) -> None:
    newsroom.site.options.robots = ("Crawl-delay: 2",)
    newsroom.site.touch()
    witness = Witness(newsroom)
    newsroom.be(witness)
    assert patient("crawl", "--limit", "2").code == 0
    # From robots.txt on, which says so.
    assert len(witness.gaps) >= 6
    assert min(witness.gaps) >= 2 - SLACK


@pytest.mark.parametrize(
    "group",
    [
        "User-agent: baygan/0.1.0",
        "user-agent:BAYGAN/9 (archive)",
        "User-Agent: other/1\nUser-agent: Baygan/2.0 # that one",
    ],
)
def test_a_group_that_names_our_version_means_us(
    baygan: Baygan, newsroom: Newsroom, group: str
) -> None:
    text = f"User-agent: *\nAllow: /\n\n{group}\nDisallow: /\n".encode()
    robots = Answer.page(text, content_type="text/plain")
    newsroom.be(lambda request, document: robots, "/robots.txt")
    assert baygan("crawl").code == 1
    assert targets(newsroom) == ["/robots.txt"]


def test_a_group_for_another_is_not_for_us(baygan: Baygan, newsroom: Newsroom) -> None:
    text = b"User-agent: notbaygan/1.0\nUser-agent: baygan-images/1\nUser-agent: bay\nDisallow: /\n"
    robots = Answer.page(text, content_type="text/plain")
    newsroom.be(lambda request, document: robots, "/robots.txt")
    assert baygan("crawl").code == 0


def test_what_robots_txt_disallows_is_not_asked_for(baygan: Baygan, newsroom: Newsroom) -> None:
    shut = newsroom.posts[2].path
    newsroom.site.options.robots = (f"Disallow: {shut}",)
    newsroom.site.touch()
    baygan("crawl")
    assert targets(newsroom)[0] == "/robots.txt"
    assert shut not in targets(newsroom)
    assert len(baygan("export").lines) == len(newsroom.site.listed()) - 1


def test_a_site_that_disallows_all_is_left_alone(baygan: Baygan, newsroom: Newsroom) -> None:
    newsroom.site.options.robots = ("Disallow: /",)
    newsroom.site.touch()
    done = baygan("crawl")
    assert done.code == 1
    assert "robots.txt" in problem(done)
    assert targets(newsroom) == ["/robots.txt"]


def test_while_robots_txt_fails_nothing_else_is_asked_for(
    baygan: Baygan, newsroom: Newsroom
) -> None:
    newsroom.be("503", "/robots.txt")
    done = baygan("crawl")
    assert done.code == 1
    assert "robots.txt-http-503" in problem(done)
    assert set(targets(newsroom)) == {"/robots.txt"}
    newsroom.be("calm")
    assert baygan("crawl").code == 0


def test_a_missing_robots_txt_allows_all(baygan: Baygan, newsroom: Newsroom) -> None:
    gone = Answer.page(b"", status="404 Not Found")
    newsroom.be(lambda request, document: gone, "/robots.txt")
    assert baygan("crawl").code == 0
    assert len(baygan("export").lines) == len(newsroom.site.listed())


def seven_seconds(request: Request, document: Document) -> Answer | None:
    """A mood: 503 until an instant that is seven seconds off by the answer's own Date."""
    until = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=7)
    return unavailable(until)(request, document)


@pytest.mark.parametrize("mood", [refuse(7), *sisters(seven_seconds)])
def test_retry_after_is_obeyed(baygan: Baygan, newsroom: Newsroom, mood: Mood) -> None:
    witness = Witness(newsroom)
    newsroom.be(witness)
    newsroom.be(mood, "/wp-json/wp/v2/posts", times=1)
    assert baygan("crawl").code == 0
    assert max(witness.gaps) >= 7 - SLACK
    assert len(baygan("export").lines) == len(newsroom.site.listed())


def test_a_site_that_says_come_back_in_hours_is_done_for_tonight(
    baygan: Baygan, newsroom: Newsroom
) -> None:
    newsroom.be("503", "/20*", retry_after=7200)
    done = baygan("crawl")
    assert done.code == 3
    assert "asked us to stay away" in problem(done)
    # What was under way already may have been answered; nothing is asked for after that.
    assert len([target for target in targets(newsroom) if target.startswith("/20")]) <= 8
    newsroom.be("calm")
    assert baygan("crawl").code == 0
    assert len(baygan("export").lines) == len(newsroom.site.listed())


def test_five_refusals_in_a_row_end_the_night(patient: Baygan, newsroom: Newsroom) -> None:
    newsroom.be("429", "/20*", retry_after=0)
    done = patient("crawl")
    assert done.code == 3
    assert "asked us to stay away" in problem(done)
    assert len([target for target in targets(newsroom) if target.startswith("/20")]) == 5


def test_every_request_says_who_asks_and_nothing_about_the_asker(
    patient: Baygan, newsroom: Newsroom
) -> None:
    assert patient("crawl", "--limit", "1").code == 0
    for exchange in newsroom.exchanges:
        headers = exchange.asked.headers
        assert headers["user-agent"] == f"baygan/{__version__} (+archive@example.org)"
        assert headers["accept-encoding"] == "gzip, deflate"
        assert headers.keys().isdisjoint({"cookie", "referer", "authorization"})


def test_a_crawl_listens_on_no_socket(patient: Baygan, newsroom: Newsroom) -> None:
    newsroom.be("slow", delay=0.3)
    process = patient.start("crawl", "--limit", "2")
    seen: set[str] = set()
    while process.poll() is None:
        seen |= _socket_states(process.pid)
        time.sleep(0.05)
    process.communicate()
    assert process.returncode == 0
    # It talked (01 is an established connection), so its sockets were looked at indeed.
    assert "01" in seen
    assert LISTENING not in seen


def _socket_states(pid: int) -> set[str]:
    """The states of all TCP sockets of a process and its children."""
    inodes = {inode for process in [str(pid), *_children(pid)] for inode in _sockets(process)}
    rows = [
        row.split()
        for table in ("tcp", "tcp6")
        for row in Path(f"/proc/net/{table}").read_text().splitlines()[1:]
    ]
    return {row[3] for row in rows if row[9] in inodes}


def _children(pid: int) -> list[str]:
    tasks = Path(f"/proc/{pid}/task")
    return [child for task in _entries(tasks) for child in _text(task / "children").split()]


def _sockets(pid: str) -> list[str]:
    found = []
    for descriptor in _entries(Path(f"/proc/{pid}/fd")):
        with suppress(OSError):
            found.append(str(descriptor.readlink()))
    return [name[8:-1] for name in found if name.startswith("socket:[")]


def _entries(folder: Path) -> list[Path]:
    """What is in `folder`; nothing if its process has just ended."""
    with suppress(OSError):
        return list(folder.iterdir())
    return []


def _text(path: Path) -> str:
    with suppress(OSError):
        return path.read_text()
    return ""
