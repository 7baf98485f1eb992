"""ReplayWeb.page, as npm has it, on 127.0.0.1, and headless Chromium that looks at it."""

from __future__ import annotations

import json
import mimetypes
import os
import re
import signal
import subprocess
import threading
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any
from urllib.parse import urlencode

from tests.newsroom.answer import Answer
from tests.newsroom.request import Request
from tests.newsroom.server import Server
from tests.process import REPOSITORY

# What scripts/replaywebpage has fetched.
FOLDER = REPOSITORY / ".replaywebpage"
VERSIONS = ("2.2.3", "2.5.3")
LOOK = Path(__file__).parent / "look.html"
# No way to the network, and nothing of the browser's own on it.
OPTIONS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)


class Viewer:
    """Shows the WACZ file at `archive` in ReplayWeb.page of this `version`.

    >>> with Viewer("2.5.3", Path("news.wacz")) as viewer:
    ...     viewer.look("search", word="کارون")
    ['کارون دوباره پرآب می‌شود']
    """

    def __init__(self, version: str, archive: Path) -> None:
        self._package = FOLDER / version
        self._archive = archive
        self._server = Server(self._answer, record=False)
        self._told = threading.Event()
        self._what: Any = None

    def look(self, what: str, patience: float = 60, **how: str) -> Any:
        """What look.html tells of the `list` of pages, a `search` for a word, or a `page`."""
        self._told.clear()
        address = f"{self._server.url}look.html?{urlencode({'what': what, **how})}"
        with TemporaryDirectory(prefix="chromium-", ignore_cleanup_errors=True) as profile:
            command = ["chromium", *OPTIONS, f"--user-data-dir={profile}", address]
            browser = subprocess.Popen(
                command,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
            try:
                told = self._told.wait(patience)
            finally:
                os.killpg(browser.pid, signal.SIGKILL)
                browser.wait()
        assert told, f"ReplayWeb.page showed no {what} {how}"
        return self._what

    def __enter__(self) -> Viewer:
        self._server.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.stop()

    def _answer(self, request: Request) -> Answer:
        if request.path == "/told":
            self._what = json.loads(request.body)
            self._told.set()
            return Answer.page(b"")
        if request.path == "/archive.wacz":
            return _part(self._archive.read_bytes(), request)
        name = request.path.strip("/") or "index.html"
        path = LOOK if name == LOOK.name else self._package / name
        if not path.is_file():
            return Answer.page(b"", status="404 Not Found")
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        return Answer.page(path.read_bytes(), content_type=kind)


def _part(data: bytes, request: Request) -> Answer:
    """The bytes that a Range asks for, or all (RFC 9110, 14)."""
    kind = "application/octet-stream"
    asked = re.fullmatch(r"bytes=(\d*)-(\d*)", request.headers.get("range", ""))
    if not asked:
        return Answer.page(data, content_type=kind, headers=[("Accept-Ranges", "bytes")])
    size = len(data)
    start = int(asked[1]) if asked[1] else max(0, size - int(asked[2]))
    end = min(int(asked[2]) + 1, size) if asked[1] and asked[2] else size
    place = [("Accept-Ranges", "bytes"), ("Content-Range", f"bytes {start}-{end - 1}/{size}")]
    return Answer.page(
        data[start:end], status="206 Partial Content", content_type=kind, headers=place
    )
