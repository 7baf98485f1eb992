"""Marks the sisters of a case: each run tests one of a kind, and all of them at full size."""

from __future__ import annotations

from typing import Any

import pytest


def sisters(*values: object) -> list[Any]:
    """The parameters `values`, which only `scripts/test --long` tries."""
    return [pytest.param(value, marks=pytest.mark.sister) for value in values]
