"""Brings a site back from the store that it was pushed to, all of it or what is lost here.

A file takes its place when its bytes are those that the manifest names. What is here and right
stays; what is here and wrong moves to quarantine/ when the right file is complete. Captures first,
the manifest last: if it is cut off, the next pull goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from functools import partial
from threading import Event
from threading import Lock as ThreadLock
from typing import Any

from archive.errors import FolderError
from archive.files.append_file import make_folder
from archive.files.lock import Lock
from archive.files.replaced_file import replaced
from archive.files.torn_tails import move_aside
from archive.folder import SiteFolder
from archive.layout import EPOCHS, INDEX_FILES, LOCK, MANIFEST, SEARCH_FILES
from archive.storage.address import StoreAddress
from archive.storage.bucket import Bucket
from archive.storage.fetched_file import FetchedFile, NotAsPushed
from archive.storage.indexed_lines import index_lines
from archive.storage.sealed import SealedFile, sealed_files
from archive.storage.side_by_side import side_by_side
from archive.storage.upload import Stopped

_WHY = "was not as it was sealed; it"


@dataclass(slots=True, kw_only=True)
class Pulled:
    """What a pull did with a site: so many files (and bytes) were `fetched`, or with `dry_run`
    would be; so many were `here` already. `aside` counts those that were here and wrong, and are in
    quarantine/. `different` names files that the store has otherwise than the manifest says, or
    not at all. If it is another site's copy, it is `alien`, and nothing was touched."""

    site: str
    address: str
    dry_run: bool = False
    fetched: int = 0
    fetched_bytes: int = 0
    here: int = 0
    here_bytes: int = 0
    aside: int = 0
    different: list[str] = field(default_factory=list)
    alien: bool = False

    def to_object(self) -> dict[str, Any]:
        """As a JSON object."""
        return asdict(self)


class Pull:
    """A pull of the site in `folder` from the archive at `address`. `begin` is told how many bytes
    are not here yet, `step` the bytes as they are fetched."""

    def __init__(
        self,
        folder: SiteFolder,
        address: StoreAddress,
        *,
        dry_run: bool = False,
        begin: Callable[[int], None] = lambda size: None,
        step: Callable[[int], None] = lambda count: None,
    ) -> None:
        self._folder = folder
        self._path = folder.path
        self._address = address / folder.site.name
        self._bucket = Bucket(address.bucket)
        self._begin = begin
        self._step = step
        self._stop = Event()
        self._counting = ThreadLock()
        self.pulled = Pulled(site=folder.site.name, address=str(self._address), dry_run=dry_run)

    def run(self) -> Pulled:
        """Pull it, under the site's lock: ArchiveBusy if a run has it. StoreFailed if the store
        cannot be asked, FolderError for what the disk refuses; what was fetched stays."""
        theirs = self._read(MANIFEST)
        try:
            if theirs and self.pulled.dry_run:
                self._pull(theirs)
            elif theirs:
                make_folder(self._path)
                with self._locked():
                    self._pull(theirs)
        except OSError as error:
            raise FolderError(
                f"cannot read or write {error.filename}: {error.strerror}. What was fetched is"
                " whole. Make it readable and writable, and give the command once more."
            ) from None
        return self.pulled

    @contextmanager
    def _locked(self) -> Iterator[None]:
        lock = Lock(self._path / LOCK)
        try:
            # Parts of files that a killed pull has left.
            for part in self._path.glob("*/*/*.warc.gz.*.part"):
                part.unlink()
            yield
        finally:
            lock.close()

    def _pull(self, theirs: bytes) -> None:
        ours = self._ours()
        older, newest = sorted((ours, theirs), key=len)
        if not newest.startswith(older):
            self.pulled.alien = True
            return
        sealed = [one for one in sealed_files(newest).values() if one.size]
        final = [one for one in sealed if one.is_final]
        growing = [one for one in sealed if one.is_growing]
        files = [self._file(one) for one in (*final, *growing)]
        missing = sum(max(0, one.sealed.size - one.size()) for one in files)
        self._begin(missing)
        side_by_side(self._deal, final, self._stop)
        for one in growing:
            self._deal(one)
        self._take(EPOCHS, self._read(EPOCHS), newer=len(theirs) > len(ours))
        if not self.pulled.dry_run:
            index_lines(self._folder)
        self._take(MANIFEST, theirs, newer=len(theirs) > len(ours))

    def _ours(self) -> bytes:
        """The whole lines of the manifest that is here."""
        path = self._path / MANIFEST
        data = path.read_bytes() if path.exists() else b""
        return data[: data.rfind(b"\n") + 1]

    def _read(self, file: str) -> bytes:
        """An object that no seal is about; empty if it is not there."""
        key = (self._address / file).key
        about = self._bucket.look(key)
        return b"".join(self._bucket.blocks(key, about.size)) if about else b""

    def _file(self, sealed: SealedFile) -> FetchedFile:
        return FetchedFile(self._address, self._path, sealed, self._stepped)

    def _stepped(self, count: int) -> None:
        if self._stop.is_set():
            raise Stopped
        self._step(count)

    def _deal(self, sealed: SealedFile) -> None:
        """See what is here of the file, and fetch what is not."""
        file = self._file(sealed)
        have = file.have()
        if have == sealed.size:
            self._count(have, here=True)
            return
        wrong = have < file.size()
        if not self.pulled.dry_run:
            try:
                file.fetch(have, partial(self._aside, sealed) if wrong else lambda: None)
            except NotAsPushed:
                with self._counting:
                    self.pulled.different.append(sealed.file)
                return
            except Stopped:
                return
        self._count(sealed.size - have, aside=wrong)

    def _aside(self, sealed: SealedFile) -> None:
        """Move what is here and wrong to quarantine/, and what was made of its lines, away."""
        path = self._path / sealed.file
        move_aside(path, self._folder.quarantine / path.parent.relative_to(self._path), _WHY)
        if sealed.is_growing:
            for name in (*INDEX_FILES, *SEARCH_FILES):
                (self._path / name).unlink(missing_ok=True)

    def _take(self, file: str, data: bytes, *, newer: bool) -> None:
        """Put what no seal is about in its place, if there is none here or it is `newer`."""
        path = self._path / file
        before = path.read_bytes() if path.exists() else b""
        if not data or data == before or (before and not newer):
            self._count(len(before), here=True) if before else None
            return
        if not self.pulled.dry_run:
            if not data.startswith(before):
                move_aside(path, self._folder.quarantine, "was an earlier one; it")
            with replaced(path) as part:
                part.write_bytes(data)
        self._count(len(data))

    def _count(self, size: int, *, here: bool = False, aside: bool = False) -> None:
        with self._counting:
            if here:
                self.pulled.here += 1
                self.pulled.here_bytes += size
            else:
                self.pulled.fetched += 1
                self.pulled.fetched_bytes += size
                self.pulled.aside += aside
