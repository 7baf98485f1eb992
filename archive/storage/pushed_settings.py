"""The sites.toml of an archive's copy in a store: what a reader needs, and nothing secret."""

from __future__ import annotations

import tomllib
from collections.abc import Set
from threading import Event
from typing import Any

from archive.errors import NoArchive, StoreFailed
from archive.folder import Archive
from archive.layout import QUARANTINE, SITES_TOML
from archive.storage.address import StoreAddress
from archive.storage.bucket import Bucket, OtherObject
from archive.storage.pushed_object import PushedObject
from archive.storage.upload import Upload
from archive.upkeep.site_tables import for_store, read_text


class PushedSettings:
    """sites.toml at `address`; `there` is its text, empty if there is none."""

    def __init__(self, archive: Archive, address: StoreAddress) -> None:
        self._archive = archive
        self._address = address
        self._bucket = Bucket(address.bucket)
        key = (address / SITES_TOML).key
        self._object = PushedObject(self._bucket, key, listed=True)
        about = self._bucket.look(key)
        data = self._bucket.read(key, 0, about.size) if about else b""
        self.there = data.decode("utf-8", "replace")
        self._known = self._sites()

    def push(self, names: Set[str], alien: Set[str]) -> bool:
        """Let it name these sites, and tell of those it named what sites.toml says now, but for
        those that are `alien`. False if somebody else has put a file there."""
        text = read_text(self._archive.path / SITES_TOML)
        again = {*self._known} & {*self._archive.settings.sites}
        data = for_store(text, (names | again) - alien, self.there).encode()
        there = self._object
        if there.holds(data):
            return True
        if not there.takes(data, grows=False):
            return False
        if there.is_there and not there.begins:
            there.set_aside((self._address / QUARANTINE / SITES_TOML).key)
        try:
            Upload(self._bucket, there.key, there.tag, lambda count: None, Event()).send(data)
        except OtherObject:
            return PushedObject(self._bucket, there.key, listed=True).holds(data)
        return True

    def _sites(self) -> dict[str, Any]:
        """The sites that it names. StoreFailed if it is no sites.toml: then this is no place for an
        archive."""
        try:
            found = tomllib.loads(self.there).get("sites", {})
        except tomllib.TOMLDecodeError:
            found = None
        if not isinstance(found, dict):
            raise StoreFailed(
                f"{self._address / SITES_TOML} is no sites.toml. It was left as it is, and nothing"
                " was sent. Name another prefix."
            )
        return found


def stored_settings(address: StoreAddress) -> str:
    """The text of the sites.toml of the archive at `address`; NoArchive if it has none."""
    key, bucket = (address / SITES_TOML).key, Bucket(address.bucket)
    about = bucket.look(key)
    if about is None:
        raise NoArchive(
            f"no archive at {address}: it has no sites.toml. Make a copy of yours there with:"
            f" baygan push {address}"
        )
    return bucket.read(key, 0, about.size).decode()
