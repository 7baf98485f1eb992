"""stdout and stderr of a command. They fail in the same way for all who write to them: commands,
click, rich, or Python when it ends.

It is an error if stdout cannot be written, since the user asked for the output. If stderr cannot be
written, the text is dropped: the exit code says enough.
"""

from __future__ import annotations

import errno
import io
import os
import select
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn, TextIO

_STDOUT, _STDERR = 1, 2


class OutputFailed(Exception):
    """The output of a command cannot be written.

    It is neither an OSError nor a BayganError: code that catches those would take it for an error
    of a file or a site. `unread` is true if the reader of a pipe has gone, as in
    `baygan export | head`.
    """

    def __init__(self, error: OSError) -> None:
        self.unread = error.errno == errno.EPIPE
        super().__init__(
            f"cannot write the output to {_target()}: {error.strerror}. What stands there is not"
            " whole; the archive is safe. Make room or name another file, and run it again."
        )


@contextmanager
def guarded_stdout() -> Iterator[None]:
    """In this block a failed write to stdout raises OutputFailed; at its end stdout is flushed."""
    plain = sys.stdout
    if plain is not sys.__stdout__:  # a notebook has its own
        yield
        return
    sys.stdout = _text(_Descriptor(_STDOUT, lossy=False), plain)
    try:
        try:
            yield
        finally:
            sys.stdout.flush()
    finally:
        sys.stdout = plain


@contextmanager
def guarded_stderr() -> Iterator[None]:
    """In this block a failed write to stderr raises nothing."""
    _open_what_is_closed()
    plain = sys.stderr
    if plain is not sys.__stderr__:
        yield
        return
    sys.stderr = _text(_Descriptor(_STDERR, lossy=True), plain)
    try:
        yield
    finally:
        sys.stderr.flush()
        sys.stderr = plain


def end_at_once(code: int) -> NoReturn:
    """End the process with `code` once everything is written and printed. Python would wait for
    its threads, and one may be busy with what a site has sent for longer than whoever stopped us
    waits."""
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(code)


class _Descriptor(io.RawIOBase):
    """The standard stream with this number. A `lossy` one raises nothing.

    After a failed write all later ones are dropped: Python writes the rest of the buffer at its
    end.
    """

    def __init__(self, number: int, *, lossy: bool) -> None:
        self._number = number
        self._lossy = lossy
        self._failed = False

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._number

    def isatty(self) -> bool:
        return os.isatty(self._number)

    def write(self, data: Any) -> int:
        while not self._failed:
            try:
                return os.write(self._number, data)
            except BlockingIOError:  # another process has made the pipe non-blocking
                select.select([], [self._number], [])
            except OSError as error:
                self._failed = True
                if not self._lossy:
                    raise OutputFailed(error) from None
        return len(data)


def _text(raw: _Descriptor, plain: TextIO | None) -> TextIO:
    """A text stream over `raw`, with the encoding of `plain`; `plain` is None if the stream was
    closed."""
    return io.TextIOWrapper(
        io.BufferedWriter(raw),
        encoding=plain.encoding if plain else "utf-8",
        errors=plain.errors if plain else "backslashreplace",
        line_buffering=raw.fileno() == _STDERR or raw.isatty(),
    )


def _open_what_is_closed() -> None:
    """Open closed streams, as after `baygan export >&-`, in a way that cannot be written to. Else
    the next file would get the number of the closed stream, and the output would go into it."""
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDONLY)


def _target() -> str:
    """The file that stdout is, as Linux tells it."""
    try:
        target = str(Path(f"/proc/self/fd/{_STDOUT}").readlink())
    except OSError:
        target = ""
    return target if target.startswith("/") and target != os.devnull else "standard output"
