"""How much memory `baygan export --wacz` takes, and how fast it is.

python -m benchmarks.wacz [--megabytes N ...]

For each size an archive of so many megabytes of WARC is written, with articles of 20 kB each that
gzip cannot make smaller, and exported by a process of its own. Its peak of memory must not grow
with the archive.
"""

from __future__ import annotations

import argparse
import random
import resource
import subprocess
import tempfile
import time
from pathlib import Path

from archive.writer.site_writer import SiteWriter
from tests.archive.material import address, article, exchange, site_folder
from tests.process import COMMAND, environment

_PAGE = 20_000


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.wacz")
    parser.add_argument("--megabytes", type=int, nargs="+", default=[50, 500], metavar="N")
    for size in parser.parse_args().megabytes:
        with tempfile.TemporaryDirectory() as folder:
            captures = write(Path(folder) / "archive", size * 1_000_000 // _PAGE)
            seconds, peak = export(Path(folder) / "archive")
            print(f"{size:5} MB, {captures:6} captures: {seconds:6.1f} s, peak {peak:4.0f} MB")


def write(folder: Path, captures: int) -> int:
    """An archive of so many articles."""
    chance = random.Random(captures)
    with SiteWriter(site_folder(folder)) as writer:
        for number in range(1, captures + 1):
            capture = writer.capture(exchange(number, chance.randbytes(_PAGE)))
            writer.keep(address(number), article(number), capture)
    return captures


def export(folder: Path) -> tuple[float, float]:
    """Seconds and peak of memory (MB) of one export."""
    began = time.monotonic()
    command = [*COMMAND, "export", "--wacz", str(folder.parent / "archive.export.wacz")]
    subprocess.run(command, cwd=folder, env=environment(), check=True)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return time.monotonic() - began, peak


if __name__ == "__main__":
    main()
