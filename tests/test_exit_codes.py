"""Each command's help and manual page tell its exit codes, and those are what it ends with."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.files.lock import Lock
from scraper.cli import COMMANDS
from scraper.exit_codes import BUSY, DAMAGE, OF_COMMANDS, WRONG_USE, exit_status
from tests.archive.material import archived
from tests.process import REPOSITORY, Baygan

ARGUMENTS = {
    "add": ("http://127.0.0.1:9/", "--allow-private"),
    "probe": ("http://127.0.0.1:9/", "--allow-private"),
    "show": ("khabar/post/1",),
    "diff": ("khabar/post/1",),
    "search": ("خبر",),
    "import": ("sites.toml", "--site", "khabar"),
    "clean": ("sites.toml",),
    "rename": ("khabar", "akhbar"),
    "remove": ("khabar",),
    "completion": ("bash",),
    "report": ("--out", "report.html"),
}
# These do without an archive.
FREE = ("init", "probe", "clean", "doctor", "completion")


@pytest.fixture
def baygan(tmp_path: Path) -> Iterator[Baygan]:
    """An archive with two articles, of a site that nothing answers for."""
    site = archived(tmp_path / "archive", 1, 2)
    toml = site.archive.path / "sites.toml"
    toml.write_text('[sites.khabar]\nurl = "http://127.0.0.1:9/"\nallow_private = true\n')
    yield Baygan(site.archive.path)


def documented(command: str) -> set[int]:
    return set(OF_COMMANDS[command])


def test_every_command_has_its_codes() -> None:
    assert list(OF_COMMANDS) == list(COMMANDS)
    every = {int(code) for code in re.findall(r"^  (\d+) ", exit_status(), re.MULTILINE)}
    for command in COMMANDS:
        assert documented(command) <= every
        assert WRONG_USE in documented(command)


@pytest.mark.parametrize("command", COMMANDS)
def test_help_and_manual_page_show_them(command: str, tmp_path: Path) -> None:
    help_text = Baygan(tmp_path)(command, "--help").out
    shown = help_text.partition("Exit status:\n")[2]
    assert {int(code) for code in re.findall(r"^ +(\d+) ", shown, re.MULTILINE)} == documented(
        command
    )
    assert max(map(len, help_text.splitlines())) <= 80
    page = (REPOSITORY / "docs" / "man" / f"baygan-{command}.1").read_text()
    assert ".SH EXIT STATUS\n" in page


@pytest.mark.parametrize("command", COMMANDS)
def test_what_each_ends_with(command: str, baygan: Baygan, tmp_path: Path) -> None:
    arguments = ARGUMENTS.get(command, ())
    assert baygan(command, "--no-such-option").code == WRONG_USE
    if command not in FREE:
        outside = tmp_path / "outside"
        outside.mkdir()
        (outside / "sites.toml").mkdir()
        assert Baygan(outside)(command, *arguments).code in documented(command) - {0}
    # A viewer that is installed would run until Ctrl-C.
    assert baygan(command, *arguments, PATH="/usr/bin:/bin").code in documented(command)


@pytest.mark.parametrize("command", [c for c in COMMANDS if BUSY in OF_COMMANDS[c]])
def test_another_run_holds_the_site(command: str, baygan: Baygan) -> None:
    lock = Lock(baygan.folder / "khabar" / ".lock")
    try:
        assert baygan(command, *ARGUMENTS.get(command, ())).code in (BUSY, WRONG_USE)
        # An import looks at its files before, a pull at the store (tests/test_pull.py).
        assert (
            command in ("import", "pull")
            or baygan(command, *ARGUMENTS.get(command, ())).code == BUSY
        )
    finally:
        lock.close()


@pytest.mark.parametrize("command", ["show", "diff", "export", "count", "check", "rebuild"])
def test_damage(command: str, baygan: Baygan) -> None:
    for path in baygan.folder.glob("khabar/*/*/*.warc.gz"):
        path.write_bytes(path.read_bytes()[:-40])
    for path in baygan.folder.glob("khabar/articles/*.jsonl"):
        path.write_bytes(path.read_bytes().replace(b'"title"', b'"tit\x00e"'))
    done = baygan(command, *ARGUMENTS.get(command, ()))
    assert done.code in documented(command) - {0}
    if command in ("show", "check", "rebuild"):
        assert done.code == DAMAGE
    assert "Traceback" not in done.err
