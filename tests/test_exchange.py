"""What other tools of the field make of an archive: the index of captures, and WACZ."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import random
import shlex
import stat
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from archive.export.surt import surt
from archive.export.wacz import write_wacz
from archive.folder import SiteFolder
from archive.writer.site_writer import SiteWriter
from tests.archive.material import address, archived, article, exchange, keep
from tests.process import COMMAND, Baygan, environment


@pytest.fixture
def site(tmp_path: Path) -> SiteFolder:
    """A site of two nights, with a redirect, a page without a type, and a persistent query."""
    site = archived(tmp_path / "archive", 1, 2, 3)
    with SiteWriter(site) as writer:
        keep(writer, 4)
        writer.capture(exchange(5, head="Content-Type: text/html; charset=UTF-8\r\n"))
        writer.capture(exchange(6, head="Content-Type:text/html;charset=UTF-8\r\n"))
        writer.capture(exchange(7, head="Content-Type:\r\n"))
    return site


def tool(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """One of the tools' own command lines."""
    # They were written for other versions of Python and are noisy about it.
    command = [sys.executable, "-W", "ignore", "-m", *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=folder, env=environment())


def indexed(folder: Path) -> list[str]:
    """cdxj-indexer's lines for all the WARC files below `folder`."""
    files = [str(path) for path in sorted(folder.rglob("warc/*/*.warc.gz"))]
    done = tool("cdxj_indexer.main", "--sort", *files, folder=folder)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_the_captures_are_cdxj_indexer_s(site: SiteFolder) -> None:
    done = Baygan(site.archive.path)("export", "--cdxj")
    assert (done.code, done.err) == (0, "")
    ours = done.out.splitlines()
    assert len(ours) == 7
    assert ours == indexed(site.archive.path)


def test_a_crawl_s_captures_are_cdxj_indexer_s(baygan: Baygan) -> None:
    assert baygan("crawl").code == 0
    ours = baygan("export", "--cdxj").out.splitlines()
    assert ours == indexed(baygan.folder)
    for line in ours:
        said = json.loads(line.split(" ", 2)[2])
        with (next(baygan.folder.rglob(said["filename"]))).open("rb") as warc:
            warc.seek(int(said["offset"]))
            record = gzip.decompress(warc.read(int(said["length"])))
        assert f"\r\nWARC-Target-URI: {said['url']}\r\n".encode() in record


def test_the_keys_are_the_surt_library_s(tmp_path: Path) -> None:
    """On hosts and paths put together at random."""
    chance = random.Random(1405)
    hosts = [
        "khabar.example",
        "www2.Khabar.example:8080",
        "u:p@a..b:80",
        "127.0.0.1:8000",
        "[::1]:80",
    ]
    pieces = [*"aAbB12/./?&&==%#+~_-;:,'()@!$*[]", "%20", "%D8%A7", "%2f", "%25", "%3D", "//", ".."]
    pieces += ["sid=" + "a" * 32, "phpsessid=" + "0" * 32, "&", "(" + "a" * 24 + ")/x.aspx"]
    urls = [
        f"{chance.choice(['http', 'https', 'HTTP'])}://{chance.choice(hosts)}"
        + chance.choice(["/", "?", "/?"])
        + "".join(chance.choices(pieces, k=chance.randrange(12)))
        for _ in range(5000)
    ]
    told = "import json, surt, sys; print(json.dumps([surt.surt(u) for u in json.load(sys.stdin)]))"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", told],
        input=json.dumps(urls), capture_output=True, text=True, check=True, cwd=tmp_path,
    )  # fmt: skip
    for url, key in zip(urls, json.loads(done.stdout), strict=True):
        assert surt(url) == key, url


def test_a_wacz_is_valid_and_a_tampered_one_is_not(site: SiteFolder, tmp_path: Path) -> None:
    path = tmp_path / "khabar.wacz"
    done = Baygan(site.archive.path)("export", "--wacz", str(path))
    assert (done.code, done.out, done.err) == (0, "", "")
    assert tool("wacz", "validate", "-f", str(path), folder=tmp_path).returncode == 0
    data = bytearray(path.read_bytes())
    data[200] ^= 1
    tampered = tmp_path / "tampered.wacz"
    tampered.write_bytes(data)
    assert tool("wacz", "validate", "-f", str(tampered), folder=tmp_path).returncode == 1


def test_what_is_in_a_wacz(site: SiteFolder, tmp_path: Path) -> None:
    path = tmp_path / "khabar.wacz"
    write_wacz(path, [site], "خبر")
    with zipfile.ZipFile(path) as file:
        for warc in site.path.glob("warc/*/*"):
            entry = file.getinfo(f"archive/{warc.name}")
            assert entry.compress_type == zipfile.ZIP_STORED
            assert file.read(entry) == warc.read_bytes()
        header, *pages = [json.loads(x) for x in file.read("pages/pages.jsonl").splitlines()]
        index = gzip.decompress(file.read("indexes/index.cdx.gz")).decode().splitlines()
        meta, first = file.read("indexes/index.idx").decode().splitlines()
    assert header["title"] == "خبر"
    assert [page["title"] for page in pages] == [line["title"] for line in site.articles()]
    assert index == indexed(site.path)
    assert json.loads(meta.removeprefix("!meta 0 "))["filename"] == "index.cdx.gz"
    assert first.startswith(index[0].partition(" {")[0])


def test_a_wacz_that_cannot_be_written_leaves_nothing(site: SiteFolder, tmp_path: Path) -> None:
    done = Baygan(site.archive.path)("export", "--wacz", str(tmp_path / "none" / "k.wacz"))
    assert done.code == 1
    assert "cannot write" in done.err
    warc = next(site.path.glob("warc/*/*"))
    warc.write_bytes(warc.read_bytes()[:-3])
    done = Baygan(site.archive.path)("export", "--wacz", str(tmp_path / "k.wacz"))
    assert done.code == 4
    assert f"{warc} is broken at byte" in done.err
    assert not list(tmp_path.glob("*wacz*"))


def test_csv_for_excel_begins_with_a_byte_order_mark(site: SiteFolder) -> None:
    """By which Excel tells UTF-8; what comes behind it is the same file."""
    text = 'یک\n\n«دو»; "سه", چهار\r\u2028پنج‌شنبه'
    with SiteWriter(site) as writer:
        writer.keep(address(9), article(9, text), writer.capture(exchange(9)))
    done = {}
    for options in ((), ("--bom",)):
        run = [*COMMAND, "export", "--csv", "--fields", "id,title,text", *options]
        done[options] = subprocess.run(
            run, capture_output=True, cwd=site.archive.path, env=environment(), check=True
        ).stdout
    plain, marked = done[()], done["--bom",]
    assert marked == b"\xef\xbb\xbf" + plain
    assert plain.startswith(b"id,title,text\r\n")
    rows = list(csv.reader(io.StringIO(marked.decode("utf-8-sig"), newline="")))
    assert rows[0] == ["id", "title", "text"]
    assert rows[1:] == [[line["id"], line["title"], line["text"]] for line in site.articles()]
    assert rows[-1][2] == text


def test_a_byte_order_mark_is_for_csv_alone(site: SiteFolder) -> None:
    for options in (("--bom",), ("--bom", "--cdxj"), ("--bom", "--wacz", "k.wacz")):
        done = Baygan(site.archive.path)("export", *options)
        assert (done.code, done.out) == (2, "")
        assert "--bom" in done.err or "stand alone" in done.err


TARGETS = {
    "none/k.wacz": "No such file or directory",
    "folder": "is a directory",
    "/dev/full": "it is there and no file",
    "/dev/null": "it is there and no file",
    "pipe": "it is there and no file",
    "k" * 300: "File name too long",
    "file/k.wacz": "Not a directory",
}


@pytest.mark.parametrize("target", TARGETS)
def test_a_wacz_is_written_to_files_alone(site: SiteFolder, tmp_path: Path, target: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("")
    os.mkfifo(tmp_path / "pipe")
    before = sorted(tmp_path.rglob("*"))
    done = Baygan(tmp_path)("export", "-C", str(site.archive.path), "--wacz", target)
    assert done.code == (2 if target == "folder" else 1)
    assert TARGETS[target] in done.err
    assert "Traceback" not in done.err
    assert sorted(tmp_path.rglob("*")) == before
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)


def test_a_wacz_that_does_not_fit_leaves_the_one_before(site: SiteFolder, tmp_path: Path) -> None:
    path, link = tmp_path / "khabar.wacz", tmp_path / "newest.wacz"
    link.symlink_to(path)
    assert Baygan(site.archive.path)("export", "--wacz", str(link)).code == 0
    assert link.is_symlink()
    before = path.read_bytes()
    with SiteWriter(site) as writer:
        writer.keep(address(9), article(9), writer.capture(exchange(9, os.urandom(1 << 20))))
    run = f"ulimit -f 512; {shlex.join(COMMAND)} export --wacz {path}"
    done = subprocess.run(
        ["bash", "-c", run], capture_output=True, cwd=site.archive.path, env=environment()
    )
    assert done.returncode == 1
    told = done.stderr.decode()
    assert f"cannot write {path}: File too large. The archive is safe" in told
    assert "Traceback" not in told
    assert path.read_bytes() == before
    assert sorted(tmp_path.glob("*wacz*")) == [path, link]


def test_captures_that_cannot_be_sorted_are_told(site: SiteFolder, tmp_path: Path) -> None:
    """The disk under TMPDIR is full. SQLite keeps in memory what is small."""
    with SiteWriter(site) as writer:
        for number in range(2000):
            one = exchange(number)
            writer.capture(replace(one, url=f"{one.url}&q={'x' * 1000}"))
    run = f"ulimit -f 64; {shlex.join(COMMAND)} export --cdxj | wc -l; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(
        ["bash", "-c", run], capture_output=True, cwd=site.archive.path,
        env=environment(TMPDIR=str(tmp_path)),
    )  # fmt: skip
    assert done.returncode == 1
    told = done.stderr.decode()
    assert "cannot sort the captures: disk I/O error. Nothing was changed." in told
    assert f"{tmp_path}; name a folder with more room in TMPDIR" in told


def test_captures_that_cannot_be_read_are_told(site: SiteFolder, tmp_path: Path) -> None:
    warc = next(site.path.glob("warc/*/*"))
    warc.unlink()
    warc.symlink_to("nowhere")
    for options in (("--cdxj",), ("--wacz", str(tmp_path / "k.wacz"))):
        done = Baygan(site.archive.path)("export", *options)
        assert done.code == 1
        assert f"cannot read {warc}: No such file or directory. Nothing was changed." in done.err
    assert not list(tmp_path.glob("*wacz*"))


def test_captures_stand_alone(site: SiteFolder) -> None:
    done = Baygan(site.archive.path)("export", "--cdxj", "--csv")
    assert done.code == 2
    assert "--cdxj and --wacz stand alone" in done.err
