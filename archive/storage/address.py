"""The address of an archive, or of one file, in S3-compatible storage: `s3://bucket/prefix`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from archive.errors import UsageError

_SCHEME = "s3://"
_ANY_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
# A name by S3's rules. Older buckets may have capitals and underscores.
_BUCKET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,62}")
_CONTROL = re.compile("[\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class StoreAddress:
    """A bucket, and a key in it, or what keys begin with: empty, or without a slash at its end."""

    bucket: str
    key: str = ""

    def __str__(self) -> str:
        return f"{_SCHEME}{self.bucket}/{self.key}".rstrip("/")

    def __truediv__(self, name: str) -> StoreAddress:
        """The address of `name` below this one.

        >>> str(StoreAddress("news", "2026") / "khabar/runs.jsonl")
        's3://news/2026/khabar/runs.jsonl'
        """
        return StoreAddress(self.bucket, f"{self.key}/{name}" if self.key else name)

    @property
    def name(self) -> str:
        """The last part of the key, as a path has it."""
        return self.key.rpartition("/")[2]


def is_address(text: str) -> bool:
    """Whether `text` is meant as an address and not as a folder or the name of a site."""
    return _ANY_SCHEME.match(text) is not None


def store_address(text: str) -> StoreAddress:
    """The address that `text` says; UsageError if it says none. The error repeats no password.

    >>> store_address("s3://news/archive/")
    StoreAddress(bucket='news', key='archive')
    """
    bucket, _, prefix = text.removeprefix(_SCHEME).partition("/")
    if "@" in bucket:
        raise UsageError(
            "an address of a store holds no user and no key: they are taken from AWS_ACCESS_KEY_ID"
            " and AWS_SECRET_ACCESS_KEY, or from AWS_PROFILE. Write: s3://BUCKET/PREFIX"
        )
    parts = prefix.strip("/").split("/") if prefix.strip("/") else []
    plain = not _CONTROL.search(text) and not {"", ".", ".."} & {*parts}
    if not text.startswith(_SCHEME) or not _BUCKET.fullmatch(bucket) or not plain:
        raise UsageError(f"{text!r} is no address of a store. Write: s3://BUCKET/PREFIX")
    return StoreAddress(bucket, "/".join(parts))
