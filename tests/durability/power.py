"""What a disk may hold after the power went: a model of it, fed by the calls a night makes.

A file keeps what it had at its last fsync. Of what was written since, all, some or nothing is
there: it ends anywhere, holds zeros or garbage, or lacks sectors in its middle. A folder keeps
the names it had at its own last fsync; later changes are there up to any one of them. SQLite's
file is what it was after any of its last commits: `synchronous = NORMAL` promises no more.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from archive.files import failpoint

SECTOR = 512


@dataclass(frozen=True)
class Call:
    """One call: `make`, `write`, `cut`, `sync`, `mkdir`, `link`, `move`, `unlink`, `sync-folder`,
    or what is no call of the disk's: `acknowledge` and `commit`."""

    kind: str
    path: Path
    data: Any = None


class Recorder(failpoint.Failpoint):
    """Writes down what a night does to the files below `folder`, as it does it.

    The functions of `os` themselves are listened to, so that no write can pass unseen.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__("", 0, "", 0)
        self.folder = folder
        self.calls: list[Call] = []
        self._open: dict[int, Path] = {}

    def reached(self, name: str) -> bool:
        if name == "index.committed":
            [path] = self.folder.glob("*/index.db")
            files = [path.with_name(path.name + suffix) for suffix in ("", "-wal")]
            snapshot = {file: file.read_bytes() for file in files if file.exists()}
            self.calls.append(Call("commit", path, snapshot))
        return False

    def acknowledged(self, key: str, version: int) -> None:
        self.calls.append(Call("acknowledge", self.folder, (key, version)))

    def note(self, kind: str, path: Any, data: Any = None) -> None:
        path = Path(os.fsdecode(path))
        if (
            path.is_relative_to(self.folder)
            and path.name != ".lock"
            and not path.name.startswith(("index.db", "search.db"))
        ):
            self.calls.append(Call(kind, path, data))

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Inside the block every call is written down."""
        names = ("open", "write", "ftruncate", "fsync", "mkdir", "link", "rename", "unlink")
        real: dict[str, Callable[..., Any]] = {name: getattr(os, name) for name in names}
        try:
            for name in names:
                setattr(os, name, self._heard(name, real[name]))
            failpoint._armed = self
            yield
        finally:
            failpoint.arm(None)
            for name in names:
                setattr(os, name, real[name])

    def _heard(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            existed = name == "open" and Path(os.fsdecode(arguments[0])).exists()
            result = real(*arguments, **named)
            self._hear(name, arguments, result, existed)
            return result

        return call

    def _hear(self, name: str, arguments: tuple[Any, ...], result: Any, existed: bool) -> None:
        first = arguments[0]
        if name == "open":
            self._open[result] = Path(os.fsdecode(first))
            if not existed:
                self.note("make", first)
        elif name in ("write", "ftruncate", "fsync"):
            path = self._open.get(first)
            if path is None:
                return
            if name == "write":
                self.note("write", path, bytes(arguments[1])[:result])
            elif name == "ftruncate":
                self.note("cut", path, arguments[1])
            else:
                self.note("sync-folder" if path.is_dir() else "sync", path)
        elif name == "mkdir":
            self.note("mkdir", first)
        elif name == "unlink":
            self.note("unlink", first)
        else:
            self.note("link" if name == "link" else "move", first, Path(os.fsdecode(arguments[1])))


@dataclass
class _File:
    """`safe` is what its last fsync made durable, `since` what was done to it after that."""

    safe: bytes = b""
    since: list[Call] = field(default_factory=list)

    def settle(self) -> None:
        self.safe, self.since = _done(self.safe, self.since), []

    def after_the_cut(self, dice: random.Random) -> bytes:
        """What is there when the power is back."""
        count = dice.randint(0, len(self.since))
        kept = _done(self.safe, self.since[:count])
        whole = _done(self.safe, self.since)
        fate = dice.choice(("kept", "lost", "cut", "zeros", "garbage", "holes", "whole"))
        if fate == "lost" or len(whole) <= len(self.safe):
            return kept if fate != "lost" else self.safe
        start = dice.randint(len(self.safe), len(whole))
        rest = len(whole) - start
        tails = {
            "cut": whole[:start],
            "zeros": whole[:start] + bytes(rest),
            "garbage": whole[:start] + dice.randbytes(rest),
            "holes": _holed(whole, len(self.safe), dice),
            "whole": whole,
        }
        return tails.get(fate, kept)


def _done(content: bytes, calls: list[Call]) -> bytes:
    for call in calls:
        content = content + call.data if call.kind == "write" else content[: call.data]
    return content


def _holed(data: bytes, safe: int, dice: random.Random) -> bytes:
    """`data` with zeros for about half of the sectors that have bytes behind `safe`."""
    out = bytearray(data)
    for start in range(safe - safe % SECTOR, len(data), SECTOR):
        if dice.random() < 0.5:
            begin = max(start, safe)
            end = min(start + SECTOR, len(data))
            out[begin:end] = bytes(max(0, end - begin))
    return bytes(out)


class PowerCut:
    """The disk at one instant of a recorded night: what is safe, and what is not yet."""

    def __init__(self, before: dict[Path, bytes], calls: list[Call]) -> None:
        self.acknowledged: set[tuple[str, int]] = set()
        self._names: dict[Path, _File] = {path: _File(data) for path, data in before.items()}
        self._safe_names = dict(self._names)
        self._changes: dict[Path, list[dict[Path, _File | None]]] = {}
        self._commits: list[dict[Path, bytes]] = []
        for call in calls:
            self._take(call)

    def _take(self, call: Call) -> None:
        if call.kind == "acknowledge":
            self.acknowledged.add(call.data)
        elif call.kind == "commit":
            self._commits.append(call.data)
        elif call.kind == "sync-folder":
            for change in self._changes.pop(call.path, []):
                self._safe_names = _renamed(self._safe_names, change)
        elif call.kind == "sync":
            self._names[call.path].settle()
        elif call.kind in ("write", "cut"):
            self._names[call.path].since.append(call)
        else:
            self._name(call)

    def _name(self, call: Call) -> None:
        """A change of names; of two folders' when a file moves between them."""
        changes: dict[str, list[dict[Path, _File | None]]] = {
            "make": [{call.path: _File()}],
            "mkdir": [],
            "link": [{call.data: self._names.get(call.path)}],
            "move": [{call.data: self._names.get(call.path), call.path: None}],
            "unlink": [{call.path: None}],
        }
        for change in changes[call.kind]:
            self._names = _renamed(self._names, change)
            self._changes.setdefault(call.path.parent, []).append(change)

    def restore(self, folder: Path, home: Path, dice: random.Random) -> None:
        """Write one of the disk's possible states below `folder`, for the archive at `home`."""
        names = self._safe_names
        for changes in self._changes.values():
            for change in changes[: dice.randint(0, len(changes))]:
                names = _renamed(names, change)
        state = {path: file.after_the_cut(dice) for path, file in names.items()}
        # The last commits may be lost, or with the folder's entry the whole index.
        recent = self._commits[-3:]
        if recent and dice.random() < 0.9:
            state = {p: d for p, d in state.items() if "index.db" not in p.name}
            state |= dice.choice(recent)
        written: dict[int, Path] = {}
        for path, data in state.items():
            target = folder / path.relative_to(home)
            target.parent.mkdir(parents=True, exist_ok=True)
            twin = written.setdefault(id(names.get(path, path)), target)
            if twin is target:
                target.write_bytes(data)
            else:
                target.hardlink_to(twin)


def _renamed(names: dict[Path, _File], change: dict[Path, _File | None]) -> dict[Path, _File]:
    merged: dict[Path, _File | None] = {**names, **change}
    return {path: file for path, file in merged.items() if file is not None}


def contents(folder: Path) -> dict[Path, bytes]:
    """Every file below `folder`; all of it is durable."""
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
