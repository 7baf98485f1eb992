"""A disk that fills up: a night stops in good order before it is full, and goes on later."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.errors import DiskLow, SettingsError
from archive.files.disk_space import DiskSpace, parse_size
from archive.folder import SiteFolder
from archive.sites_toml import read_settings
from archive.writer.batch import BATCH
from archive.writer.site_writer import SiteWriter
from tests.archive.material import ids, keep, site_folder, tree
from tests.newsroom.newsroom import Newsroom
from tests.process import Baygan
from tests.warc_reader import findings, read_folder


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("0", (0.0, False)),
        ("1 GiB", (1024.0**3, False)),
        ("1.5MB", (1_500_000.0, False)),
        ("200 kB", (200_000.0, False)),
        ("7", (7.0, False)),
        ("5 %", (5.0, True)),
    ],
)
def test_sizes(text: str, size: tuple[float, bool]) -> None:
    assert parse_size(text) == size


@pytest.mark.parametrize("text", ["", "much", "-1 GB", "1 gig", "GiB"])
def test_what_is_no_size(text: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="min_free"):
        parse_size(text)
    (tmp_path / "sites.toml").write_text(f"[archive]\nmin_free = {json.dumps(text)}\n")
    with pytest.raises(SettingsError, match="min_free"):
        read_settings(tmp_path / "sites.toml")


@pytest.fixture
def demanding(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Floors are those of sites.toml, not the tests' own."""
    monkeypatch.delenv("BAYGAN_MIN_FREE")
    yield monkeypatch


def wanting(folder: Path, size: str) -> SiteFolder:
    site = site_folder(folder)
    path = folder / "sites.toml"
    path.write_text(path.read_text() + f'\n[archive]\nmin_free = "{size}"\n')
    return type(site.archive)(folder).site("khabar")


def test_the_floor_if_nothing_is_said(tmp_path: Path, demanding: pytest.MonkeyPatch) -> None:
    disk = os.statvfs(tmp_path)
    size = disk.f_blocks * disk.f_frsize
    assert DiskSpace(tmp_path, None)._least(size) == max(1 << 30, 0.05 * size)


def test_no_room_at_the_start(tmp_path: Path, demanding: pytest.MonkeyPatch) -> None:
    site = wanting(tmp_path, "100 %")
    with pytest.raises(DiskLow, match=r"khabar has .* left on its disk; baygan stops below"):
        SiteWriter(site)
    assert set(tree(tmp_path)) == {"sites.toml"}


def test_no_room_any_more(tmp_path: Path, demanding: pytest.MonkeyPatch) -> None:
    """What was captured is kept, the files are finished, and the next night goes on."""
    site = wanting(tmp_path, "0")
    writer = SiteWriter(site)
    keep(writer, *range(1, BATCH))
    writer._disk_space = DiskSpace(site.path, "100 %")
    with pytest.raises(DiskLow):
        keep(writer, BATCH)
    with pytest.raises(DiskLow):
        keep(writer, BATCH + 1)
    writer.close()
    assert isinstance(writer.failure, DiskLow)
    assert not list(site.path.rglob("*.open"))
    assert findings(read_folder(site.path)) == []
    [run] = site.runs()
    assert run["new"] == BATCH and "Make room" in run["problems"][-1]
    with SiteWriter(site) as writer:
        keep(writer, BATCH + 1)
    assert len(ids(site)) == BATCH + 1


def test_a_crawl_says_it_in_one_line(baygan: Baygan, newsroom: Newsroom) -> None:
    before = len(newsroom.exchanges)
    done = baygan("crawl", BAYGAN_MIN_FREE="100 %")
    assert (done.code, done.out, done.err.count("\n")) == (1, "", 1)
    assert done.err.startswith("Error: ") and "Make room" in done.err
    assert len(newsroom.exchanges) == before
    assert baygan("crawl").code == 0
