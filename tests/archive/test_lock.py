"""One run a site: the second goes away at once, and nobody's death leaves a lock."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from archive.errors import ArchiveBusy, FolderError
from archive.files.lock import Lock
from archive.writer.site_writer import SiteWriter
from tests.archive.material import archived, ids, keep, tree
from tests.process import REPOSITORY, Baygan, Outcome

HOLD = """
import sys, time
from archive.folder import Archive
from archive.writer.site_writer import SiteWriter
writer = SiteWriter(Archive(sys.argv[1]).site(sys.argv[2]))
print("held", flush=True)
time.sleep(60)
"""


def holder(folder: Path, site: str) -> subprocess.Popen[str]:
    """A process that holds the site until it is killed."""
    command = [sys.executable, "-c", HOLD, str(folder), site]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=REPOSITORY, text=True)
    assert process.stdout and process.stdout.readline() == "held\n"
    return process


def end(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGKILL)
    process.communicate()


def timed(baygan: Baygan, *arguments: str) -> tuple[Outcome, float]:
    """How a run ended, and the seconds that it took."""
    started = time.monotonic()
    done = baygan(*arguments)
    return done, time.monotonic() - started


def test_the_second_run_leaves_at_once_and_writes_nothing(baygan: Baygan) -> None:
    process = holder(baygan.folder, "news")
    try:
        before = tree(baygan.folder / "news")
        _, usual = timed(baygan, "--version")
        done, took = timed(baygan, "crawl")
        assert process.poll() is None
        assert tree(baygan.folder / "news") == before
    finally:
        end(process)
    assert done.code == 5
    assert f"(pid {process.pid}, since " in done.err and "--wait" in done.err
    assert done.err.count("\n") == 1
    assert took < 2 + usual, "it waited, longer than a slow machine takes to start"
    assert baygan("crawl").code == 0, "a lock outlived its process"


def test_waiting_for_the_other_run(baygan: Baygan) -> None:
    process = holder(baygan.folder, "news")
    timer = threading.Timer(2.5, process.kill)
    timer.start()
    done, took = timed(baygan, "crawl", "--wait", "60s")
    timer.join()
    process.communicate()
    assert (done.code, done.err) == (0, "")
    assert 2 < took < 30


def test_another_site_of_the_archive_is_free(tmp_path: Path) -> None:
    first = archived(tmp_path, 1)
    with (tmp_path / "sites.toml").open("a") as toml:
        toml.write('[sites.other]\nurl = "http://other.example/"\n')
    process = holder(tmp_path, "other")
    try:
        with SiteWriter(first) as writer:
            keep(writer, 2)
        assert ids(first) == ["khabar/post/1", "khabar/post/2"]
    finally:
        end(process)


def test_the_lock_is_free_after_every_kill(tmp_path: Path) -> None:
    archived(tmp_path)
    for _ in range(5):
        end(holder(tmp_path, "khabar"))
    Lock(tmp_path / "khabar" / ".lock").close()


def test_one_of_many_threads_gets_it(tmp_path: Path) -> None:
    path = tmp_path / ".lock"
    first = Lock(path)
    for _ in range(50):
        with pytest.raises(ArchiveBusy, match="at work on"):
            Lock(path)
    first.close()
    first.close()
    Lock(path).close()


def test_a_lock_that_cannot_be_made(tmp_path: Path) -> None:
    with pytest.raises(FolderError, match="cannot write"):
        Lock(tmp_path / "missing" / ".lock")
