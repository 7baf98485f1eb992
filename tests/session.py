"""The sessions of the documents, run for real: `python -m tests.session` writes their output anew.

The commands stand in the first `console` block of each page; the newsroom they speak of is at
ADDRESS.
"""

from __future__ import annotations

import os
import re
import shlex
import tempfile
from pathlib import Path

from tests.newsroom.newsroom import Newsroom
from tests.newsroom.site import Site
from tests.process import COMMAND, REPOSITORY, on_terminal

README = REPOSITORY / "README.md"
SESSIONS = (README, *(REPOSITORY / "docs" / name for name in ("search.md", "report.md")))
ADDRESS = "http://127.0.0.1:8017/"
POSTS = 8
_BLOCK = re.compile(r"(?<=^```console\n).*?(?=^```$)", re.MULTILINE | re.DOTALL)
# From hiding the cursor to erasing the line: a bar that a person sees come and go.
_BAR = re.compile("\x1b\\[\\?25l.*?\x1b\\[\\?25h\r\x1b\\[1A\x1b\\[2K", re.DOTALL)
_VARIABLE = {
    r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d(\.\d+)?Z)?": "<time>",
    r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}": "<uuid>",
    r"(?:sha256:|\b)[0-9a-f]{64}\b": "<digest>",
    r"(?<=urldate      = \{)\d{4}-\d\d-\d\d": "<day>",
}


def printed(page: Path = README) -> str:
    """The session as the page prints it."""
    found = _BLOCK.search(page.read_text())
    assert found
    return found[0]


def played(session: str) -> str:
    """The same commands with what they say now, typed one after the other at a terminal."""
    commands = [line[2:] for line in session.splitlines() if line.startswith("$ ")]
    echoed = [f"echo {shlex.quote('$ ' + command)}\n{command}\n" for command in commands]
    with Newsroom(Site(POSTS)) as room, tempfile.TemporaryDirectory() as folder:
        program = Path(folder) / "bin" / "baygan"
        program.parent.mkdir()
        program.write_text(f'#!/bin/sh\nexec {shlex.join(COMMAND)} "$@"\n')
        program.chmod(0o755)
        path = {"PATH": f"{program.parent}:{os.environ['PATH']}", "NO_COLOR": "1"}
        script = "".join(echoed).replace(ADDRESS, room.url)
        seen = on_terminal(["sh", "-c", script], Path(folder), path, both=True).err
        return _BAR.sub("", seen).replace(room.url, ADDRESS).replace("\r", "")


def masked(session: str) -> str:
    """`session` without what differs from run to run: instants, random names, digests."""
    for pattern, name in _VARIABLE.items():
        session = re.sub(pattern, name, session)
    return session


if __name__ == "__main__":
    for page in SESSIONS:
        page.write_text(page.read_text().replace(printed(page), played(printed(page))))
