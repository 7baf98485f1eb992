"""A file of JSON lines: each line is one object in UTF-8 and ends with `\\n`. It only grows.

>>> append(path, [{"run": "4f1c09ab"}])
>>> for line in read(path):
...     print(line.offset, line.found["run"])

`found` is None if a line holds no JSON object: the caller decides whether that is damage.
"""

from __future__ import annotations

import io
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from archive.errors import Damaged
from archive.files.append_file import AppendFile, make_folder
from archive.files.torn_tails import cut_tail, last_newline

_BLOCK = 1 << 16


class JsonLine(NamedTuple):
    """One line: its bytes, which begin at `offset`, and the object in it; None if there is none."""

    offset: int
    data: bytes
    found: dict[str, Any] | None

    @property
    def whole(self) -> bool:
        """Whether the line ends with a newline: a run that died may have left a torn one."""
        return self.data.endswith(b"\n")


def append(path: Path, objects: Iterable[Mapping[str, Any]]) -> int:
    """Append a line for each of `objects`, durably; return the file's new length in bytes."""
    lines = [json.dumps(one, ensure_ascii=False) for one in objects]
    make_folder(path.parent)
    with AppendFile(path) as file:
        if lines:
            file.write("".join(f"{line}\n" for line in lines).encode())
            file.sync()
        return file.size


def read(path: Path, start: int = 0) -> Iterator[JsonLine]:
    """The lines from the byte `start` on, with a torn last one; none if there is no file."""
    if not path.exists():
        return
    with path.open("rb") as file:
        file.seek(start)
        offset = start
        for data in file:
            yield JsonLine(offset, data, object_in(data))
            offset += len(data)


def objects(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """The objects of the whole lines, each with the number of its line, from 1 on.

    Damaged if a whole line holds no object.
    """
    for number, line in enumerate(read(path), 1):
        if not line.whole:
            return
        if line.found is None:
            raise broken(path, number, "is no JSON object")
        yield number, line.found


def objects_from_end(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of the whole lines, the newest first. Only so much of the file is read as is
    asked for. Damaged if a whole line holds no object."""
    for line in read_from_end(path):
        if not line.whole:
            continue
        if line.found is None:
            with path.open("rb") as file:
                number = file.read(line.offset).count(b"\n") + 1
            raise broken(path, number, "is no JSON object")
        yield line.found


def read_from_end(path: Path) -> Iterator[JsonLine]:
    """The lines, the newest first, with a torn last one; none if there is no file."""
    if not path.exists():
        return
    with path.open("rb") as file:
        start = file.seek(0, os.SEEK_END)
        # The beginning of the line that is read next may lie in the block before.
        rest = b""
        while start:
            end, start = start, max(0, start - _BLOCK)
            file.seek(start)
            lines = io.BytesIO(file.read(end - start) + rest).readlines()
            rest = lines.pop(0) if start else b""
            offset = start + len(rest) + sum(map(len, lines))
            for data in reversed(lines):
                offset -= len(data)
                yield JsonLine(offset, data, object_in(data))


def broken(path: Path, number: int, what: str) -> Damaged:
    """The error for a line (numbered from 1 on) that does not hold what it should."""
    return Damaged(f"{path}: line {number} {what}. Nothing was changed.")


def object_in(data: bytes) -> dict[str, Any] | None:
    """The JSON object in the bytes of a line; None if they hold none."""
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def cut_torn_end(path: Path, quarantine: Path, known: int = 0, behind: int = 0) -> None:
    """Cut a torn end off the file, into `quarantine`.

    A power cut can leave zeros in bytes that were not synced. So the file is cut at the first
    line after the `known` bytes that is no JSON object, if at most `behind` whole lines follow.
    If more lines follow, that line was damaged later: then only the bytes after the last newline
    are cut. If none may follow, the file is read from its end.
    """
    if path.exists():
        cut_tail(path, last_whole_line(path, known, behind), quarantine)


def last_whole_line(path: Path, known: int = 0, behind: int = 0) -> int:
    """The offset behind the last whole line, by the rule of `cut_torn_end`; 0 if there is none."""
    end = last_newline(path)
    if not behind:
        return _behind_last_object(path, known, end)
    lines = read(path, known)
    for line in lines:
        if line.offset < end and line.found is None:
            whole = sum(later.found is not None for later in lines)
            return line.offset if whole <= behind else end
    return end


def _behind_last_object(path: Path, known: int, end: int) -> int:
    """The offset behind the last whole line with an object; not before `known`, nor behind `end`,
    where the last newline is."""
    for line in read_from_end(path):
        if line.offset < known or (line.whole and line.found is not None):
            return min(end, max(known, line.offset + len(line.data)))
    return min(end, known)
