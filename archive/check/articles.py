"""Checks the lines of articles/ (JSON, schema, digest of the text) and of other .jsonl files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, cast

import fastjsonschema

from archive.check.finding import Finding
from archive.check.ledger import LineRow
from archive.jsonl.article_line import ArticleLine, text_sha256
from archive.text.fold import utf8
from archive.warc.text_records import plain_text

_SCHEMA = Path(__file__).parent.parent / "line.schema.json"
# SQLite's integers end there.
_LARGEST = (1 << 63) - 1
Report = Callable[[Finding], None]


def read_lines(
    path: Path, file: str, end: int, site: str, report: Report, layouts: set[str]
) -> Iterator[LineRow]:
    """The lines of the file at `path` up to the byte `end`; findings go to `report`, the digests of
    the layouts that the lines were made with to `layouts`."""
    for offset, data in _lines(path, end):
        found = _object(data, file, offset, report)
        if found is None:
            continue
        wrong = _schema_says(found)
        if wrong:
            report(Finding(file, offset, f"against the schema: {wrong}", str(found.get("id"))))
            continue
        line = cast("ArticleLine", found)
        if line["site"] != site or not line["id"].startswith(f"{site}/"):
            report(Finding(file, offset, f"a line of another site in {site}/", line["id"]))
        if line["text_sha256"] != text_sha256(line["text"]):
            report(Finding(file, offset, "the text is not the one of text_sha256", line["id"]))
        if layout := line["extractor"].get("layout"):
            layouts.add(layout)
        rows = list(_rows(line, file, offset, len(data)))
        if max(max(row.version, row.warc_offset, row.warc_length) for row in rows) > _LARGEST:
            report(Finding(file, offset, "a number that no file can have", line["id"]))
        else:
            yield from rows


def read_objects(path: Path, file: str, end: int, report: Report) -> Iterator[dict[str, Any]]:
    """The objects of a file of JSON lines up to the byte `end`; findings go to `report`."""
    for offset, data in _lines(path, end):
        found = _object(data, file, offset, report)
        if found is not None:
            yield found


def _lines(path: Path, end: int) -> Iterator[tuple[int, bytes]]:
    offset = 0
    with path.open("rb") as lines:
        for data in lines:
            if offset + len(data) > end:
                data = data[: end - offset]
            if data:
                yield offset, data
            offset += len(data)
            if offset >= end:
                return


def _object(data: bytes, file: str, offset: int, report: Report) -> dict[str, Any] | None:
    if not data.endswith(b"\n"):
        what = "a line not yet whole; the next crawl cuts it off if its run has died"
        report(Finding(file, offset, what, damage=False))
        return None
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        report(Finding(file, offset, "no JSON object"))
        return None
    return found


def _schema_says(line: dict[str, Any]) -> str | None:
    try:
        _validate()(line)
    except fastjsonschema.JsonSchemaValueException as error:
        return str(error.message).removeprefix("data.")
    return None


@cache
def _validate() -> Callable[[Any], Any]:
    schema = json.loads(_SCHEMA.read_bytes())
    validate: Callable[[Any], Any] = fastjsonschema.compile(schema)
    return validate


def _rows(line: ArticleLine, file: str, offset: int, length: int) -> Iterator[LineRow]:
    text = hashlib.sha256(utf8(plain_text(line))).hexdigest()
    for page, warc in enumerate((line["warc"], *line["warc"].get("further", ()))):
        yield LineRow(
            file,
            offset,
            length,
            line["id"],
            line["version"],
            text,
            warc["record_id"],
            warc["file"],
            warc["offset"],
            warc["length"],
            warc["payload_sha256"],
            page,
        )
