"""search.db is kept up with the lines: by every run at its end, else by the next search.

It is derived, so what goes wrong here is no reason for a run to fail: it is logged, and the next
search makes up for it.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from archive.errors import BayganError
from archive.files.disk_space import DiskSpace
from archive.files.links import refuse_links
from archive.layout import SEARCH, SEARCH_FILES
from archive.select.search_index import SearchIndex

if TYPE_CHECKING:
    from archive.folder import SiteFolder

_logger = logging.getLogger("baygan.search")


def keep_up(folders: Iterable[SiteFolder], seconds: float | None = None) -> None:
    """Bring the search.db of these sites up to their lines. After about so many `seconds` in all
    the rest is left to the next run, or to the next search."""
    end = None if seconds is None else time.monotonic() + seconds
    for folder in folders:
        try:
            with folder.reading() as index:
                acknowledged = index.marks() if index else {}
            left = None if end is None else end - time.monotonic()
            if acknowledged and (left is None or left > 0):
                _written(folder, acknowledged, left).close()
        except (BayganError, OSError) as error:
            _logger.info("%s: search.db is not up to date: %s", folder.site.name, error)


def forget(folder: SiteFolder) -> None:
    """Delete search.db, which was found broken: the next search makes it anew."""
    _logger.info("%s: search.db is broken; it is made anew", folder.site.name)
    with suppress(OSError):
        for name in SEARCH_FILES:
            (folder.path / name).unlink(missing_ok=True)


@contextmanager
def searching(folder: SiteFolder) -> Iterator[SearchIndex | None]:
    """The search.db of the site with all its articles; None before the first crawl.

    What is missing in it is read first; where it cannot be written, on a disk for reading only say,
    into a file for this search alone.
    """
    with folder.reading() as index:
        acknowledged = index.marks() if index else None
    if acknowledged is None:
        yield None
        return
    found = _whole(folder, acknowledged)
    try:
        found = found or _written(folder, acknowledged)
    except (BayganError, OSError) as error:
        _logger.info("%s: searched without search.db: %s", folder.site.name, error)
    if found:
        with closing(found):
            yield found
        return
    with (
        TemporaryDirectory(prefix="baygan-") as scratch,
        closing(SearchIndex(Path(scratch) / SEARCH, write=True)) as own,
    ):
        own.catch_up(folder.lines, acknowledged)
        yield own


def _whole(folder: SiteFolder, acknowledged: Mapping[str, int]) -> SearchIndex | None:
    """The file as it is, if nothing is missing in it."""
    path = folder.path / SEARCH
    if not path.exists():
        return None
    try:
        found = SearchIndex(path)
    except BayganError:
        return None
    try:
        whole = found.fits(folder.lines, acknowledged) and found.holds(acknowledged)
    except BayganError:
        whole = False
    if not whole:
        found.close()
    return found if whole else None


def _written(
    folder: SiteFolder, acknowledged: Mapping[str, int], seconds: float | None = None
) -> SearchIndex:
    refuse_links(*(folder.path / name for name in SEARCH_FILES))
    DiskSpace(folder.path, folder.archive.settings.min_free).check()
    found = SearchIndex(folder.path / SEARCH, write=True)
    try:
        found.catch_up(folder.lines, acknowledged, seconds)
    except BaseException:
        found.close()
        raise
    return found
