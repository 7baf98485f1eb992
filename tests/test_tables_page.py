"""docs/tables.md: its commands and its Python do what it prints; its columns are the schema's."""

from __future__ import annotations

import doctest
from pathlib import Path

import pytest

from tests.newsroom.newsroom import Newsroom
from tests.newsroom.site import Site
from tests.process import Baygan
from tests.session import POSTS, masked
from tests.tables_page import PAGE, columns, played_again, printed


def test_the_session_is_what_happens() -> None:
    """`python -m tests.tables_page` brings it up to date."""
    assert masked(played_again()) == masked(printed())


def test_the_columns_are_those_of_the_schema() -> None:
    assert PAGE.read_text().endswith(columns())


def test_the_python_is_what_happens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    exports = [line for line in printed().splitlines() if line.startswith("$ baygan export")]
    with Newsroom(Site(POSTS)) as room:
        site = f'[sites.bamdad]\nurl = "{room.url}"\nallow_private = true\ndelay = 0\n'
        (tmp_path / "sites.toml").write_text(site)
        baygan = Baygan(tmp_path)
        assert baygan("crawl").code == 0
    for line in exports:
        assert baygan(*line.split()[2:]).code == 0
    monkeypatch.chdir(tmp_path)
    # A fence would be taken for the end of an answer.
    text = PAGE.read_text().replace("```", "")
    found = doctest.DocTestParser().get_doctest(text, {}, PAGE.name, None, 0)
    told: list[str] = []
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
    results = runner.run(found, out=told.append, clear_globs=False)
    found.globs["database"].close()
    assert results.failed == 0, "".join(told)
    assert len(found.examples) >= 8
