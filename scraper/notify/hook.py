"""Runs the command of `on_end`, which gets the account of a crawl on its stdin."""

from __future__ import annotations

import json
import os
import signal
import subprocess  # nosec B404 # the command in sites.toml, without a shell
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from scraper.notify.account import CrawlAccount

_SHOWN = 500


def run(command: Sequence[str], account: CrawlAccount, folder: Path, seconds: float) -> str | None:
    """Run `command` in `folder`, with the account as one JSON object on its stdin. Returns None if
    it ended with 0, else why not. After `seconds` it is killed, with all it has started."""
    # Files, not pipes: a program that it leaves behind would hold a pipe open for ever.
    with tempfile.TemporaryFile() as told, tempfile.TemporaryFile() as said:
        told.write(json.dumps(account.to_object(), ensure_ascii=False).encode() + b"\n")
        told.seek(0)
        try:
            process = subprocess.Popen(  # nosec B603 # named by the user of the archive
                command,
                cwd=folder,
                stdin=told,
                stdout=said,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        except OSError as error:
            return f"{command[0]} cannot be started: {error.strerror}"
        try:
            code = process.wait(seconds)
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            return f"{command[0]} did not end within {seconds:g} seconds and was killed"
        said.seek(0)
        last = said.read()[-_SHOWN:].decode(errors="replace").strip()
    return f"{command[0]} ended with {code}: {last}" if code else None
