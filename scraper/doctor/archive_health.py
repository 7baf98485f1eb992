"""An archive: its folder, its disk, its clock, and the names of its sites' hosts."""

from __future__ import annotations

import os
import shutil
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

from archive.errors import BayganError, DiskLow
from archive.files.disk_space import DiskSpace
from archive.folder import Archive
from scraper.doctor.diagnosis import Diagnosis, Health, judged

_PROBE = ".doctor"
_SLOW = 0.2
"""Seconds for an fsync: a crawl waits for some a second."""
_TIMES = 5
_AHEAD = timedelta(minutes=10)


def findings(archive: Archive) -> Iterator[Diagnosis]:
    """What was found in and around the archive."""
    yield _writable(archive.path)
    yield _room(archive)
    yield _clock(archive)
    yield _names(archive)
    command = archive.settings.notify.on_end
    if command:
        yield judged(
            "notify",
            shutil.which(command[0], path=os.environ.get("PATH")) is not None,
            command[0],
            "on_end in sites.toml names a program that is not here, or may not be run.",
            Health.LOOK,
        )


def _writable(folder: Path) -> Diagnosis:
    """Write and sync a small file some times, and remove it."""
    path, spent = folder / _PROBE, []
    try:
        with path.open("wb") as file:
            for _ in range(_TIMES):
                file.write(b"\0" * 4096)
                file.flush()
                began = time.monotonic()
                os.fsync(file.fileno())
                spent.append(time.monotonic() - began)
        path.unlink()
    except OSError as error:
        advice = "Crawl as the user to whom the archive belongs, or mend the folder's rights."
        return Diagnosis("folder", Health.BAD, f"{folder}: {error.strerror}", advice)
    return judged(
        "folder",
        median(spent) < _SLOW,
        f"{folder} can be written; an fsync takes {1000 * median(spent):.0f} ms",
        "The disk is slow: a crawl waits for it several times a second.",
        Health.LOOK,
    )


def _room(archive: Archive) -> Diagnosis:
    free = shutil.disk_usage(archive.path).free
    try:
        DiskSpace(archive.path, archive.settings.min_free).check()
    except DiskLow as error:
        return Diagnosis("room", Health.BAD, f"{free / 2**30:.1f} GiB free", str(error))
    return Diagnosis("room", Health.FINE, f"{free / 2**30:.1f} GiB free")


def _clock(archive: Archive) -> Diagnosis:
    """The clock, against the last page of the archive: it must not be before that."""
    now, newest = datetime.now(UTC), None
    for folder in archive.sites():
        # An index that is broken or missing is made anew by the crawl.
        with suppress(BayganError), folder.reading() as index:
            told = index.newest_fetched() if index else None
            fetched = datetime.fromisoformat(told) if told else None
            newest = max(filter(None, (newest, fetched)), default=None)
    return judged(
        "clock",
        newest is None or newest <= now + _AHEAD,
        f"{now:%Y-%m-%d %H:%M} UTC" + (f"; last page of {newest:%Y-%m-%d %H:%M}" if newest else ""),
        "The clock is before the archive's last page: set it (timedatectl set-ntp true).",
        Health.BAD,
    )


def _names(archive: Archive) -> Diagnosis:
    """Whether the names of the sites' hosts are known; nothing is asked of the sites."""
    hosts = dict.fromkeys(urlsplit(site.url).hostname for site in archive.settings.sites.values())
    unknown = [host for host in hosts if host and not _is_known(host)]
    return judged(
        "names",
        not unknown,
        f"unknown: {', '.join(unknown)}" if unknown else f"{len(hosts)} hosts are known",
        "Is the name right, and does this machine reach its DNS server?",
        Health.LOOK,
    )


def _is_known(host: str) -> bool:
    try:
        socket.getaddrinfo(host, None)
    except (OSError, UnicodeError):
        return False
    return True
