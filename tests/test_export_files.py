"""Typed tables and data sets, written by the command: all of them or nothing, and clear errors."""

from __future__ import annotations

import hashlib
import json
import os
import shlex
import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest

from archive.folder import Archive, SiteFolder
from archive.tables.line_columns import complete, line_columns
from archive.writer.site_writer import SiteWriter
from tests.archive.material import address, archived, article, exchange
from tests.nights import after_the_first
from tests.process import COMMAND, REPOSITORY, Baygan, environment

AUTHOR = "مهتاب رستگار"
FORMS = {"--parquet": "news.parquet", "--sqlite": "news.db", "--dataset": "news"}
MARK = "an older file"


@pytest.fixture
def site(tmp_path: Path) -> SiteFolder:
    """Posts 1 to 3; 2 has an author and another version."""
    site = archived(tmp_path / "archive", 1, 2, 3)
    with SiteWriter(site) as writer:
        capture = writer.capture(exchange(2, b"<p>another</p>"))
        writer.keep(address(2), replace(article(2, "متن دیگر"), authors=(AUTHOR,)), capture)
    return site


@pytest.fixture
def baygan(site: SiteFolder) -> Baygan:
    return Baygan(site.archive.path)


def ids(path: Path) -> list[tuple[Any, ...]]:
    """The IDs and versions in a Parquet file or an SQLite file."""
    if path.suffix == ".db":
        with closing(sqlite3.connect(path)) as database:
            return database.execute("SELECT id, version FROM versions ORDER BY 1, 2").fetchall()
    with duckdb.connect() as other:
        table = "SELECT id, version FROM read_parquet(?) ORDER BY ALL"
        return other.execute(table, [str(path)]).fetchall()


def test_json_lines_have_every_key(baygan: Baygan, site: SiteFolder) -> None:
    done = baygan("export")
    assert done.lines == [complete(line) for line in site.articles()]
    assert all("layout" in line["extractor"] for line in done.lines)
    assert [json.loads(line) for line in kept(site)] != done.lines


def kept(site: SiteFolder) -> Iterator[str]:
    for path in sorted(site.path.glob("articles/*")):
        yield from path.read_text().splitlines()


@pytest.mark.parametrize("form", FORMS)
def test_the_selection_is_what_is_written(baygan: Baygan, form: str) -> None:
    path = baygan.folder / FORMS[form]
    data = path / "data/articles.parquet" if form == "--dataset" else path
    for options, count in (
        (("--versions", "all"), 4),
        (("--author", AUTHOR), 1),
        (("--until", "1404"), 0),
        ((), 3),
    ):
        done = baygan("export", form, path.name, *options)
        assert (done.code, done.out, done.err) == (0, "", "")
        assert len(ids(data)) == count
        if form == "--dataset":
            path.rename(path.with_name(f"news-{count}"))
    assert not list(baygan.folder.glob("*.part"))


TARGETS = {
    "none/file": "No such file or directory",
    "folder": "is",
    "/dev/full": "it is there and no file",
    "file/file": "Not a directory",
    "n" * 300: "File name too long",
}


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("form", FORMS)
def test_a_bad_target_is_told_and_nothing_is_left(
    site: SiteFolder, tmp_path: Path, form: str, target: str
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / MARK).write_text("")
    (tmp_path / "file").write_text(MARK)
    before = sorted(path for path in tmp_path.rglob("*") if "archive" not in path.parts)
    done = Baygan(tmp_path)("export", "-C", str(site.archive.path), form, target)
    assert done.code in (1, 2)
    if form != "--dataset":
        assert TARGETS[target] in done.err
    else:
        assert "cannot write" in done.err or "is there already; nothing was changed" in done.err
    assert "Traceback" not in done.err
    assert sorted(path for path in tmp_path.rglob("*") if "archive" not in path.parts) == before


@pytest.mark.parametrize("form", FORMS)
def test_what_does_not_fit_leaves_the_file_before(
    site: SiteFolder, tmp_path: Path, form: str
) -> None:
    path = tmp_path / "out" / FORMS[form]
    path.parent.mkdir()
    if form != "--dataset":
        path.write_text(MARK)
    with SiteWriter(site) as writer:
        for number in range(10, 20):
            noise = os.urandom(200_000).hex()
            writer.keep(address(number), article(number, noise), writer.capture(exchange(number)))
    # Of 1024 bytes each: a file is at most half a MiB long.
    run = f"ulimit -f 512; {shlex.join(COMMAND)} export {form} {path}"
    done = subprocess.run(
        ["bash", "-c", run], capture_output=True, text=True, cwd=site.archive.path,
        env=environment(),
    )  # fmt: skip
    assert done.returncode == 1
    assert f"cannot write {path}: " in done.stderr
    assert "The archive is safe, and nothing is left of what was written." in done.stderr
    assert "Traceback" not in done.stderr
    assert [found.name for found in path.parent.iterdir()] == (
        [] if form == "--dataset" else [path.name]
    )
    assert form == "--dataset" or path.read_text() == MARK


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_what_is_stopped_leaves_nothing(
    site: SiteFolder, tmp_path: Path, number: signal.Signals
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    with SiteWriter(site) as writer:
        for post in range(10, 60):
            told = article(post, f"باران {post} " * 20_000)
            writer.keep(address(post), told, writer.capture(exchange(post)))
    process = Baygan(site.archive.path).start("export", "--sqlite", str(out / "news.db"))
    while not any(path.stat().st_size for path in out.glob("news.db.*.part")):
        assert process.poll() is None
        time.sleep(0.01)
    process.send_signal(number)
    assert process.communicate(timeout=60) == (b"", b"")
    assert process.returncode == 128 + number
    assert list(out.iterdir()) == []


@pytest.mark.parametrize("form", FORMS)
def test_damage_leaves_nothing(baygan: Baygan, site: SiteFolder, form: str) -> None:
    [path] = site.path.glob("articles/*")
    path.write_bytes(path.read_bytes().replace(b'"text": "', b'"text": '))
    before = sorted(baygan.folder.iterdir())
    done = baygan("export", form, FORMS[form])
    assert done.code == 4
    assert sorted(baygan.folder.iterdir()) == before


@pytest.mark.parametrize("form", ["--parquet", "--dataset"])
def test_without_duckdb_it_says_what_to_install(baygan: Baygan, tmp_path: Path, form: str) -> None:
    (tmp_path / "absent").mkdir()
    (tmp_path / "absent" / "duckdb.py").write_text("raise ModuleNotFoundError('duckdb')\n")
    path = f"{tmp_path / 'absent'}:{REPOSITORY}"
    done = baygan("export", form, "news", PYTHONPATH=path)
    assert done.code == 2
    assert "duckdb, which is not installed" in done.err
    assert "pip install 'baygan[table]'" in done.err
    assert not (baygan.folder / "news").exists()
    assert baygan("export", "--sqlite", "news.db", PYTHONPATH=path).code == 0


WRONG = {
    ("--parquet", "a", "--sqlite", "b"): "--parquet and --sqlite do not go together",
    ("--csv", "--parquet", "a"): "do not go together",
    ("--fields", "id", "--sqlite", "a"): "--fields is for JSON lines and CSV",
    ("--bom", "--parquet", "a"): "--bom is for CSV",
    ("--anonymous",): "are for --dataset",
    ("--urls-only", "--parquet", "a"): "are for --dataset",
    ("--wacz", "a", "--parquet", "b"): "stand alone",
    ("--sqlite", "news.metadata.json"): "news.metadata.metadata.json",
}


@pytest.mark.parametrize("options", [options for options in WRONG if "--sqlite" not in options[:1]])
def test_options_that_do_not_go_together(baygan: Baygan, options: tuple[str, ...]) -> None:
    before = sorted(baygan.folder.iterdir())
    done = baygan("export", *options)
    assert done.code == 2
    assert WRONG[options] in done.err
    assert sorted(baygan.folder.iterdir()) == before


def test_a_data_set_of_addresses_holds_no_text(baygan: Baygan) -> None:
    assert baygan("export", "--dataset", "urls", "--urls-only").code == 0
    folder = baygan.folder / "urls"
    with duckdb.connect() as database:
        told = database.execute(
            "DESCRIBE FROM read_parquet(?)", [str(folder / "data/articles.parquet")]
        )
        names = {row[0] for row in told.fetchall()}
    assert names == {
        "id", "site", "url", "version", "published", "fetched", "text_sha256", "warc_record_id",
        "warc_payload_sha256",
    }  # fmt: skip
    for path in folder.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            assert "متن دیگر".encode() not in data and "خبر شمارهٔ".encode() not in data


def test_an_anonymous_data_set_names_no_author(baygan: Baygan) -> None:
    """Not in the table, nor in the options that it was chosen by."""
    done = baygan("export", "--dataset", "news", "--anonymous", "--author", AUTHOR)
    assert done.code == 0
    folder = baygan.folder / "news"
    card = (folder / "README.md").read_text()
    assert "--author …" in card
    assert len(ids(folder / "data/articles.parquet")) == 1
    for path in folder.rglob("*"):
        assert path.is_dir() or AUTHOR.encode() not in path.read_bytes(), path
    assert baygan("export", "--dataset", "named", "--author", AUTHOR).code == 0
    assert AUTHOR in (baygan.folder / "named" / "README.md").read_text()


def test_a_data_set_is_described_by_the_ledgers(tmp_path: Path) -> None:
    with after_the_first(5, tmp_path / "archive") as nights:
        gone = nights.room.site.posts[0]
        nights.room.site.unpublish(gone.id)
        nights.forward(hours=1)
        nights()
        toml = nights.baygan.folder / "sites.toml"
        toml.write_text(f'[archive]\ntitle = "خبرهای نمونه"\noperator = "Sara"\n{toml.read_text()}')
        # The runs were seconds apart.
        ledger = toml.parent / "news/runs.jsonl"
        first, second = [json.loads(line) for line in ledger.read_text().splitlines()]
        first["started"] = "2026-01-01T00:30:00Z"
        ledger.write_text(f"{json.dumps(first)}\n{json.dumps(second)}\n")
        assert nights.baygan("export", "--dataset", "set", "--since", "1404").code == 0
    folder = nights.baygan.folder / "set"
    card = (folder / "README.md").read_text()
    told = json.loads((folder / "croissant.json").read_text())
    data = (folder / "data/articles.parquet").read_bytes()
    [file] = told["distribution"]
    assert file["sha256"] == hashlib.sha256(data).hexdigest()
    assert file["contentSize"] == f"{len(data)} B"
    fields = told["recordSet"][0]["field"]
    assert [field["name"] for field in fields] == [column.name for column in line_columns()]
    assert told["creator"]["name"] == "Sara" and told["name"] == "خبرهای نمونه"
    for text in (card, told["rai:dataCollectionMissingData"]):
        assert f"no run for more than 48 hours: {first['started']} to {second['started']}" in text
        assert "posts that the site removed: unpublished 1" in text
        assert "in its last run the site counted 5 posts" in text
    line = json.loads(next(kept(Archive(toml.parent).site("news"))))
    assert line["extractor"]["rules"] in card and "--since 2025-03-21" in card
    assert "FILL IN" in told["license"] and "FILL IN" in card
    for column in line_columns():
        assert f"| `{column.name}` | {column.type} | {column.what} |" in card


def test_a_data_set_goes_into_an_empty_folder_but_over_nothing(baygan: Baygan) -> None:
    (baygan.folder / "empty").mkdir()
    assert baygan("export", "--dataset", "empty").code == 0
    before = (baygan.folder / "empty/README.md").read_bytes()
    done = baygan("export", "--dataset", "empty", "--urls-only")
    assert done.code == 2
    assert "is there already; nothing was changed. Name a new folder." in done.err
    assert (baygan.folder / "empty/README.md").read_bytes() == before


def test_show_cites(baygan: Baygan) -> None:
    for form, begin in (("bibtex", "@misc{khabar-post-2-v2,"), ("csl", "["), ("text", AUTHOR)):
        done = baygan("show", "--cite", form, "khabar/post/2")
        assert (done.code, done.err) == (0, "")
        assert done.out.startswith(begin)
    done = baygan("show", "--cite", "bibtex", "--json", "khabar/post/2")
    assert done.code == 2 and "do not go together" in done.err
    done = baygan("show", "--cite", "khabar/post/2")
    assert done.code == 2 and "'bibtex', 'csl', 'text'" in done.err
    told = baygan("show", "--cite", "text", "khabar/post/2", terminal=True)
    assert "For a PWID set contact in sites.toml" in told.err
