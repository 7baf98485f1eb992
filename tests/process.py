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
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from tests.forked import ForkServer

REPOSITORY = Path(__file__).parent.parent
# Without -P the folder it is started in could shadow the program's own modules.
COMMAND = (sys.executable, "-P", "-c", "from scraper.cli import main; main()")


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
        if terminal:
            return on_terminal([*COMMAND, *arguments], self.folder, env)
        if self.forks and not stdin and not env and environment() == _server().env:
            return Outcome(*_server().run(arguments, self.folder, self.patience))
        done = subprocess.run(
            [*COMMAND, *arguments],
            input=stdin,
            capture_output=True,
            cwd=self.folder,
            env=environment(**env),
            timeout=self.patience,
        )
        return Outcome(done.returncode, done.stdout.decode(), done.stderr.decode())

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
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=theirs if both else subprocess.PIPE,
        stderr=theirs,
        cwd=folder,
        env=environment(TERM="xterm", COLUMNS="80") | env,
    )
    os.close(theirs)
    seen = bytearray()
    reader = threading.Thread(target=_drain, args=(ours, seen))
    reader.start()
    out, _ = process.communicate(timeout=90)
    reader.join()
    os.close(ours)
    err = seen.decode().replace("\r\n", "\n")
    return Outcome(process.returncode, (out or b"").decode(), err)


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
