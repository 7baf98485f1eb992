"""Archives that somebody else has prepared: nothing is written through a link, nothing read where
a path climbs out."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.errors import Damaged, FolderError
from archive.files.lock import Lock
from archive.layout import LOCK, find_warc
from tests.process import Baygan

WORDS = "somebody else's words\n"


@pytest.fixture
def victim(tmp_path: Path) -> Path:
    """A folder with a file, outside the archive."""
    folder = tmp_path / "home"
    folder.mkdir()
    (folder / "file").write_text(WORDS)
    return folder


@pytest.mark.parametrize(
    ("place", "to"),
    [
        ("khabar", "."),
        ("khabar/.lock", "file"),
        ("khabar/runs.jsonl", "file"),
        ("khabar/removals.jsonl", "nothing"),
        ("khabar/index.db-wal", "file"),
        ("khabar/articles", "."),
        ("khabar/articles/2026-11.jsonl", "file"),
        ("khabar/warc/2026", "."),
        ("quarantine", "."),
        ("quarantine/khabar", "."),
    ],
)
def test_no_writer_gets_past_a_link(place: str, to: str, victim: Path, tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    link = archive / place
    link.parent.mkdir(parents=True)
    link.symlink_to(victim / to)
    (archive / "khabar").mkdir(exist_ok=True)
    with pytest.raises(FolderError, match="is a symbolic link"):
        Lock(archive / "khabar" / LOCK)
    assert [path.name for path in victim.iterdir()] == ["file"]
    assert (victim / "file").read_text() == WORDS


@pytest.mark.parametrize("place", ["logs", "logs/2020-01-01.log.gz.new", "khabar/manifest.jsonl"])
def test_a_crawl_says_which_link_it_is(place: str, victim: Path, tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    (archive / place).parent.mkdir(parents=True, exist_ok=True)
    (archive / place).symlink_to(victim if place == "logs" else victim / "file")
    (archive / "sites.toml").write_text('[sites.khabar]\nurl = "http://127.0.0.1:1/"\n')
    done = Baygan(archive)("crawl")
    assert (done.code, done.out) == (1, "")
    assert f"{archive / place} is a symbolic link" in done.err
    assert "Traceback" not in done.err
    assert (victim / "file").read_text() == WORDS


def test_an_archive_may_be_reached_by_a_link(tmp_path: Path) -> None:
    (tmp_path / "disk/khabar").mkdir(parents=True)
    (tmp_path / "archive").symlink_to(tmp_path / "disk")
    Lock(tmp_path / "archive/khabar" / LOCK).close()


@pytest.mark.parametrize(
    "file",
    ["../../secret.warc.gz", "/etc/passwd", "warc/../../secret.warc.gz", "warc/2026/../x", "x"],
)
def test_a_line_that_climbs_out_is_not_followed(file: str, tmp_path: Path) -> None:
    with pytest.raises(Damaged, match="is no WARC file of this site"):
        find_warc(tmp_path / "khabar", file)
