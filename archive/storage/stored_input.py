"""An object in a store, as an input of an import."""

from __future__ import annotations

from typing import BinaryIO

from archive.files.byte_source import as_file
from archive.storage.address import StoreAddress
from archive.storage.bucket import Bucket, NotStored, StoredBytes


class StoredInput:
    """An object that is only opened and asked for its name, as a Path is. StoreFailed if it is not
    there."""

    def __init__(self, address: StoreAddress) -> None:
        bucket = Bucket(address.bucket)
        about = bucket.look(address.key)
        if about is None:
            raise NotStored(f"{address} is not there. Nothing was changed. Look at its name.")
        self.name = address.name
        self._address = address
        self._bytes = StoredBytes(bucket, address.key, about.size)

    def __str__(self) -> str:
        return str(self._address)

    def open(self, mode: str = "rb") -> BinaryIO:
        """The object as a file for reading."""
        return as_file(self._bytes)
