"""The documentation site: every page is in its contents, and it is built without a warning."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from lxml import html

from tests.process import REPOSITORY
from tests.schema_page import PAGE, printed
from tests.session import BLOCK, SESSIONS

DOCS = REPOSITORY / "docs"
PAGES = sorted(DOCS.glob("*.md"))


def test_schema_md_is_what_the_schema_says() -> None:
    """`python -m tests.schema_page` brings it up to date."""
    assert PAGE.read_text() == printed()


def test_every_page_is_in_the_contents_once() -> None:
    """A page that is new needs a line in docs/index.md."""
    trees = re.findall(r"```\{toctree\}\n(.*?)```", (DOCS / "index.md").read_text(), re.DOTALL)
    named = [line for tree in trees for line in tree.splitlines() if line and line[0] != ":"]
    # search.html is the site's own search: find.md brings that page.
    pages = {page.stem for page in PAGES} - {"index", "search"}
    assert sorted(named) == sorted(pages)


def test_every_session_is_run() -> None:
    """By tests/session.py, or by a module of the page's own, such as tests/tables_page.py."""
    for page in PAGES:
        own = REPOSITORY / "tests" / f"{page.stem}_page.py"
        if BLOCK.search(page.read_text()):
            assert page in SESSIONS or own.exists(), page.name


def sphinx() -> str | None:
    """A Python that has what the site needs: that of scripts/docs, or this one."""
    for python in (str(REPOSITORY / ".docs-venv/bin/python"), sys.executable):
        needs = [python, "-c", "import sphinx, furo, myst_parser, lxml, archive"]
        if Path(python).exists() and not subprocess.run(needs, capture_output=True).returncode:
            return python
    return None


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the built site."""
    python = sphinx()
    if python is None:
        pytest.skip("no Sphinx: scripts/docs installs it")
    folder = tmp_path_factory.mktemp("site")
    build = [python, "-m", "sphinx", "-W", "--keep-going", "-n", "-q", "-b", "html"]
    done = subprocess.run(
        [*build, "-d", folder / "doctrees", DOCS, folder / "html"], capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
    return folder / "html"


def test_every_page_is_built_and_every_link_leads_somewhere(site: Path) -> None:
    assert {path.stem for path in PAGES} <= {path.stem for path in site.glob("*.html")}
    assert "spellings" in html.parse(site / "find.html").getroot().text_content()
    trees = {path.resolve(): html.parse(path).getroot() for path in site.glob("*.html")}
    # Furo goes to the top of a page by an anchor that every browser knows.
    names = {path: {"", *tree.xpath("//@id")} for path, tree in trees.items()}
    seen = 0
    for path, tree in trees.items():
        for link in tree.xpath("//a/@href"):
            parts = urlsplit(link)
            if parts.scheme:
                continue
            there = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            assert there in names, f"{path.name}: {link}"
            assert unquote(parts.fragment) in names[there], f"{path.name}: {link}"
            seen += 1
    assert seen > 500


def test_nothing_is_fetched_from_elsewhere(site: Path) -> None:
    for path in site.glob("*.html"):
        tree = html.parse(path).getroot()
        loaded = tree.xpath("//script/@src | //img/@src | //link[@rel='stylesheet']/@href")
        assert [link for link in loaded if urlsplit(link).netloc] == []


def test_the_persian_page_is_written_from_right_to_left(site: Path) -> None:
    page = html.parse(site / "fa.html").getroot()
    assert page.get("lang") == "fa"
    [article] = page.xpath("//*[@dir='rtl' and @lang='fa']")
    assert "نیم‌فاصله‌ها" in article.text_content()
    other = html.parse(site / "start.html").getroot()
    assert (other.get("lang"), other.xpath("//*[@dir]")) == ("en", [])
    apart = html.parse(site / "find.html").xpath("//pre//bdi/text()")
    assert {"«شورای شهر»", "قنات"} <= set(apart), "Persian words in a session stand apart"
    assert not [words for words in apart if {"(", ")", "'", '"'} & set(words)]


def test_the_public_names_are_described(site: Path) -> None:
    """Each name with its docstring, from the code itself."""
    tree = html.parse(site / "api.html").getroot()
    for name in ("Archive", "SiteFolder", "PageCapture", "Removal", "StoredRecord", "Damaged"):
        [told] = tree.xpath(f"//dt[@id='archive.{name}']/following-sibling::dd[1]")
        assert len(told.text_content().split()) > 5, name
    assert tree.xpath("//dt[@id='archive.SiteFolder.articles']//*[text()='since']")
