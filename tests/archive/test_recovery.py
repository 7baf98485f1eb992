"""What a dead run leaves behind, at every byte it may have died at, and twice over."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from archive.errors import Damaged
from archive.files.finish import finish
from archive.files.torn_tails import cut_tail, last_newline
from archive.jsonl.articles import ArticleLines
from archive.layout import run_name
from archive.warc.reader import walk
from archive.warc.records import conversion_record
from archive.warc.writer import WarcSeries
from archive.writer.batch import BATCH
from archive.writer.recovery import recover_warcs
from archive.writer.site_writer import SiteWriter
from tests.archive.material import archived, ids, keep, kill, site_folder, tree
from tests.archive.test_warc import STARTED
from tests.warc_reader import findings, read, read_folder

RESPONSE = "urn:uuid:00000000-0000-4000-8000-000000000000"


@pytest.fixture
def torn(tmp_path: Path) -> tuple[Path, list[int]]:
    """A file of three records as it is while being written, and where its members end."""
    writer = WarcSeries(
        tmp_path / "site",
        "text",
        run_name("k", STARTED, "0"),
        STARTED,
        lambda: {"software": "test"},
    )
    for number in range(2):
        record = conversion_record("http://k.example/", f"متن {number}", RESPONSE, STARTED)
        writer.append([record])
    writer.drop()
    [path] = tmp_path.rglob("*.open")
    return path, [offset + length for offset, length in (placed.place for placed in walk(path))]


def test_the_last_record_cut_at_every_byte(torn: tuple[Path, list[int]], tmp_path: Path) -> None:
    path, ends = torn
    whole = path.read_bytes()
    assert ends[-1] == len(whole)
    final = path.with_name(path.name.removesuffix(".open"))
    for cut in range(ends[-2] + 1, ends[-1]):
        quarantine = tmp_path / "quarantine"
        path.write_bytes(whole[:cut])
        assert recover_warcs(tmp_path / "site", quarantine) == [final]
        assert final.read_bytes() == whole[: ends[-2]]
        assert len(list(read(final))) == len(ends) - 1
        [aside] = quarantine.iterdir()
        assert aside.read_bytes() == whole[ends[-2] : cut]
        before = tree(tmp_path)
        assert recover_warcs(tmp_path / "site", quarantine) == []
        assert tree(tmp_path) == before
        final.unlink()
        shutil.rmtree(quarantine)


@pytest.mark.parametrize("junk", [b"\0" * 5000, os.urandom(5000), b"\x1f\x8b\x08"], ids=len)
def test_what_a_power_cut_leaves_behind_the_last_record(
    torn: tuple[Path, list[int]], tmp_path: Path, junk: bytes
) -> None:
    path, _ = torn
    whole = path.read_bytes()
    path.write_bytes(whole + junk)
    [final] = recover_warcs(tmp_path / "site", tmp_path / "quarantine")
    assert final.read_bytes() == whole
    assert [aside.read_bytes() for aside in (tmp_path / "quarantine").iterdir()] == [junk]


def test_a_file_cut_in_its_first_record_goes_away(
    torn: tuple[Path, list[int]], tmp_path: Path
) -> None:
    path, _ = torn
    head = path.read_bytes()[:40]
    path.write_bytes(head)
    assert recover_warcs(tmp_path / "site", tmp_path / "quarantine") == []
    assert [p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()] == [head]


def test_a_run_that_died_between_the_two_names(
    torn: tuple[Path, list[int]], tmp_path: Path
) -> None:
    path, _ = torn
    whole, final = path.read_bytes(), path.with_name(path.name.removesuffix(".open"))
    os.link(path, final)
    assert recover_warcs(tmp_path / "site", tmp_path / "quarantine") == [final]
    assert (path.exists(), final.read_bytes()) == (False, whole)


def test_a_run_that_died_before_it_gave_the_name(torn: tuple[Path, list[int]]) -> None:
    path, _ = torn
    whole = path.read_bytes()
    assert finish(path).read_bytes() == whole


LINES = '{"title": "یک"}\n{"title": "دو"}\n'.encode()


def test_the_last_line_cut_at_every_byte(tmp_path: Path) -> None:
    path, quarantine = tmp_path / "articles" / "2026-11.jsonl", tmp_path / "quarantine"
    path.parent.mkdir()
    first = LINES.index(b"\n") + 1
    for cut in range(first + 1, len(LINES)):
        path.write_bytes(LINES[:cut])
        for _ in range(2):
            ArticleLines(path.parent).cut_torn_ends(quarantine, {})
            assert path.read_bytes() == LINES[:first]
            [aside] = quarantine.iterdir()
            assert aside.read_bytes() == LINES[first:cut]
        aside.unlink()


@pytest.mark.parametrize("tail", [b"\0" * 4096, b'{"a"' + b"\0" * 70_000], ids=len)
def test_zeros_behind_the_last_line(tmp_path: Path, tail: bytes) -> None:
    path = tmp_path / "2026-11.jsonl"
    path.write_bytes(LINES + tail)
    assert last_newline(path) == len(LINES)
    assert cut_tail(path, len(LINES), tmp_path / "q") == len(tail)
    assert path.read_bytes() == LINES
    assert [each.read_bytes() for each in (tmp_path / "q").iterdir()] == [tail]


def test_tails_of_the_same_place_are_all_kept(tmp_path: Path) -> None:
    path, quarantine = tmp_path / "2026-11.jsonl", tmp_path / "q"
    for tail in (b"one", b"two", b"two", b"six"):
        path.write_bytes(LINES + tail)
        cut_tail(path, len(LINES), quarantine)
    assert sorted(each.read_bytes() for each in quarantine.iterdir()) == [b"one", b"six", b"two"]


@pytest.mark.parametrize("cut", [1, 200, 600])
def test_the_next_night_goes_on_behind_a_torn_one(tmp_path: Path, cut: int) -> None:
    site = site_folder(tmp_path)
    writer = SiteWriter(site)
    keep(writer, *range(1, BATCH + 1))
    keep(writer, BATCH + 1)
    kill(writer)
    [path] = site.path.rglob("warc/*/*.open")
    os.truncate(path, path.stat().st_size - cut)
    with SiteWriter(site) as writer:
        keep(writer, BATCH + 1)
    assert findings(read_folder(site.path)) == []
    assert len(ids(site)) == len(set(ids(site))) == BATCH + 1
    assert list(site.quarantine.iterdir())


def test_what_lines_name_is_never_cut_away(tmp_path: Path) -> None:
    """A hole in front of acknowledged records is damage, not a torn tail."""
    site = site_folder(tmp_path)
    writer = SiteWriter(site)
    keep(writer, *range(1, BATCH + 1))
    kill(writer)
    [path] = site.path.rglob("warc/*/*.open")
    [_, _, (_, (offset, _)), *_] = walk(path)
    with path.open("r+b") as file:
        file.seek(offset + 20)
        file.write(b"\0" * 40)
    before = tree(tmp_path)
    for _ in range(2):
        with pytest.raises(Damaged, match=f"broken at byte {offset}"):
            SiteWriter(site)
        assert tree(tmp_path) == before


def test_recovery_leaves_a_finished_archive_alone(tmp_path: Path) -> None:
    site = archived(tmp_path, 1, 2, 3)
    before = tree(site.path / "warc") | tree(site.path / "articles")
    assert recover_warcs(site.path, site.quarantine) == []
    site.lines.cut_torn_ends(site.quarantine, {})
    assert tree(site.path / "warc") | tree(site.path / "articles") == before
    assert not site.quarantine.exists()
