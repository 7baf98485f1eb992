"""The columns of a table of articles: the keys of a line, with those inside of others flat.

    title, published, …, image.url → image_url, warc.record_id → warc_record_id

They are read from line.schema.json, so that a key has one description.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from archive.tables.column import Column, ColumnType

_SCHEMA = Path(__file__).parent.parent / "line.schema.json"


@cache
def line_columns() -> tuple[Column, ...]:
    """The columns, in the order in which the schema describes the keys."""
    schema = json.loads(_SCHEMA.read_text())
    return tuple(_columns(schema, schema["$defs"], ()))


def row_of(line: Mapping[str, Any], columns: tuple[Column, ...]) -> dict[str, Any]:
    """The values of `line` in these columns, by their names. Lists are lists, what is JSON in the
    table is a string of it."""
    return {column.name: _value(line, column) for column in columns}


def _columns(
    schema: Mapping[str, Any], defs: Mapping[str, Any], path: tuple[str, ...], null: bool = False
) -> Iterator[Column]:
    required = schema["required"]
    for key, told in schema["properties"].items():
        whole = {**defs.get(_named(told), {}), **told}
        keys, may_lack = (*path, key), null or key not in required or "null" in whole["type"]
        if "properties" in whole:
            yield from _columns(whole, defs, keys, may_lack)
        else:
            kind = _type(whole, instant=_named(told).startswith("instant"))
            yield Column("_".join(keys), kind, whole["description"], may_lack, keys)


def _named(told: Mapping[str, Any]) -> str:
    """The name of the definition that a part of the schema refers to; empty if to none."""
    return str(told.get("$ref", "")).rpartition("/")[2]


def _type(told: Mapping[str, Any], *, instant: bool) -> ColumnType:
    if instant:
        return ColumnType.INSTANT
    if "integer" in told["type"]:
        return ColumnType.INTEGER
    if "array" in told["type"]:
        return ColumnType.TEXTS if told["items"].get("type") == "string" else ColumnType.JSON
    return ColumnType.JSON if "object" in told["type"] else ColumnType.TEXT


def _value(line: Mapping[str, Any], column: Column) -> Any:
    value: Any = line
    for key in column.path:
        value = value.get(key) if value is not None else None
    if column.type is ColumnType.JSON and value is not None:
        return json.dumps(value, ensure_ascii=False)
    return value
