"""An archive of a newsroom, night after night, and what each night asked for."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.newsroom.newsroom import Newsroom
from tests.newsroom.site import Site
from tests.process import Baygan


@contextmanager
def after_the_first(posts: int, folder: Path) -> Iterator[Nights]:
    """The second night is next: the posts of a newsroom are all in the archive at `folder`."""
    with Newsroom(Site(posts)) as room:
        nights = Nights(room, folder)
        assert nights()["new"] == posts + 1
        yield nights


class Nights:
    """An archive of a newsroom, night after night."""

    def __init__(self, room: Newsroom, folder: Path) -> None:
        folder.mkdir()
        toml = f'[sites.news]\nurl = "{room.url}"\nallow_private = true\ndelay = 0\n'
        (folder / "sites.toml").write_text(toml)
        self.room = room
        self.baygan = Baygan(folder)
        self.asked: list[str] = []

    def __call__(self, *options: str, code: int | None = 0) -> dict[str, Any]:
        """One night; afterwards `asked` holds the paths the site was asked for. None: with
        whatever exit code."""
        before = len(self.room.exchanges)
        done = self.baygan("crawl", "--json", *options)
        assert code is None or done.code == code, done.err
        self.asked = [exchange.path for exchange in self.room.exchanges[before:]]
        night: dict[str, Any] = json.loads(done.out)
        return night

    def forward(self, **span: float) -> None:
        """Put the site's clock forward: `nights.forward(days=1)`."""
        clock, ahead = self.room.site.now, timedelta(**span)
        self.room.site.now = lambda: clock() + ahead

    @property
    def ledger(self) -> list[dict[str, Any]]:
        """What `status --removed` lists, the newest word on each post."""
        removed: list[dict[str, Any]] = self.baygan("status", "--removed", "--json").lines
        return removed

    @property
    def months(self) -> dict[str, Any]:
        """Articles by Jalali month, as `status --json` tells them."""
        [state] = self.baygan("status", "--json").lines
        months: dict[str, Any] = state["coverage"]["months"]
        return months

    @property
    def fetched(self) -> int:
        """How many article pages the last night asked for."""
        return sum(path.startswith("/20") for path in self.asked)

    def versions(self, number: int) -> list[str]:
        return self.baygan("show", "--versions", f"news/post/{number}").out.splitlines()
