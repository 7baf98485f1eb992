"""A task: what a worker does for one site. It runs `baygan` as a child and waits for its end.

The child gets SIGTERM when its task is not wanted any more: the run was stopped, the head or the
scheduler is gone, or the worker closes. If the worker is killed, the child ends itself.
"""

from __future__ import annotations

import json
import os
import select
import subprocess  # nosec B404 # baygan itself
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from archive.errors import ArchiveBusy
from archive.version import __version__

if TYPE_CHECKING:
    from distributed import Worker

TOPIC = "baygan"
"""Events with this topic tell the heads how far tasks are."""
INLINE = 1 << 20
"""Output of more bytes stays in a file at the worker until the head has fetched it."""
BUSY_SECONDS = 20.0
"""How long to wait for a site that another process holds: the child of a worker that died takes up
to ten seconds to end."""
_LOOK_MILLISECONDS = 200
_TELL_SECONDS = 0.5
_END_SECONDS = 9.0
_SHOWN = 4000
_START = "from scraper.cluster.child import main; main()"
_stopped: set[str] = set()


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteTask:
    """One site's part of a `run` over a cluster: `baygan -C archive command site arguments`.

    `until` is the time (as time.time() tells it) after which nothing new is begun. With `cores`
    the command cleans in child processes; if nothing else is asked for, the worker's cores are
    shared out among its threads.
    """

    run: str
    archive: str
    command: str
    site: str
    arguments: tuple[str, ...] = ()
    until: float | None = None
    cores: bool = False
    version: str = __version__


@dataclass(slots=True, kw_only=True)
class SiteOutcome:
    """How a task ended: the exit `code`, the `account` of a crawl, what it wrote.

    `code` is None if the task was not begun, since the run was stopped or its time over. stdout is
    in `out`, or, if it is long, so many bytes (`size`) in the file `part` at the `worker`.
    """

    site: str
    code: int | None = None
    account: dict[str, Any] | None = None
    out: bytes = b""
    part: str | None = None
    size: int = 0
    worker: str = ""
    err: str = ""


def run_site(task: SiteTask) -> SiteOutcome:
    """Run the task in this worker."""
    from distributed import get_worker

    worker = get_worker()
    if task.version != __version__:
        told = f"the worker {worker.name} has baygan {__version__}, and this one is {task.version}."
        return SiteOutcome(site=task.site, code=1, err=f"{told} Install one version everywhere.")
    key = worker.get_current_task()
    patience = time.monotonic() + BUSY_SECONDS
    descriptor, path = tempfile.mkstemp(prefix="baygan-", dir=worker.local_directory)
    outcome = SiteOutcome(site=task.site, worker=worker.address)
    with os.fdopen(descriptor, "w+b") as out:
        while _is_wanted(worker, key, task.run):
            _Child(task, worker, key, out).run(outcome)
            if outcome.code != ArchiveBusy.exit_code or time.monotonic() > patience:
                break
            time.sleep(_TELL_SECONDS)
        outcome.size = out.seek(0, os.SEEK_END)
        if outcome.size > INLINE:
            outcome.part = path
            return outcome
        out.seek(0)
        outcome.out = out.read()
    Path(path).unlink()
    return outcome


def stop(run: str) -> None:
    """End the children of this run at this worker, and begin none."""
    _stopped.add(run)


def read_part(path: str, offset: int, size: int) -> bytes:
    """So many bytes of the file `path` of this worker."""
    with Path(path).open("rb") as file:
        return os.pread(file.fileno(), size, offset)


def remove_part(path: str) -> None:
    """Remove the file `path` of this worker: the head has it."""
    Path(path).unlink(missing_ok=True)


class _Child:
    """One process of a task; what it prints goes into the file `out`."""

    def __init__(self, task: SiteTask, worker: Worker, key: object, out: BinaryIO) -> None:
        self._task = task
        self._worker = worker
        self._key = key
        self._out = out
        self._told_at = 0.0
        self._account: dict[str, Any] | None = None

    def run(self, outcome: SiteOutcome) -> None:
        """Run it to its end and write into `outcome` how it ended; nothing if its time is over."""
        arguments = _arguments(self._task, self._worker)
        if arguments is None:
            return
        self._tell({"begun": True})
        self._out.truncate(0)
        self._out.seek(0)
        reading, writing = os.pipe()
        with tempfile.TemporaryFile() as err, os.fdopen(reading, "rb", buffering=0) as pipe:
            try:
                process = subprocess.Popen(  # nosec B603 # baygan itself
                    [
                        sys.executable,
                        "-P",
                        "-c",
                        _START,
                        str(writing),
                        *arguments,
                    ],
                    stdin=subprocess.PIPE,
                    stdout=self._out,
                    stderr=err,
                    pass_fds=(writing,),
                )
            finally:
                os.close(writing)
            self._watch(process, pipe)
            outcome.code = process.wait()
            assert process.stdin
            process.stdin.close()
            err.seek(0)
            outcome.err = err.read()[-_SHOWN:].decode(errors="replace").strip()
        outcome.account = self._account

    def _watch(self, process: subprocess.Popen[bytes], pipe: BinaryIO) -> None:
        """Take what the child tells until its end, and end it when it is not wanted any more."""
        ended_at: float | None = None
        for line in _lines(pipe, between=lambda: self._is_over(process)):
            if ended_at is None and line is None and not self._wanted():
                process.terminate()
                ended_at = time.monotonic()
            if ended_at and time.monotonic() - ended_at > _END_SECONDS:
                process.kill()
            if line is not None:
                self._hear(json.loads(line))

    def _is_over(self, process: subprocess.Popen[bytes]) -> bool:
        return process.poll() is not None

    def _wanted(self) -> bool:
        return _is_wanted(self._worker, self._key, self._task.run)

    def _hear(self, told: dict[str, Any]) -> None:
        if "account" in told:
            self._account = told["account"]
        elif time.monotonic() - self._told_at > _TELL_SECONDS:
            self._told_at = time.monotonic()
            self._tell(told)

    def _tell(self, told: dict[str, Any]) -> None:
        event = {"run": self._task.run, "site": self._task.site, **told}
        self._worker.log_event(TOPIC, event)


def _lines(pipe: BinaryIO, between: Callable[[], bool]) -> Iterator[bytes | None]:
    """The lines that come through `pipe`, and None whenever it is time to look around. It ends with
    the pipe, or when nothing comes any more and `between` says that its writer is gone."""
    poll = select.poll()
    poll.register(pipe, select.POLLIN | select.POLLHUP)
    left = b""
    while True:
        if not poll.poll(_LOOK_MILLISECONDS):
            if between():
                return
            yield None
            continue
        data = pipe.read(1 << 16)
        if not data:
            return
        *whole, left = (left + data).split(b"\n")
        yield from whole
        yield None


def _arguments(task: SiteTask, worker: Worker) -> list[str] | None:
    """The command line of the child; None if the time to begin something is over."""
    arguments = ["-C", task.archive, task.command, *task.arguments]
    if task.until is not None:
        left = task.until - time.time()
        if left <= 0:
            return None
        arguments += ["--stop-after", f"{left:.0f}s"]
    if task.cores and "--workers" not in task.arguments:
        cores = len(os.sched_getaffinity(0)) // worker.state.nthreads
        arguments += ["--workers", str(max(1, cores))]
    return [*arguments, "--", task.site]


def _is_wanted(worker: Worker, key: object, run: str) -> bool:
    """Whether the scheduler still wants this task from this worker. If the head is gone the
    scheduler tells the worker to forget it."""
    if run in _stopped or worker.status.name not in ("running", "paused"):
        return False
    state = worker.state.tasks.get(key)
    return state is not None and state.state in ("executing", "long-running")
