"""Other programs that read what is exported, each in a process of the environment they are
installed in: pandas, polars, `datasets`, mlcroissant, datasette; and R with jsonlite and DBI.

They take a gigabyte, so they are in none of baygan's own environments: `scripts/readers` installs
them into .readers, or BAYGAN_READERS names a python that has them. Without them their tests skip;
with BAYGAN_READERS=required they fail. R comes from the system (on Debian
r-base-core, r-cran-jsonlite and r-cran-rsqlite), and its tests skip or fail likewise.
"""

from __future__ import annotations

import json
import os
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.process import REPOSITORY

_TOLD = os.environ.get("BAYGAN_READERS", "")
_REQUIRED = _TOLD == "required"
_PYTHON = Path(_TOLD if _TOLD and not _REQUIRED else REPOSITORY / ".readers/bin/python")

# Prints `rows()` as JSON. A missing value of pandas is null, a whole float is an integer, an array
# a list, an instant is written as in a line, bytes are UTF-8.
_PRINT = """
import json, sys
from datetime import datetime

def plain(value):
    if hasattr(value, "tolist") and not isinstance(value, datetime):
        value = value.tolist()
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    if value is None or value != value or type(value).__name__ in ("NaTType", "NAType"):
        return None
    if isinstance(value, datetime):
        return value.strftime("%Y").rjust(4, "0") + value.strftime("-%m-%dT%H:%M:%SZ")
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value

json.dump([plain(row) for row in rows()], sys.stdout)
"""


@cache
def _missing(library: str) -> bool:
    if not _PYTHON.exists():
        return True
    return subprocess.run([_PYTHON, "-c", f"import {library}"], capture_output=True).returncode != 0


def need(library: str) -> None:
    """Skip this test, or let it fail, where `library` is not installed."""
    if _missing(library):
        _do_without(f"no {library} for {_PYTHON}: scripts/readers")


def need_r(package: str) -> None:
    """Skip this test, or let it fail, where R or its `package` is not installed."""
    if _missing_in_r(package):
        _do_without(f"no R with {package}")


def _do_without(told: str) -> None:
    if _REQUIRED:
        pytest.fail(told)
    pytest.skip(told)


@cache
def _missing_in_r(package: str) -> bool:
    try:
        done = subprocess.run(
            ["Rscript", "--vanilla", "-e", f"library({package})"], capture_output=True
        )
    except FileNotFoundError:
        return True
    return done.returncode != 0


def run(code: str, folder: Path) -> str:
    """What Python code prints that is run in `folder`. Nothing is fetched from anywhere."""
    home = folder.parent / "home-of-readers"
    home.mkdir(exist_ok=True)
    alone = {"HF_HUB_OFFLINE": "1", "HF_HOME": str(home)}
    return _printed(
        [str(_PYTHON), "-W", "ignore", "-c", code], folder, {"HOME": str(home), **alone}
    )


def _printed(command: list[str], folder: Path, env: dict[str, str]) -> str:
    done = subprocess.run(
        command, capture_output=True, text=True, cwd=folder, timeout=280,
        env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", **env},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def rows(code: str, folder: Path) -> list[dict[str, Any]]:
    """The rows that a function `rows`, defined by `code`, gives in `folder`."""
    found: list[dict[str, Any]] = json.loads(run(code + _PRINT, folder))
    return found


def r_rows(code: str, folder: Path) -> list[dict[str, Any]]:
    """The rows of the data frame `rows` that R `code` makes in `folder`."""
    told = (
        'cat(jsonlite::toJSON(rows, dataframe = "rows", na = "null", null = "null", digits = NA))'
    )
    found: list[dict[str, Any]] = json.loads(
        _printed(["Rscript", "--vanilla", "-e", f"{code}\n{told}"], folder, {})
    )
    return found
