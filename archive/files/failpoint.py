"""Places where a test can end the process, or make the disk refuse.

    BAYGAN_FAILPOINT=NAME[:N[:BYTES]][:ERROR]

    lines.sync            kill -9 when the first sync of a file of lines is about to begin
    warc.write:3:half     the third write to a WARC file gets half of its bytes out, then kill -9
    index.commit:2:ENOSPC the second commit fails as on a full disk; the process goes on

BYTES is a number, `half`, `all`, or negative to count from the end. ERROR is `ENOSPC` or `EIO`.
The names are those of PLACES. Without the variable nothing of this costs anything.
"""

from __future__ import annotations

import errno
import os
import signal
from dataclasses import dataclass
from pathlib import Path

VARIABLE = "BAYGAN_FAILPOINT"
FILES = ("warc", "text", "lines", "runs", "removals", "manifest", "quarantine", "other")
"""What a file of the archive can be; each has the places `create`, `created`, `write`, `sync`
and `synced`."""

PLACES = {
    **{f"{file}.create": "before the file is made" for file in FILES},
    **{f"{file}.created": "made, its name not durable yet" for file in FILES},
    **{f"{file}.write": "before, inside or behind one write" for file in FILES},
    **{f"{file}.sync": "before its fsync" for file in FILES},
    **{f"{file}.synced": "behind its fsync" for file in FILES},
    "finish.link": "before a finished file gets its final name",
    "finish.unlink": "both names stand",
    "finish.unlinked": "the `.open` name is gone",
    "folder.make": "before a folder is made",
    "folder.sync": "before a folder's fsync",
    "folder.synced": "behind a folder's fsync",
    "tail.cut": "a torn tail is in quarantine and not cut off yet",
    "tail.sync": "it is cut off, the cut not durable yet",
    "aside.move": "before a broken or replaced file is moved to quarantine",
    "rebuild.complete": "before rebuilt files are said to be complete",
    "rebuild.completed": "behind it, nothing is in its place yet",
    "rebuild.move": "before new lines, texts or index get their place",
    "rename.made": "a site's folder with the new name is complete and not in its place",
    "rename.placed": "it is in its place, sites.toml still has the old name",
    "site.move": "sites.toml has changed, the old folder still stands there",
    "index.commit": "before a transaction ends",
    "index.committed": "behind it",
}
"""Every place there is, and where it lies."""


@dataclass
class Failpoint:
    """The one place that is armed; `passes` is how often it may still be passed unharmed."""

    name: str
    passes: int
    cut: str
    error: int

    @classmethod
    def parse(cls, text: str) -> Failpoint:
        """Read the value of the variable; ValueError if it is wrong."""
        name, *rest = text.split(":")
        error = getattr(errno, rest.pop()) if rest and rest[-1].startswith("E") else 0
        number, cut, *_ = [*rest, "", ""]
        if name not in PLACES:
            raise ValueError(f"{VARIABLE}: no place '{name}'")
        return cls(name, int(number or 1) - 1, cut, error)

    def reached(self, name: str) -> bool:
        """Whether the armed place is passed now, for the N-th time."""
        if name != self.name:
            return False
        self.passes -= 1
        return self.passes == -1

    def part(self, size: int) -> int:
        """How many of `size` bytes a write gets out before it ends."""
        named = {"": 0, "half": size // 2, "all": size}
        count = named[self.cut] if self.cut in named else int(self.cut)
        return max(0, min(size, size + count if count < 0 else count))

    def strike(self) -> None:
        """End the process, or raise the error."""
        if self.error:
            raise OSError(self.error, os.strerror(self.error))
        os.kill(os.getpid(), signal.SIGKILL)


def file_of(path: Path) -> str:
    """Which of FILES the file at `path` is.

    >>> file_of(Path("khabar/articles/2026-11.jsonl"))
    'lines'
    """
    if "quarantine" in path.parts[-3:-1]:
        return "quarantine"
    if path.parent.name == "articles":
        return "lines"
    if path.suffix == ".jsonl":
        return path.stem if path.stem in FILES else "other"
    if ".warc.gz" in path.name:
        return "text" if ".text." in path.name else "warc"
    return "other"


_armed: Failpoint | None = None


def arm(text: str | None) -> None:
    """Set the one failpoint of this process, or none."""
    global _armed
    _armed = Failpoint.parse(text) if text else None


def passing(name: str) -> None:
    """Tell that the process passes the place `name`; nothing happens unless it is armed."""
    if _armed and _armed.reached(name):
        _armed.strike()


def write(name: str, descriptor: int, data: bytes) -> int:
    """As os.write; if the place `name` is armed, it may end after some of the bytes."""
    if _armed and _armed.reached(name):
        part = data[: _armed.part(len(data))]
        while part:
            part = part[os.write(descriptor, part) :]
        _armed.strike()
    return os.write(descriptor, data)


arm(os.environ.get(VARIABLE))
