"""The sessions of the documents, run for real: `python -m tests.session` writes their output anew.

The commands stand in the `console` blocks of a page, which together are one session; the newsroom
they speak of is at ADDRESS, one that copies from it at COPYING, and a store at STORE. A session
that does not begin with `baygan init` goes on in an archive that has all of the newsroom.
"""

from __future__ import annotations

import os
import re
import shlex
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from tests.cluster.machines import Machines
from tests.copying_site import copying_site
from tests.newsroom.newsroom import Newsroom
from tests.newsroom.site import Site
from tests.process import COMMAND, REPOSITORY, on_terminal
from tests.store import store

README = REPOSITORY / "README.md"
NAMES = (
    "start",
    "nights",
    "many-sites",
    "cluster",
    "reading",
    "search",
    "copies",
    "report",
    "storage",
    "fa",
)
SESSIONS = (README, *(REPOSITORY / "docs" / f"{name}.md" for name in NAMES))
ADDRESS = "http://127.0.0.1:8017/"
# A host of its own, so that its pages need not wait for those of the other.
COPYING = "http://127.0.0.2:8018/"
# A page that speaks of it has a scheduler there, with a worker.
CLUSTER = "tcp://127.0.0.1:8786"
# A store with an empty bucket, for a session that names it.
STORE, BUCKET = "http://127.0.0.1:9000", "archives"
POSTS = 8
BLOCK = re.compile(r"(?<=^```console\n).*?(?=^```$)", re.MULTILINE | re.DOTALL)
_COMMAND = re.compile(r"^\$ ", re.MULTILINE)
_BEFORE = (
    "{ baygan init persian-news && cd persian-news"
    f" && baygan add {ADDRESS} --name bamdad --allow-private"
    " && echo 'delay = 0' >> sites.toml && baygan crawl; } > /dev/null 2>&1\n"
)
# From hiding the cursor to erasing the line, or to the next one: a bar that a person sees grow.
_BAR = re.compile(
    "\x1b\\[\\?25l.*?\x1b\\[\\?25h(?:\r(?:\x1b\\[1A\x1b\\[2K)+|\n(?=\\w+: ))", re.DOTALL
)
_VARIABLE = {
    r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d(\.\d+)?Z)?": "<time>",
    r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}": "<uuid>",
    r"(?:sha256:|\b)[0-9a-f]{64}\b": "<digest>",
    r"(?<=urldate      = \{)\d{4}-\d\d-\d\d": "<day>",
    r'(?<="run": ")[0-9a-f]{8}': "<run>",
    r"\d+ records in \d+ files \([\d.]+ MB\)": "<size>",
    r"(?<= sent )\([\d.]+ MB\)|(?<= already )\([\d.]+ MB\)": "<size>",
    r"(?<= files )\([\d.]+ MB\)(?= are only in)": "<size>",
}


def printed(page: Path = README) -> str:
    """The session as the page prints it."""
    found = BLOCK.findall(page.read_text())
    assert found
    return "".join(found)


def played(session: str) -> str:
    """The same commands with what they say now, typed one after the other at a terminal."""
    commands = [line[2:] for line in session.splitlines() if line.startswith("$ ")]
    echoed = [f"echo {shlex.quote('$ ' + command)}\n{command}\n" for command in commands]
    if not session.startswith("$ baygan init"):
        echoed.insert(0, _BEFORE)
    first = Site(POSTS)
    with (
        Machines(1) if CLUSTER in session else nullcontext() as machines,
        Newsroom(first) as room,
        Newsroom(copying_site(first), host="127.0.0.2") as other,
        tempfile.TemporaryDirectory() as folder,
    ):
        # A page must not tell in which order answers come: that is up to the network.
        for site in (room, other):
            site.be("uneven")
        program = Path(folder) / "bin" / "baygan"
        program.parent.mkdir()
        program.write_text(f'#!/bin/sh\nexec {shlex.join(COMMAND)} "$@"\n')
        program.chmod(0o755)
        path = {"PATH": f"{program.parent}:{os.environ['PATH']}", "NO_COLOR": "1"}
        path["XDG_CACHE_HOME"] = str(Path(folder) / "cache")
        script = "".join(echoed).replace(ADDRESS, room.url).replace(COPYING, other.url)
        if machines:
            script = script.replace(CLUSTER, machines.address)
        with _store(session, Path(folder)) as address:
            script = script.replace(STORE, address)
            seen = on_terminal(["sh", "-c", script], Path(folder), path, both=True).err
            seen = seen.replace(address, STORE)
        seen = _BAR.sub("", seen).replace(room.url, ADDRESS).replace(other.url, COPYING)
        if machines:
            seen = seen.replace(machines.address, CLUSTER)
        return seen.replace("\r", "")


@contextmanager
def _store(session: str, folder: Path) -> Iterator[str]:
    """The address of a store, if the session names one."""
    if STORE not in session:
        yield STORE
        return
    with store(folder) as running:
        running.bucket(BUCKET)
        yield running.url


def masked(session: str) -> str:
    """`session` without what differs from run to run: instants, random names, digests."""
    for pattern, name in _VARIABLE.items():
        session = re.sub(pattern, name, session)
    return session


def renewed(page: Path) -> str:
    """The page with what its commands say now, each in its block."""
    steps = iter(_COMMAND.split(played(printed(page)))[1:])

    def block(found: re.Match[str]) -> str:
        return "".join(f"$ {next(steps)}" for _ in _COMMAND.findall(found[0]))

    return BLOCK.sub(block, page.read_text())


if __name__ == "__main__":
    for page in SESSIONS:
        page.write_text(renewed(page))
