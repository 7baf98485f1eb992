"""search.db is kept up, made anew when it must be, and never in the way of a run."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from archive.errors import BayganError
from archive.folder import Archive, SiteFolder
from archive.layout import SEARCH
from archive.select import hits as hits_module
from archive.select.hits import HitOrder, Hits
from archive.select.query import read_query
from archive.select.search import Search
from archive.select.search_index import SearchIndex
from archive.select.selection import Selection
from archive.select.upkeep import keep_up
from archive.times.day_range import EVER
from tests.newsroom.newsroom import Newsroom
from tests.process import Baygan
from tests.select.texts import more, written

TEXTS = ("باران\nدر شمال", "برف\nباران در جنوب", "سیل\nدر غرب")


def found(
    site: SiteFolder, words: str, order: HitOrder = HitOrder.DATE, versions: str = "newest"
) -> list[int | None]:
    """The numbers of the articles with these words, those published last first."""
    asked = Selection(match=words, versions="all" if versions == "all" else "newest")
    with Search(site.archive, asked, order) as search:
        return [hit.line["post_id"] for hit in search.lines()]


def held(site: SiteFolder) -> int:
    """How many versions are in search.db as it is on the disk."""
    with closing(sqlite3.connect(f"file:{site.path / SEARCH}?mode=ro", uri=True)) as database:
        return int(database.execute("SELECT count(*) FROM docs").fetchone()[0])


def test_a_search_reads_what_was_added_since(tmp_path: Path) -> None:
    site = written(tmp_path / "a", *TEXTS)
    assert found(site, "باران") == [2, 1]
    more(site, ["تازه\nباران در شرق"], first=4)
    assert held(site) == 3
    assert found(site, "باران") == [4, 2, 1]
    assert held(site) == 4


def test_keeping_up_leaves_nothing_to_the_search(tmp_path: Path) -> None:
    site = written(tmp_path / "a", *TEXTS)
    keep_up([site])
    assert held(site) == 3
    before = (site.path / SEARCH).stat().st_mtime_ns
    assert found(site, "سیل") == [3]
    assert (site.path / SEARCH).stat().st_mtime_ns == before


def test_a_version_replaces_the_one_before(tmp_path: Path) -> None:
    site = written(tmp_path / "a", *TEXTS)
    assert found(site, "شمال") == [1]
    more(site, ["باران\nدر غرب"], version=2)
    assert found(site, "شمال") == []
    assert found(site, "شمال", versions="all") == [1]
    assert found(site, "غرب") == [3, 1]
    assert found(site, "باران", versions="all") == [2, 1, 1]
    changed = Selection(match="در", changed=True)
    with Search(site.archive, changed, HitOrder.RANK) as search:
        assert [hit.line["version"] for hit in search.lines()] == [2]


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:5000])


def scramble(path: Path) -> None:
    """The first page is as it was, so the file can be opened."""
    data = path.read_bytes()
    path.write_bytes(data[:4096] + b"\xa5" * (len(data) - 4096))


def scramble_words(path: Path) -> None:
    """Only the index of words is broken, which no one looks at before the search."""
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("UPDATE words_data SET block = x'ffff' WHERE id > 10")


def outdate(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("UPDATE format SET number = 0")


@pytest.mark.parametrize(
    "spoil",
    [
        Path.unlink,
        cut,
        scramble,
        scramble_words,
        outdate,
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(b"no database" * 1000),
    ],
    ids=["missing", "cut", "scrambled", "words scrambled", "outdated", "empty", "no database"],
)
def test_what_is_missing_or_broken_is_made_anew(
    spoil: Callable[[Path], None], tmp_path: Path
) -> None:
    site = written(tmp_path / "a", *TEXTS)
    assert found(site, "باران") == [2, 1]
    spoil(site.path / SEARCH)
    assert found(site, "باران") == [2, 1]
    assert held(site) == 3
    spoil(site.path / SEARCH)
    selected = Selection(match="باران").of_site(site)
    assert [line.line["post_id"] for line in selected] == [1, 2]
    assert held(site) == 3
    spoil(site.path / SEARCH)
    more(site, ["تازه\nباران در شرق"], first=4)
    keep_up([site])
    assert found(site, "باران") == [4, 2, 1]


def test_other_lines_in_the_same_files_are_noticed(tmp_path: Path) -> None:
    """As after a rebuild by a baygan that knows nothing of search.db."""
    site = written(tmp_path / "a", *TEXTS)
    assert found(site, "باران") == [2, 1]
    other = written(tmp_path / "b", "برف\nدر شمال", "باران\nدر غرب", *TEXTS)
    for name in ("articles", "index.db"):
        shutil.move(site.path / name, tmp_path / f"old-{name}")
        shutil.move(other.path / name, site.path / name)
    assert found(site, "باران") == [4, 3, 2]


def test_lines_that_are_not_acknowledged_are_not_read(tmp_path: Path) -> None:
    site = written(tmp_path / "a", *TEXTS)
    [path] = (site.path / "articles").iterdir()
    with path.open("ab") as file:
        file.write(path.read_bytes().splitlines()[0] + b'\n{"id": "khabar/po')
    assert found(site, "باران") == [2, 1]
    assert held(site) == 3


def test_what_is_not_read_in_time_is_read_by_the_next(tmp_path: Path) -> None:
    site = written(tmp_path / "a", *(f"باران\n{number}" for number in range(30)))
    index = site.index()
    assert index
    marks = index.marks()
    index.close()
    with closing(SearchIndex(site.path / SEARCH, write=True)) as words:
        assert not words.catch_up(site.lines, marks, seconds=-1)
        assert not words.holds(marks)
    assert len(found(site, "باران")) == 30


@pytest.mark.parametrize("kind", ["folder", "link"])
def test_where_it_cannot_be_written_the_search_goes_on(kind: str, tmp_path: Path) -> None:
    site = written(tmp_path / "a", *TEXTS)
    thesis = tmp_path / "thesis.txt"
    thesis.write_text("mine")
    if kind == "folder":
        (site.path / SEARCH).mkdir()
    else:
        (site.path / SEARCH).symlink_to(thesis)
    keep_up([site])
    assert found(site, "باران") == [2, 1]
    assert thesis.read_text() == "mine"


def test_before_the_first_crawl_nothing_is_found_or_made(tmp_path: Path) -> None:
    (tmp_path / "sites.toml").write_text('[sites.khabar]\nurl = "http://khabar.example/"\n')
    with Search(Archive(tmp_path), Selection(match="باران"), HitOrder.RANK) as search:
        assert (search.count, list(search.lines())) == (0, [])
    assert [path.name for path in tmp_path.iterdir()] == ["sites.toml"]


def test_the_title_weighs_more_and_a_rare_word_too(tmp_path: Path) -> None:
    site = written(
        tmp_path / "a",
        "خبر\nباران " + "در شهر " * 50,
        "باران\n" + "در شهر " * 50,
        "خبر\nباران باران " + "در شهر " * 50,
        *["خبر\nدر شهر"] * 6,
    )
    assert found(site, "باران", HitOrder.RANK) == [2, 3, 1]


def test_more_hits_than_are_weighed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the three captured last those with the word in the title, then the others."""
    monkeypatch.setattr(hits_module, "MOST_RANKED", 3)
    monkeypatch.setattr(hits_module, "_MOST_SORTED", 3)
    monkeypatch.setattr(hits_module, "_CHUNK", 2)
    heads = ["باران", "خبر", "خبر", "باران", "خبر", "خبر"]
    site = written(tmp_path / "a", *(f"{head}\nباران آمد" for head in heads))
    keep_up([site])
    with closing(SearchIndex(site.path / SEARCH)) as words:
        for query in ("باران", "بار*"):
            asked = Hits(words, read_query(query), EVER)
            ranked = [hit.id for hit in asked.ranked(weighed=False)]
            assert ranked == [f"khabar/post/{number}" for number in (4, 6, 5, 3, 2, 1)]
            assert [hit.id for hit in asked.dated()] == sorted(ranked, reverse=True)


def test_several_sites_give_one_list(tmp_path: Path) -> None:
    site = written(tmp_path / "a", *TEXTS)
    other = written(tmp_path / "b", "باران\nباران باران", "باران دیروز\nدر جنوب")
    shutil.copytree(other.path, site.archive.path / "payam")
    toml = site.archive.path / "sites.toml"
    toml.write_text(toml.read_text() + '[sites.payam]\nurl = "http://payam.example/"\n')
    archive = Archive(site.archive.path)
    with Search(archive, Selection(match="باران"), HitOrder.DATE) as search:
        dates = [hit.line["published_jalali"] for hit in search.lines()]
        assert search.count == len(dates) == 4
    assert dates == sorted(filter(None, dates), reverse=True)
    with Search(archive, Selection(match="باران", sites=("payam",)), HitOrder.RANK) as search:
        assert [hit.site.site.name for hit in search.lines()] == ["payam", "payam"]


def test_a_damaged_line_is_told(tmp_path: Path) -> None:
    site = written(tmp_path / "a", *TEXTS)
    assert found(site, "باران") == [2, 1]
    [path] = (site.path / "articles").iterdir()
    path.write_bytes(path.read_bytes().replace(b'{"id"', b'["id"', 1))
    with pytest.raises(BayganError, match="no whole line at byte 0"):
        found(site, "باران")


def test_a_run_keeps_it_up_and_a_rebuild_makes_it_anew(tmp_path: Path, newsroom: Newsroom) -> None:
    baygan = Baygan(tmp_path)
    site = f'[sites.news]\nurl = "{newsroom.url}"\nallow_private = true\ndelay = 0\n'
    (tmp_path / "sites.toml").write_text(site)
    assert baygan("crawl", "--limit", "4").code == 0
    folder = Archive(tmp_path).site("news")
    assert held(folder) == 4
    assert baygan("crawl").code == 0
    articles = held(folder)
    assert articles == len(list(folder.articles())) > 4
    (folder.path / SEARCH).write_bytes(b"no database" * 1000)
    assert baygan("rebuild").code == 0
    assert held(folder) == articles


def test_a_run_goes_on_without_it(tmp_path: Path, newsroom: Newsroom) -> None:
    baygan = Baygan(tmp_path)
    site = f'[sites.news]\nurl = "{newsroom.url}"\nallow_private = true\ndelay = 0\n'
    (tmp_path / "sites.toml").write_text(site)
    (tmp_path / "news" / SEARCH).mkdir(parents=True)
    done = baygan("crawl", "--limit", "4")
    assert (done.code, done.out, done.err) == (0, "", "")
    [log] = (tmp_path / "logs").iterdir()
    assert "search.db is not up to date" in log.read_text()
    assert len(baygan("search", "در", "--json").lines) == 4
