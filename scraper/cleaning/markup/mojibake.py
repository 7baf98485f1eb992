"""Mends UTF-8 that was read as another encoding and encoded once more: «Ø´Ù‡Ø±» is «شهر».

A database that was moved with the wrong charset holds such texts, while the page around them is
right. A run of such characters is turned back into bytes, and mended only if all of them are UTF-8
with Arabic letters in it: no text that somebody wrote is that by chance.
"""

from __future__ import annotations

import re
from functools import cache

# Alef, the most frequent letter, as it looks in either encoding; and the character both have.
_SIGNS = {"cp1252": "Ø§", "cp1256": "ط§"}
_SIGN = "§"
_ARABIC = re.compile("[\u0600-\u06ff]")
# What stands between two tags, or in one.
_STRETCH = re.compile("[^<>]+")
_CERTAIN = 2


def mend(page: str) -> tuple[str, bool]:
    """`page` with the mended texts, and whether some is left that could not be mended."""
    if _SIGN not in page:
        return page, False
    damaged = False
    for name, sign in _SIGNS.items():
        if sign in page:
            page = _Encoding.of(name).mend(page)
            damaged = damaged or _Encoding.of(name).is_left_in(page)
    return page, damaged


class _Encoding:
    """A single-byte encoding: which byte from 0x80 on each of its characters stands for."""

    def __init__(self, name: str) -> None:
        # Bytes that stand for no character come out as control characters.
        self._bytes = {chr(byte): byte for byte in range(0x80, 0x100)}
        for byte in range(0x80, 0x100):
            if character := bytes([byte]).decode(name, "ignore"):
                self._bytes[character] = byte
        self._run = re.compile(f"[{self._spelt(0x80, 0xFF)}]{{2,}}")
        # Two letters in a row: each is a lead byte of the Arabic block and a continuation byte.
        letter = f"[{self._spelt(0xD8, 0xDB)}][{self._spelt(0x80, 0xBF)}]"
        self._letters = re.compile(f"(?:{letter}){{2}}")

    @classmethod
    @cache
    def of(cls, name: str) -> _Encoding:
        """The encoding of this name; made once."""
        return cls(name)

    def _spelt(self, first: int, last: int) -> str:
        return re.escape("".join(c for c, byte in self._bytes.items() if first <= byte <= last))

    def mend(self, text: str) -> str:
        return _STRETCH.sub(self._stretch, text)

    def is_left_in(self, text: str) -> bool:
        return bool(self._letters.search(text))

    def _stretch(self, found: re.Match[str]) -> str:
        """A stretch between two tags, mended if one word in it is certain: then short runs, such as
        «و» and quotation marks, are certain, too."""
        if not self._letters.search(found[0]):
            return found[0]
        plain = [self._plain(run) for run in self._run.findall(found[0])]
        if not any(run and len(_ARABIC.findall(run)) >= _CERTAIN for run in plain):
            return found[0]
        return self._run.sub(lambda run: self._plain(run[0]) or run[0], found[0])

    def _plain(self, run: str) -> str | None:
        try:
            return bytes(map(self._bytes.__getitem__, run)).decode("utf-8")
        except UnicodeDecodeError:
            return None
