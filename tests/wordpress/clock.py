"""The bed's clock: nights that are a day apart for whoever asks the site, without waiting.

WordPress's answers carry its time in their Date header, and what the newsdesk does is dated by
it (php/mu-plugins/clock.php reads the file). A program under test keeps the machine's clock:
it must go by the server's, and is wrong by days if it does not.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

TEHRAN = ZoneInfo("Asia/Tehran")


@dataclass
class Clock:
    """A clock that is right at first; `file` says by how many seconds it is ahead."""

    file: Path

    @property
    def ahead(self) -> timedelta:
        return timedelta(seconds=int(self.file.read_text()) if self.file.exists() else 0)

    @property
    def now(self) -> datetime:
        """What it shows, in UTC."""
        return datetime.now(UTC) + self.ahead

    def local(self, **ago: float) -> str:
        """The site's own time so long ago, as WordPress writes it: `clock.local(days=2)`."""
        return f"{(self.now - timedelta(**ago)).astimezone(TEHRAN):%Y-%m-%d %H:%M:%S}"

    def forward(self, **span: float) -> None:
        """Put it forward: `clock.forward(days=1)`."""
        self.set(self.ahead + timedelta(**span))

    def set(self, ahead: timedelta) -> None:
        """So far ahead of the true time, from the next answer on."""
        self.file.write_text(f"{ahead.total_seconds():.0f}\n")
