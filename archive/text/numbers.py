"""Reads whole numbers from the web without an error.

`int()` fails on more than 4,300 digits, reads `1_000`, and gives numbers that a database of 64 bits
cannot hold.
"""

from __future__ import annotations

import re

# Any number of 18 digits fits into the 64 bits of a database.
_NUMBER = re.compile(r"-?[0-9]{1,18}")


def number_of(text: str) -> int | None:
    """The whole number that `text` is; None for anything else, and for more than 18 digits.

    >>> number_of("250"), number_of("²"), number_of("9" * 5000)
    (250, None, None)
    """
    return int(text) if _NUMBER.fullmatch(text) else None
