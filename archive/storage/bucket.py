"""One bucket of S3-compatible storage, through s3fs (the extra `baygan[s3]`).

>>> bucket = Bucket("news")
>>> bucket.read("archive/khabar/runs.jsonl", 0, 512)

Endpoint, region and keys are those of AWS's own tools: AWS_ENDPOINT_URL, AWS_REGION,
AWS_ACCESS_KEY_ID and the like, or the profile AWS_PROFILE in ~/.aws. No error repeats them. What
may pass, such as a cut connection, is tried again AWS_MAX_ATTEMPTS times (5).
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, NoReturn

from archive.errors import Damaged, StoreFailed, UsageError
from archive.version import __version__

_SHA256 = "sha256"
# Connections that nobody answers, and answers that do not go on.
_CONNECT, _READ = 15, 60
_CUT_ANSWERS = 3
_BLOCK = 1 << 18
_KEPT = 32
# The blocks read last, of all objects: what is finished does not change.
_blocks: dict[tuple[str, str, int], bytes] = {}


class NotStored(StoreFailed):
    """There is no such object."""


class StoreRefused(StoreFailed):
    """The store answers, and does not do what it was asked for."""


class OtherObject(StoreFailed):
    """The object at the key is not the one that was expected, so it was not replaced."""


@dataclass(frozen=True, slots=True)
class StoredObject:
    """What a store tells of an object: its size and tag, the SHA-256 that it computed (base64; None
    if it computes none) and the one in hex that we sent with it."""

    size: int
    tag: str
    checksum: str | None
    told: str | None


@dataclass(frozen=True, slots=True)
class SentPart:
    """A part of an object that is sent in parts, as it is sent."""

    number: int
    tag: str
    sha256: bytes


class Bucket:
    """The bucket called `name`. All functions raise StoreFailed if the store does not answer or
    refuses, UsageError without s3fs."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._files = _file_system()

    def look(self, key: str) -> StoredObject | None:
        """What is told of the object at `key`; None if there is none."""
        try:
            told = self._call("head_object", key, ChecksumMode="ENABLED")
        except NotStored:
            return None
        sent = {name.lower(): value for name, value in told.get("Metadata", {}).items()}
        return StoredObject(
            told["ContentLength"], told["ETag"], told.get("ChecksumSHA256"), sent.get(_SHA256)
        )

    def sizes(self, prefix: str) -> dict[str, int]:
        """The size of every object whose key begins with `prefix`, by key."""
        found: dict[str, int] = {}
        more: dict[str, str] = {}
        while True:
            told = self._call("list_objects_v2", None, Prefix=prefix, **more)
            found |= {one["Key"]: one["Size"] for one in told.get("Contents", ())}
            if not told.get("IsTruncated"):
                return found
            more = {"ContinuationToken": told["NextContinuationToken"]}

    def read(self, key: str, start: int, length: int) -> bytes:
        """The `length` bytes from `start` on, or as many as there are; NotStored if there is no
        object."""
        if length <= 0:
            return b""
        try:
            data: bytes = self._files.cat_file(
                f"{self.name}/{key}", start=start, end=start + length
            )
        except Exception as error:
            if _code(error) in ("InvalidRange", "416"):
                return b""
            self._refuse(error, key)
            raise
        return data

    def blocks(self, key: str, size: int, block: int = 1 << 23) -> Iterator[bytes]:
        """The first `size` bytes of an object, a block at a time."""
        for start in range(0, size, block):
            yield self.read(key, start, min(block, size - start))

    def put(self, key: str, data: bytes, sha256: bytes, tag: str | None = None) -> None:
        """Store `data` under `key`; the store compares it with its digest. OtherObject if something
        is there, or with `tag`, if what is there has another tag."""
        self._call(
            "put_object",
            key,
            Body=data,
            ChecksumSHA256=base64.b64encode(sha256).decode(),
            Metadata={_SHA256: sha256.hex()},
            **_condition(tag),
        )

    def copy(self, key: str, other: str) -> None:
        """Copy an object within the store."""
        self._call("copy_object", other, CopySource={"Bucket": self.name, "Key": key})

    def begun(self, key: str) -> str | None:
        """The upload in parts that was begun last for `key` and has not ended."""
        told = self._call("list_multipart_uploads", None, Prefix=key).get("Uploads", ())
        open_ones = [one for one in told if one["Key"] == key]
        newest = max(open_ones, key=lambda one: one["Initiated"], default=None)
        return newest["UploadId"] if newest else None

    def begin(self, key: str, sha256: bytes) -> str:
        """Begin an upload in parts."""
        told = self._call(
            "create_multipart_upload",
            key,
            ChecksumAlgorithm="SHA256",
            Metadata={_SHA256: sha256.hex()},
        )
        return str(told["UploadId"])

    def parts(self, key: str, upload: str) -> dict[int, str]:
        """The tags of the first thousand parts that the store has of an upload, by number."""
        told = self._call("list_parts", key, UploadId=upload)
        return {one["PartNumber"]: one["ETag"] for one in told.get("Parts", ())}

    def put_part(self, key: str, upload: str, number: int, data: bytes, sha256: bytes) -> str:
        """Send a part and return its tag."""
        told = self._call(
            "upload_part",
            key,
            UploadId=upload,
            PartNumber=number,
            Body=data,
            ChecksumSHA256=base64.b64encode(sha256).decode(),
        )
        return str(told["ETag"])

    def end(self, key: str, upload: str, parts: list[SentPart], tag: str | None = None) -> None:
        """Make the object of its parts; OtherObject as for `put`."""
        made = [
            {
                "PartNumber": part.number,
                "ETag": part.tag,
                "ChecksumSHA256": base64.b64encode(part.sha256).decode(),
            }
            for part in parts
        ]
        self._call(
            "complete_multipart_upload",
            key,
            UploadId=upload,
            MultipartUpload={"Parts": made},
            **_condition(tag),
        )

    def _call(self, method: str, key: str | None, **arguments: Any) -> Mapping[str, Any]:
        given = {"Bucket": self.name, **({"Key": key} if key is not None else {}), **arguments}
        try:
            told: Mapping[str, Any] = self._files.call_s3(method, **given)
        except Exception as error:
            self._refuse(error, key)
            raise
        return told

    def _refuse(self, error: Exception, key: str | None) -> None:
        """Raise ours for an error of the library; return if it is none of its own."""
        from botocore.exceptions import BotoCoreError

        where = f"s3://{self.name}/{key}" if key else f"s3://{self.name}"
        code = _code(error)
        if isinstance(error, FileNotFoundError) or code in ("404", "NoSuchKey"):
            self._missing(where, code)
        if isinstance(error, FileExistsError) or code == "PreconditionFailed":
            raise OtherObject(f"{where}: another object is there. It was left as it is.") from None
        if code or isinstance(error, PermissionError):
            raise StoreRefused(
                f"{where}: the store refuses ({code or 'AccessDenied'}). Nothing was changed there."
                " Look at AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, and at what"
                " these keys may do."
            ) from None
        if isinstance(error, BotoCoreError | OSError):
            why = type(error).__name__
            keyless = "Credential" in why or "Profile" in why
            said = "there are no keys for the store" if keyless else "the store does not answer"
            raise StoreFailed(
                f"{where}: {said} ({why}). What is stored is safe. Look at AWS_ENDPOINT_URL, at"
                " AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, and at the network;"
                " then give the command once more."
            ) from None

    def _missing(self, where: str, code: str) -> NoReturn:
        if code == "NoSuchUpload":
            raise StoreRefused(f"{where}: its upload was ended. Push it once more.") from None
        if code == "NoSuchBucket":
            raise StoreFailed(f"there is no bucket {self.name}. Make it first.") from None
        raise NotStored(f"{where} is not there.") from None


class StoredBytes:
    """A ByteSource (archive.files.byte_source): the object at `key`, which has `size` bytes."""

    first, most = 1 << 16, 1 << 23

    def __init__(self, bucket: Bucket, key: str, size: int) -> None:
        self.size = size
        self._bucket = bucket
        self._key = key

    def read_at(self, offset: int, length: int) -> bytes:
        """As ByteSource says. Damaged if the object is gone, StoreFailed if it cannot be asked."""
        length = min(length, self.size - offset)
        try:
            if length > _BLOCK:
                return self._bucket.read(self._key, offset, length)
            first, last = offset // _BLOCK, (offset + length - 1) // _BLOCK
            data = b"".join(self._block(number) for number in range(first, last + 1))
            return data[offset - first * _BLOCK :][: max(length, 0)]
        except NotStored:
            raise Damaged(
                f"s3://{self._bucket.name}/{self._key} is not there, and the file is not on this"
                " disk either. Nothing was changed. Bring it back from a copy, or correct storage"
                " in sites.toml."
            ) from None

    def _block(self, number: int) -> bytes:
        """A block of the object. The records behind one another are often asked for one by one."""
        key = (self._bucket.name, self._key, number)
        if key not in _blocks:
            while len(_blocks) >= _KEPT:
                _blocks.pop(next(iter(_blocks)), None)
            start = number * _BLOCK
            length = min(_BLOCK, self.size - start)
            _blocks[key] = self._bucket.read(self._key, start, length)
        return _blocks[key]


def _condition(tag: str | None) -> dict[str, str]:
    """That nothing is replaced but the object with this `tag`."""
    return {"IfMatch": tag} if tag else {"IfNoneMatch": "*"}


def _code(error: Exception) -> str:
    """The store's word for an error; empty if it is not the store's."""
    from botocore.exceptions import ClientError

    cause = error if isinstance(error, ClientError) else error.__cause__
    return str(cause.response["Error"]["Code"]) if isinstance(cause, ClientError) else ""


@cache
def _file_system() -> Any:
    try:
        import s3fs
    except ImportError:
        raise UsageError(
            "addresses that begin with s3:// need s3fs, which is not installed. Nothing was"
            " changed. Install it: pip install 'baygan[s3]'"
        ) from None
    files = s3fs.S3FileSystem(
        use_listings_cache=False,
        skip_instance_cache=True,
        config_kwargs={
            "connect_timeout": _CONNECT,
            "read_timeout": _READ,
            # Ours are SHA-256, and not every store knows the others.
            "request_checksum_calculation": "when_required",
            "response_checksum_validation": "when_required",
            "user_agent_extra": f"baygan/{__version__}",
        },
    )
    files.retries = _CUT_ANSWERS
    return files
