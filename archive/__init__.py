"""The archive on disk: WARC files, article lines, an index, runs and removals.

>>> from archive import Archive
>>> titles = [line["title"] for line in Archive("persian-news").site("khabar").articles()]

The names in `__all__` are public: docs/notebook.md shows them. All other names may change with
any version. Nothing here fetches a page or cleans one.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archive.errors import (
        BayganError,
        Damaged,
        NoArchive,
        NotAnArticle,
        UnknownArticle,
        UnknownSite,
        UsageError,
    )
    from archive.folder import Archive, SiteFolder
    from archive.jsonl.removals import Removal
    from archive.model import Article, Hints, Image
    from archive.sites import Settings, Site
    from archive.version import __version__
    from archive.warc.pages import PageCapture
    from archive.warc.stored_record import StoredRecord

__all__ = [
    "Archive",
    "Article",
    "BayganError",
    "Damaged",
    "Hints",
    "Image",
    "NoArchive",
    "NotAnArticle",
    "PageCapture",
    "Removal",
    "Settings",
    "Site",
    "SiteFolder",
    "StoredRecord",
    "UnknownArticle",
    "UnknownSite",
    "UsageError",
    "__version__",
]

_HOMES = {
    "archive.errors": (
        "BayganError",
        "Damaged",
        "NoArchive",
        "NotAnArticle",
        "UnknownArticle",
        "UnknownSite",
        "UsageError",
    ),
    "archive.folder": ("Archive", "SiteFolder"),
    "archive.jsonl.removals": ("Removal",),
    "archive.model": ("Article", "Hints", "Image"),
    "archive.sites": ("Settings", "Site"),
    "archive.version": ("__version__",),
    "archive.warc.pages": ("PageCapture",),
    "archive.warc.stored_record": ("StoredRecord",),
}


def __getattr__(name: str) -> object:
    """Import a public name when it is asked for (PEP 562): a child that cleans pages needs none of
    them, and begins sooner without them."""
    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(home), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
