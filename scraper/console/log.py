"""The log. The whole log is in logs/: a file for each day, packed after a month, never deleted. On
stderr are only the lines that the user asked for (-v)."""

from __future__ import annotations

import gzip
import logging
import shutil
import sys
import time
from datetime import UTC, datetime, timedelta
from io import TextIOWrapper
from pathlib import Path

from archive.errors import FolderError
from archive.files.append_file import AppendFile, make_folder
from archive.files.links import refuse_links
from archive.http.urls import without_userinfo
from scraper.console.terminal import safe_line

_PLAIN = timedelta(days=30)
_FORMAT = "%(asctime)sZ %(levelname)s %(name)s: %(message)s"


class SafeFormatter(logging.Formatter):
    """A line for each record; the lines of a traceback follow it, indented."""

    def format(self, record: logging.LogRecord) -> str:
        lines = super().format(record).split("\n")
        return "\n    ".join(safe_line(without_userinfo(line)) for line in lines)


class LogFile(logging.FileHandler):
    """The file of the day; it is made with its first line. If it cannot be written, lines are
    dropped without an error: the archive's own errors matter more."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, encoding="utf-8", errors="replace", delay=True)

    def _open(self) -> TextIOWrapper:
        make_folder(Path(self.baseFilename).parent)
        return super()._open()

    def emit(self, record: logging.LogRecord) -> None:
        try:
            super().emit(record)
        except (OSError, FolderError):
            self.handleError(record)

    def handleError(self, record: logging.LogRecord) -> None:
        return


class Log(logging.Handler):
    """A run's log, in the file `path`. `bugs` counts errors with a traceback: these are errors
    inside baygan, not at a site."""

    def __init__(self, path: Path) -> None:
        super().__init__(logging.ERROR)
        self.path = path
        self.bugs = 0

    def emit(self, record: logging.LogRecord) -> None:
        self.bugs += bool(record.exc_info)

    def check(self, *, pack: bool = True) -> None:
        """FolderError if the file cannot be written, or the folder has a symbolic link in it; call
        it before any request. Files older than a month are packed, unless another process is to
        `pack` them."""
        make_folder(self.path.parent)
        refuse_links(self.path.parent)
        AppendFile(self.path).close()
        for path in self.path.parent.glob("????-??-??.log") if pack else ():
            if path.name < f"{datetime.now(UTC) - _PLAIN:%Y-%m-%d}":
                _pack(path)


def _pack(path: Path) -> None:
    """Pack `path` into a .gz beside it; at any moment one of the two files is whole."""
    packed, begun = path.with_suffix(".log.gz"), path.with_suffix(".log.gz.new")
    try:
        with path.open("rb") as plain, gzip.open(begun, "wb") as file:
            shutil.copyfileobj(plain, file)
        begun.replace(packed)
        path.unlink()
    except OSError:
        # Another run may be packing it, or the disk is full. The log is there all the same.
        logging.getLogger("baygan").info("%s is left as it is", path)


def begin_log(folder: Path, verbosity: int = 0) -> Log:
    """Log to the file of today (UTC) in `folder`. With `verbosity` 1 also log baygan's own lines to
    stderr, with 2 those of Scrapy, too."""
    log = Log(folder / f"{datetime.now(UTC):%Y-%m-%d}.log")
    formatter = SafeFormatter(_FORMAT)
    formatter.converter = time.gmtime
    root = logging.getLogger()
    root.setLevel(logging.INFO)
    root.handlers = [LogFile(log.path), log]
    if verbosity:
        to_stderr = logging.StreamHandler(sys.stderr)
        if verbosity == 1:
            to_stderr.addFilter(logging.Filter("baygan"))
        root.addHandler(to_stderr)
    for handler in root.handlers:
        handler.setFormatter(formatter)
        # Scrapy's DEBUG lines print whole pages.
        handler.setLevel(max(handler.level, logging.INFO))
    return log
