"""An archive of a newsroom, night after night, and what each night asked for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.newsroom.newsroom import Newsroom
from tests.process import Baygan


class Nights:
    """An archive of a newsroom, night after night."""

    def __init__(self, room: Newsroom, folder: Path) -> None:
        folder.mkdir()
        toml = f'[sites.news]\nurl = "{room.url}"\nallow_private = true\ndelay = 0\n'
        (folder / "sites.toml").write_text(toml)
        self.room = room
        self.baygan = Baygan(folder)
        self.asked: list[str] = []

    def __call__(self, code: int = 0) -> dict[str, Any]:
        """One night; afterwards `asked` holds the paths the site was asked for."""
        before = len(self.room.exchanges)
        done = self.baygan("crawl", "--json")
        assert done.code == code, done.err
        self.asked = [exchange.path for exchange in self.room.exchanges[before:]]
        night: dict[str, Any] = json.loads(done.out)
        return night

    @property
    def fetched(self) -> int:
        """How many article pages the last night asked for."""
        return sum(path.startswith("/20") for path in self.asked)

    def versions(self, number: int) -> list[str]:
        return self.baygan("show", "--versions", f"news/post/{number}").out.splitlines()
