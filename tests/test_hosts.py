"""Hosts: one pace for each, whatever it is called and however it is reached."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from tests.newsroom.answer import Answer
from tests.newsroom.document import Document
from tests.newsroom.moods import calm
from tests.newsroom.newsroom import Newsroom
from tests.newsroom.request import Request
from tests.newsroom.site import Site
from tests.process import Baygan

# A request's start here is its arrival there, some milliseconds later.
SLACK = 0.05
# And more where the first connection is made meanwhile.
LATE = 0.25


class Arrivals:
    """A mood: notes when each request came, to whichever newsroom is in it."""

    def __init__(self) -> None:
        self.moments: list[float] = []

    def __call__(self, request: Request, document: Document) -> Answer | None:
        self.moments.append(time.monotonic())
        return calm(request, document)

    @property
    def least_gap(self) -> float:
        return min(later - earlier for earlier, later in pairwise(sorted(self.moments)))


@pytest.fixture
def two() -> Iterator[tuple[Newsroom, Newsroom]]:
    """Two sites on one host, each on its port."""
    with Newsroom(Site(2)) as one, Newsroom(Site(2)) as other:
        yield one, other


def archive(folder: Path, *tables: str) -> Baygan:
    named = (f"[sites.site-{n}]\nallow_private = true\n{table}" for n, table in enumerate(tables))
    (folder / "sites.toml").write_text("".join(named))
    return Baygan(folder)


def test_two_sites_on_one_host_share_its_turns_at_the_pace_of_the_slower(
    two: tuple[Newsroom, Newsroom], tmp_path: Path
) -> None:
    arrivals = Arrivals()
    for room in two:
        room.be(arrivals)
    quick, slow = (
        f'url = "{room.url}"\ndelay = {delay}\n' for room, delay in zip(two, (0, 0.5), strict=True)
    )
    assert archive(tmp_path, quick, slow)("crawl").code == 0
    assert len(arrivals.moments) > 16
    assert arrivals.least_gap >= 0.5 - SLACK


def test_the_crawl_delay_of_one_service_is_its_own(
    two: tuple[Newsroom, Newsroom], tmp_path: Path
) -> None:
    quick, slow = two
    slow.site.options.robots = ("Crawl-delay: 2",)
    slow.site.touch()
    of_each = Arrivals(), Arrivals()
    for room, arrivals in zip(two, of_each, strict=True):
        room.be(arrivals)
    tables = (f'url = "{room.url}"\ndelay = 0\n' for room in (quick, slow))
    assert archive(tmp_path, *tables)("crawl").code == 0
    assert of_each[1].least_gap >= 2 - LATE
    # All of the quick one came while the slow one was still asked for its listings.
    assert of_each[0].moments[-1] < of_each[1].moments[-3]


class Styled(Arrivals):
    """The same, for pages that take two styles from another host."""

    def __init__(self, port: int) -> None:
        super().__init__()
        self._links = b"".join(
            b'<link rel="stylesheet" href="http://localhost:%d/%d.css">' % (port, n) for n in (1, 2)
        )

    def __call__(self, request: Request, document: Document) -> Answer | None:
        super().__call__(request, document)
        return Answer.page(document.body.replace(b"</head>", self._links + b"</head>"))


def test_the_crawl_delay_of_another_host_slows_that_host_only(
    newsroom: Newsroom, archive_folder: Path
) -> None:
    with (archive_folder / "sites.toml").open("a") as toml:
        toml.write('assets = "page"\n')
    with Newsroom(Site(1)) as cdn:
        cdn.site.options.robots = ("Crawl-delay: 15",)
        cdn.site.touch()
        styles, pages = Arrivals(), Styled(cdn.server.port)
        cdn.be(styles)
        newsroom.be(pages, lambda request: request.path.startswith("/20"))
        assert Baygan(archive_folder)("crawl").code == 0
    assert len(styles.moments) == 3
    assert styles.least_gap >= 15 - LATE
    assert len(pages.moments) == 13
    assert pages.moments[-1] < styles.moments[-1]


def has_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6) as tried:
            tried.bind(("::1", 0))
    except OSError:
        return False
    return True


@pytest.mark.skipif(not has_ipv6(), reason="this machine has no IPv6")
def test_a_site_on_ipv6_alone_is_reached(tmp_path: Path) -> None:
    with Newsroom(Site(3), host="::1") as room:
        baygan = archive(tmp_path, f'url = "{room.url}"\ndelay = 0\n')
        assert baygan("crawl").code == 0
        assert len(baygan("export").lines) == 4
        assert {exchange.asked.headers["host"] for exchange in room.exchanges} == {
            f"[::1]:{room.server.port}"
        }


def knows_by_ipv6_alone(name: str) -> bool:
    """Whether the machine has an IPv6 address for `name` and no other."""
    try:
        kinds = {found[0] for found in socket.getaddrinfo(name, 80)}
    except OSError:
        return False
    return kinds == {socket.AF_INET6}


@pytest.mark.skipif(
    not (has_ipv6() and knows_by_ipv6_alone("ip6-localhost")), reason="no such name here"
)
def test_a_name_with_an_ipv6_address_alone_is_reached(tmp_path: Path) -> None:
    with Newsroom(Site(3), host="::1") as room:
        url = f"http://ip6-localhost:{room.server.port}/"
        baygan = archive(tmp_path, f'url = "{url}"\ndelay = 0\n')
        assert baygan("crawl", "--limit", "1").code == 0
        assert room.exchanges


@pytest.mark.skipif(not has_ipv6(), reason="this machine has no IPv6")
def test_an_ipv6_address_that_is_not_public_is_not_talked_to(tmp_path: Path) -> None:
    with Newsroom(Site(3), host="::1") as room:
        (tmp_path / "sites.toml").write_text(f'[sites.lab]\nurl = "{room.url}"\n')
        done = Baygan(tmp_path)("crawl")
        assert done.code == 1
        assert "::1 is not a public address" in done.err
        assert room.exchanges == []
