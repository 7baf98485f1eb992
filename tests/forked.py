"""baygan's processes, forked from one that has imported it.

The tests start baygan thousands of times, and most of what a short command takes of the processor
is the import of the same modules. So each process of pytest has a server that has imported them
and forks itself for a command. The fork is a process like any other, with a folder, streams and
an end of its own.
"""

from __future__ import annotations

import gc
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import MappingProxyType

# A fork returns from `serve` and goes on as a process that was started with `-c`.
_CODE = "from tests.forked import serve; serve(); from scraper.cli import main; main()"
# What a crawl imports besides its command. Never the reactor: each process makes its own.
_OF_A_CRAWL = (
    "archive.select.upkeep",
    "scraper.cleaning.fingerprint",
    "scraper.crawl",
    "scraper.download.blocked",
    "scraper.download.decompression",
    "scraper.download.handler",
    "scraper.download.proxy",
    "scraper.download.redirects",
    "scraper.download.robots",
    "scraper.learning.site_learning",
    "scraper.notify.notifier",
    "scraper.pipelines",
    "scraper.verdict.verdict",
    "scrapy.core.downloader.handlers.http11",
    "scrapy.crawler",
    "scrapy.downloadermiddlewares.cookies",
    "scrapy.downloadermiddlewares.httpcache",
    "scrapy.downloadermiddlewares.offsite",
    "scrapy.downloadermiddlewares.retry",
    "scrapy.dupefilters",
    "scrapy.extensions.logcount",
    "scrapy.logformatter",
    "scrapy.robotstxt",
    "scrapy.spidermiddlewares.httperror",
    "scrapy.squeues",
    "scrapy.statscollectors",
    "spiders.discovery",
    "spiders.wordpress",
    "tldextract",
    "warcio",
)
_MESSAGE = 1 << 16


class ForkServer:
    """Runs commands in forks of a process that was started in `env`."""

    def __init__(self, env: dict[str, str]) -> None:
        self.env = env
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            # Python chooses its buffers by the kind of stream: pipes, as a command has them.
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-c", _CODE, str(theirs.fileno())],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env=env,
                pass_fds=[theirs.fileno()],
            )
        for stream in (self._process.stdin, self._process.stdout):
            assert stream is not None
            stream.close()

    def run(
        self,
        arguments: Sequence[str],
        folder: Path,
        patience: float,
        *,
        stdin: bytes = b"",
        stderr: int | None = None,
        env: Mapping[str, str] = MappingProxyType({}),
    ) -> tuple[int, str, str]:
        """`baygan ARGUMENTS...` in `folder`: its exit code, stdout and stderr. `stdin` has room in
        a pipe; if `stderr` is open, nothing is read from there; `env` changes the server's."""
        answer, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        written = bytearray(), bytearray()
        readers, ends = zip(*map(_reader, written), strict=True)
        stdin_end, full = os.pipe()
        os.write(full, stdin)
        os.close(full)
        request = json.dumps([os.fspath(folder), dict(env), *arguments]).encode()
        streams = (stdin_end, ends[0], ends[1] if stderr is None else stderr)
        socket.send_fds(self._control, [request], [*streams, theirs.fileno()])
        theirs.close()
        for end in (stdin_end, *ends):
            os.close(end)
        with answer:
            process = int(answer.recv(_MESSAGE))
            answer.settimeout(patience)
            try:
                code = int(answer.recv(_MESSAGE))
            except BaseException as error:
                os.kill(process, signal.SIGKILL)
                if isinstance(error, TimeoutError):
                    raise subprocess.TimeoutExpired(["baygan", *arguments], patience) from None
                raise
        for reader in readers:
            reader.join()
        out, err = (bytes(stream).decode() for stream in written)
        return code, out, err

    def close(self) -> None:
        """End the server; forks of it that run go on."""
        self._control.close()
        self._process.wait()


def _reader(into: bytearray) -> tuple[threading.Thread, int]:
    """A thread that reads a pipe to its end, and the pipe's other end."""
    readable, writable = os.pipe()

    def read() -> None:
        with os.fdopen(readable, "rb") as stream:
            into.extend(stream.read())

    thread = threading.Thread(target=read)
    thread.start()
    return thread, writable


@dataclass(frozen=True)
class _Fork:
    """A command that runs, and who asked for it."""

    process: int
    pidfd: int
    asker: socket.socket

    def tell(self, number: int) -> None:
        """To a test that was given up nothing can be told."""
        with suppress(BrokenPipeError):
            self.asker.send(str(number).encode())

    def close(self) -> None:
        os.close(self.pidfd)
        self.asker.close()


def serve() -> None:
    """In the server: fork for each request, and tell how each fork ends. In a fork: return."""
    _import()
    control = socket.socket(fileno=int(sys.argv[1]))
    forks: dict[int, _Fork] = {}
    ready = select.poll()
    ready.register(control, select.POLLIN)
    while True:
        for descriptor, _ in ready.poll():
            if ended := forks.pop(descriptor, None):
                ready.unregister(descriptor)
                ended.tell(os.waitstatus_to_exitcode(os.waitpid(ended.process, 0)[1]))
                ended.close()
                continue
            request, given, _, _ = socket.recv_fds(control, _MESSAGE, 4)
            if not request:
                os._exit(0)
            *streams, answer = given
            asker = socket.socket(fileno=answer)
            process = os.fork()
            if process == 0:
                for other in forks.values():
                    other.close()
                asker.close()
                control.close()
                _become(request, streams)
                return
            for stream in streams:
                os.close(stream)
            fork = _Fork(process, os.pidfd_open(process), asker)
            fork.tell(process)
            forks[fork.pidfd] = fork
            ready.register(fork.pidfd, select.POLLIN)


def _import() -> None:
    from scraper.cli import COMMANDS

    commands = (command.partition(":")[0] for command in COMMANDS.values())
    for module in (*commands, *_OF_A_CRAWL):
        import_module(module)
    # What no fork looks through stays memory that all of them share.
    gc.collect()
    gc.freeze()


def _become(request: bytes, streams: Sequence[int]) -> None:
    """Let this process be as if it had been started with `request`."""
    from archive.files import failpoint

    for standard, stream in enumerate(streams):
        os.dup2(stream, standard)
        os.close(stream)
    folder, env, *arguments = json.loads(request)
    os.chdir(folder)
    os.environ.update(env)
    # The one variable that is read when its module is imported.
    failpoint.arm(env.get(failpoint.VARIABLE))
    sys.argv[1:] = arguments
