"""Where everything lies in an archive: every name, suffix and pattern on the disk.

    persian-news/
        sites.toml
        khabar/                              the folder of a site; functions below take its path
            warc/2026/RUN-00000.warc.gz      captures; `.open` behind it while it is written
            text/2026/RUN-00000.text.warc.gz clean text
            articles/2026-11.jsonl           article lines, a file for each month of capture (UTC)
            layout.json                      what the site's pages taught
            runs.jsonl, removals.jsonl, manifest.jsonl, index.db, search.db, .lock
        quarantine/khabar/                   what was cut off or replaced
        logs/2026-11-22.log

RUN is `khabar-20261122T003004123Z-4f1c09ab`: the site, when the run began (UTC, to the
millisecond), and the run's eight hex digits.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from archive.errors import Damaged

SITES_TOML = "sites.toml"
QUARANTINE = "quarantine"
LOGS = "logs"
RESERVED = (LOGS, QUARANTINE)
"""Folders of the archive that are no site's."""

LOCK = ".lock"
INDEX = "index.db"
INDEX_FILES = (INDEX, f"{INDEX}-wal", f"{INDEX}-shm")
SEARCH = "search.db"
SEARCH_FILES = (SEARCH, f"{SEARCH}-wal", f"{SEARCH}-shm")
EPOCHS = "layout.json"
ARTICLES = "articles"
TEXT = "text"
WARC = "warc"
RUNS = "runs.jsonl"
REMOVALS = "removals.jsonl"
MANIFEST = "manifest.jsonl"

OPEN = ".open"
"""The end of a WARC file's name while it is written."""
IMPORT = "import-"
"""Comes after the site's name in the names of files with captures of other programs."""
RENAMING = ".renaming-"
"""The beginning of the name of a folder in which a site gets its new name."""
RENAMED = ".renamed"
"""The file in a renamed site's folder that tells the name before, until all is done."""
TRIAL = ".trial-"
"""The beginning of the name of a folder, in the archive, with a copy of a site to try something."""
REBUILDING = ".rebuild"
"""The folder of a rebuild that is under way."""
REBUILT = ".rebuilt-"
"""The beginning of the name of a complete rebuild's folder."""

_INSTANT = re.compile(rf"({IMPORT})?[0-9]{{8}}T[0-9]{{9}}Z-", re.ASCII)
_IMPORT = re.compile(rf"-{IMPORT}[0-9]{{8}}T[0-9]{{9}}Z-[0-9a-f]{{8}}-[0-9]+\.", re.ASCII)
_WARC_FILE = re.compile(rf"({WARC}|{TEXT})/[0-9]{{4}}/[\w.-]+", re.ASCII)


def run_name(site: str, began: datetime, run: str, *, imports: bool = False) -> str:
    """What the names of all files of one run begin with. With `imports`, for a run that imports
    captures of other programs, the name says so.

    >>> from datetime import UTC
    >>> run_name("khabar", datetime(2026, 11, 22, 0, 30, 4, 123000, UTC), "4f1c09ab")
    'khabar-20261122T003004123Z-4f1c09ab'
    """
    instant = f"{began:%Y%m%dT%H%M%S}{began.microsecond // 1000:03}Z"
    return f"{site}-{IMPORT if imports else ''}{instant}-{run}"


@lru_cache(maxsize=16)
def run_of(file: str) -> str:
    """The part of a WARC file's name that all files of its run share.

    >>> run_of("warc/2026/khabar-20261122T003004123Z-4f1c09ab-00000.warc.gz")
    'khabar-20261122T003004123Z-4f1c09ab'
    """
    return Path(file).name.rpartition("-")[0]


def run_order(run: str) -> tuple[str, str]:
    """By what runs, named as in `run_of`, are put in the order in which they began; imports too.

    >>> run_order("khabar-import-20261122T003004123Z-4f1c09ab")
    ('20261122T003004123Z', '4f1c09ab')
    """
    begun, _, number = run.rpartition("-")
    return begun.rpartition("-")[2], number


def final_name(path: Path) -> Path:
    """The path of a WARC file once it is finished."""
    return path.with_name(path.name.removesuffix(OPEN))


def suffix_of(kind: str) -> str:
    """The suffix of the WARC files of a kind, `WARC` or `TEXT`."""
    return ".warc.gz" if kind == WARC else f".{kind}.warc.gz"


def find_warc(site: Path, file: str) -> Path:
    """The path of the WARC `file` that an article line names; it may still be written.

    Damaged if `file` is not the path of a WARC file in the site's folder: a line that was changed
    could name a file outside of it (`../../secret.warc.gz`).
    """
    if not _WARC_FILE.fullmatch(file):
        raise Damaged(
            f"{site}: {file!r} is no WARC file of this site. Nothing was read from it and nothing"
            " was changed."
        )
    return current_name(site / file)


def current_name(path: Path) -> Path:
    """The name that the file has now: `path`, or that of a WARC file which is still written."""
    being_written = path.with_name(path.name + OPEN)
    return being_written if not path.exists() and being_written.exists() else path


def open_files(site: Path) -> list[Path]:
    """The WARC files (captures and texts) that a run is writing now or was writing when it died."""
    return sorted(site.glob(f"*/*/*.warc.gz{OPEN}"))


def finished_warcs(site: Path) -> list[Path]:
    """The finished files with captures, by their paths."""
    return sorted(site.glob(f"{WARC}/*/*{suffix_of(WARC)}"))


def warc_files(site: Path, elsewhere: Iterable[Path] = ()) -> list[Path]:
    """The files with captures, those being written too and those that are `elsewhere`, in the order
    they were begun."""
    being_written = site.glob(f"{WARC}/*/*{suffix_of(WARC)}{OPEN}")
    return sorted([*finished_warcs(site), *being_written, *elsewhere], key=_begun)


def _begun(path: Path) -> str:
    """The name of a WARC file from the instant on: a site that was renamed has files that begin
    with another name."""
    instant = _INSTANT.search(path.name)
    return path.name[instant.start() :] if instant else path.name


def imported_files(site: Path) -> list[Path]:
    """The files with captures of other programs, finished or not."""
    return sorted(path for path in site.glob(f"{WARC}/*/*-{IMPORT}*") if is_imported(path.name))


def is_imported(file: str) -> bool:
    """Whether a WARC file, by its name or path, holds captures of other programs. The site that it
    is named after may have another name by now.

    >>> is_imported("warc/2026/khabar-import-20261122T003004123Z-4f1c09ab-00000.warc.gz")
    True
    """
    return _IMPORT.search(file) is not None


def text_files(site: Path, run: str = "*") -> list[Path]:
    """The finished files with clean text, all of them or those of one run (`run_of`)."""
    return sorted(site.glob(f"{TEXT}/*/{run}-*{suffix_of(TEXT)}"))


def article_files(articles: Path) -> list[Path]:
    """The files with article lines in the folder `articles/`, oldest month first."""
    return sorted(articles.glob("*.jsonl"))


def article_file(captured: datetime) -> str:
    """The name of the file for lines captured in this month."""
    return f"{captured.year:04}-{captured.month:02}.jsonl"


def sealed_files(site: Path) -> list[Path]:
    """All files that the manifest names: finished WARC files and every .jsonl file but itself."""
    ledgers = [path for path in site.glob("*.jsonl") if path.name != MANIFEST]
    return [*site.glob("*/*/*.warc.gz"), *site.glob("*/*.jsonl"), *ledgers]
