"""Reads the rules, which are TOML files beside the code; each is read once in a process."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def load(name: str) -> dict[str, Any]:
    """The rules in the file `name`.toml below this package; a name is `boilerplate/by_name`."""
    return tomllib.loads(files(__package__).joinpath(f"{name}.toml").read_text("utf-8"))
