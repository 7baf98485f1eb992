"""A folder from which an archive in a store is read: all but the WARC files, which stay there.

>>> Archive(mirrored(store_address("s3://bucket/archive"))).find("khabar/post/12345")

It is made in the user's cache at the first reading, and brought up to date by each later one. An
archive whose sites.toml names the store is just that, so nothing else need know of it. It may be
deleted at any time.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import chain, islice
from pathlib import Path

from archive.errors import Damaged, FolderError, NoArchive
from archive.files.append_file import make_folder
from archive.files.replaced_file import replaced
from archive.folder import Archive, SiteFolder
from archive.index.index import Index
from archive.layout import EPOCHS, INDEX_FILES, MANIFEST, SEARCH_FILES, SITES_TOML
from archive.storage.address import StoreAddress
from archive.storage.bucket import Bucket, NotStored
from archive.storage.sealed import SealedFile, is_as_sealed, sealed_files
from archive.upkeep.site_tables import with_storage

Step = Callable[[int], None]
_MARK = ".mirror"
_LINES = re.compile(r"articles/[0-9]{4}-[0-9]{2}\.jsonl|(runs|removals)\.jsonl", re.ASCII)
_BATCH = 1000
_BLOCK = 1 << 20


def is_mirror(folder: Path) -> bool:
    """Whether `folder` is one: a program must not change what is in it."""
    return (folder / _MARK).exists()


def mirrored(address: StoreAddress, step: Step = lambda count: None) -> Path:
    """The folder for the archive at `address`, as it was last pushed; `step` is told the bytes that
    had to be fetched. NoArchive if there is none, StoreFailed if the store cannot be asked."""
    folder = _cache() / f"{address.bucket}-{_key_of(address)}"
    make_folder(folder)
    with _alone(folder):
        (folder / _MARK).touch()
        bucket = Bucket(address.bucket)
        _write(folder / SITES_TOML, [_settings(bucket, address)])
        for site in Archive(folder).sites():
            _SiteCopy(bucket, address / site.site.name, site, step).update()
    return folder


def _settings(bucket: Bucket, address: StoreAddress) -> bytes:
    key = (address / SITES_TOML).key
    about = bucket.look(key)
    if about is None:
        raise NoArchive(
            f"no archive at {address}: it has no sites.toml. Make a copy of yours there with:"
            f" baygan push {address}"
        )
    text = bucket.read(key, 0, about.size).decode()
    return with_storage(text, str(address)).encode()


class _SiteCopy:
    """The copy of one site, which is at `address`."""

    def __init__(
        self, bucket: Bucket, address: StoreAddress, folder: SiteFolder, step: Step
    ) -> None:
        self._bucket = bucket
        self._address = address
        self._folder = folder
        self._path = folder.path
        self._step = step

    def update(self) -> None:
        """Fetch what is new. The manifest takes its place last, so what was cut off is finished
        by the next reading."""
        key, here = (self._address / MANIFEST).key, self._path / MANIFEST
        about = self._bucket.look(key)
        if about is None:
            return
        if here.exists() and here.stat().st_size == about.size:
            return
        manifest = b"".join(self._bucket.blocks(key, about.size))
        files = sealed_files(manifest)
        for one in files.values():
            if _LINES.fullmatch(one.file):
                self._fetch(one) if one.size else self._forget(self._path / one.file)
        try:
            key = (self._address / EPOCHS).key
            if layout := self._bucket.look(key):
                _write(self._path / EPOCHS, self._bucket.blocks(key, layout.size))
            self._index()
            _write(here, [manifest])
        except OSError as error:
            raise _unwritten(self._path, error) from None

    def _fetch(self, sealed: SealedFile) -> None:
        """Fetch a file that grows, or what it has grown by; Damaged if that is not as sealed."""
        path = self._path / sealed.file
        have = self._have(sealed, path)
        if have == sealed.size:
            return
        if not have:
            self._forget(path)
        make_folder(path.parent)
        with replaced(path) as part:
            with part.open("wb") as file:
                for data in chain(_blocks(path) if have else (), self._rest(sealed, have)):
                    file.write(data)
            if not is_as_sealed(_blocks(part), sealed.seals):
                raise Damaged(
                    f"{self._address / sealed.file} is not what the manifest beside it says: a push"
                    " was cut off, or it is damaged. Nothing was changed. Push the archive once"
                    " more."
                )

    def _have(self, sealed: SealedFile, path: Path) -> int:
        """How many bytes are here of the file as it is now; 0 if it is another, of before a
        rebuild."""
        size = path.stat().st_size if path.exists() else 0
        count = next((n for n, seal in enumerate(sealed.seals, 1) if seal.end == size), 0)
        return size if count and is_as_sealed(_blocks(path), sealed.seals[:count]) else 0

    def _rest(self, sealed: SealedFile, start: int) -> Iterator[bytes]:
        key = (self._address / sealed.file).key
        while start < sealed.size:
            try:
                data = self._bucket.read(key, start, min(_BLOCK * 8, sealed.size - start))
            except NotStored:
                data = b""
            if not data:
                return
            start += len(data)
            self._step(len(data))
            yield data

    def _forget(self, path: Path) -> None:
        """Remove a file that a rebuild replaced, if it is here, and what was made of its lines."""
        if path.exists():
            path.unlink()
            for name in (*INDEX_FILES, *SEARCH_FILES):
                (self._path / name).unlink(missing_ok=True)

    def _index(self) -> None:
        """Bring the lines into the index."""
        make_folder(self._path)
        index = Index(self._folder.index_path, write=True)
        try:
            behind = self._folder.lines.since(index.marks())
            while batch := list(islice(behind, _BATCH)):
                with index.transaction():
                    for place, line in batch:
                        index.record(line, place)
            index.miss(self._folder.removals_ledger.open())
        finally:
            index.close()


def _cache() -> Path:
    root = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(root).expanduser().absolute() / "baygan"


def _key_of(address: StoreAddress) -> str:
    """What tells two stores apart that have buckets of the same name."""
    told = [str(address)]
    told += [os.environ.get(name, "") for name in ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3")]
    told += [os.environ.get("AWS_PROFILE", "")]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:12]


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Two readings at the same time fetch one after the other."""
    descriptor = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _write(path: Path, blocks: Iterator[bytes] | list[bytes]) -> None:
    make_folder(path.parent)
    with replaced(path) as part, part.open("wb") as file:
        for block in blocks:
            file.write(block)


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while data := file.read(_BLOCK):
            yield data


def _unwritten(path: Path, error: OSError) -> FolderError:
    return FolderError(
        f"cannot write {path}: {error.strerror}. Nothing in the store was changed. Make room, or"
        " name another folder in XDG_CACHE_HOME."
    )
