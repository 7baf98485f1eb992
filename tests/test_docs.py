"""The documents are true: printed by the program, or compared with what it does."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from dataclasses import fields
from fnmatch import fnmatch
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from archive.files.failpoint import FILES, PLACES
from archive.jsonl.removals import Removal
from archive.outcomes import Flag
from archive.warc.reader import records
from scraper.cli import baygan as baygan_group
from scraper.console.manual import pages
from tests.manual import MANUAL
from tests.process import REPOSITORY, Baygan
from tests.reference import reference
from tests.session import SESSIONS, masked, played, printed
from tests.sister import sisters

DOCS = REPOSITORY / "docs"
ALWAYS = {"WARC-Type", "WARC-Record-ID", "Content-Type", "Content-Length", "WARC-Block-Digest"}
SOMETIMES = {"WARC-Cipher-Suite", "WARC-Truncated"}


def tables(page: str, heading: str) -> dict[str, str]:
    """The rows of the tables below `heading` in a page of docs/: each `name` in the first
    column, and what stands in the others."""
    _, _, rest = (DOCS / page).read_text().partition(f"\n## {heading}")
    section = rest.partition("\n## ")[0]
    rows = [line.strip("| ").split(" | ", 1) for line in section.splitlines() if line[:1] == "|"]
    return {name: row[-1] for row in rows for name in re.findall("`([^`]+)`", row[0])}


def test_cli_md_is_what_the_program_prints() -> None:
    """`python -m tests.reference > docs/cli.md` brings it up to date."""
    assert (DOCS / "cli.md").read_text() == reference()


def test_the_manual_is_what_the_program_prints() -> None:
    """`python -m tests.manual` brings it up to date."""
    assert {path.name: path.read_text() for path in MANUAL.iterdir()} == pages(baygan_group)


@pytest.mark.skipif(shutil.which("groff") is None, reason="no groff")
def test_the_manual_has_no_mistake_that_groff_finds() -> None:
    for path in MANUAL.iterdir():
        done = subprocess.run(
            ["groff", "-man", "-ww", "-Tutf8", "-P-c", path], capture_output=True, text=True
        )
        assert (done.returncode, done.stderr) == (0, "")
        shown = re.sub(".\x08", "", done.stdout)
        assert path.stem.replace("-", " ", 1) in shown


@pytest.mark.parametrize(
    "page",
    # The guide in Persian gives the commands of the first pages once more.
    [*SESSIONS[:-1], *sisters(SESSIONS[-1])],
    ids=lambda page: page.name,
)
def test_a_session_is_what_happens(page: Path) -> None:
    """`python -m tests.session` brings it up to date."""
    assert masked(played(printed(page))) == masked(printed(page))


def test_every_file_that_the_documents_name_is_there() -> None:
    for page in [REPOSITORY / "README.md", *DOCS.glob("*.md")]:
        for link in re.findall(r"\]\(([^)#:]+)\)", page.read_text()):
            assert (page.parent / link).exists(), f"{page.name}: {link}"
    for name in re.findall(r"scripts/\w+", (REPOSITORY / "README.md").read_text()):
        assert (REPOSITORY / name).stat().st_mode & 0o111


def test_house_md_names_every_package_and_nothing_that_is_not_there() -> None:
    page = (DOCS / "house.md").read_text()
    drawn = set(re.findall(r"(\w+)/", page))
    floors = ("archive", "spiders", "scraper")
    packages = [
        path.parent for floor in floors for path in (REPOSITORY / floor).glob("*/__init__.py")
    ]
    assert {path.name for path in packages} <= drawn
    for room in re.findall(r"\b(?:archive|spiders|scraper)/[\w/]*\w(?:\.\w+)?", page):
        path = REPOSITORY / room
        assert path.exists() or path.with_suffix(".py").exists(), room


def test_house_md_names_every_failpoint() -> None:
    rows = tables("house.md", "Failpoints")
    documented = {
        name.replace("FILE", file): where
        for name, where in rows.items()
        for file in (FILES if name.startswith("FILE.") else ("",))
    }
    assert documented == PLACES


def test_archive_md_tells_all_that_a_crawl_writes(baygan: Baygan) -> None:
    assert baygan("crawl", "--limit", "4").code == 0
    site = baygan.folder / "news"
    [run] = [json.loads(line) for line in (site / "runs.jsonl").read_text().splitlines()]
    assert set(tables("archive.md", "runs.jsonl")) == set(run)
    assert set(tables("archive.md", "coverage")) == set(run["coverage"])
    removal = {field.name for field in fields(Removal)}
    assert set(tables("archive.md", "removals.jsonl")) == removal
    assert baygan("crawl", "--again").code == 0
    for seal in (site / "manifest.jsonl").read_text().splitlines():
        assert set(tables("archive.md", "manifest.jsonl")) == set(json.loads(seal))
    _compare_layout(baygan.folder)
    _compare_lines(site)
    _compare_records(site)


def test_archive_md_says_when_each_flag_is_set() -> None:
    keys = set(_schema()["properties"]) | set(_schema()["properties"]["warc"]["properties"])
    assert set(tables("archive.md", "articles/")) - keys == set(Flag)


def _compare_layout(archive: Path) -> None:
    """Every file is one of those drawn, names and numbers aside."""
    drawn = ["sites.toml", "news/warc/20??/news-20*Z-????????-00000.warc.gz", "news/index.db*"]
    drawn += ["news/text/20??/news-20*Z-????????-00000.text.warc.gz", "news/runs.jsonl"]
    drawn += ["news/search.db*", "news/manifest.jsonl", "news/layout.json"]
    drawn += ["news/articles/20??-??.jsonl", "news/.lock", "logs/20??-??-??.log"]
    files = [str(path.relative_to(archive)) for path in archive.rglob("*") if path.is_file()]
    strange = [file for file in files if not any(fnmatch(file, shape) for shape in drawn)]
    assert not strange
    assert all(any(fnmatch(file, shape) for file in files) for shape in drawn)


def _compare_lines(site: Path) -> None:
    keys = set(_schema()["properties"])
    assert keys <= set(tables("archive.md", "articles/"))
    [path] = (site / "articles").iterdir()
    for text in path.read_text().splitlines():
        line = json.loads(text)
        assert set(line) == keys
        Draft202012Validator(_schema()).validate(line)


def _compare_records(site: Path) -> None:
    """Every record has the fields its row names: all, but for those of TLS and of a cut one."""
    rows = tables("archive.md", "warc/") | tables("archive.md", "text/")
    documented = {name: set(re.findall("`(WARC-[^`]+)`", rows[name])) for name in rows}
    seen = set()
    for path in site.glob("*/*/*.warc.gz"):
        for record, _ in records(path):
            kind = record.field("WARC-Type") or ""
            seen.add(kind)
            fields = {field for field, _ in record.fields} - ALWAYS
            assert documented[kind] - SOMETIMES <= fields <= documented[kind]
    assert seen == set(documented)


def _schema() -> dict[str, Any]:
    schema: dict[str, Any] = json.loads((REPOSITORY / "archive" / "line.schema.json").read_text())
    return schema


def test_security_md_has_the_limits_of_the_code() -> None:
    units = {"": 1, "s": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30}
    page = (DOCS / "security.md").read_text()
    rows = re.findall(r"^\| `([\w.]+)\.(\w+)` \| (\d+) ?(\w*) \|", page, re.MULTILINE)
    assert len(rows) == page.partition("\n## Limits")[2].partition("\n## ")[0].count("\n| `")
    for module, name, number, unit in rows:
        assert getattr(import_module(module), name) == int(number) * units[unit], name
    for path in re.findall("`(tests/[\\w/]+\\.py)`", page):
        assert (REPOSITORY / path).exists()
