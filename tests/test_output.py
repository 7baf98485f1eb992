"""What a command prints and cannot be written is told in one paragraph, whichever command it is
and however it fails; a reader that has gone is no news."""

from __future__ import annotations

import os
import shlex
import socket
import subprocess
from pathlib import Path

import pytest

from archive.writer.site_writer import SiteWriter
from tests.archive.material import address, article, exchange, site_folder, tree
from tests.newsroom.newsroom import Newsroom
from tests.process import COMMAND, Baygan, environment

ARTICLE = "khabar/post/1"
PAGE = f"<!DOCTYPE html><html lang='fa'><body><article><h1>سیل</h1><p>{'باران آمد. ' * 99}</p>"
COMMANDS = (
    ("export",),
    ("export", "--fields", "id"),
    ("export", "--csv"),
    ("export", "--csv", "--bom"),
    ("export", "--cdxj"),
    ("show", ARTICLE),
    ("show", "--html", ARTICLE),
    ("show", "--warc", ARTICLE),
    ("show", "--json", ARTICLE),
    ("show", "--versions", ARTICLE),
    ("diff", ARTICLE),
    ("diff", "--html", ARTICLE),
    ("status",),
    ("status", "--json"),
    ("check", "--json"),
    ("clean",),
    ("clean", "--json"),
    ("clean", "--jsonl"),
    ("rebuild", "--dry-run", "--workers", "0"),
    ("--help",),
    ("export", "--help"),
    ("--version",),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of one site, with an article of two versions and a larger one."""
    site = site_folder(tmp_path_factory.mktemp("streams") / "archive")
    for words in ("باران آمد.", "باران نیامد."):
        with SiteWriter(site) as writer:
            writer.keep(address(1), article(1, words), writer.capture(exchange(1, words.encode())))
    with SiteWriter(site) as writer:
        large = "برف بارید. " * 20_000
        writer.keep(address(2), article(2, large), writer.capture(exchange(2, os.urandom(1 << 20))))
    return site.archive.path


def printed_to(target: int, folder: Path, *arguments: str) -> tuple[int, str]:
    """The exit code and stderr of baygan with the descriptor `target` for its stdout."""
    done = subprocess.run(
        [*COMMAND, *arguments],
        input=PAGE.encode(), stdout=target, stderr=subprocess.PIPE, cwd=folder,
        env=environment(), timeout=60,
    )  # fmt: skip
    return done.returncode, done.stderr.decode()


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_a_full_disk_is_told_in_a_paragraph(folder: Path, arguments: tuple[str, ...]) -> None:
    before = tree(folder / "khabar")
    with Path("/dev/full").open("wb") as full:
        code, told = printed_to(full.fileno(), folder, *arguments)
    [line] = told.splitlines()
    assert line.startswith("Error: cannot write the output to /dev/full: No space left on device.")
    assert "the archive is safe" in line
    assert code == 1
    assert tree(folder / "khabar") == before


@pytest.mark.parametrize("arguments", COMMANDS[::4], ids=" ".join)
def test_a_reader_that_has_gone_is_no_news(folder: Path, arguments: tuple[str, ...]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        assert printed_to(writing, folder, *arguments) == (1, "")
    finally:
        os.close(writing)


def test_a_reader_may_go_in_the_middle(folder: Path) -> None:
    for arguments in ("export", "show --html khabar/post/2", "show khabar/post/2"):
        done = in_shell(folder, f"{arguments} | head -c 1 > /dev/null; exit ${{PIPESTATUS[0]}}")
        assert (done.returncode, done.stderr) == (1, b"")


def test_a_stdout_that_is_closed_or_not_for_writing(folder: Path) -> None:
    """The first file that is opened would get the closed one's number: index.db, say."""
    before = tree(folder / "khabar")
    for redirection in (">&-", "1</dev/null", "<&- >&-"):
        for arguments in ("export", "show --html khabar/post/2"):
            done = in_shell(folder, f"{arguments} {redirection}")
            [line] = done.stderr.decode().splitlines()
            assert "cannot write the output to standard output: Bad file descriptor." in line
            assert done.returncode == 1
    assert tree(folder / "khabar") == before


def test_a_stderr_that_cannot_be_written_changes_no_exit_code(folder: Path) -> None:
    whole = in_shell(folder, "export")
    for redirection in ("2>/dev/full", "2>&-", "2</dev/null"):
        assert in_shell(folder, f"show nothing {redirection}").returncode == 2
        assert in_shell(folder, f"shwo {redirection}").returncode == 2
        assert in_shell(folder, f"export > /dev/full {redirection}").returncode == 1
        done = in_shell(folder, f"export {redirection}")
        assert (done.returncode, done.stdout) == (0, whole.stdout)


def in_shell(folder: Path, arguments: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        ["bash", "-c", f"{shlex.join(COMMAND)} {arguments}"],
        capture_output=True, cwd=folder, env=environment(), timeout=60,
    )  # fmt: skip


def test_a_limit_on_the_size_of_files(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    done = in_shell(folder, f"--version; ulimit -f 128; {shlex.join(COMMAND)} export > {out}")
    assert done.returncode == 1
    assert f"cannot write the output to {out}: File too large." in done.stderr.decode()


def test_a_pipe_that_does_not_wait_is_waited_for(folder: Path) -> None:
    """Such is the stdout that node and some terminals pass on."""
    whole = in_shell(folder, "export").stdout
    ours, theirs = socket.socketpair()
    theirs.setblocking(False)
    with ours, theirs:
        process = subprocess.Popen(
            [*COMMAND, "export"], stdout=theirs.fileno(), cwd=folder, env=environment()
        )
        theirs.close()
        got = bytearray()
        while data := ours.recv(4096):
            got += data
        assert process.wait(60) == 0
    assert bytes(got) == whole


def test_a_night_whose_report_cannot_be_printed_is_kept(baygan: Baygan, newsroom: Newsroom) -> None:
    with Path("/dev/full").open("wb") as full:
        for arguments in (("crawl", "--dry-run"), ("crawl", "--json")):
            code, told = printed_to(full.fileno(), baygan.folder, *arguments)
            assert code == 1
            assert "No space left on device" in told
            assert "Traceback" not in told
    [state] = baygan("status", "--json").lines
    assert state["articles"] == len(newsroom.site.listed())
    assert baygan("check").code == 0
