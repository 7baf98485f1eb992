"""An exchange while it is on the wire: the bytes as they went and came, up to a limit."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

HEADERS_MAX = 256 * 1024
"""Most bytes of a header section, interim (1xx) responses included."""
MOST_LINES, SHORT_LINE = 100_000, 8
"""More ends of lines than that, with fewer bytes on average between them, are no page: they are
chunks of a byte or two."""


@dataclass
class Recording:
    """An exchange while it is on the wire.

    `limit` is the most bytes of response that are taken; `tls` is version and cipher once
    the first response byte is there. `headed`: the final response's header section is
    complete; `whole`: its last byte is in; `unclean`: the connection broke rather than
    closed; `overrun`: what was longer than it may be. `lines` counts the ends of lines in it.
    """

    ip: str
    port: int
    limit: int
    started: datetime = field(default_factory=lambda: datetime.now(UTC))
    ended: datetime | None = None
    request: bytearray = field(default_factory=bytearray)
    response: bytearray = field(default_factory=bytearray)
    tls: tuple[str, str | None] | None = None
    headed: bool = False
    whole: bool = False
    unclean: bool = False
    overrun: str | None = None
    lines: int = 0

    def room(self) -> int:
        """How many more bytes the response may have: none once it came in very many chunks of a
        few bytes, each of which costs as much as a large one."""
        if self.lines > MOST_LINES and len(self.response) < SHORT_LINE * self.lines:
            return 0
        return (self.limit if self.headed else HEADERS_MAX) - len(self.response)

    def take(self, part: bytes) -> None:
        """One more part of the response."""
        self.response += part
        self.lines += part.count(b"\r\n")

    def end(self, rest: int = 0) -> None:
        """Take nothing more; the last `rest` bytes were not part of the response."""
        if self.ended is None:
            self.ended = datetime.now(UTC)
            del self.response[len(self.response) - rest :]
