"""Content-codings: taken off, told apart from plain bodies, and bounded."""

from __future__ import annotations

import gzip
import random
import zlib
from collections.abc import Callable

import brotli
import pytest

from archive.http.coding import DECODED_LIMIT, Undecodable, decode
from archive.outcomes import Reason

PAGE = ("<!DOCTYPE html><html><body>" + "<p>خبرنامهٔ کارون، شمارهٔ تازه</p>" * 400).encode()


def raw_deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(body) + packer.flush()


PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "DEFLATE": raw_deflate,
    "br": brotli.compress,
}


def reason(body: bytes, codings: str) -> str:
    with pytest.raises(Undecodable) as caught:
        decode(body, codings)
    return caught.value.reason


@pytest.mark.parametrize("name", PACKERS)
def test_what_is_packed_is_unpacked(name: str) -> None:
    pack = PACKERS[name]
    assert decode(pack(PAGE), name) == PAGE
    assert decode(gzip.compress(pack(PAGE)), f"{name}, gzip") == PAGE
    assert decode(brotli.compress(pack(PAGE)), f"{name},identity , br") == PAGE


@pytest.mark.parametrize("name", PACKERS)
def test_two_codings_are_named_and_one_is_true(name: str) -> None:
    """As where a program and the server before it both set the header."""
    assert decode(PACKERS[name](PAGE), f"{name}, {name}") == PAGE
    assert decode(PACKERS[name](PAGE), f"{name}, utf-8") == PAGE


@pytest.mark.parametrize("name", PACKERS)
@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
def test_half_a_body_is_cut(name: str, share: float) -> None:
    whole = PACKERS[name](PAGE)
    assert reason(whole[: int(len(whole) * share)], name) == "cut"


PLAIN = {
    "html": PAGE,
    "windows-1256": "<html><title>خبر</title><p>متن خبر".encode("windows-1256"),
    "json": b'[{"id": 7, "title": "a"}]',
    "object": b"{}",
    "xml": b'\xef\xbb\xbf<?xml version="1.0"?><urlset/>',
    "robots": b"User-agent: *\nDisallow: /wp-admin/\n",
    "addresses": ("https://khabar.example/خبر\n" * 300).encode(),
    "css": b"@font-face { src: url(v.woff2) }",
    "png": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(2000),
    "nothing": b"",
}


@pytest.mark.parametrize("codings", [*PACKERS, "zstd", "compress", "gzip, br", "utf-8", "none"])
@pytest.mark.parametrize("name", PLAIN)
def test_a_plain_body_is_read_as_it_is(name: str, codings: str) -> None:
    assert decode(PLAIN[name], codings) == PLAIN[name]


def test_no_text_is_taken_for_something_packed() -> None:
    """Short streams without a head are found in many a text."""
    dice = random.Random(7)
    letters = 'abnvf{}[]<>:;"0123456789 .,\n' + "خبر"
    for _ in range(2000):
        text = "".join(dice.choices(letters, k=dice.randint(2, 60))).encode()
        for coding in ("gzip", "deflate", "br"):
            assert decode(text, coding) == text


@pytest.mark.parametrize("codings", ["gzip", "deflate", "br", "zstd", "zstd, gzip", "gzip, gzip"])
def test_what_is_neither_packed_nor_plain_is_named(codings: str) -> None:
    noise = b"\x01\x9f\x00\x03" * 500
    assert reason(noise, codings) in ("coding", "cut")
    assert reason(b"\x28\xb5\x2f\xfd" + bytes(40), "zstd") == "coding"
    assert reason(PAGE, ", ".join(["gzip"] * 40)) == "coding"


def test_members_and_what_stands_behind_them() -> None:
    half = len(PAGE) // 2
    two = gzip.compress(PAGE[:half]) + gzip.compress(PAGE[half:])
    assert decode(two, "gzip") == PAGE
    assert decode(two + bytes(900), "gzip") == PAGE
    assert decode(two + b"<!-- cached -->", "gzip") == PAGE
    assert reason(two[:-4], "gzip") == "cut"


def test_empty_members_by_the_hundred_thousand_are_not_unpacked() -> None:
    """The test's own time limit is the measure: copying the rest for each takes an hour."""
    assert reason(gzip.compress(b"") * 600_000, "gzip") == "coding"


@pytest.mark.parametrize("name", PACKERS)
def test_a_bomb_is_not_unpacked(name: str) -> None:
    bomb = PACKERS[name](bytes(DECODED_LIMIT + 1))
    assert reason(bomb, name) == "too-large"
    assert len(decode(bomb, name, DECODED_LIMIT + 1)) == DECODED_LIMIT + 1


def test_a_bomb_in_a_bomb_is_not_unpacked() -> None:
    inner = gzip.compress(bytes(3 * DECODED_LIMIT), 9)
    assert reason(gzip.compress(inner, 9), "gzip, gzip") == "too-large"


def test_a_body_that_comes_again_is_decoded_by_the_same_rules() -> None:
    packed = gzip.compress(b"<p>" + bytes(1000), mtime=0)
    for _ in range(3):
        assert decode(packed, "gzip") == b"<p>" + bytes(1000)
        with pytest.raises(Undecodable, match=Reason.TOO_LARGE):
            decode(packed, "gzip", 1000)
        with pytest.raises(Undecodable, match=Reason.CUT):
            decode(packed[:-1], "gzip")
    for number in range(100):
        assert decode(gzip.compress(b"%d" % number), "gzip") == b"%d" % number
