"""The keys of a line, as the columns of a table and as a JSON object in which none is missing.

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
    return tuple(_columns(_schema()))


def complete(line: Mapping[str, Any]) -> dict[str, Any]:
    """`line` with every key that a line may have, also inside its objects: what has no value is
    null, or an empty list. Programs that guess types from the first lines then know all keys.

    >>> complete({"extractor": {"baygan": "0.1.0"}, …})["extractor"]["layout"] is None
    True
    """
    return _completed(line, _schema())


@cache
def _schema() -> dict[str, Any]:
    schema: dict[str, Any] = json.loads(_SCHEMA.read_text())
    return schema


def _completed(found: Mapping[str, Any], schema: Mapping[str, Any]) -> dict[str, Any]:
    whole = dict(found)
    for key, told in schema["properties"].items():
        value = whole.get(key)
        if "properties" in told and value is not None:
            whole[key] = _completed(value, told)
        elif key not in whole:
            whole[key] = [] if _resolved(told)["type"] == "array" else None
    return whole


def row_of(line: Mapping[str, Any], columns: tuple[Column, ...]) -> dict[str, Any]:
    """The values of `line` in these columns, by their names. Lists are lists, what is JSON in the
    table is a string of it."""
    return {column.name: _value(line, column) for column in columns}


def _columns(
    schema: Mapping[str, Any], path: tuple[str, ...] = (), null: bool = False
) -> Iterator[Column]:
    required = schema["required"]
    for key, told in schema["properties"].items():
        whole = _resolved(told)
        keys, may_lack = (*path, key), null or key not in required or "null" in whole["type"]
        if "properties" in whole:
            yield from _columns(whole, keys, may_lack)
        else:
            kind = _type(whole, instant="instant" in told.get("$ref", ""))
            yield Column("_".join(keys), kind, whole["description"], may_lack, keys)


def _resolved(told: Mapping[str, Any]) -> dict[str, Any]:
    """A part of the schema with the definition that it refers to, if it does."""
    definition = str(told.get("$ref", "")).rpartition("/")[2]
    return {**_schema()["$defs"].get(definition, {}), **told}


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
    if column.type is ColumnType.TEXTS:
        return value or []
    if column.type is ColumnType.JSON and value is not None:
        return json.dumps(value, ensure_ascii=False)
    return value
