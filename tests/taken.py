"""An import without an archive: what is taken out of other programs' files is kept in memory."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from archive.foreign.capture import key_of
from archive.foreign.captures import IMPORTED_ID, Foreign
from archive.foreign.left_out import LeftOut
from archive.http.message import Message
from archive.model import Exchange
from tests.foreign import HOME


class Taken:
    """What an import of some files takes, `known` being those of an earlier one."""

    def __init__(self, *files: Path, known: Iterable[Exchange] = ()) -> None:
        before = [(dict(one.imported)[IMPORTED_ID], one.url, one.started) for one in known]
        self._stored = {self._key(one): one.response for one in known}
        foreign = Foreign(files, HOME, known=before, recall=self._stored.get)
        self.exchanges: list[Exchange] = []
        for exchange in foreign.exchanges():
            self._stored[self._key(exchange)] = exchange.response
            self.exchanges.append(exchange)
        self.left_out: LeftOut = foreign.left_out

    @staticmethod
    def _key(one: Exchange) -> str:
        return key_of(dict(one.imported)[IMPORTED_ID], one.url, one.started)

    @property
    def pages(self) -> dict[str, bytes]:
        """The bodies under their addresses."""
        return {one.url: Message.parse(one.response).payload for one in self.exchanges}
