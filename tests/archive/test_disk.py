"""A full disk, a write-protected folder: one clear paragraph, nothing lost, and on it goes.

The disks are real ones: a small tmpfs, a read-only mount, a folder of somebody else's. They
need root; without it the tests of the first two say so and skip.
"""

from __future__ import annotations

import os
import random
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.errors import BayganError, FolderError
from archive.files.append_file import make_folder
from archive.folder import SiteFolder
from archive.writer.site_writer import SiteWriter
from tests.archive.material import address, archived, article, exchange, ids, site_folder, tree
from tests.newsroom.newsroom import Newsroom
from tests.newsroom.site import Site
from tests.process import COMMAND, Baygan, Outcome, environment
from tests.sister import sisters
from tests.warc_reader import findings, read_folder


def mount(*arguments: str | Path) -> None:
    done = subprocess.run(["mount", *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"cannot mount here: {done.stderr.strip()}")


class Disk:
    """A tmpfs of `size` KiB."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.size = 0

    def mount(self, size: int) -> None:
        if self.size:
            subprocess.run(["umount", "--lazy", self.path], check=True)
        self.size = 0
        mount("-t", "tmpfs", "-o", f"size={size}k", "none", self.path)
        self.size = size

    def grow(self, size: int) -> None:
        mount("-o", f"remount,size={size}k", self.path)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    path = tmp_path / "disk"
    path.mkdir()
    disk = Disk(path)
    yield disk
    if disk.size:
        subprocess.run(["umount", "--lazy", path], check=True)


def fill(site: SiteFolder, numbers: range) -> int:
    """Keep these posts with bodies that do not compress; how many were acknowledged."""
    dice = random.Random(7)
    writer = SiteWriter(site)
    try:
        for number in numbers:
            captured = writer.capture(exchange(number, dice.randbytes(3000)))
            writer.keep(address(number), article(number), captured)
    finally:
        try:
            writer.close()
        finally:
            acknowledged = writer.run.counts.new
            writer.index.close()
    return acknowledged


def test_a_disk_that_is_full_at_any_write(disk: Disk) -> None:
    """From no room for the folder to room for all but the last bytes."""
    full, wanted = 0, [f"khabar/post/{n}" for n in range(1, 41)]
    for size in range(24, 480, 4):
        disk.mount(size)
        try:
            site = site_folder(disk.path)
            fill(site, range(1, 41))
        except (BayganError, OSError) as error:
            if isinstance(error, OSError):
                assert not (disk.path / "khabar").exists(), "an error that is not baygan's"
                continue
            full += 1
            assert (error.exit_code == 1 and "safe" in str(error)) or "Nothing" in str(error)
        disk.grow(4096)
        kept = ids(site)
        fill(site, range(1, 41))
        assert ids(site)[: len(kept)] == kept
        assert ids(site) == wanted
        assert findings(read_folder(site.path)) == []
    assert full > 50


def one_error(done: Outcome) -> str:
    assert done.code == 1
    assert done.err.startswith("Error: ") and done.err.count("\n") == 1, done.err
    return done.err


@pytest.mark.parametrize("size", [64, *sisters(400), 800])
def test_a_crawl_onto_a_full_disk(disk: Disk, size: int) -> None:
    disk.mount(size)
    with Newsroom(Site(40)) as room:
        text = f'[sites.news]\nurl = "{room.url}"\nallow_private = true\ndelay = 0\n'
        (disk.path / "sites.toml").write_text(text)
        baygan = Baygan(disk.path)
        error = one_error(baygan("crawl"))
        assert "No space left" in error or "full" in error
        kept = [line["id"] for line in baygan("export").lines] if size > 400 else []
        disk.grow(16_384)
        again = baygan("crawl")
        assert (again.code, again.err) == (0, "")
        exported = [line["id"] for line in baygan("export").lines]
    assert exported[: len(kept)] == kept
    assert len(exported) == len(set(exported)) == 41  # the protected post, without its text, too
    assert findings(read_folder(disk.path / "news")) == []


@pytest.fixture
def read_only(tmp_path: Path) -> Iterator[Path]:
    """An archive of three articles on a write-protected mount."""
    archived(tmp_path / "archive", 1, 2, 3)
    mount("--bind", tmp_path / "archive", tmp_path / "archive")
    try:
        mount("-o", "remount,ro,bind", tmp_path / "archive")
        yield tmp_path / "archive"
    finally:
        subprocess.run(["umount", "--lazy", tmp_path / "archive"], check=True)


def test_a_read_only_archive_can_be_read_and_is_not_crawled(read_only: Path) -> None:
    baygan = Baygan(read_only)
    assert "Read-only file system" in one_error(baygan("crawl"))
    assert [line["post_id"] for line in baygan("export").lines] == [1, 2, 3]
    shown = baygan("show", "khabar/post/2")
    assert (shown.code, shown.err) == (0, "")
    assert baygan("status").code == 0


def test_a_folder_of_somebody_else() -> None:
    with tempfile.TemporaryDirectory() as folder:
        site = archived(Path(folder), 1)
        before = tree(Path(folder))
        # Root may write anywhere, unless it gives that right away.
        powerless = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]
        for path in (site.path, *site.path.rglob("*"), Path(folder)):
            path.chmod(0o555 if path.is_dir() else 0o444)
        done = subprocess.run(
            [*(powerless if os.geteuid() == 0 else ()), *COMMAND, "crawl"],
            cwd=folder,
            env=environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        for path in (Path(folder), *Path(folder).rglob("*")):
            path.chmod(0o755)
        assert done.returncode == 1
        assert done.stderr.startswith("Error: ") and done.stderr.count("\n") == 1
        assert "Permission denied" in done.stderr and folder in done.stderr
        assert tree(Path(folder)) == before


def test_a_folder_where_a_file_stands(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(FolderError, match="cannot make the folder"):
        make_folder(tmp_path / "file" / "below")
    site = archived(tmp_path / "archive")
    (site.path / "warc").write_text("")
    with pytest.raises(FolderError, match="warc"), SiteWriter(site) as writer:
        writer.capture(exchange(1))
    assert ids(site) == []
