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
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from archive.errors import FolderError
from archive.files.append_file import make_folder
from archive.files.replaced_file import replaced
from archive.folder import Archive, SiteFolder
from archive.layout import EPOCHS, INDEX_FILES, MANIFEST, SEARCH_FILES, SITES_TOML
from archive.storage.address import StoreAddress
from archive.storage.bucket import Bucket
from archive.storage.fetched_file import FetchedFile
from archive.storage.indexed_lines import index_lines
from archive.storage.pushed_settings import stored_settings
from archive.storage.sealed import SealedFile, sealed_files
from archive.upkeep.site_tables import with_storage

Step = Callable[[int], None]
_MARK = ".mirror"


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
        text = with_storage(stored_settings(address), str(address))
        _write(folder / SITES_TOML, [text.encode()])
        for site in Archive(folder).sites():
            _SiteCopy(bucket, address / site.site.name, site, step).update()
    return folder


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
            if one.is_growing:
                self._fetch(one) if one.size else self._forget(self._path / one.file)
        try:
            key = (self._address / EPOCHS).key
            if layout := self._bucket.look(key):
                _write(self._path / EPOCHS, self._bucket.blocks(key, layout.size))
            index_lines(self._folder)
            _write(here, [manifest])
        except OSError as error:
            raise _unwritten(self._path, error) from None

    def _fetch(self, sealed: SealedFile) -> None:
        """Fetch a file that grows, or what it has grown by; Damaged if that is not as sealed."""
        file = FetchedFile(self._address, self._path, sealed, self._step)
        have = file.have()
        if have < file.size():
            # It is another one, of before a rebuild.
            self._forget(file.path)
            have = 0
        if have < sealed.size:
            file.fetch(have)

    def _forget(self, path: Path) -> None:
        """Remove a file that a rebuild replaced, if it is here, and what was made of its lines."""
        if path.exists():
            path.unlink()
            for name in (*INDEX_FILES, *SEARCH_FILES):
                (self._path / name).unlink(missing_ok=True)


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


def _unwritten(path: Path, error: OSError) -> FolderError:
    return FolderError(
        f"cannot write {path}: {error.strerror}. Nothing in the store was changed. Make room, or"
        " name another folder in XDG_CACHE_HOME."
    )
