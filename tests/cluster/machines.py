"""A scheduler and workers of Dask on this machine, each a process that may be killed."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from types import TracebackType

from tests.process import environment

_DASK = (sys.executable, "-P", "-m", "dask")
# Nobody but the tests waits for a scheduler that is gone.
_QUICK = {"DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "5s"}


class Machines:
    """A scheduler and so many workers with two threads each, as a context manager. As systemd
    would, it starts anew what has ended.

    >>> with Machines(3) as machines:
    ...     baygan("crawl", "--cluster", machines.address)
    """

    def __init__(self, workers: int, *, resources: tuple[str, ...] = (), threads: int = 2) -> None:
        self.port = _free_port()
        self.address = f"tcp://127.0.0.1:{self.port}"
        self._workers = workers
        self._resources = resources
        self._threads = threads
        self._processes: dict[int, subprocess.Popen[bytes]] = {}
        self._folder = tempfile.TemporaryDirectory(prefix="machines-")
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._watcher = threading.Thread(target=self._watch)
        self._lost: set[int] = set()
        self.starts = 0

    def __enter__(self) -> Machines:
        for number in range(self._workers + 1):
            self._start(number)
        self._watcher.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._watcher.join()
        for process in reversed(self._processes.values()):
            process.terminate()
        for process in self._processes.values():
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._folder.cleanup()

    def kill_worker(self, number: int, *, with_children: bool = False) -> None:
        """kill -9 of the worker with this number, from 1; `with_children` as if its machine had
        lost its power."""
        self._kill(number, with_children=with_children)

    def kill_scheduler(self) -> None:
        """kill -9 of the scheduler; it is started anew at once."""
        self._kill(0)

    def lose(self, number: int) -> None:
        """kill -9 of the worker with this number, or of the scheduler (0); it stays away."""
        self._lost.add(number)
        self._kill(number)

    def children(self, number: int) -> list[int]:
        """The processes that the worker with this number has started."""
        return children_of(self._processes[number].pid)

    def log(self, number: int) -> str:
        """What the process with this number (0: the scheduler) has written."""
        return (Path(self._folder.name) / f"{number}.log").read_text()

    def _kill(self, number: int, *, with_children: bool = False) -> None:
        pid = self._processes[number].pid
        pids = [pid, *(family_of(pid) if with_children else ())]
        for one in pids:
            os.kill(one, signal.SIGKILL)

    def _watch(self) -> None:
        while not self._over.wait(0.1):
            for number, process in list(self._processes.items()):
                if process.poll() is not None and number not in self._lost:
                    self._start(number)

    def _start(self, number: int) -> None:
        self.starts += 1
        command = ["scheduler", "--host", "127.0.0.1", "--port", str(self.port), "--no-dashboard"]
        if number:
            command = ["worker", self.address, "--no-nanny", "--no-dashboard"]
            command += ["--memory-limit", "0"]
            command += ["--host", "127.0.0.1", "--name", f"worker-{number}"]
            command += ["--nthreads", str(self._threads), "--local-directory", self._folder.name]
            if self._resources:
                command += ["--resources", self._resources[number - 1]]
        with (Path(self._folder.name) / f"{number}.log").open("ab") as log:
            self._processes[number] = subprocess.Popen(
                [*_DASK, *command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self._folder.name,
                env=environment(**_QUICK),
            )


def children_of(pid: int) -> list[int]:
    """The processes whose parent is `pid`."""
    found = []
    for path in Path("/proc").glob(f"{pid}/task/*/children"):
        try:
            found += [int(one) for one in path.read_text().split()]
        except OSError:
            continue
    return found


def family_of(pid: int) -> list[int]:
    """The children of `pid`, their children, and so on."""
    children = children_of(pid)
    return [*children, *(one for child in children for one in family_of(child))]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
