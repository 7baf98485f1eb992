"""What other programs make of exports: every value must be that of the line."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from archive.folder import SiteFolder
from archive.jsonl.article_line import encode
from archive.tables.line_columns import complete, line_columns, row_of
from archive.tables.parquet import write_parquet
from archive.writer.site_writer import SiteWriter
from tests.archive.material import address, archived, article, exchange
from tests.archive.odd_lines import odd_lines, values
from tests.process import Baygan
from tests.readers import need, need_r, r_rows, rows, run

LINES = list(odd_lines())
OF_PARQUET = {
    "pandas": """
import pandas
def rows():
    return pandas.read_parquet("news.parquet").to_dict("records")
""",
    "pyarrow": """
import pyarrow.parquet
def rows():
    return pyarrow.parquet.read_table("news.parquet").to_pylist()
""",
    "polars": """
import polars
def rows():
    return polars.read_parquet("news.parquet").to_dicts()
""",
    "datasets": """
import datasets
def rows():
    return list(datasets.load_dataset("parquet", data_files="news.parquet", split="train"))
""",
}
OF_JSON_LINES = {
    "pandas": """
import pandas
def rows():
    return pandas.read_json("news.jsonl", lines=True, dtype=False).to_dict("records")
""",
    "polars": """
import polars
def rows():
    return polars.read_ndjson("news.jsonl", infer_schema_length=None).to_dicts()
""",
    "datasets": """
import datasets
def rows():
    # In pieces of 10 MiB, as it would read, it takes the types from the first piece alone.
    return list(
        datasets.load_dataset("json", data_files="news.jsonl", split="train", chunksize=1 << 30)
    )
""",
}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with news.parquet and news.jsonl, both with LINES."""
    folder = tmp_path_factory.mktemp("files")
    write_parquet(folder / "news.parquet", LINES, line_columns())
    (folder / "news.jsonl").write_bytes(b"".join(encode(complete(line)) for line in LINES))
    return folder


@pytest.mark.parametrize("library", OF_PARQUET)
def test_parquet_is_read_as_it_is(files: Path, library: str) -> None:
    need(library)
    found = rows(OF_PARQUET[library], files)
    assert values(found) == values([row_of(line, line_columns()) for line in LINES])


@pytest.mark.parametrize("library", OF_JSON_LINES)
def test_json_lines_are_read_as_they_are(files: Path, library: str) -> None:
    need(library)
    found = rows(OF_JSON_LINES[library], files)
    if library == "datasets":
        # It takes for an instant what looks like one, a Jalali day too. The digits stay.
        for row in found:
            row["published_jalali"] = row["published_jalali"] and row["published_jalali"][:10]
    assert values(found) == values([complete(line) for line in LINES])


def test_r_reads_json_lines_as_they_are(files: Path) -> None:
    need_r("jsonlite")
    found = r_rows('rows <- jsonlite::stream_in(file("news.jsonl"), verbose = FALSE)', files)
    for row in found:
        # An object is a table of its own there; where there is none, its row is empty.
        row["image"] = row["image"] if any(row["image"].values()) else None
    # A text of R's ends before a NUL. Articles have none: cleaning takes it out.
    told = (json.dumps(complete(line), ensure_ascii=False) for line in LINES)
    every = [json.loads(line.replace("\\u0000 در میان", "")) for line in told]
    assert values(found) == values(every)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SiteFolder]:
    """Posts 1 to 3; 2 has two versions."""
    site = archived(tmp_path_factory.mktemp("archive") / "archive", 1, 2, 3)
    with SiteWriter(site) as writer:
        capture = writer.capture(exchange(2, b"<p>another</p>"))
        writer.keep(address(2), article(2, "كتاب‌هاي تازه می‌رسند."), capture)
    yield site


def test_datasette_filters_facets_and_searches(site: SiteFolder) -> None:
    need("datasette")
    folder = site.archive.path
    assert Baygan(folder)("export", "--sqlite", "news.db", "--versions", "all").code == 0

    def page(path: str) -> dict[str, Any]:
        code = (
            "import sys; from datasette.cli import cli; cli(['news.db', '-m',"
            f" 'news.metadata.json', '--get', {path!r}])"
        )
        found: dict[str, Any] = json.loads(run(code, folder))
        return found

    newest = page("/news/newest.json?_shape=objects&_facet=site&_facet_array=flags")
    assert len(newest["rows"]) == 3
    [facet] = newest["facet_results"]["site"]["results"]
    assert (facet["value"], facet["count"]) == ("khabar", 3)
    found = page("/news/versions.json?_shape=objects&_search=کتابهای")
    assert [(row["id"], row["version"]) for row in found["rows"]] == [("khabar/post/2", 2)]
    assert page("/news/newest.json?_shape=objects&_search=می‌رسند")["rows"]
    shown = run(
        "from datasette.cli import cli; cli(['news.db', '-m', 'news.metadata.json', '--get',"
        " '/news/versions'])",
        folder,
    )
    for column in line_columns():
        assert f"<dt>{column.name}</dt>" in shown
    assert "SHA-256 of the folded text" in shown


@pytest.mark.parametrize("table", ["versions", "newest", "articles", "runs"])
def test_r_reads_the_tables_of_sqlite(site: SiteFolder, table: str) -> None:
    need_r("jsonlite")
    need_r("RSQLite")
    path = site.archive.path / f"{table}.db"
    assert Baygan(site.archive.path)("export", "--sqlite", path.name, "--versions", "all").code == 0
    code = f"""
        news <- DBI::dbConnect(RSQLite::SQLite(), "{path.name}", bigint = "numeric")
        rows <- DBI::dbReadTable(news, "{table}")
    """
    with closing(sqlite3.connect(path)) as database:
        database.row_factory = sqlite3.Row
        every = [dict(row) for row in database.execute(f"SELECT * FROM {table}")]
    assert r_rows(code, site.archive.path) == every
    assert len(every) >= 2 or table == "runs"


@pytest.fixture(scope="module")
def data_sets(site: SiteFolder) -> Path:
    """A folder with three data sets of the archive: whole, urls, anonymous."""
    for name, *options in (("whole",), ("urls", "--urls-only"), ("anonymous", "--anonymous")):
        done = Baygan(site.archive.path)("export", "--dataset", name, *options)
        assert (done.code, done.err) == (0, "")
    return site.archive.path


@pytest.mark.parametrize("name", ["whole", "urls", "anonymous"])
def test_datasets_reads_a_data_set(data_sets: Path, site: SiteFolder, name: str) -> None:
    need("datasets")
    code = f"""
import datasets
def rows():
    return list(datasets.load_dataset("{data_sets / name}", split="train"))
"""
    found = rows(code, data_sets)
    every = [row_of(line, line_columns()) for line in site.articles()]
    assert found == [{key: row[key] for key in found[0]} for row in every]


@pytest.mark.parametrize("name", ["whole", "urls", "anonymous"])
def test_mlcroissant_reads_a_data_set(data_sets: Path, site: SiteFolder, name: str) -> None:
    """Without an error or a warning about its metadata."""
    need("mlcroissant")
    code = f"""
import logging, mlcroissant
told = []
logging.getLogger().addFilter(lambda record: told.append(record) or True)
found = mlcroissant.Dataset("{data_sets / name / "croissant.json"}")
def rows():
    assert not found.metadata.ctx.issues.errors, found.metadata.ctx.issues.report()
    assert not found.metadata.ctx.issues.warnings, found.metadata.ctx.issues.report()
    assert not told, [record.getMessage() for record in told]
    for row in found.records("articles"):
        yield {{key.partition("/")[2]: value for key, value in row.items()}}
"""
    found = rows(code, data_sets)
    every = [row_of(line, line_columns()) for line in site.articles()]
    assert found == [{key: row[key] for key in found[0]} for row in every]
