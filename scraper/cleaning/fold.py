"""The archive's common spelling, and a coarser one for telling whether two texts say the same."""

from __future__ import annotations

import re
from functools import lru_cache

from archive.text.fold import fold

__all__ = ["fold", "squash"]

_NOT_ALNUM = re.compile(r"[\W_]+")


@lru_cache(maxsize=2048)
def squash(text: str) -> str:
    """`fold` without blanks and punctuation: «شبکه های» and «شبکه‌های» become one."""
    return _NOT_ALNUM.sub("", fold(text))
