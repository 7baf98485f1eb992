"""What commands cost on an archive of a million articles: processor time, the most memory, and the
bytes that are read.

python -m benchmarks.million [--articles N] [--folder FOLDER]

The archive is made by repetition (`large_archive`) and stays in FOLDER: its lines and its index are
as real crawls leave them, its pages are not there. The bytes are those of all reads, also of files
that the system still has in memory (`rchar` of /proc/self/io).
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from benchmarks.large_archive import NAME, large_archive
from benchmarks.throughput import REPOSITORY

MIB = 1 << 20
MONTH = ("--since", "2025-03", "--until", "2025-03")
COMMANDS: dict[str, tuple[str, ...]] = {
    "status": ("status",),
    "show of one article": ("show", f"{NAME}/post/1000"),
    "count by month": ("count", "--by", "month"),
    "export of one month": ("export", *MONTH),
    "export of all": ("export",),
}
# Prints, behind the command, what this process has used.
_USED = """
import json, resource, sys
from pathlib import Path
from scraper.cli import main
try:
    main()
except SystemExit as end:
    code = end.code
lines = dict(line.split(": ") for line in Path("/proc/self/io").read_text().splitlines())
used = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps([used.ru_utime + used.ru_stime, used.ru_maxrss * 1024, int(lines["rchar"]), code]),
      file=sys.stderr)
"""


@dataclass(frozen=True)
class Used:
    """What one command used: seconds of the processor, bytes of memory, and bytes that it read."""

    seconds: float
    memory: int
    read: int


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.million")
    parser.add_argument("--articles", type=int, default=1_000_000, metavar="N")
    parser.add_argument("--folder", type=Path, metavar="FOLDER")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = (options.folder or Path(temporary)) / str(options.articles)
        large_archive(folder, "127.0.0.1", options.articles)
        used = {name: run(folder, words) for name, words in COMMANDS.items()}
    for name, one in used.items():
        print(
            f"{name:22} {one.seconds:6.2f} s   {one.memory / MIB:5.0f} MiB"
            f"   {one.read / 1e6:8.1f} MB read"
        )
    share = used["export of one month"].read / used["export of all"].read
    print(f"\nthe export of one month reads {share:.1%} of what the export of all reads")


def run(folder: Path, words: tuple[str, ...]) -> Used:
    """Run a command in the archive, its output thrown away."""
    done = subprocess.run(
        [sys.executable, "-P", "-c", _USED, *words],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(REPOSITORY)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    seconds, memory, read, code = json.loads(done.stderr.splitlines()[-1])
    if code not in (0, None):
        sys.exit(f"baygan {' '.join(words)} ended with {code}: {done.stderr}")
    return Used(seconds, memory, read)


if __name__ == "__main__":
    main()
