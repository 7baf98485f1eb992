"""The machine's clock is wrong by more than a day: nothing is missed, nothing is asked twice."""

from __future__ import annotations

import json
import platform
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.newsroom.newsroom import Newsroom
from tests.newsroom.site import Site
from tests.process import Baygan

FAKETIME = Path(f"/usr/lib/{platform.machine()}-linux-gnu/faketime/libfaketime.so.1")
WRONG = ("+26h", "-26h")

pytestmark = pytest.mark.skipif(
    not FAKETIME.exists(), reason="Debian's package libfaketime is not installed"
)


class Nights:
    """Nights of a baygan whose clock is wrong."""

    def __init__(self, baygan: Baygan, wrong: str) -> None:
        self._baygan = baygan
        self._wrong = wrong

    def __call__(self) -> dict[str, Any]:
        done = self._baygan("crawl", "--json", LD_PRELOAD=str(FAKETIME), FAKETIME=self._wrong)
        assert done.code == 0, done.err
        night: dict[str, Any] = json.loads(done.out)
        return night


@pytest.mark.parametrize("wrong", WRONG)
def test_nights_by_a_wrong_clock(baygan: Baygan, newsroom: Newsroom, wrong: str) -> None:
    nights = Nights(baygan, wrong)
    first = nights()
    told = datetime.fromisoformat(first["started"]) - datetime.now(UTC)
    assert abs(told) > timedelta(hours=25), "the clock was right"
    assert (first["new"], first["verdict"]) == (len(newsroom.site.listed()), "complete")
    site = newsroom.site
    site.edit(newsroom.posts[2].id, title="تیتری که در ساعت نادرست عوض شد")
    site.remove(newsroom.posts[4].id)
    newsroom.server.forget()
    second = nights()
    assert (second["new"], second["changed"], second["verdict"]) == (0, 1, "complete")
    assert second["coverage"]["missing"] == 1
    newsroom.server.forget()
    third = nights()
    assert (third["new"], third["changed"], third["failed"]) == (0, 0, 0)


@pytest.mark.parametrize("wrong", WRONG)
def test_a_date_to_come_back_at_is_taken_by_the_server_s_clock(tmp_path: Path, wrong: str) -> None:
    with Newsroom(Site(4)) as room:
        toml = f'[sites.news]\nurl = "{room.url}"\nallow_private = true\ndelay = 0\n'
        (tmp_path / "sites.toml").write_text(toml)
        until = datetime.now(UTC) + timedelta(seconds=6)
        room.be("503", "/wp-json/wp/v2/posts", times=1, retry_after=until)
        night = Nights(Baygan(tmp_path), wrong)()
    assert night["verdict"] == "complete"
    # The date is six seconds off when the newsroom starts, somewhat less when it is told.
    assert datetime.now(UTC) >= until - timedelta(seconds=1)
