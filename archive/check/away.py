"""The WARC files of a site that are only in the store: are they there, and are they read?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from archive.check.finding import Finding
from archive.layout import TEXT, WARC, run_of
from archive.storage.bucket import Bucket
from archive.storage.stored_files import only_stored, size_of, storage_of


class AwayFiles:
    """Those of the site in `site_folder`. `read` are those that are to be read from the store: all
    that are there if that was asked for, else none. What follows from not reading a file is no
    finding. StoreFailed if the store cannot be asked."""

    def __init__(self, site_folder: Path, *, read: bool) -> None:
        paths = only_stored(site_folder)
        self._sizes = {str(path.relative_to(site_folder)): size_of(path) for path in paths}
        self._place, self._there = "", dict[str, int]()
        address = storage_of(site_folder)
        if address and self._sizes:
            site = address / site_folder.name
            found = Bucket(site.bucket).sizes(f"{site.key}/")
            self._place = str(site)
            self._there = {
                file: found[(site / file).key] for file in self._sizes if (site / file).key in found
            }
        self.read = sorted(self._there) if read else []
        self.unread = {*self._sizes} - {*self.read}
        self._runs = {
            kind: {run_of(file) for file in self.unread if file.startswith(f"{kind}/")}
            for kind in (WARC, TEXT)
        }

    def findings(self) -> Iterator[Finding]:
        """Which are not in the store, and a note about those that are not read."""
        for file, size in self._sizes.items():
            has = self._there.get(file)
            if has is None:
                what = f"the file is missing, and it is not in {self._place} either"
                yield Finding(file, None, what)
            elif has != size:
                what = f"{self._place} has {has} bytes of it; {size} are sealed"
                yield Finding(file, None, what)
        if left := {*self._there} - {*self.read}:
            size = sum(self._sizes[file] for file in left)
            what = (
                f"{len(left)} files ({size / 1e6:.1f} MB) are only in {self._place} and were not"
                " read; to read them, too: baygan check --stored"
            )
            yield Finding(".", None, what, damage=False)

    def explains_line(self, warc: str) -> bool:
        """Whether a line's page was not read because its file `warc` is away."""
        return warc in self.unread

    def explains_text(self, warc: str) -> bool:
        """Whether the text of a line whose page is in `warc` may be in a file that is away."""
        return run_of(warc) in self._runs[TEXT]

    def explains_reference(self, file: str) -> bool:
        """Whether what a record in `file` refers to may be in a file that is away: that of a text
        is in its own run, that of a revisit in any."""
        if file.startswith(f"{TEXT}/"):
            return run_of(file) in self._runs[WARC]
        return bool(self._runs[WARC])
