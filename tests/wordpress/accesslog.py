"""nginx's access log, one JSON object a line (etc/nginx.conf says which keys)."""

import json
import time
import urllib.request
import uuid
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

OWN = "/-/mark"


@dataclass(frozen=True)
class Request:
    """One request as the web server saw it, finished."""

    time: float  # Unix time at which the answer was done
    method: str
    target: str  # path and query as sent
    status: int
    bytes: int  # sent, headers included
    seconds: float
    agent: str
    referer: str
    location: str  # of a redirect, else ""

    @property
    def path(self) -> str:
        return urlsplit(self.target).path


@dataclass
class AccessLog:
    """The log from the last mark on."""

    file: Path
    port: int
    _mark: int = 0

    def mark(self) -> None:
        """Forget what is in the log so far."""
        self._settle()
        self._mark = self.file.stat().st_size

    def requests(self) -> list[Request]:
        """Every request since the mark, in the order they finished."""
        self._settle()
        with self.file.open("rb") as log:
            log.seek(self._mark)
            # A line that is being written is not one yet.
            entries = [Request(**json.loads(line)) for line in log if line.endswith(b"\n")]
        return [entry for entry in entries if not entry.target.startswith(OWN)]

    def _settle(self) -> None:
        """Wait until all that was answered before now is written.

        The single worker logs in order, so it is enough to ask for something
        and to wait for its line.
        """
        question = f"{OWN}?{uuid.uuid4().hex}"
        with urllib.request.urlopen(
            f"http://127.0.0.1:{self.port}{question}", timeout=10
        ) as answer:
            answer.read()
        deadline = time.monotonic() + 10
        while question.encode() not in self._tail():
            if time.monotonic() > deadline:
                raise TimeoutError(f"{self.file} does not grow")
            time.sleep(0.005)

    def _tail(self) -> bytes:
        with self.file.open("rb") as log:
            log.seek(max(0, self.file.stat().st_size - 4096))
            return log.read()
