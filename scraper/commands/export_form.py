"""What an export writes: one form, and the options that go with it."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from archive.errors import UsageError
from archive.jsonl.article_line import LINE_KEYS

if TYPE_CHECKING:
    from archive.select.selection import Selection


def form_of(
    given: dict[str, Path | bool | None],
    selection: Selection,
    names: list[str] | None,
    *,
    bom: bool,
) -> str:
    """The one option that says what is written, without its dashes; `jsonl` if there is none.
    UsageError if there are several, or options that do not go with it."""
    forms = [name for name, value in given.items() if value]
    filtered = selection != type(selection)(sites=selection.sites)
    if {"cdxj", "wacz"} & {*forms} and (len(forms) > 1 or names or bom or filtered):
        raise UsageError("--cdxj and --wacz stand alone: they take all captures of the sites.")
    if bom and forms != ["csv"]:
        raise UsageError("--bom is for CSV: baygan export --csv --bom")
    if len(forms) > 1:
        several = " and ".join(f"--{name}" for name in forms)
        raise UsageError(f"{several} do not go together. Export once for each.")
    if names and forms not in ([], ["csv"]):
        raise UsageError(f"--fields is for JSON lines and CSV; leave it out with --{forms[0]}.")
    return forms[0] if forms else "jsonl"


def field_names(told: str | None) -> list[str] | None:
    """The keys that --fields names; None if it is not given. UsageError if a line has no such
    key."""
    if told is None:
        return None
    names = [name.strip() for name in told.split(",")]
    for name in names:
        if name not in LINE_KEYS:
            raise UsageError(f"no key '{name}' in a line. Keys: {', '.join(LINE_KEYS)}")
    return names


def into_a_file() -> bool:
    """Whether the lines go into a file, so that a bar may be shown. On a screen it would stand
    between the lines, and whoever reads a pipe may write there."""
    return stat.S_ISREG(os.fstat(sys.stdout.fileno()).st_mode)
