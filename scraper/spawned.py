"""How a child process begins: a fresh one, with limits, that dies with its parent."""

from __future__ import annotations

import ctypes
import fcntl
import gc
import os
import resource
import signal
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnContext

MEMORY = 1 << 30
"""Bytes that a child may have."""
_PR_SET_PDEATHSIG = 1
_ROOM = 256 * 1024
# The loop has the processor first: it answers in a millisecond, and a page can wait for one.
_NICE = 5


class Spawned(SpawnContext):
    """Children that are begun anew: a forked one would share the reactor's sockets."""

    def Pipe(self, duplex: bool = True) -> tuple[Connection, Connection]:  # noqa: N802
        """A pipe with room for a page, which else goes through in pieces, each of them awaited."""
        ends = super().Pipe(duplex)
        for end in ends:
            # Only root may have more than the system's limit.
            with suppress(OSError):
                fcntl.fcntl(end.fileno(), fcntl.F_SETPIPE_SZ, _ROOM)
        return ends


def enter() -> None:
    """Prepare a child: it dies with its parent, ignores Ctrl-C, and has the memory limit."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    os.nice(_NICE)


def collect_seldom(objects: int) -> None:
    """Let the collector of cyclic garbage come seldom, after so many more `objects`, and leave what
    is there by now: it was imported, and stays."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(objects)
