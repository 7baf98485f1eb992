"""Sends one file to a store, whole or in parts, and proves that it is there as it is here.

The file is compared with its seals before it can count: a store makes an object of parts only when
it is told so, and it is told only if all of them are right. A part that the store has from an
upload that was killed is not sent again.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from threading import Event

from archive.errors import Damaged, StoreFailed
from archive.jsonl.manifest import Seal
from archive.storage.bucket import Bucket, SentPart, StoredObject
from archive.storage.sealed import is_as_sealed

PART = 16 << 20
"""The size of a part; S3 takes ten thousand of at least 5 MiB."""

Step = Callable[[int], None]


class NotAsSealed(Damaged):
    """A file here is not what the manifest says, so it was not sent."""


class Stopped(Exception):
    """Another file failed, so this one need not be sent."""


class Upload:
    """An upload to `key`. With a `tag` the object that has it is replaced, else there must be none.
    `step` is told the bytes as they are sent or found there; `stop` ends it between two parts."""

    def __init__(self, bucket: Bucket, key: str, tag: str | None, step: Step, stop: Event) -> None:
        self._bucket = bucket
        self._key = key
        self._tag = tag
        self._step = step
        self._stop = stop

    def send_file(self, path: Path, seals: Sequence[Seal], final: bool) -> None:
        """Send what is sealed of the file at `path`. A `final` file is always the same, so an
        upload of it that was killed goes on. NotAsSealed if it is not what was sealed."""
        size = seals[-1].end
        if size <= PART:
            data = next(_pieces(path, size), b"")
            _insist(is_as_sealed([data], seals), path)
            self.send(data)
            return
        whole = hashlib.sha256()
        _insist(is_as_sealed(_hashed(_pieces(path, size), whole.update), seals), path)
        self._send_parts(path, size, whole.digest(), final=final)

    def send(self, data: bytes) -> None:
        """Send `data` in one piece."""
        if self._stop.is_set():
            raise Stopped
        sha256 = hashlib.sha256(data)
        self._bucket.put(self._key, data, sha256.digest(), self._tag)
        self._step(len(data))
        md5 = hashlib.md5(data, usedforsecurity=False).hexdigest()
        self._prove(len(data), {md5}, {_base64(sha256.digest())}, sha256.hexdigest())

    def _send_parts(self, path: Path, size: int, sha256: bytes, *, final: bool) -> None:
        parts, whole = [], hashlib.sha256()
        upload, there = self._begun(path, size) if final else (None, {})
        upload = upload or self._bucket.begin(self._key, sha256)
        tags, digests = hashlib.md5(usedforsecurity=False), hashlib.sha256()
        for number, data in enumerate(_pieces(path, size), 1):
            if self._stop.is_set():
                raise Stopped
            whole.update(data)
            part, md5 = hashlib.sha256(data).digest(), hashlib.md5(data, usedforsecurity=False)
            tag = there.get(number) or self._bucket.put_part(self._key, upload, number, data, part)
            parts.append(SentPart(number, tag, part))
            tags.update(md5.digest())
            digests.update(part)
            self._step(len(data))
        # The bytes were read once more: what was sent must be what was compared.
        _insist(whole.digest() == sha256, path)
        self._bucket.end(self._key, upload, parts, self._tag)
        joined, count = _base64(digests.digest()), len(parts)
        checksums = {_base64(sha256), joined, f"{joined}-{count}"}
        self._prove(size, {f"{tags.hexdigest()}-{count}"}, checksums, sha256.hex())

    def _begun(self, path: Path, size: int) -> tuple[str | None, dict[int, str]]:
        """The upload of this file that was killed, and the tags of its parts. None if there is
        none, or if one of its parts is no part of the file."""
        upload = self._bucket.begun(self._key)
        there = self._bucket.parts(self._key, upload) if upload else {}
        for number, data in enumerate(_pieces(path, size) if there else (), 1):
            md5 = hashlib.md5(data, usedforsecurity=False).hexdigest()
            if there.get(number, md5).strip('"') != md5:
                return None, {}
        return upload, there

    def _prove(self, size: int, tags: set[str], checksums: set[str], sha256: str) -> None:
        """StoreFailed if the object is not what was sent: by the digest that the store computed, or
        if it tells none that we know, by reading it back."""
        about = self._bucket.look(self._key)
        if about and about.size == size:
            if about.checksum in checksums or about.tag.strip('"') in tags:
                return
            if has_digest(self._bucket, self._key, about, sha256):
                return
        raise StoreFailed(
            f"s3://{self._bucket.name}/{self._key}: what the store has is not what was sent. The"
            " file here is safe. Remove that object, and give the command once more."
        )


def has_digest(bucket: Bucket, key: str, about: StoredObject, sha256: str) -> bool:
    """Whether the bytes of an object, which are all read, have this digest."""
    found = hashlib.sha256()
    for data in bucket.blocks(key, about.size):
        found.update(data)
    return found.hexdigest() == sha256


def _insist(right: bool, path: Path) -> None:
    if not right:
        raise NotAsSealed(f"{path}: its bytes are not those that were sealed; it was not sent")


def _pieces(path: Path, size: int) -> Iterator[bytes]:
    """The first `size` bytes of a file in parts; fewer if it is shorter."""
    with path.open("rb") as file:
        while size > 0 and (data := file.read(min(PART, size))):
            size -= len(data)
            yield data


def _hashed(pieces: Iterator[bytes], update: Callable[[bytes], None]) -> Iterator[bytes]:
    for piece in pieces:
        update(piece)
        yield piece


def _base64(digest: bytes) -> str:
    return base64.b64encode(digest).decode()
