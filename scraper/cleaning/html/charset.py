"""Decodes a page's bytes: finds its encoding, and says whether that is certain.

These are tried in order: byte order mark, UTF-16 by its zero bytes, strict UTF-8, what the header
or the page declares, UTF-8 with a few broken bytes, windows-1256. UTF-8 comes before the
declaration: Persian text in another encoding is never valid UTF-8 by chance, and servers often
declare the wrong one.
"""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

from scraper.cleaning.markup import mojibake

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
# Charsets that a Persian page may really be in; any other declaration is taken for a mistake.
_PERSIAN = {"windows-1256", "cp1256", "iso-8859-6", "utf-16", "utf-16le", "utf-16be"}
_ARABIC_LETTER = re.compile("[\u0621-\u06d2]")
# One broken sequence in this many bytes above ASCII still counts as UTF-8: an excerpt may be cut in
# the middle of a letter.
_TOLERANCE = 50
# Bytes of windows-1256 hardly ever make a Persian letter of UTF-8: with this many for every
# broken sequence the page is in UTF-8, however short it is.
_LETTERS = 4


class Decoded(NamedTuple):
    """A page's text, and whether its encoding had to be guessed."""

    text: str
    guessed: bool


def to_utf8(html: bytes, declared: str | None = None) -> tuple[bytes, bool]:
    """`html` in UTF-8 without NUL bytes; and whether the encoding was guessed, or a part of the
    page is in another one and could not be mended. `declared` as in `decode`."""
    if b"\0" not in html and not html.startswith(codecs.BOM_UTF8):
        try:
            text = html.decode("utf-8")
        except UnicodeDecodeError:
            pass
        else:
            mended, damaged = mojibake.mend(text)
            return html if mended is text else mended.encode(), damaged
    text, guessed = decode(html, declared)
    text, damaged = mojibake.mend(text.replace("\0", ""))
    return text.encode("utf-8", "replace"), guessed or damaged


def decode(html: bytes, declared: str | None = None) -> Decoded:
    """The text of `html`; `declared` is the charset of the Content-Type header, if any."""
    for bom, charset in _BOMS:
        if html.startswith(bom):
            text = html[len(bom) :].decode(charset, errors="replace")
            return Decoded(text, "\ufffd" in text)
    if wide := _wide(html):
        return Decoded(html.decode(wide, errors="replace"), True)
    try:
        return Decoded(html.decode("utf-8"), False)
    except UnicodeDecodeError:
        return _legacy(html, declared)


def _wide(html: bytes) -> str | None:
    """The byte order of UTF-16 without a mark: every ASCII letter of the tags has a zero byte
    beside it. None for another encoding."""
    head = html[:512]
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd > len(head) // 8 and odd > 4 * even:
        return "utf-16-le"
    if even > len(head) // 8 and even > 4 * odd:
        return "utf-16-be"
    return None


def _legacy(html: bytes, declared: str | None) -> Decoded:
    found = _DECLARED.search(html[:4096])
    names = [declared or "", found[1].decode("ascii", "replace") if found else ""]
    for name in names:
        if name.strip().lower() in _PERSIAN:
            text = html.decode(name.strip(), errors="replace")
            if _ARABIC_LETTER.search(text):
                return Decoded(text, "\ufffd" in text)
    text = html.decode("utf-8", errors="replace")
    broken, letters = text.count("\ufffd"), len(_ARABIC_LETTER.findall(text))
    above_ascii = sum(byte > 127 for byte in html)
    if broken * _TOLERANCE <= above_ascii or broken * _LETTERS <= letters:
        return Decoded(text, True)
    return Decoded(html.decode("windows-1256", errors="replace"), True)
