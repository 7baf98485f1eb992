"""The archive on disk: WARC files, article lines, an index, runs and removals.

>>> from archive import Archive
>>> titles = [line["title"] for line in Archive("persian-news").site("khabar").articles()]

The names in `__all__` are public: docs/notebook.md shows them. All other names may change with
any version. Nothing here fetches a page or cleans one.
"""

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
