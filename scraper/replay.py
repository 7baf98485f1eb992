"""Replay: pywb shows the captured sites as they were, to this machine only.

pywb is run as a program and never imported: it needs an old brotli, while a crawl needs a safe new
one. So it may be installed in another environment.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess  # nosec B404 # the viewer, without a shell
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from archive.errors import BayganError, FolderError, UsageError
from archive.export.cdxj import captures
from archive.folder import SiteFolder
from archive.layout import finished_warcs

_HOST = "127.0.0.1"
# Older versions run a script that is hidden in a link (CVE-2021-39286).
_OLDEST = (2, 6)
_PATIENCE = 60.0
_MISSING = (
    "replay needs pywb 2.6 or newer, which is not installed. Give it an environment of its own:"
    " python3 -m venv ~/replay && ~/replay/bin/pip install 'baygan[replay]'"
    " and then: ~/replay/bin/baygan replay"
)


class Replay:
    """pywb over these sites on `port` (0: any free one).

    >>> show = Replay(archive.sites(), 8080)
    >>> with show.running():
    ...     print(show.address(archive.site("khabar")))
    """

    def __init__(self, sites: list[SiteFolder], port: int) -> None:
        self._sites = sites
        self._program = find_pywb()
        self.port = _free(port)

    def address(self, site: SiteFolder) -> str:
        """The web address at which all captures of `site` are listed."""
        return f"http://{_HOST}:{self.port}/{site.site.name}/*/{site.site.url.rstrip('/')}/*"

    @contextmanager
    def running(self) -> Iterator[subprocess.Popen[bytes]]:
        """Run pywb until the block ends, then delete its index and configuration. BayganError if
        it does not answer."""
        with tempfile.TemporaryDirectory(prefix="baygan-replay-") as name:
            folder = Path(name)
            self._prepare(folder)
            with (folder / "log").open("wb") as log:
                process = self._start(folder, log.fileno())
            try:
                self._wait(process, folder / "log")
                yield process
            finally:
                process.terminate()
                process.wait()

    def _prepare(self, folder: Path) -> None:
        """Write pywb's configuration and indexes to `folder`; FolderError if there is no room."""
        try:
            (folder / "config.yaml").write_text(json.dumps(self._config(folder)))
        except OSError as error:
            raise FolderError(
                f"cannot write the index of the captures to {folder}: {error.strerror}. The archive"
                " is safe. Make room, or name a folder with more of it in TMPDIR."
            ) from None

    def _start(self, folder: Path, log: int) -> subprocess.Popen[bytes]:
        # In a session of its own: Ctrl-C at the terminal must reach us and not pywb.
        return subprocess.Popen(  # nosec B603 # our own words, no shell
            [self._program, "-b", _HOST, "-p", str(self.port)],
            cwd=folder,
            env=os.environ | {"PYWB_CONFIG_FILE": str(folder / "config.yaml")},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )

    def _config(self, folder: Path) -> dict[str, object]:
        """pywb's configuration (JSON is YAML); the indexes it names are written to `folder`."""
        collections = {}
        for site in self._sites:
            files = finished_warcs(site.path)
            index = folder / f"{site.site.name}.cdxj"
            with index.open("w") as lines:
                lines.writelines(f"{line}\n" for line in captures(files))
            years = sorted({f"{file.parent}/" for file in files})
            collections[site.site.name] = {"index": str(index), "archive_paths": years}
        # With a frame the captured page would be inside a page of pywb.
        return {"collections": collections, "framed_replay": False}

    def _wait(self, process: subprocess.Popen[bytes], log: Path) -> None:
        """Wait until pywb takes connections; BayganError if it does not."""
        deadline = time.monotonic() + _PATIENCE
        while process.poll() is None and time.monotonic() < deadline:
            with socket.socket() as tried:
                if tried.connect_ex((_HOST, self.port)) == 0:
                    return
            time.sleep(0.05)
        raise BayganError(f"pywb did not start: {_last_line(log)}")


def find_pywb() -> str:
    """The path of pywb's program: beside this Python, else on PATH. UsageError if there is none, or
    it is too old."""
    beside = shutil.which("wayback", path=str(Path(sys.executable).parent))
    program = beside or shutil.which("wayback")
    if not program:
        raise UsageError(_MISSING)
    done = subprocess.run(  # nosec B603 # found beside us or in PATH
        [program, "--version"], capture_output=True, text=True
    )
    version = re.match(r"pywb (\d+)\.(\d+)", done.stdout)
    if not version or (int(version[1]), int(version[2])) < _OLDEST:
        raise UsageError(f"{program} is not pywb 2.6 or newer. {_MISSING}")
    return program


def _last_line(log: Path) -> str:
    said = log.read_text(errors="replace").strip().splitlines()
    return said[-1] if said else "it said nothing"


def _free(port: int) -> int:
    """`port` if nothing listens there, or any free one for 0."""
    with socket.socket() as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((_HOST, port))
        except OSError as error:
            raise UsageError(
                f"port {port} cannot be used: {error.strerror}. Name another with --port."
            ) from None
        return int(tried.getsockname()[1])
