"""How much free space a disk must have. With less a run stops in good order, before it is full.

[archive]
min_free = "2 GiB"        # or "3 %", or "0"; without it 1 GiB or 5 %, whichever is more
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from archive.errors import DiskLow, FolderError, SettingsError

VARIABLE = "BAYGAN_MIN_FREE"
"""This environment variable replaces what sites.toml says."""
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*(|%|B|[kKMGT]B|[KMGT]iB)")
_POWERS = {"k": 1, "K": 1, "M": 2, "G": 3, "T": 4}
_LEAST, _SHARE = 1 << 30, 0.05


def parse_size(text: str) -> tuple[float, bool]:
    """The number in `text`, and whether it is a percentage of the disk (True) or bytes (False).
    SettingsError if it is no size.

    >>> parse_size("1 GiB"), parse_size("5 %")
    ((1073741824.0, False), (5.0, True))
    """
    found = _SIZE.fullmatch(text.strip())
    if not found:
        raise SettingsError(
            f"sites.toml, [archive]: min_free = {text!r} is no size. Write it as"
            ' "1 GiB", "500 MB", "5 %" or "0".'
        )
    number, unit = float(found[1]), found[2]
    if unit == "%":
        return number, True
    base = 1024 if "i" in unit else 1000
    return number * base ** _POWERS.get(unit[:1], 0), False


class DiskSpace:
    """The free space of the disk that `folder` is on. `wanted` is `min_free` of sites.toml."""

    def __init__(self, folder: Path, wanted: str | None) -> None:
        self._folder = folder
        self._wanted = os.environ.get(VARIABLE, wanted)

    def check(self) -> None:
        """DiskLow if there is less free space than there must be."""
        try:
            disk = os.statvfs(self._folder)
        except OSError as error:
            raise FolderError(
                f"cannot see how much room {self._folder} has: {error.strerror}."
                " What was saved is safe."
            ) from None
        free, size = disk.f_bavail * disk.f_frsize, disk.f_blocks * disk.f_frsize
        least = self._least(size)
        if free < least:
            raise DiskLow(
                f"{self._folder} has {_human(free)} left on its disk; baygan stops below"
                f" {_human(least)}. What was saved is safe. Make room, or set min_free in"
                " sites.toml, and run it again: it goes on."
            )

    def _least(self, size: int) -> float:
        if self._wanted is None:
            return max(_LEAST, _SHARE * size)
        number, share = parse_size(self._wanted)
        return size * number / 100 if share else number


def _human(count: float) -> str:
    """A size in the largest unit that fits: `1.5 GiB`."""
    for unit in ("bytes", "KiB", "MiB", "GiB"):
        if count < 1024:
            return f"{count:.3g} {unit}"
        count /= 1024
    return f"{count:.3g} TiB"
