"""The log: always whole in logs/, a file a day; on stderr only what was asked for."""

from __future__ import annotations

import logging
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from archive.appendfile import make_folder
from archive.errors import FolderError
from scraper.terminal import safe_line

_FORMAT = "%(asctime)sZ %(levelname)s %(name)s: %(message)s"


class SafeFormatter(logging.Formatter):
    """One record, one line; a traceback's lines follow it, indented."""

    def format(self, record: logging.LogRecord) -> str:
        lines = super().format(record).split("\n")
        return "\n    ".join(safe_line(line) for line in lines)


class LogFile(logging.FileHandler):
    """The day's file. On a full disk it goes without its lines: the archive tells what
    happened to it, and a traceback about the log would only hide that."""

    def handleError(self, record: logging.LogRecord) -> None:
        return


class Mishaps(logging.Handler):
    """Counts errors with a traceback: something inside baygan went wrong, not at a site."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.count = 0

    def emit(self, record: logging.LogRecord) -> None:
        self.count += bool(record.exc_info)


def begin_log(folder: Path, verbosity: int = 0) -> tuple[Path, Mishaps]:
    """Log to `folder`'s file of today (UTC), and with `verbosity` 1 also baygan's lines to
    stderr, with 2 Scrapy's too. Returns the file and the count of mishaps."""
    make_folder(folder)
    path = folder / f"{datetime.now(UTC):%Y-%m-%d}.log"
    try:
        to_file = LogFile(path, encoding="utf-8", errors="replace")
    except OSError as error:
        raise FolderError(
            f"cannot write {path}: {error.strerror}. Nothing was fetched."
            " Make the folder writable, or name another archive with -C."
        ) from None
    formatter = SafeFormatter(_FORMAT)
    formatter.converter = time.gmtime
    mishaps = Mishaps()
    root = logging.getLogger()
    root.setLevel(logging.INFO)
    root.handlers = [to_file, mishaps]
    if verbosity:
        to_stderr = logging.StreamHandler(sys.stderr)
        if verbosity == 1:
            to_stderr.addFilter(logging.Filter("baygan"))
        root.addHandler(to_stderr)
    for handler in root.handlers:
        handler.setFormatter(formatter)
        # Scrapy's DEBUG lines print whole pages.
        handler.setLevel(max(handler.level, logging.INFO))
    return path, mishaps
