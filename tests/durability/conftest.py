"""Where nights die by the hundred: in memory, if there is room, since no disk is in question."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

MEMORY = Path("/dev/shm")
ROOM = 256 << 20


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder on a tmpfs: what a killed process had written is there, and an fsync costs
    nothing. Without a tmpfs the test's own."""
    if not os.access(MEMORY, os.W_OK) or shutil.disk_usage(MEMORY).free < ROOM:
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir=MEMORY, prefix="baygan-") as memory:
        yield Path(memory)
