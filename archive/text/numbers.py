"""Whole numbers out of the web: read in one place that cannot fail.

`int()` takes what no count or ID is: it refuses 4,301 digits with an error, reads `1_000`, and
gives numbers that a database of 64 bits cannot hold.
"""

from __future__ import annotations

import re

# 64 bits, which is what databases count with, hold any number of 18 digits.
_NUMBER = re.compile(r"-?[0-9]{1,18}")


def number_of(text: str) -> int | None:
    """The whole number that `text` is; None for anything else, and for more than 18 digits.

    >>> number_of("250"), number_of("²"), number_of("9" * 5000)
    (250, None, None)
    """
    return int(text) if _NUMBER.fullmatch(text) else None
