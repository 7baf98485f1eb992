"""A WACZ opens in ReplayWeb.page: its ZIP is one that careless readers read, and headless
Chromium shows an article, its picture, and what a search for a word of its text finds.

The latter needs `chromium` on PATH and what scripts/replaywebpage fetches; without them these
tests skip, unless BAYGAN_REPLAY=required.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from archive.export.wacz import write_wacz
from archive.export.zip_package import Package
from archive.folder import Archive, SiteFolder
from archive.jsonl.article_line import ArticleLine
from tests.archive.material import archived
from tests.newsroom.newsroom import Newsroom
from tests.newsroom.site import Site
from tests.process import Baygan
from tests.viewer import FOLDER, VERSIONS, Viewer


def entries(path: Path) -> Iterator[tuple[str, bytes, int, bool]]:
    """Every entry as a reader takes it that looks at the file's directory alone: its name, its
    bytes as they lie there, its size unpacked, and whether its size is ZIP64.

    What the header before the entry says must be the same (PKWARE's APPNOTE, 4.3.7 and 4.3.12).
    """
    data = path.read_bytes()
    with zipfile.ZipFile(path) as file:
        at = file.start_dir
    while data[at : at + 4] == b"PK\x01\x02":
        flags, method, _, _, *facts = struct.unpack_from("<4H3L", data, at + 8)
        name, extra, comment = struct.unpack_from("<3H", data, at + 28)
        [place] = struct.unpack_from("<L", data, at + 42)
        fields = data[at + 46 + name : at + 46 + name + extra]
        wide = list(struct.unpack_from(f"<{max(0, extra - 4) // 8}Q", fields, min(4, extra)))
        large = 0xFFFFFFFF in facts[1:]
        sizes = [wide.pop(0), wide.pop(0)] if large else facts[:0:-1]
        place = wide.pop(0) if place == 0xFFFFFFFF else place
        theirs = struct.unpack_from("<4s5H3L2H", data, place)
        assert (*theirs[2:4], *theirs[6:]) == (flags, method, *facts, name, 20 if large else 0)
        start = place + 30 + name
        if large:
            assert data[start : start + 20] == struct.pack("<2H2Q", 1, 16, *sizes)
            start += 20
        yield (
            data[at + 46 : at + 46 + name].decode(),
            data[start : start + sizes[1]],
            sizes[0],
            large,
        )
        at += 46 + name + extra + comment


def test_both_headers_of_every_entry_agree(tmp_path: Path) -> None:
    site = archived(tmp_path / "archive", 1, 2, 3)
    path = tmp_path / "khabar.wacz"
    write_wacz(path, [site], "خبر")
    stored = {name: content for name, content, _, large in entries(path) if not large}
    [warc] = site.path.glob("warc/*/*")
    assert stored[f"archive/{warc.name}"] == warc.read_bytes()
    assert len(stored) == 6


@pytest.mark.parametrize("size", [999, 1000, 1001, 3000])
def test_a_large_entry_is_zip64_in_both_headers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    """The size above which it is must be smaller here than the 2 GiB of Python's zipfile."""
    path = tmp_path / "large.zip"
    with zipfile.ZipFile(path, "w") as file:
        package = Package(file, tmp_path)
        package.add("indexes/small", [b"small"], packed=True)
        monkeypatch.setattr(zipfile, "ZIP64_LIMIT", 1000)
        package.add("archive/warc/stored_record", [b"x" * 99, b"y" * (size - 99)], packed=False)
        package.add("pages/packed", [b"z" * size], packed=True)
        package.close("", "2026-11-22T00:30:04Z")
    monkeypatch.undo()
    found = {name: (content, length, large) for name, content, length, large in entries(path)}
    large = size > 1000
    assert found["archive/warc/stored_record"] == (b"x" * 99 + b"y" * (size - 99), size, large)
    assert found["pages/packed"][1:] == (size, large)
    with zipfile.ZipFile(path) as file:
        assert file.testzip() is None
        assert file.read("pages/packed") == b"z" * size


@pytest.mark.parametrize("gibibytes", [1.95, 2.5, 4.5])
def test_a_file_of_gibibytes(tmp_path: Path, gibibytes: float, long: bool) -> None:
    if not long:
        pytest.skip("writes gibibytes: --long")
    large = tmp_path / "large"
    with large.open("wb") as file:
        file.truncate(int(gibibytes * (1 << 30)))
    path = tmp_path / "large.wacz"
    with zipfile.ZipFile(path, "x") as packed:
        package = Package(packed, tmp_path)
        package.add_file("archive/large", large)
        package.add_file("archive/behind", Path(__file__))
        package.close("", "2026-11-22T00:30:04Z")
    with zipfile.ZipFile(path) as file, path.open("rb") as data:
        for entry in file.infolist():
            data.seek(entry.header_offset)
            [extra] = struct.unpack_from("<H", data.read(30), 28)
            assert bool(extra) == (entry.file_size > zipfile.ZIP64_LIMIT)
        assert file.read("archive/behind") == Path(__file__).read_bytes()
    path.unlink()


def test_the_same_archive_gives_the_same_bytes(tmp_path: Path) -> None:
    site = archived(tmp_path / "archive", 1, 2)
    digests = set()
    for name in ("a.wacz", "b.wacz"):
        write_wacz(tmp_path / name, [site], "خبر")
        digests.add(hashlib.sha256((tmp_path / name).read_bytes()).hexdigest())
    assert len(digests) == 1
    with zipfile.ZipFile(tmp_path / "a.wacz") as file:
        package = json.loads(file.read("datapackage.json"))
    assert package["created"] == max(line["fetched"] for line in site.articles())


def test_pages_carry_their_text(tmp_path: Path) -> None:
    site = archived(tmp_path / "archive", 1, 2)
    head, *pages = pages_of(tmp_path, site)
    assert head["hasText"] is True
    lines = list(site.articles())
    assert [page["text"] for page in pages] == [line["text"] for line in lines]
    assert [page["ts"] for page in pages] == [line["fetched"] for line in lines]


def pages_of(folder: Path, site: SiteFolder) -> list[dict[str, Any]]:
    write_wacz(folder / "pages.wacz", [site], "خبر")
    with zipfile.ZipFile(folder / "pages.wacz") as file:
        return [json.loads(line) for line in file.read("pages/pages.jsonl").splitlines()]


@pytest.fixture(scope="module")
def viewable() -> None:
    missing = [] if shutil.which("chromium") else ["chromium on PATH"]
    missing += [
        f"ReplayWeb.page {version}: scripts/replaywebpage"
        for version in VERSIONS
        if not (FOLDER / version / "sw.js").exists()
    ]
    if missing and os.environ.get("BAYGAN_REPLAY") == "required":
        pytest.fail(f"missing: {missing}")
    if missing:
        pytest.skip(f"missing: {missing}")


@pytest.fixture(scope="module")
def crawled(viewable: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of a site that is gone, with its articles' images, and news.wacz in it."""
    folder = tmp_path_factory.mktemp("archive")
    with Newsroom(Site(12)) as newsroom:
        site = f'[sites.news]\nurl = "{newsroom.url}"\nallow_private = true\ndelay = 0\n'
        (folder / "sites.toml").write_text(f'{site}assets = "images"\n')
        assert Baygan(folder)("crawl").code == 0
    assert Baygan(folder)("export", "--wacz", "news.wacz").code == 0
    return folder


@pytest.mark.parametrize("version", VERSIONS)
def test_replayweb_page_shows_and_finds_an_article(crawled: Path, version: str) -> None:
    lines = list(Archive(crawled).site("news").articles())
    line, image = next((line, line["image"]) for line in lines[3:] if line["image"])
    assert line["title"]
    with Viewer(version, crawled / "news.wacz") as viewer:
        shown = viewer.look(
            "page",
            url=line["url"],
            ts="".join(filter(str.isdigit, line["fetched"])),
            headline=line["title"],
            picture=image["url"].rpartition("/")[2],
        )
        assert shown == {"headline": line["title"], "width": 1}
        assert viewer.look("search", word=own_word(line, lines)) == [line["title"]]


def own_word(line: ArticleLine, lines: list[ArticleLine]) -> str:
    """The longest word of an article's text that no other article's text nor its own title has."""
    others = "".join(other["text"] for other in lines if other is not line)
    others += line["title"] or ""
    words = line["text"].split()
    return max((word for word in words if word not in others), key=len)
