"""The house rules that a machine can see: floors, homes of foreign libraries, sizes, names."""

from __future__ import annotations

import ast
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from statistics import median

REPOSITORY = Path(__file__).parent.parent
FLOORS = ("archive", "spiders", "scraper")  # from the ground up
ROOMS = {floor: sorted((REPOSITORY / floor).rglob("*.py")) for floor in FLOORS}
MODULES = {
    ".".join(path.relative_to(REPOSITORY).with_suffix("").parts).removesuffix(".__init__"): path
    for floor in FLOORS
    for path in ROOMS[floor]
}
FOLDERS = (*FLOORS, "tests", "benchmarks")
FILES = [path for folder in FOLDERS for path in (REPOSITORY / folder).rglob("*.py")]
MAX_LINES = 300
MAX_MODULES = 14
MAX_CHAIN = 15
# The keys of request.meta that Scrapy reads or writes. What is ours is a field of FetchOptions.
SCRAPYS_META = {
    "allow_offsite", "dont_obey_robotstxt", "dont_redirect", "dont_retry", "download_maxsize",
    "download_timeout", "handle_httpstatus_all", "handle_httpstatus_list", "max_retry_times",
    "proxy", "redirect_times", "redirect_urls",
}  # fmt: skip
# What a floor may take from outside the standard library; what is not here, nobody may.
LIBRARIES = {
    "archive": {
        "warcio", "persiantools", "fastjsonschema", "idna", "brotli", "duckdb", "rensa",
        "tomlkit", "s3fs", "botocore",
    },
    "spiders": {"scrapy", "twisted", "lxml", "w3lib"},
    "scraper": {
        "scrapy", "twisted", "lxml", "click", "rich", "trafilatura", "pebble",
        "persiantools", "OpenSSL", "prometheus_client", "urllib3", "packaging", "jinja2",
        "distributed",
    },
}  # fmt: skip


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def imports(path: Path) -> Iterator[str]:
    """The full names of all modules that a file imports, wherever it does."""
    for node in ast.walk(tree(path)):
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
        "botocore": ["archive/storage/bucket.py"],
        "brotli": ["archive/http/coding.py"],
        # The head's connection, and the task at a worker that asks what it is.
        "distributed": ["scraper/cluster/scheduler.py", "scraper/cluster/task.py"],
        "duckdb": ["archive/tables/parquet.py"],
        "fastjsonschema": ["archive/check/articles.py"],
        "jinja2": ["scraper/report/page.py"],
        "OpenSSL": ["scraper/download/wire.py"],
        "packaging": ["scraper/doctor/program.py"],
        "pebble": ["scraper/workers.py"],
        "prometheus_client": ["scraper/notify/textfile.py"],
        "rensa": ["archive/copies/candidates.py"],
        "s3fs": ["archive/storage/bucket.py"],
        "rich": ["scraper/console/progress.py"],
        "tomlkit": ["archive/upkeep/site_tables.py"],
        "trafilatura": ["scraper/cleaning/region/by_trafilatura.py"],
        "urllib3": ["scraper/notify/healthcheck.py"],
        "warcio": ["archive/warc/records.py"],
    }
    assert {library: importers(library) for library in homes} == homes
    assert {path.partition("/")[0] for path in importers("sqlite3")} == {"archive"}


def test_no_file_is_long() -> None:
    """In the tests a file may be somewhat longer."""
    rooms = [path for floor in FLOORS for path in ROOMS[floor]]
    middle = median(map(lines, rooms))
    long = [path for path in rooms if lines(path) > MAX_LINES]
    long += [path for path in FILES if lines(path) > 400]
    assert not long, f"too long: {long}; the house's median is {middle}"


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
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or ast.unparse(node.type) in ("Exception", "BaseException"))
        and ast.unparse(node.body[-1]) != "raise"
    ]
    assert broad == [Path("scraper/cli.py")]


def test_no_folder_is_full() -> None:
    """An `__init__` is no room."""
    rooms = [path for floor in FLOORS for path in ROOMS[floor] if path.stem != "__init__"]
    count = Counter(str(path.parent.relative_to(REPOSITORY)) for path in rooms)
    assert not {folder: n for folder, n in count.items() if n > MAX_MODULES}


def test_every_package_says_what_happens_in_it() -> None:
    packages = [path for floor in FLOORS for path in ROOMS[floor] if path.stem == "__init__"]
    silent = [path for path in packages if not ast.get_docstring(tree(path))]
    assert not silent


def test_no_two_classes_have_one_name() -> None:
    """Nor does an underscore tell them apart."""
    count = Counter(
        node.name.lstrip("_")
        for floor in FLOORS
        for path in ROOMS[floor]
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ClassDef)
    )
    assert not {name: n for name, n in count.items() if n > 1}


def test_no_chain_of_imports_is_long() -> None:
    """Imports inside functions count, too; those for types alone do not."""
    longest = max(map(chain, MODULES), key=len)
    assert len(longest) <= MAX_CHAIN, " imports ".join(longest)


@cache
def chain(module: str) -> tuple[str, ...]:
    """The longest chain of imports that begins with `module`."""
    below = set(running_imports(MODULES[module])) & MODULES.keys()
    return (module, *max(map(chain, sorted(below)), key=len, default=()))


def running_imports(path: Path) -> Iterator[str]:
    """The full names of what a file imports, without what stands under TYPE_CHECKING."""
    waiting: list[ast.AST] = [tree(path)]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.If) and is_type_checking(node.test):
            continue
        waiting += ast.iter_child_nodes(node)
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                yield full if full in MODULES or node.module not in MODULES else node.module


def is_type_checking(test: ast.AST) -> bool:
    return isinstance(test, ast.Name) and test.id == "TYPE_CHECKING"


def test_a_request_says_what_it_is_for_in_one_place() -> None:
    """`meta` has Scrapy's own keys alone; FetchOptions and the capture have theirs."""
    found = {
        f"{path.relative_to(REPOSITORY)}: {key}"
        for floor in ("spiders", "scraper")
        for path in ROOMS[floor]
        if path.name != "fetch_options.py" and "scrapy" in path.read_text()
        for node in ast.walk(tree(path))
        for key in meta_keys(node)
        if key not in SCRAPYS_META
    }
    assert not found


def meta_keys(node: ast.AST) -> Iterator[str]:
    """The keys at `….meta["key"]`, `meta.get("key")`, `meta={"key": …}` and `.meta(key=…)`."""
    if isinstance(node, ast.Subscript) and is_meta(node.value):
        yield ast.unparse(node.slice).strip("'")
    elif isinstance(node, ast.keyword) and node.arg == "meta" and isinstance(node.value, ast.Dict):
        yield from (ast.unparse(key).strip("'") for key in node.value.keys if key)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        if is_meta(node.func.value) and node.args:
            yield ast.unparse(node.args[0]).strip("'")
        elif is_meta(node.func):
            yield from (keyword.arg for keyword in node.keywords if keyword.arg)


def is_meta(node: ast.AST) -> bool:
    name = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", None)
    return name == "meta"


def test_only_the_spider_is_one() -> None:
    """Whoever needs to know how a crawl is going takes its CrawlProgress."""
    spiders = [
        str(path.relative_to(REPOSITORY))
        for floor in FLOORS
        for path in ROOMS[floor]
        if {"scrapy.Spider", "spiders.wordpress"} & {*running_imports(path)}
    ]
    assert spiders == ["spiders/fetch.py", "spiders/wordpress.py"]


def test_what_comes_from_the_web_is_read_behind_a_door() -> None:
    """Numbers, dates and addresses raise errors that nobody expects: they are read in archive/text,
    archive/times and archive/http, by functions that give None or BadAddress."""
    open_ones = {
        f"{path.relative_to(REPOSITORY)}: {ast.unparse(node)}"
        for path in [*ROOMS["spiders"], *(REPOSITORY / "scraper/download").rglob("*.py")]
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and reads_unguarded(node)
    }
    assert open_ones == {
        "spiders/wordpress.py: int(limit)",  # ours: a word of the command line
        "spiders/wordpress.py: float(stop_after)",
        "spiders/rest/count_bisect.py: datetime.fromisoformat(self.start)",  # ours: of the index
        "spiders/rest/sitemap_crosscheck.py: datetime.fromisoformat(last['read'])",
        "spiders/rest/root.py: home.urljoin(path)",  # ours, as are the sitemaps' usual places
        "spiders/sources/sitemap.py: urljoin(self._home, guess)",
        # In a `try`, step by step: what a damaged file holds up to there is kept.
        "spiders/sources/markup.py: decoder.decompress(body[position:position + _PIECE], room)",
        "scraper/download/peers.py: int(ip)",  # an IPv6Address
        "scraper/download/throttle.py: float(seconds)",  # an int by then
    }


def reads_unguarded(call: ast.Call) -> bool:
    """Whether this call may raise an error over what it is given. What is joined to an address
    that is one already, and stands in the code, is none."""
    name = ast.unparse(call.func).rpartition(".")[2]
    if name == "urljoin":
        return not isinstance(call.args[-1], ast.Constant | ast.JoinedStr | ast.IfExp)
    raising = {
        "int", "float", "fromtimestamp", "utcfromtimestamp", "fromisoformat", "strptime",
        "parsedate_to_datetime", "loads", "decompress", "unescape",
    }  # fmt: skip
    return name in raising
