"""baygan as a person or cron starts it: a process, with or without a terminal."""

from __future__ import annotations

import atexit
import functools
import json
import os
import pty
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from tests.forked import ForkServer

REPOSITORY = Path(__file__).parent.parent
# Without -P the folder it is started in could shadow the program's own modules.
COMMAND = (sys.executable, "-P", "-c", "from scraper.cli import main; main()")
# So much of stdin waits in a pipe until it is read.
_PIPE = 1 << 16
_SCREEN = {"TERM": "xterm", "COLUMNS": "80"}
# What baygan and its libraries ask for when they need it: no start of Python depends on it.
_READ_LATE = {
    "BAYGAN_BIDI", "BAYGAN_FAILPOINT", "BAYGAN_MIN_FREE", "COLUMNS", "NO_COLOR", "SSL_CERT_FILE",
    "TERM",
}  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    """How a process ended: its exit code and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[Any]:
        """stdout as JSON lines."""
        return [json.loads(line) for line in self.out.splitlines()]


class Baygan:
    """Runs `baygan` with `folder` as the current one, and gives a run up after `patience`
    seconds.

    >>> baygan("crawl", "--json", "news").code
    0
    """

    forks: ClassVar[bool] = True
    """Whether a plain run is forked from a process that has imported baygan."""

    def __init__(self, folder: Path, patience: float = 90) -> None:
        self.folder = folder
        self.patience = patience

    def __call__(
        self, *arguments: str, stdin: bytes = b"", terminal: bool = False, **env: str
    ) -> Outcome:
        """Run to the end. With `terminal` its stderr is a pseudo-terminal of 80 columns; `env`
        are further environment variables, which Python may read before baygan begins."""
        plain = len(stdin) <= _PIPE and set(env) <= _READ_LATE
        if self.forks and plain and environment() == _server().env:
            return self._forked(arguments, stdin, terminal, env)
        if terminal:
            return on_terminal([*COMMAND, *arguments], self.folder, env)
        done = subprocess.run(
            [*COMMAND, *arguments],
            input=stdin,
            capture_output=True,
            cwd=self.folder,
            env=environment(**env),
            timeout=self.patience,
        )
        return Outcome(done.returncode, done.stdout.decode(), done.stderr.decode())

    def _forked(
        self, arguments: Sequence[str], stdin: bytes, terminal: bool, env: dict[str, str]
    ) -> Outcome:
        run = partial(_server().run, arguments, self.folder, self.patience, stdin=stdin)
        if not terminal:
            return Outcome(*run(env=env))
        with _terminal() as (screen, seen):
            code, out, _ = run(stderr=screen, env=_SCREEN | env)
        return Outcome(code, out, _text(seen))

    def start(self, *arguments: str, **env: str) -> Started:
        """Start it and go on; the caller waits for its end."""
        return subprocess.Popen(
            [*COMMAND, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=self.folder,
            env=environment(**env),
        )


Started = subprocess.Popen[bytes]


@functools.cache
def _server() -> ForkServer:
    server = ForkServer(environment())
    atexit.register(server.close)
    return server


def on_terminal(
    command: Sequence[str], folder: Path, env: dict[str, str], *, both: bool = False
) -> Outcome:
    """Run `command` with its stderr, or `both` its streams, on a terminal of 80 columns; what
    the terminal got is the outcome's `err`."""
    with _terminal() as (screen, seen):
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=screen if both else subprocess.PIPE,
            stderr=screen,
            cwd=folder,
            env=environment(**_SCREEN) | env,
        )
        out, _ = process.communicate(timeout=90)
    return Outcome(process.returncode, (out or b"").decode(), _text(seen))


@contextmanager
def _terminal() -> Iterator[tuple[int, bytearray]]:
    """A terminal, and what it gets until the end of the block."""
    ours, theirs = pty.openpty()
    seen = bytearray()
    reader = threading.Thread(target=_drain, args=(ours, seen))
    reader.start()
    try:
        yield theirs, seen
    finally:
        os.close(theirs)
        reader.join()
        os.close(ours)


def _text(seen: bytearray) -> str:
    return seen.decode().replace("\r\n", "\n")


def environment(**more: str) -> dict[str, str]:
    """The environment of a test's process: the repository can be imported, UTF-8 all over."""
    # pytest changes its variable for every test.
    ours = ("BAYGAN_ARCHIVE", "PYTEST_CURRENT_TEST")
    env = {name: value for name, value in os.environ.items() if name not in ours}
    fixed = {"PYTHONPATH": str(REPOSITORY), "LC_ALL": "C.UTF-8", "BAYGAN_MIN_FREE": "0"}
    # Whatever terminal the tests are started in.
    fixed["BAYGAN_BIDI"] = "0"
    return env | fixed | more


def _drain(descriptor: int, seen: bytearray) -> None:
    """Read until the last process has closed the other end, which Linux reports as EIO."""
    try:
        while data := os.read(descriptor, 65536):
            seen += data
    except OSError:
        return
