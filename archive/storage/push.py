"""Copies what is finished of a site to a store. Nothing there is deleted, and nothing is replaced
that this archive did not put there.

    s3://bucket/archive/sites.toml            the sites, without what is secret
    s3://bucket/archive/khabar/…              as in the site's folder
    s3://bucket/archive/quarantine/khabar/…   what a rebuild replaced

Captures first, then lines and ledgers, the manifest last: so what it names is there.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from functools import partial
from threading import Event, Lock
from typing import Any, NamedTuple

from archive.folder import SiteFolder
from archive.layout import EPOCHS, MANIFEST, QUARANTINE, finished_warcs, text_files
from archive.storage.address import StoreAddress
from archive.storage.bucket import Bucket, OtherObject, StoreRefused
from archive.storage.pushed_object import PushedObject
from archive.storage.sealed import SealedFile, sealed_files
from archive.storage.side_by_side import side_by_side
from archive.storage.upload import NotAsSealed, Stopped, Upload


@dataclass(slots=True, kw_only=True)
class Pushed:
    """What a push did with a site: so many files (and bytes) were `sent`, or with `dry_run` would
    be; so many were `there` already. `replaced` of those sent took the place of an earlier state.
    `waiting` are finished files that the next run seals. `different` names files whose key has an
    object that is not ours, `damaged` those that are not as they were sealed, or missing here and
    there."""

    site: str
    address: str
    dry_run: bool = False
    sent: int = 0
    sent_bytes: int = 0
    there: int = 0
    there_bytes: int = 0
    replaced: int = 0
    waiting: int = 0
    different: list[str] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)

    def to_object(self) -> dict[str, Any]:
        """As a JSON object."""
        return asdict(self)


class _Sending(NamedTuple):
    """A file that is to be sent: how, and how to know an object that it is already."""

    file: str
    size: int
    send: Callable[[Upload], None]
    is_it: Callable[[PushedObject], bool]


class Push:
    """A push of the site in `folder` to the archive at `address`. `begin` is told how many bytes
    are not there yet, `step` the bytes as they are sent."""

    def __init__(
        self,
        folder: SiteFolder,
        address: StoreAddress,
        *,
        dry_run: bool = False,
        begin: Callable[[int], None] = lambda size: None,
        step: Callable[[int], None] = lambda count: None,
    ) -> None:
        self._path = folder.path
        self._address = address
        self._name = folder.site.name
        self._bucket = Bucket(address.bucket)
        self._begin = begin
        self._step = step
        self._stop = Event()
        self._lock = Lock()
        self._sizes: dict[str, int] = {}
        self._sealed: dict[str, SealedFile] = {}
        self.pushed = Pushed(site=self._name, address=str(address / self._name), dry_run=dry_run)

    def run(self) -> Pushed:
        """Push it. StoreFailed if the store cannot be asked; then all that was sent stays."""
        manifest = self._manifest()
        if not manifest:
            self.pushed.waiting = len(finished_warcs(self._path))
            return self.pushed
        site = self._address / self._name
        self._sizes = self._bucket.sizes(f"{site.key}/")
        ours = self._object(MANIFEST)
        # Before all else: what lies there may belong to another archive.
        if not ours.takes(manifest, grows=True):
            self.pushed.different.append(MANIFEST)
            return self.pushed
        sealed = self._sealed = sealed_files(manifest)
        final = [one for one in sealed.values() if one.is_final and one.size]
        growing = [one for one in sealed.values() if one.is_growing and one.size]
        self._count_waiting(sealed)
        self._begin(sum(self._missing(one) for one in [*final, *growing]))
        side_by_side(partial(self._deal, final=True), final, self._stop)
        for one in growing:
            self._deal(one, final=False)
        with suppress(FileNotFoundError):
            self._send(EPOCHS, (self._path / EPOCHS).read_bytes(), grows=False)
        self._send(MANIFEST, manifest, grows=True)
        return self.pushed

    def _manifest(self) -> bytes:
        """The whole lines of the manifest."""
        try:
            data = (self._path / MANIFEST).read_bytes()
        except FileNotFoundError:
            return b""
        return data[: data.rfind(b"\n") + 1]

    def _count_waiting(self, sealed: dict[str, SealedFile]) -> None:
        here = [*finished_warcs(self._path), *text_files(self._path)]
        files = (str(path.relative_to(self._path)) for path in here)
        self.pushed.waiting = sum(file not in sealed for file in files)

    def _missing(self, one: SealedFile) -> int:
        """How many bytes are to be sent, by what the store's list tells."""
        there = self._sizes.get((self._address / self._name / one.file).key)
        return 0 if there == one.size else one.size

    def _deal(self, sealed: SealedFile, *, final: bool) -> None:
        """See what is at the file's key, and send the file if that is its place."""
        path, there = self._path / sealed.file, self._object(sealed.file)
        if there.is_now(sealed, path):
            self._count(sealed.size, there=True)
        elif not there.was(sealed, path):
            self._tell(self.pushed.different, sealed.file)
        elif not path.is_file():
            self._tell(self.pushed.damaged, f"{sealed.file}: missing here and in the store")
        else:
            self._replace(
                _Sending(
                    sealed.file,
                    sealed.size,
                    lambda to: to.send_file(path, sealed.seals, final),
                    lambda found: found.is_now(sealed, path),
                ),
                there,
            )

    def _send(self, file: str, data: bytes, *, grows: bool) -> None:
        """Send what no seal is about, as it is now."""
        there = self._object(file)
        if there.holds(data):
            self._count(len(data), there=True)
        elif not there.takes(data, grows=grows):
            self._tell(self.pushed.different, file)
        else:
            sending = _Sending(
                file, len(data), lambda to: to.send(data), lambda found: found.holds(data)
            )
            self._replace(sending, there)

    def _replace(self, sending: _Sending, there: PushedObject) -> None:
        """Send a file to its key; what is there and not its beginning is copied aside before."""
        file, size = sending.file, sending.size
        if self.pushed.dry_run:
            self._count(size, replaced=there.is_there)
            return
        try:
            if there.is_there and not there.begins:
                there.set_aside((self._address / QUARANTINE / self._name / file).key)
            sending.send(Upload(self._bucket, there.key, there.tag, self._step, self._stop))
        except NotAsSealed as error:
            if not self._was_rebuilt(file):
                self._tell(self.pushed.damaged, str(error))
        except (OtherObject, StoreRefused) as error:
            # Another push may have been faster, with the same file.
            if sending.is_it(PushedObject(self._bucket, there.key, listed=True)):
                self._count(size, there=True)
            elif isinstance(error, StoreRefused):
                raise
            else:
                self._tell(self.pushed.different, file)
        except Stopped:
            return
        else:
            self._count(size, replaced=there.is_there)

    def _was_rebuilt(self, file: str) -> bool:
        """Whether the file got another one's place since the push began; then the next push sends
        it."""
        now, before = sealed_files(self._manifest()).get(file), self._sealed.get(file)
        return bool(now and before and len(now.earlier) > len(before.earlier))

    def _object(self, file: str) -> PushedObject:
        key = (self._address / self._name / file).key
        return PushedObject(self._bucket, key, listed=key in self._sizes)

    def _count(self, size: int, *, there: bool = False, replaced: bool = False) -> None:
        with self._lock:
            if there:
                self.pushed.there += 1
                self.pushed.there_bytes += size
            else:
                self.pushed.sent += 1
                self.pushed.sent_bytes += size
                self.pushed.replaced += replaced

    def _tell(self, told: list[str], what: str) -> None:
        with self._lock:
            told.append(what)
