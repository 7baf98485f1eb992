"""The archive on disk: WARC files, lines, index, runs.

>>> from archive import Archive
>>> titles = [line["title"] for line in Archive("persian-news").site("khabar").articles()]
"""

from archive.errors import BayganError, NotAnArticle
from archive.folder import Archive, SiteFolder
from archive.model import Article, Capture, Exchange, Hints, Image
from archive.sites import Settings, Site
from archive.version import __version__
from archive.writer.site_writer import SiteWriter

__all__ = [
    "Archive",
    "Article",
    "BayganError",
    "Capture",
    "Exchange",
    "Hints",
    "Image",
    "NotAnArticle",
    "Settings",
    "Site",
    "SiteFolder",
    "SiteWriter",
    "__version__",
]
