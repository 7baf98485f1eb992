"""docs/reading.md: what other programs read of the lines is what the page prints.

pandas is the reader's own; without it its part of the page is not run (see tests.readers).
"""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest

from tests.newsroom.newsroom import Newsroom
from tests.newsroom.site import Site
from tests.process import REPOSITORY, Baygan
from tests.readers import need, run
from tests.session import POSTS

PAGE = (REPOSITORY / "docs" / "reading.md").read_text()
PARTS = {
    found[1]: found[0]
    for found in re.finditer(r"(?<=```pycon\n)>>> import (\w+)\n.*?(?=```)", PAGE, re.DOTALL)
}

_DOCTEST = """
import doctest, sys
page = doctest.DocTestParser().get_doctest(open("part.txt").read(), {}, "reading.md", None, 0)
failed, tried = doctest.DocTestRunner().run(page, out=sys.stderr.write)
assert not failed and tried >= 3
"""


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive of the documents, with the files that the page's session has written."""
    folder = tmp_path_factory.mktemp("reading")
    with Newsroom(Site(POSTS)) as room:
        site = f'[sites.bamdad]\nurl = "{room.url}"\nallow_private = true\ndelay = 0\n'
        (folder / "sites.toml").write_text(site)
        assert Baygan(folder)("crawl").code == 0
    (folder / "news.jsonl").write_text(Baygan(folder)("export").out)
    return folder


def test_the_parts_are_those_of_the_page() -> None:
    assert set(PARTS) == {"pandas", "duckdb"}


def test_the_duckdb_is_what_happens(exported: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(exported)
    found = doctest.DocTestParser().get_doctest(PARTS["duckdb"], {}, "reading.md", None, 0)
    told: list[str] = []
    assert doctest.DocTestRunner().run(found, out=told.append).failed == 0, "".join(told)
    assert len(found.examples) >= 3


def test_the_pandas_is_what_happens(exported: Path) -> None:
    need("pandas")
    (exported / "part.txt").write_text(PARTS["pandas"])
    run(_DOCTEST, exported)
