"""The house rules that a machine can see: floors, homes of foreign libraries, sizes, names."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median

REPOSITORY = Path(__file__).parent.parent
FLOORS = ("archive", "spiders", "scraper")  # from the ground up
ROOMS = {floor: sorted((REPOSITORY / floor).rglob("*.py")) for floor in FLOORS}
FOLDERS = (*FLOORS, "tests", "benchmarks")
FILES = [path for folder in FOLDERS for path in (REPOSITORY / folder).rglob("*.py")]
# What a floor may take from outside the standard library; what is not here, nobody may.
LIBRARIES = {
    "archive": {"warcio", "persiantools", "fastjsonschema", "idna", "brotli"},
    "spiders": {"scrapy", "twisted", "lxml", "w3lib"},
    "scraper": {
        "scrapy", "twisted", "lxml", "click", "rich", "trafilatura", "pebble",
        "persiantools", "OpenSSL",
    },
}  # fmt: skip


def imports(path: Path) -> Iterator[str]:
    """The full names of all modules that a file imports, wherever it does."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import"
            yield node.module or ""


def importers(library: str) -> list[str]:
    """The files of the house that import `library`."""
    return [
        str(path.relative_to(REPOSITORY))
        for floor in FLOORS
        for path in ROOMS[floor]
        if library in {name.partition(".")[0] for name in imports(path)}
    ]


def test_imports_only_go_down_and_each_floor_has_its_libraries() -> None:
    for height, floor in enumerate(FLOORS):
        allowed = {*FLOORS[: height + 1], *LIBRARIES[floor], *sys.stdlib_module_names}
        for path in ROOMS[floor]:
            foreign = {name.partition(".")[0] for name in imports(path)} - allowed
            assert not foreign, f"{path.relative_to(REPOSITORY)} imports {foreign}"


def test_these_libraries_have_one_home() -> None:
    homes = {
        "brotli": ["archive/http/coding.py"],
        "fastjsonschema": ["archive/check/articles.py"],
        "OpenSSL": ["scraper/download/wire.py"],
        "pebble": ["scraper/workers.py"],
        "rich": ["scraper/console/report.py"],
        "trafilatura": ["scraper/cleaning/content/by_trafilatura.py"],
        "warcio": ["archive/warc/records.py"],
    }
    assert {library: importers(library) for library in homes} == homes
    assert {path.partition("/")[0] for path in importers("sqlite3")} == {"archive"}


def test_no_file_is_long() -> None:
    long = [path for path in FILES if lines(path) > 400]
    middle = median(lines(path) for floor in FLOORS for path in ROOMS[floor])
    assert not long, f"over 400 lines: {long}; the house's median is {middle}"


def lines(path: Path) -> int:
    return len(path.read_text().splitlines())


def test_every_room_has_a_name_of_its_own() -> None:
    vague = {"utils", "util", "helpers", "helper", "common", "manager", "misc"}
    assert not vague & {path.stem for path in FILES}


def test_one_broad_except_at_the_top_of_the_command_line() -> None:
    """One that ends with `raise` only puts things away and lets the error pass."""
    broad = [
        path.relative_to(REPOSITORY)
        for floor in FLOORS
        for path in ROOMS[floor]
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or ast.unparse(node.type) in ("Exception", "BaseException"))
        and ast.unparse(node.body[-1]) != "raise"
    ]
    assert broad == [Path("scraper/cli.py")]
