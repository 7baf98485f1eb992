"""Later nights cost little: listings alone, or all pages once more and nothing changed."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.folder import Archive
from archive.warc.reader import read_record, response_of
from tests.newsroom.newsroom import Newsroom
from tests.newsroom.site import Site
from tests.process import Baygan
from tests.warc_reader import findings, read_folder

POSTS = 60


@pytest.fixture(scope="module")
def room() -> Iterator[Newsroom]:
    with Newsroom(Site(POSTS)) as running:
        yield running


@pytest.fixture
def baygan(tmp_path: Path, room: Newsroom) -> Baygan:
    site = f'[sites.news]\nurl = "{room.url}"\nallow_private = true\ndelay = 0\n'
    (tmp_path / "sites.toml").write_text(site)
    return Baygan(tmp_path)


def stored(folder: Path) -> int:
    """Bytes of captures, texts and lines."""
    parts = ("warc", "text", "articles")
    return sum(
        p.stat().st_size for part in parts for p in (folder / part).rglob("*") if p.is_file()
    )


def test_the_cost_of_later_nights(baygan: Baygan) -> None:
    site = baygan.folder / "news"
    sizes = []
    for arguments in ((), (), ("--again",)):
        before = stored(site) if site.exists() else 0
        done = baygan("crawl", *arguments)
        assert (done.code, done.err) == (0, "")
        sizes.append(stored(site) - before)
    first, second, third = sizes
    print(f"\nfirst night {first} bytes, second {second / first:.1%}, --again {third / first:.1%}")
    assert second <= 0.05 * first
    assert third <= 0.10 * first
    records = read_folder(site)
    assert findings(records) == []
    revisits = [record for record in records if record.kind == "revisit"]
    assert len(revisits) >= POSTS
    for record in revisits:
        warc = {"file": record.file, "offset": record.offset, "record_id": record.id.strip("<>")}
        assert response_of(site, read_record(site, warc)).page()
    lines = list(Archive(baygan.folder).site("news").articles())
    assert {line["version"] for line in lines} == {1}
    for path in site.rglob("*.gz"):
        subprocess.run(["gzip", "-t", path], check=True)


@pytest.mark.sister
def test_again_within_a_limit_takes_others_each_night(baygan: Baygan, room: Newsroom) -> None:
    assert baygan("crawl").code == 0
    asked: list[str] = []
    for _ in range(2):
        before = len(room.exchanges)
        assert baygan("crawl", "--again", "--limit", "10").code == 0
        pages = [e.target for e in room.exchanges[before:] if e.target.startswith("/20")]
        assert len(pages) == 10
        asked += pages
    assert len(set(asked)) == 20
    before = len(room.exchanges)
    assert baygan("crawl").code == 0
    assert not [e.target for e in room.exchanges[before:] if e.target.startswith("/20")]


def test_an_edit_that_nothing_told_of_becomes_a_version(baygan: Baygan, room: Newsroom) -> None:
    assert baygan("crawl").code == 0
    post = room.posts[3]
    room.site.edit(post.id, title="تیتری که پس از انتشار بی‌خبر عوض شد", silent=True)
    assert baygan("crawl", "--again").code == 0
    versions = baygan("show", "--versions", f"news/post/{post.id}")
    assert len(versions.out.splitlines()) == 2
