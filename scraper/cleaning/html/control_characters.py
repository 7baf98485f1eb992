"""Takes the characters out of a page that lxml reads but refuses to write.

Its parser accepts Word's line break (U+000B), other control characters and U+FFFE; a later step
that moves a text with one of them would fail. They come as bytes and as references (`&#11;`).
"""

from __future__ import annotations

import re

_BREAKS = b"\v\f"
_TABLE = bytes.maketrans(_BREAKS, b"  ")
_CONTROL = bytes(byte for byte in range(32) if byte not in b"\t\n\r")
_GONE = bytes(byte for byte in range(32) if byte not in b"\t\n\v\f\r")
# U+FFFE and U+FFFF in UTF-8; a search for the first byte alone takes a hundredth of the time.
_BEGIN, _UNKNOWN = b"\xef", (b"\xef\xbf\xbe", b"\xef\xbf\xbf")
_REFERENCE = re.compile(
    rb"&#(?:0*+(?:[1-8]|1[124-9]|2[0-9]|3[01]|6553[45])|[xX]0*+(?:[1-8bBcCeEfF]|1[0-9a-fA-F]|[fF]{3}[eEfF]))"
    rb"(?:;|(?![0-9a-fA-F]))"
)


def are_in(source: bytes) -> bool:
    """Whether there are control characters in `source`. Few pages have one, and a search for each
    takes less time than a translation."""
    return any(byte in source for byte in _CONTROL)


def without(source: bytes) -> bytes:
    """`source` (UTF-8) without control characters. Word's line break, the form feed and references
    to control characters become blanks.

    >>> without("خط\\vتازه&#1;".encode()).decode()
    'خط تازه '
    """
    if are_in(source):
        source = source.translate(_TABLE, _GONE)
    if _BEGIN in source:
        source = source.replace(_UNKNOWN[0], b"").replace(_UNKNOWN[1], b"")
    return _REFERENCE.sub(b" ", source)
