"""How many sitemaps of a site are read: a site that invents files must not keep a run for ever."""

from __future__ import annotations

from spiders.sources.sitemap_file import Sitemap

MAX_FILES = 5_000
"""Files read in a night: with Yoast's thousand addresses a file, five million articles."""
MAX_IN_ALL = 2_000_000
"""Articles' addresses taken in a night."""
MAX_BARREN = 200
"""So many files in a row that name no article, or only those of another file, are the last."""
MAX_UNREAD = 8
"""So many files in a row that are none, or not there, are the last."""


class SitemapBudget:
    """Counts the `files` of one walk, `most` of them at most."""

    def __init__(self, most: int) -> None:
        self._most = most
        self.files = 0
        self._addresses = self._barren = self._unread = 0
        self._contents: set[tuple[str, str, int]] = set()

    @property
    def is_whole(self) -> bool:
        """Whether it is a whole night's, and not that of a look at a few files."""
        return self._most >= MAX_FILES

    def begin_anew(self) -> None:
        """What failed before says nothing of the files that come now."""
        self._barren = self._unread = 0

    def fail(self, depth: int) -> None:
        """A file could not be read; of one that was only guessed (0) nothing else was expected."""
        if depth:
            self._barren += 1
            self._unread += 1

    def read(self, sitemap: Sitemap) -> None:
        """One more file was read, whose addresses are the site's own articles' by now."""
        named = sitemap.addresses
        content = (named[0].url, named[-1].url, len(named)) if named else None
        is_new = content is not None and content not in self._contents
        self._contents |= {content} if content else set()
        self._barren = 0 if is_new else self._barren + 1
        self._unread = 0
        self._addresses += len(named)
        self.files += 1

    def spent(self) -> str | None:
        """Why no further file is read; None if one is."""
        if self.files >= self._most:
            return f"there are more than {MAX_FILES} sitemaps"
        if self._unread >= MAX_UNREAD:
            return f"{MAX_UNREAD} sitemaps in a row could not be read"
        if self._barren >= MAX_BARREN:
            return f"{MAX_BARREN} sitemaps in a row name no article that others do not name"
        if self._addresses >= MAX_IN_ALL:
            return f"the sitemaps name more than {MAX_IN_ALL} addresses"
        return None
