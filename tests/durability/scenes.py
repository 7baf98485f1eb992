"""Archives before a night that dies, and what their site shows in that night."""

from __future__ import annotations

from pathlib import Path

from tests.archive.material import site_folder
from tests.durability.crash import Edition, in_child, publish

FIRST = Edition(range(1, 37))
SECOND = Edition(range(1, 45), edited=range(10, 20))
THIRD = Edition(range(1, 40), edited=range(30, 33), again=True)


def nothing(folder: Path) -> None:
    """An archive before its first night."""
    site_folder(folder)


def one_night(folder: Path) -> None:
    """An archive of one good night."""
    publish(site_folder(folder), FIRST, lambda key, version: None)


def torn(folder: Path) -> None:
    """What a run leaves that died between its lines, with every file torn as if by power."""
    site = site_folder(folder)
    acknowledged, _ = in_child(site, FIRST, "lines.write:20:half")
    assert acknowledged
    for path in (*site.path.glob("*/*/*.open"), site.runs_path):
        with path.open("ab") as file:
            file.write(b"\x1f\x8b\x08 torn")


def broken_index(folder: Path) -> None:
    """An archive of one good night whose index is no database any more."""
    one_night(folder)
    (folder / "khabar" / "index.db").write_bytes(b"no database" * 1000)


SCENES = {
    "first-night": (nothing, FIRST),
    "second-night": (one_night, SECOND),
    "all-again": (one_night, THIRD),
    "mending": (torn, FIRST),
    "mending-and-edits": (torn, SECOND),
    "index": (broken_index, SECOND),
}
