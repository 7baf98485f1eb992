"""Reads the rules: plain TOML files beside the code, read once."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def load(name: str) -> dict[str, Any]:
    """The rules of `name`.toml below this package, as `boilerplate/by_name`."""
    return tomllib.loads(files(__package__).joinpath(f"{name}.toml").read_text("utf-8"))
