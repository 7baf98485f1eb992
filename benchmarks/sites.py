"""Many sites in one run: all complete, how much memory that takes, and how many files are open.

python -m benchmarks.sites [--sites N] [--posts N] [--files N]

Each site is a newsroom at an address of its own on loopback, so that none waits for another's
pace. The process may have `--files` files open (1024 as is usual), and it cannot raise that. Memory
is the sum of what each process of the run holds alone and its share of what several hold (PSS),
looked at four times a second. Printed besides: the exit code, the verdicts, and how long cron's
mail would be.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import tempfile
import time
from collections import Counter
from contextlib import ExitStack, suppress
from pathlib import Path

from benchmarks.throughput import BAYGAN, REPOSITORY
from tests.newsroom.newsroom import Newsroom
from tests.newsroom.site import Site

MIB = 1 << 20


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sites")
    parser.add_argument("--sites", type=int, default=500, metavar="N")
    parser.add_argument("--posts", type=int, default=4, metavar="N", help="of each site")
    parser.add_argument("--files", type=int, default=1024, metavar="N", help="as ulimit -n")
    options = parser.parse_args()
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        rooms = [
            stack.enter_context(Newsroom(Site(options.posts), host=host(number), record=False))
            for number in range(options.sites)
        ]
        tables = (f'[sites.site-{n:03}]\nurl = "{room.url}"\n' for n, room in enumerate(rooms))
        (folder / "sites.toml").write_text(
            "[defaults]\nallow_private = true\ndelay = 0.1\n" + "".join(tables)
        )
        for night in (1, 2):
            print(f"night {night}: {crawl(folder, options.files)}", flush=True)


def host(number: int) -> str:
    """An address of loopback for one site."""
    return f"127.77.{number // 250}.{number % 250 + 1}"


def crawl(folder: Path, files: int) -> str:
    """Crawl all sites; what it took, in a line."""
    began = time.perf_counter()
    with (folder / "told").open("w") as out, (folder / "mail").open("w") as err:
        process = subprocess.Popen(
            [*BAYGAN, "crawl", "--json"],
            cwd=folder,
            env={"PYTHONPATH": str(REPOSITORY)},
            stdout=out,
            stderr=err,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (files, files)),
        )
    memory = most_files = 0
    while process.poll() is None:
        memory = max(memory, sum(map(held, tree(process.pid))))
        with suppress(OSError):
            most_files = max(most_files, len(list(Path(f"/proc/{process.pid}/fd").iterdir())))
        time.sleep(0.25)
    told, mail = (path.read_text() for path in (folder / "told", folder / "mail"))
    verdicts = Counter(json.loads(line)["verdict"] for line in told.splitlines())
    seconds = time.perf_counter() - began
    return (
        f"exit {process.returncode}, {dict(verdicts)}, {seconds:.0f} s, {memory / MIB:.0f} MiB,"
        f" {most_files} files open, {len(mail.splitlines())} lines of mail"
    )


def tree(root: int) -> list[int]:
    """The process `root` and all below it."""
    found = [root]
    for parent in found:
        with suppress(OSError):
            children = Path(f"/proc/{parent}/task/{parent}/children").read_text()
            found += map(int, children.split())
    return found


def held(process: int) -> int:
    """The bytes of memory that count for `process`; 0 if it has ended."""
    with suppress(OSError):
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
        return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
    return 0


if __name__ == "__main__":
    main()
