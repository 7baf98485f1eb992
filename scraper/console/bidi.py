"""Persian on a terminal: what reads from right to left stays in one piece.

A terminal that orders letters by the Unicode bidirectional algorithm orders a whole line: of
«عنوان · 2026-11-04 · 1405-08-13» the dates would change places. So each fact is isolated, with
U+2068 (FSI) before and U+2069 (PDI) after it. Other terminals would show these two as boxes.
"""

from __future__ import annotations

import os
import sys
import unicodedata

VARIABLE = "BAYGAN_BIDI"
"""With 1 or 0 in this environment variable facts are isolated, or not, on every terminal."""
_FSI, _PDI = "\u2068", "\u2069"
# GNOME's terminal and all others made with VTE order letters since 0.58
# (https://terminal-wg.pages.freedesktop.org/bidi/).
_VTE = 5800


def isolated(text: str) -> str:
    """`text`, isolated if stdout is a terminal that orders letters. Its control characters must
    have been taken out (`safe_text`)."""
    return f"{_FSI}{text}{_PDI}" if text and sys.stdout.isatty() and orders_letters() else text


def orders_letters() -> bool:
    """Whether the terminal says that it orders letters: VTE, Konsole, mlterm, macOS's Terminal."""
    told = os.environ.get(VARIABLE)
    if told is not None:
        return told == "1"
    version = os.environ.get("VTE_VERSION", "")
    return (
        (version.isascii() and version.isdigit() and int(version) >= _VTE)
        or bool(os.environ.get("KONSOLE_VERSION"))
        or os.environ.get("TERM", "").startswith("mlterm")
        or os.environ.get("TERM_PROGRAM") == "Apple_Terminal"
    )


def shown_width(text: str) -> int:
    """How many columns a terminal takes to show `text`: none for half-spaces, harakat and isolates,
    two for a letter of Chinese.

    >>> len("می‌شود"), shown_width("می‌شود")
    (6, 5)
    """
    return sum(map(_columns, text))


def _columns(letter: str) -> int:
    if unicodedata.category(letter) in ("Mn", "Me", "Cf", "Cc"):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1


def padded(text: str, width: int, *, right: bool = False) -> str:
    """`text` with blanks behind it up to `width` columns, or before it (`right`)."""
    blanks = " " * (width - shown_width(text))
    return blanks + text if right else text + blanks


def fitting(text: str, width: int) -> str:
    """`text`, or as many letters of it as fit into `width` columns with `…` behind them."""
    if shown_width(text) <= width:
        return text
    while text and shown_width(text) >= width:
        text = text[:-1]
    return f"{text.rstrip()}…"
