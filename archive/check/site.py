"""Checks a whole site: every file by itself, then all of them compared with each other.

Nothing is changed and no lock is held: a crawl may run meanwhile, and what it has not finished is
left out. What a dead run left behind is reported, but it is no damage: the next crawl repairs it.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from archive.check.articles import read_lines, read_objects
from archive.check.away import AwayFiles
from archive.check.finding import Checked, Finding
from archive.check.known import KnownRecords
from archive.check.ledger import Ledger
from archive.check.pages import undecodable
from archive.check.seals import Seals
from archive.check.taught import untaught
from archive.check.warcs import WarcFile
from archive.folder import SiteFolder
from archive.jsonl.manifest import finished
from archive.layout import ARTICLES, INDEX, LOCK, MANIFEST, OPEN, current_name, find_warc, run_of
from archive.storage.stored_files import size_of

Progress = Callable[[int], None]


class Check:
    """A check of everything in `folder`; `size` is how many bytes are to be read.

    `deep` also decodes the page behind every line, and reads index.db to its last page. `stored`
    reads the files, too, that are only in the store.
    """

    def __init__(self, folder: SiteFolder, *, deep: bool = False, stored: bool = False) -> None:
        self._folder = folder.path
        self._deep = deep
        self.checked = Checked(folder.site.name)
        # Lines first: the records that they name are then in the WARC files already, even if a
        # crawl is running.
        self._lines = self._sizes(f for f in finished(self._folder) if f.endswith(".jsonl"))
        self._layouts: set[str] = set()
        self._running = _is_held(self._folder / LOCK)
        # A file that is renamed meanwhile is in the second list.
        self._open = {path.removesuffix(OPEN) for path in self._found(f"*/*/*.warc.gz{OPEN}")}
        self._warcs = sorted(self._open | set(self._found("*/*/*.warc.gz")))
        self._away = AwayFiles(self._folder, read=stored)
        self._warcs += self._away.read
        sizes = self._sizes(self._warcs)
        self.size = sum(self._lines.values()) + 2 * sum(sizes.values())

    def run(self, progress: Progress = lambda count: None) -> Checked:
        """Check everything; `progress` is told the bytes as they are read."""
        ledger = Ledger()
        try:
            known = KnownRecords(
                self._folder / INDEX, self._lines, ledger.add_known, deep=self._deep
            )
            # After the index: so the manifest cannot be shorter than the index says.
            seals = Seals(self._folder, known.manifest, self._away.unread)
            self._take([*known.findings, *seals.findings, *self._away.findings()])
            self._take(seals.compare(progress))
            self._read(ledger, progress)
            ledger.close_books()
            self.checked.lines = ledger.count_lines()
            self._compare(ledger, known)
            if self._deep:
                self._take(undecodable(ledger, self._folder))
        finally:
            ledger.close()
        if not self._running:
            self._tell_unfinished(seals)
        self.checked.findings.sort(key=lambda found: (found.file, found.offset or 0))
        return self.checked

    def _read(self, ledger: Ledger, progress: Progress) -> None:
        """Check every file by itself."""
        for file, end in self._lines.items():
            with self._told(file):
                self._read_lines(ledger, file, end)
            self._count(end)
            progress(end)
        for file in self._warcs:
            warc = WarcFile(find_warc(self._folder, file), file)
            with self._told(file):
                self.checked.records += ledger.add_records(warc.rows(progress))
            self._take(warc.findings)
            self._count(warc.size)

    def _read_lines(self, ledger: Ledger, file: str, end: int) -> None:
        path = self._folder / file
        if file.startswith(f"{ARTICLES}/"):
            site, layouts = self.checked.site, self._layouts
            lines = read_lines(path, file, end, site, self._find, layouts)
            ledger.add_lines(lines)
        else:
            for _ in read_objects(path, file, end, self._find):
                pass

    @contextmanager
    def _told(self, file: str) -> Iterator[None]:
        """A file that the disk does not give is a finding, and the others are still read."""
        try:
            yield
        except OSError as error:
            self._find(Finding(file, None, f"cannot be read: {error.strerror}"))

    def _compare(self, ledger: Ledger, known: KnownRecords) -> None:
        """Compare the files with each other."""
        self._take([*ledger.doubles(), *ledger.misnumbered()])
        self._compare_references(ledger)
        self._take(untaught(self._folder, self._layouts))
        unsettled = self._unsettled()
        for finding, file in ledger.textless():
            if run_of(file) not in unsettled and not self._away.explains_text(file):
                self._find(finding)
        for finding in ledger.lineless():
            if run_of(finding.file) not in unsettled:
                self._find(finding)
        if known.there:
            self._take(ledger.unwritten())
            behind = [f for f, end in ledger.unknown() if end > known.marks.get(f.file, 0)]
            self._take(f for f, end in ledger.unknown() if end <= known.marks.get(f.file, 0))
            if behind and not self._running:
                what = f"{len(behind)} lines are not in it yet; the next crawl takes them in"
                self._find(Finding(INDEX, None, what, damage=False))

    def _compare_references(self, ledger: Ledger) -> None:
        """Report what leads to no record, unless that may be in a file that was not read."""
        for finding, nowhere in ledger.dangling():
            if not (nowhere and self._away.explains_reference(finding.file)):
                self._find(finding)
        for finding, warc in ledger.unresolved():
            if not self._away.explains_line(warc):
                self._find(finding)

    def _tell_unfinished(self, seals: Seals) -> None:
        """Report what a dead run has left to the next one."""
        for file in sorted(self._open):
            what = "a run died while it wrote this file; the next crawl finishes it"
            self._find(Finding(file + OPEN, None, what, damage=False))
        files = [file for file in finished(self._folder) if self._size(file) > seals.sealed(file)]
        if files:
            what = f"{len(files)} files are not sealed to their end; the next crawl seals them"
            self._find(Finding(MANIFEST, None, what, damage=False))

    def _unsettled(self) -> set[str]:
        """The runs that still write, have died, or have come and gone since the check began."""
        new = set(self._found("*/*/*.warc.gz*")) - set(self._warcs)
        return {run_of(file) for file in self._open | new}

    def _found(self, pattern: str) -> list[str]:
        return [str(path.relative_to(self._folder)) for path in self._folder.glob(pattern)]

    def _size(self, file: str) -> int:
        return size_of(current_name(self._folder / file))

    def _sizes(self, files: Iterator[str] | list[str]) -> dict[str, int]:
        return {file: self._size(file) for file in files}

    def _count(self, size: int) -> None:
        self.checked.files += 1
        self.checked.bytes += size

    def _find(self, finding: Finding) -> None:
        self.checked.findings.append(finding)

    def _take(self, findings: Iterator[Finding] | list[Finding]) -> None:
        self.checked.findings.extend(findings)


def _is_held(path: Path) -> bool:
    """Whether a run holds the lock at `path`: tries a shared lock and releases it at once."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False
