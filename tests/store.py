"""S3-compatible storage on 127.0.0.1: moto's server, a process of its own, and a wire to cut.

>>> with store(folder) as room:
...     bucket = room.bucket()
...     baygan("push", f"s3://{bucket}/archive", **room.env)
"""

from __future__ import annotations

import re
import secrets
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import Request, urlopen
from xml.etree import ElementTree

SECRET = "wJalr-not-a-real-key"
_STARTED = re.compile(r"Running on (http://127\.0\.0\.1:\d+)")
_LINE = re.compile(r'\] "(?:\x1b\[[0-9;]*m)*([A-Z]+) (\S+) HTTP/1\.1(?:\x1b\[[0-9;]*m)*" (\d+)')
_XML = "{http://s3.amazonaws.com/doc/2006-03-01/}"


class Asked(NamedTuple):
    """A request that the server answered."""

    method: str
    path: str
    status: int


class Store:
    """The server at `url`; it writes a line for each request into `log`."""

    def __init__(self, url: str, log: Path) -> None:
        self.url = url
        self._log = log
        self._forgotten = 0

    @property
    def env(self) -> dict[str, Any]:
        """The environment in which a program speaks to it."""
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": "baygan-tests",
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_REGION": "us-east-1",
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_MAX_ATTEMPTS": "2",
            "XDG_CACHE_HOME": str(self._log.parent / "cache"),
        }

    def bucket(self, name: str = "") -> str:
        """The name of a new bucket."""
        name = name or f"bucket-{secrets.token_hex(4)}"
        self._send("PUT", name)
        return name

    def keys(self, bucket: str) -> list[str]:
        """The keys of all objects."""
        found = ElementTree.fromstring(self._send("GET", f"{bucket}?list-type=2&max-keys=1000"))
        return [one.text or "" for one in found.iterfind(f"{_XML}Contents/{_XML}Key")]

    def get(self, bucket: str, key: str) -> bytes | None:
        """The bytes of an object, None if there is none."""
        try:
            return self._send("GET", f"{bucket}/{quote(key)}")
        except HTTPError as error:
            assert error.code == 404
            return None

    def put(self, bucket: str, key: str, data: bytes) -> None:
        """Put an object there, as another program would."""
        self._send("PUT", f"{bucket}/{quote(key)}", data)

    def delete(self, bucket: str, key: str) -> None:
        """Take an object away."""
        self._send("DELETE", f"{bucket}/{quote(key)}")

    def forget(self) -> None:
        """Begin a new list of requests."""
        self._forgotten = len(self._lines())

    def asked(self, *methods: str) -> list[Asked]:
        """The requests since `forget`, all or of some methods."""
        found = [Asked(line[1], line[2], int(line[3])) for line in self._lines()[self._forgotten :]]
        return [one for one in found if not methods or one.method in methods]

    def _lines(self) -> list[re.Match[str]]:
        return list(_LINE.finditer(self._log.read_text()))

    def _send(self, method: str, path: str, data: bytes | None = None) -> bytes:
        # The server looks whether there is one, not whether it is right.
        headers = {"Authorization": "AWS4-HMAC-SHA256 Credential=tests/20260101/us-east-1/s3/x"}
        headers |= {"Content-Type": "application/octet-stream"} if data is not None else {}
        asked = Request(f"{self.url}/{path}", data, headers, method=method)
        with urlopen(asked, timeout=30) as answer:
            body: bytes = answer.read()
        return body


@contextmanager
def store(folder: Path) -> Iterator[Store]:
    """A store for as long as the block lasts; its log is in `folder`."""
    log = folder / "store.log"
    command = [sys.executable, "-P", "-m", "moto.server", "-H", "127.0.0.1", "-p", "0"]
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output)
    try:
        end = time.monotonic() + 60
        while not (started := _STARTED.search(log.read_text())):
            assert time.monotonic() < end and process.poll() is None, log.read_text()
            time.sleep(0.05)
        yield Store(started[1], log)
    finally:
        process.terminate()
        process.wait(timeout=30)


class Wire:
    """A wire to the server at `url`, with its own port. It is cut after so many bytes, whoever
    sent them, and nobody answers there until it is mended. `passed` counts all bytes."""

    def __init__(self, url: str) -> None:
        self._target = ("127.0.0.1", int(url.rpartition(":")[2]))
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.passed = 0
        self._left: int | None = None
        self._open: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def cut_after(self, count: int) -> None:
        """Let `count` bytes pass, and then nothing."""
        self._left = count

    def mend(self) -> None:
        """Let everything pass."""
        self._left = None

    def close(self) -> None:
        """Stop listening."""
        self._listener.close()
        self._cut()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                if self._left is not None and self._left <= 0:
                    near.close()
                    continue
                far = socket.create_connection(self._target)
                self._open += [near, far]
                for source, target in ((near, far), (far, near)):
                    threading.Thread(target=self._pass, args=(source, target), daemon=True).start()

    def _pass(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(1 << 16):
                if self._left is not None:
                    self._left -= len(data)
                    if self._left <= 0:
                        self._cut()
                        return
                target.sendall(data)
                self.passed += len(data)
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _cut(self) -> None:
        for end in self._open:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        self._open.clear()
