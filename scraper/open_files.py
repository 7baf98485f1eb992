"""How many files a process may have open: each site of a crawl needs some."""

from __future__ import annotations

import resource
import sys
from contextlib import suppress

FILES_OF_A_SITE = 8
"""Its lock, its index, its WARC, text and article files, and its connections."""
OTHER_FILES = 100


def raise_limit() -> None:
    """Let this process open as many files as the machine allows (`ulimit -Hn`). The usual limit of
    1024 is for programs that use select(2), which this one does not."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        # A limit that cannot be raised is no reason not to crawl.
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def needed(sites: int) -> int:
    """How many files a crawl of so many sites may open at once."""
    return OTHER_FILES + FILES_OF_A_SITE * sites


def sites_at_once(limit: int | None = None) -> int:
    """How many sites a crawl may have open at once, with so many files; by default as many as this
    process may have."""
    if limit is None:
        limit, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if limit == resource.RLIM_INFINITY:
        return sys.maxsize
    return max(1, (limit - OTHER_FILES) // FILES_OF_A_SITE)
