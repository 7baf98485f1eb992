"""Records an archive of two runs, with the code of any version.

    git worktree add ../v0.2.0 v0.2.0
    python -m tests.upgrade.record 0.2.0 --code ../v0.2.0

Without --code it is that of today. The archive is written to tests/upgrade/archives/NAME.tar.gz.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import tarfile
import tempfile
from pathlib import Path

from tests.process import COMMAND, REPOSITORY
from tests.upgrade.story import TOML, before_the_second_run, newsroom

ARCHIVES = Path(__file__).parent / "archives"


def record(name: str, code: Path) -> Path:
    """Play two runs with the code in the folder `code`; return the packed archive."""
    path = ARCHIVES / f"{name}.tar.gz"
    with newsroom() as room, tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "archive"
        folder.mkdir()
        (folder / "sites.toml").write_text(TOML)
        _crawl(folder, code)
        before_the_second_run(room)
        _crawl(folder, code)
        with tarfile.open(path, "w:gz") as packed:
            for kept in (folder / "sites.toml", folder / "khabar"):
                packed.add(kept, arcname=kept.name, filter=_nobody)
    return path


def _crawl(folder: Path, code: Path) -> None:
    env = {**os.environ, "PYTHONPATH": str(code.absolute()), "BAYGAN_MIN_FREE": "0"}
    subprocess.run([*COMMAND, "crawl"], cwd=folder, env=env, check=True, timeout=120)


def _nobody(entry: tarfile.TarInfo) -> tarfile.TarInfo | None:
    """Who recorded it is nobody's business; locks are made anew."""
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    return None if entry.name.endswith((".lock", "-wal", "-shm")) else entry


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("name")
    parser.add_argument("--code", type=Path, default=REPOSITORY)
    given = parser.parse_args()
    print(record(given.name, given.code))
