"""Ledgers of JSON lines are read from their end, and no further than is asked for."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import pytest

from archive.errors import Damaged
from archive.jsonl import json_lines


@pytest.mark.parametrize("length", [0, 1, 3_000, 70_000])
def test_the_newest_is_first(tmp_path: Path, length: int) -> None:
    path = tmp_path / "runs.jsonl"
    objects = [{"run": number, "told": "خبر" * length} for number in range(7)]
    json_lines.append(path, objects)
    assert list(json_lines.objects_from_end(path)) == objects[::-1]
    assert [line.offset for line in json_lines.read_from_end(path)][::-1] == [
        line.offset for line in json_lines.read(path)
    ]
    with path.open("ab") as file:
        file.write(b'{"run": ')
    assert list(json_lines.objects_from_end(path)) == objects[::-1]


def test_there_may_be_nothing(tmp_path: Path) -> None:
    path = tmp_path / "runs.jsonl"
    assert list(json_lines.objects_from_end(path)) == []
    path.write_bytes(b"")
    assert list(json_lines.objects_from_end(path)) == []


def test_what_is_not_asked_for_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "runs.jsonl"
    path.write_bytes(b"no object\n" + b'{"run": 1}\r\n{"run": 2}\n')
    found = json_lines.objects_from_end(path)
    assert list(islice(found, 2)) == [{"run": 2}, {"run": 1}]
    with pytest.raises(Damaged, match=r"runs\.jsonl: line 1 is no JSON object"):
        next(found)


@pytest.mark.parametrize(
    ("data", "kept"),
    [
        (b'{"a": 1}\n{"b": 2}\n', 2),
        (b'{"a": 1}\n{"b": 2}\n{"c"', 2),
        (b'{"a": 1}\n' + b"\0" * 9 + b"\n", 1),
        (b'{"a": 1}\n' + b"\0\n" * 3 + b"\0", 1),
        (b'{"a": 1}\nbroken later\n{"b": 2}\n', 3),
        (b"\0" * 90_000 + b"\n", 0),
        (b"\0" * 90_000, 0),
    ],
)
def test_a_torn_end_is_cut_where_the_last_object_ends(
    tmp_path: Path, data: bytes, kept: int
) -> None:
    path = tmp_path / "khabar" / "runs.jsonl"
    path.parent.mkdir()
    path.write_bytes(data)
    json_lines.cut_torn_end(path, tmp_path / "quarantine")
    assert path.read_bytes() == b"".join(data.splitlines(keepends=True)[:kept])
