"""Archives of earlier versions open, are crawled on, checked and rebuilt by this one."""

from __future__ import annotations

import json
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from archive.index.index import SCHEMA_VERSION
from archive.version import __version__
from tests.newsroom.newsroom import Newsroom
from tests.process import Baygan
from tests.sister import sisters
from tests.upgrade.record import ARCHIVES
from tests.upgrade.story import before_the_second_run, before_the_third_run, newsroom

VERSIONS = sorted(path.name.removesuffix(".tar.gz") for path in ARCHIVES.glob("*.tar.gz"))


@pytest.fixture(params=[*VERSIONS[:2], VERSIONS[-1], *sisters(*VERSIONS[2:-1])])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Baygan:
    """An archive as that version left it."""
    with tarfile.open(ARCHIVES / f"{request.param}.tar.gz") as packed:
        packed.extractall(tmp_path / "old", filter="data")
    return Baygan(tmp_path / "old")


@pytest.fixture
def room() -> Iterator[Newsroom]:
    """The site as the second run of that version found it."""
    with newsroom() as room:
        before_the_second_run(room)
        room.server.forget()
        yield room


def kept(baygan: Baygan) -> list[dict[str, Any]]:
    return baygan("export", "--versions", "all").lines


def lines(baygan: Baygan) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in baygan.folder.glob("khabar/articles/*")}


def test_there_is_one_of_every_version_of_the_index_and_of_every_release() -> None:
    """No archive was ever written with the third version of the index: it came with the fourth."""
    assert {f"index-{number}" for number in range(1, SCHEMA_VERSION) if number != 3} <= set(
        VERSIONS
    )
    assert __version__ in VERSIONS


def test_it_is_read_without_a_change(old: Baygan) -> None:
    before = {path: path.read_bytes() for path in old.folder.rglob("*") if path.is_file()}
    found = kept(old)
    assert len({line["id"] for line in found}) == len(found) - 1  # one of them was rewritten
    shown = old("show", found[0]["id"])
    assert (shown.code, found[0]["title"] in shown.out) == (0, True)
    assert old("status", "--json").lines[0]["articles"] == len(found) - 1
    assert (old("check").code, old("check", "--deep").out) == (0, "")
    after = {path: path.read_bytes() for path in before}
    assert after == before


def test_the_next_run_goes_on_where_the_last_one_ended(old: Baygan, room: Newsroom) -> None:
    before, written = kept(old), lines(old)
    edited, added = before_the_third_run(room)
    done = old("crawl", "--json")
    assert (done.code, done.err) == (0, "")
    [run] = done.lines
    assert (run["new"], run["changed"], run["verdict"]) == (1, 1, "complete")
    asked = {one.target for one in room.exchanges} & {post.path for post in room.posts}
    assert asked == {one.path for one in (edited, added)}
    for name, data in written.items():
        assert (old.folder / "khabar/articles" / name).read_bytes().startswith(data)
    assert len(kept(old)) == len(before) + 2
    assert (old("check", "--deep").code, old("check").out) == (0, "")
    again = old("crawl", "--json")
    assert (again.code, again.lines[0]["new"], again.lines[0]["changed"]) == (0, 0, 0)


def test_it_is_rebuilt_with_the_rules_of_today(old: Baygan) -> None:
    articles = {line["id"] for line in kept(old)}
    [dry] = old("rebuild", "--dry-run", "--json").lines
    assert (dry["new"], dry["gone"], dry["articles"]) == (0, 0, len(articles))
    done = old("rebuild", "--json")
    assert (done.code, done.lines[0]["articles"]) == (0, len(articles))
    assert {line["id"] for line in kept(old)} == articles
    assert {line["extractor"]["baygan"] for line in kept(old)} == {__version__}
    assert (old("check", "--deep").code, old("check").out) == (0, "")
    assert len(old("search", "این خبر", "--json").lines) > 0
    assert json.loads(old("status", "--json").out)["articles"] == len(articles)
