"""A night's order of writing: what stands after each step if the run dies there."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from archive.errors import BayganError
from archive.warc.reader import read_record
from archive.writer.batch import BATCH
from archive.writer.site_writer import SiteWriter
from tests.archive.material import archived, exchange, ids, keep, kill, site_folder
from tests.process import REPOSITORY
from tests.warc_reader import Record, findings, read_folder


def texts(folder: Path) -> list[Record]:
    return [record for record in read_folder(folder) if record.kind == "conversion"]


def test_a_batch_is_acknowledged_as_a_whole(tmp_path: Path) -> None:
    site = site_folder(tmp_path)
    with SiteWriter(site) as writer:
        keep(writer, *range(1, BATCH))
        assert (writer.run.counts.new, ids(site)) == (0, [])
        keep(writer, BATCH)
        assert (writer.run.counts.new, len(ids(site))) == (BATCH, BATCH)
        keep(writer, BATCH + 1)
        writer.flush()
        assert len(ids(site)) == BATCH + 1


def test_a_line_leads_to_its_page_and_to_its_text(tmp_path: Path) -> None:
    site = archived(tmp_path, 1, 2)
    by_reference = {record.get("WARC-Refers-To"): record for record in texts(site.path)}
    for line in site.articles():
        stored = read_record(site.path, line["warc"])
        assert stored.page() == b"<p>salaam</p>"
        text = by_reference[f"<{line['warc']['record_id']}>"]
        assert text.block.decode() == f"{line['title']}\n\n{line['text']}"
        assert text.uri == line["url"]


def cut_index(site: Path) -> None:
    """As if the run had died between the lines and the index."""
    for path in site.glob("index.db*"):
        path.unlink()


def cut_text(site: Path) -> None:
    """As if it had died between the lines and their text records."""
    cut_index(site)
    for path in site.glob("text/*/*"):
        path.unlink()


def cut_in_text(site: Path) -> None:
    """As if it had died inside a text record."""
    cut_index(site)
    [path] = site.glob("text/*/*")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def cut_line(site: Path) -> None:
    """As if it had died inside a line; no text record is written before the last line is."""
    cut_text(site)
    [path] = site.glob("articles/*")
    path.write_bytes(path.read_bytes()[:-100])


@pytest.mark.parametrize(
    "died", [cut_index, cut_text, cut_in_text, cut_line], ids=lambda died: died.__name__
)
def test_a_run_that_died_inside_a_batch(tmp_path: Path, died: Callable[[Path], None]) -> None:
    site = site_folder(tmp_path)
    writer = SiteWriter(site)
    keep(writer, *range(1, BATCH + 1))
    kill(writer)
    died(site.path)
    for _ in range(2):
        with SiteWriter(site) as writer:
            # The crawl asks for what is not kept; for the rest it is a duplicate.
            keep(writer, *range(1, BATCH + 3))
        assert ids(site) == [f"khabar/post/{n}" for n in range(1, BATCH + 3)]
        written = [record.get("WARC-Refers-To") for record in texts(site.path)]
        lines = [f"<{line['warc']['record_id']}>" for line in site.articles()]
        assert sorted(written) == sorted(lines)
        assert findings(read_folder(site.path)) == []


def test_a_run_that_died_while_mending_is_mended(tmp_path: Path) -> None:
    site = site_folder(tmp_path)
    writer = SiteWriter(site)
    keep(writer, *range(1, BATCH + 1))
    kill(writer)
    cut_text(site.path)
    second = SiteWriter(site)
    kill(second)
    for _ in range(2):
        cut_index(site.path)
        SiteWriter(site).close()
        assert len(texts(site.path)) == len(ids(site)) == BATCH


def test_after_a_failure_nothing_is_written_and_the_next_night_goes_on(tmp_path: Path) -> None:
    site = site_folder(tmp_path)
    writer = SiteWriter(site)
    keep(writer, *range(1, BATCH + 1))
    keep(writer, BATCH + 2)
    # The month's file turns into something nobody can append to.
    writer.folder.lines.drop()
    [path] = site.path.glob("articles/*")
    aside = path.rename(tmp_path / "aside")
    path.mkdir()
    with pytest.raises(BayganError, match="cannot write"):
        writer.flush()
    with pytest.raises(BayganError, match="cannot write"):
        writer.capture(exchange(BATCH + 3))
    assert writer.failure is not None
    writer.flush()
    writer.close()
    [run] = site.runs()
    assert run["verdict"] == "failed" and "cannot write" in run["problems"][0]
    path.rmdir()
    aside.rename(path)
    with SiteWriter(site) as writer:
        keep(writer, BATCH + 2)
    assert len(ids(site)) == BATCH + 1
    assert findings(read_folder(site.path)) == []


def test_closing_twice_and_a_failure_inside_with(tmp_path: Path) -> None:
    site = site_folder(tmp_path)
    with pytest.raises(ZeroDivisionError), SiteWriter(site) as writer:
        keep(writer, 1)
        raise ZeroDivisionError
    writer.close()
    assert ids(site) == ["khabar/post/1"]
    assert len(list(site.runs())) == 1


FULL = """
import resource, sys
from pathlib import Path
from archive.files.append_file import AppendFile
from archive.errors import WriteFailed
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
file = AppendFile(Path(sys.argv[1]))
file.write(b"a" * 600)
try:
    file.write(b"b" * 600)
except WriteFailed as error:
    print(error)
print(file.write(b"c" * 10))
"""


def test_a_write_that_fails_half_way_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "file"
    command = [sys.executable, "-c", FULL, str(path)]
    out = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=True).stdout
    assert "File too large" in out and out.endswith("\n600\n")
    assert path.read_bytes() == b"a" * 600 + b"c" * 10
