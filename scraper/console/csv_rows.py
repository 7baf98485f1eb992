"""CSV by RFC 4180, made safe for spreadsheets."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable

BOM = "\ufeff"
"""The byte order mark, by which Excel and LibreOffice tell UTF-8."""

# To a spreadsheet a cell that begins like this is a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_row(values: Iterable[object]) -> str:
    """A row with its line end. A list is one cell, its items parted by `; `; an object is JSON."""
    out = io.StringIO()
    csv.writer(out).writerow([_cell(value) for value in values])
    return out.getvalue()


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_FORMULA) else value
    if isinstance(value, list):
        return _cell("; ".join(str(item) for item in value))
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(value)
