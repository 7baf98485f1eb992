"""What was captured last stands in tables of its own, and a search finds there what it would find
among all rows: compared with a scan over the texts."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from itertools import pairwise
from pathlib import Path

import pytest

from archive.folder import SiteFolder
from archive.layout import SEARCH
from archive.select import hits as hits_module
from archive.select import latest as latest_module
from archive.select.hits import Hits
from archive.select.latest import rows_of, slices
from archive.select.query import read_query
from archive.select.search_index import SearchIndex
from archive.select.upkeep import keep_up, searching
from archive.times.day_range import EVER, DayRange
from tests.select.texts import more, written

TEXTS = 300
RANKED = 15
WORDS = [
    "شهر", "شهرداری", "شهرستان", "سد", "سدها", "آب", "رود", "باران", "برف", "دولت", "مجلس", "روز",
    "شب", "کوه", "دشت",
]  # fmt: skip
Found = Callable[[list[str]], bool]


def has(*beginnings: str, whole: bool = False) -> Found:
    """One of the words begins so, or is so."""
    return lambda words: any(
        word == one or (not whole and word.startswith(one)) for word in words for one in beginnings
    )


def beside(first: str, second: str) -> Found:
    """A word, and behind it one that begins so."""
    return lambda words: any(a == first and b.startswith(second) for a, b in pairwise(words))


QUERIES: dict[str, Found] = {
    "شهر": has("شهر", whole=True),
    "شهر*": has("شهر"),
    "ش*": has("ش"),
    "شهر* OR سد*": has("شهر", "سد"),
    "شهر* باران": lambda words: has("شهر")(words) and has("باران", whole=True)(words),
    "شهر* NOT باران": lambda words: has("شهر")(words) and not has("باران", whole=True)(words),
    "رود NOT شهر*": lambda words: has("رود", whole=True)(words) and not has("شهر")(words),
    "«کوه ش*»": beside("کوه", "ش"),
    "«رود دشت»": lambda words: ("رود", "دشت") in pairwise(words),
    "ناموجود*": has("ناموجود"),
}


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(latest_module, "SLICE", 10)
    monkeypatch.setattr(latest_module, "SLICES", 4)
    monkeypatch.setattr(latest_module, "SHARE", 3)
    monkeypatch.setattr(hits_module, "MOST_RANKED", RANKED)
    monkeypatch.setattr(hits_module, "_MOST_SORTED", 2 * RANKED)
    monkeypatch.setattr(hits_module, "_CHUNK", 7)
    monkeypatch.setattr(hits_module, "_MOST_BOUNDED", 60)


def made(folder: Path, count: int = TEXTS) -> tuple[SiteFolder, list[str]]:
    """A site and its texts; «شهر» is in most, «باران» in few."""
    chance = random.Random(1404)
    texts = []
    for _ in range(count):
        words = chance.choices(WORDS[3:], k=9)
        if chance.random() < 0.7:
            words[chance.randrange(9)] = chance.choice(WORDS[:3])
        texts.append(f"{' '.join(words[:3])}\n{' '.join(words[3:])}")
    site = written(folder / "archive", *texts)
    keep_up([site])
    return site, [text.replace("آ", "ا") for text in texts]


def ranked(site: SiteFolder, query: str, days: DayRange = EVER) -> list[int]:
    with searching(site) as words:
        assert words
        hits = Hits(words, read_query(query), days)
        weighed = hits.count() <= RANKED
        return [int(hit.id.rpartition("/")[2]) for hit in hits.ranked(weighed=weighed)]


def dated(site: SiteFolder, query: str) -> list[int]:
    with searching(site) as words:
        assert words
        hits = Hits(words, read_query(query), EVER).dated()
        return [int(hit.id.rpartition("/")[2]) for hit in hits]


def scanned(texts: list[str], found: Found) -> list[int]:
    """The numbers of the articles, the newest first. No phrase goes from a title into a text."""
    return [
        number
        for number, text in reversed(list(enumerate(texts, 1)))
        if found([*text.partition("\n")[0].split(), "|", *text.partition("\n")[2].split()])
    ]


def titled(texts: list[str], numbers: list[int], found: Found) -> list[int]:
    return [one for one in numbers if found(texts[one - 1].partition("\n")[0].split())]


@contextmanager
def opened(site: SiteFolder) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(site.path / SEARCH)) as database, database:
        yield database


def tables(site: SiteFolder) -> dict[str, list[int]]:
    """Which rows each slice has, as SQLite tells them."""
    with opened(site) as database:
        names = database.execute(
            "SELECT name FROM sqlite_schema WHERE name GLOB 'latest[0-9]' ORDER BY name"
        ).fetchall()
        return {
            name: [row for (row,) in database.execute(f"SELECT rowid FROM {name} ORDER BY rowid")]
            for (name,) in names
        }


def test_all_kinds_of_searches_find_what_a_scan_finds(tmp_path: Path) -> None:
    site, texts = made(tmp_path)
    days = DayRange.of("1404-03", "1404-09")
    for query, found in QUERIES.items():
        expected = scanned(texts, found)
        assert dated(site, query) == expected, query
        for asked, first, last in ((EVER, 1, TEXTS), (days, 63, 276)):
            within = [number for number in expected if first <= number <= last]
            told = ranked(site, query, asked)
            assert sorted(told, reverse=True) == within, query
            if len(within) > RANKED:
                newest = within[:RANKED]
                heads = titled(texts, newest, found)
                others = [number for number in newest if number not in heads]
                if "NOT" not in query and " " not in query:
                    assert told == heads + others + within[RANKED:], query
                assert told[RANKED:] == within[RANKED:], query


def test_the_first_page_of_a_frequent_word_is_found_in_the_slices_alone(tmp_path: Path) -> None:
    """All rows are gone from the table of all words, so what is found is not from there."""
    site, texts = made(tmp_path)
    expected = {query: ranked(site, query)[:RANKED] for query in QUERIES}
    with opened(site) as database:
        database.execute("INSERT INTO words (words) VALUES ('delete-all')")
    for query in ("شهر*", "ش*", "شهر* OR سد*"):
        assert len(expected[query]) == RANKED
        assert ranked(site, query) == expected[query]
        assert dated(site, query)[:RANKED] == scanned(texts, QUERIES[query])[:RANKED]
    assert ranked(site, "باران برف") == []


def test_a_slice_takes_the_place_of_the_oldest_one(tmp_path: Path) -> None:
    site, _ = made(tmp_path, 29)
    assert tables(site) == {}
    more(site, ["شهر\nروز"] * 6, first=30)
    keep_up([site])
    assert tables(site) == {"latest3": list(range(30, 36))}
    more(site, ["شهر\nروز"] * 89, first=36)
    keep_up([site])
    # A third of 124 rows would be four slices; the first of them begins with row 90.
    assert tables(site) == {
        "latest0": list(range(120, 125)),
        "latest1": list(range(90, 100)),
        "latest2": list(range(100, 110)),
        "latest3": list(range(110, 120)),
    }
    for first in range(125, 140):
        more(site, ["شهر\nروز"], first=first)
        keep_up([site])
    assert tables(site) == {
        "latest0": list(range(120, 130)),
        "latest1": list(range(130, 140)),
        "latest2": list(range(100, 110)),
        "latest3": list(range(110, 120)),
    }
    assert ranked(site, "شهر")[:3] == [139, 138, 137]


def test_the_rows_of_days_are_known_by_slices(tmp_path: Path) -> None:
    """The first text was published on 1404-01-01, and one a day."""
    site, _ = made(tmp_path)
    more(site, ["شهر\nروز"], first=301)
    keep_up([site])
    with closing(SearchIndex(site.path / SEARCH)) as words:
        for since, until, rows in (
            ("1404-02", "1404-06", (30, 189)),
            ("1404-10", None, (270, 309)),
            (None, "1404-01", (0, 39)),
            ("1403", "1403", (0, -1)),
        ):
            assert rows_of(words.database, DayRange.of(since, until)) == rows
    assert ranked(site, "شهر*", DayRange.of(None, "1404-01"))[0] <= 31
    with opened(site) as database:
        no_tables(database)
    with closing(SearchIndex(site.path / SEARCH)) as words:
        assert rows_of(words.database, DayRange.of("1404-02", "1404-06")) is None


def no_tables(database: sqlite3.Connection) -> None:
    """As an earlier baygan left it."""
    for name in ("latest", "days", *(f"latest{number}" for number in range(4))):
        database.execute(f"DROP TABLE {name}")


def too_few(database: sqlite3.Connection) -> None:
    """As after a run that an earlier baygan, or one that was killed, left off in the middle."""
    database.execute("UPDATE latest SET last = last - 3")
    database.execute(f"DELETE FROM latest{(TEXTS - 3) // 10 % 4}_data WHERE id > 10")


@pytest.mark.parametrize("spoil", [no_tables, too_few])
def test_without_them_the_search_finds_the_same(
    spoil: Callable[[sqlite3.Connection], None], tmp_path: Path
) -> None:
    site, _ = made(tmp_path)
    expected = {query: (ranked(site, query), dated(site, query)) for query in QUERIES}
    with opened(site) as database:
        spoil(database)
    for query, (by_rank, by_date) in expected.items():
        assert (ranked(site, query), dated(site, query)) == (by_rank, by_date), query


def test_the_next_run_makes_those_that_are_missing(tmp_path: Path) -> None:
    site, _ = made(tmp_path)
    before = tables(site)
    with opened(site) as database:
        no_tables(database)
    keep_up([site])
    assert tables(site) == before
    assert len(before) == 4


def test_what_was_not_made_in_time_is_made_by_the_next_run(tmp_path: Path) -> None:
    site, _ = made(tmp_path)
    with opened(site) as database:
        no_tables(database)
    index = site.index()
    assert index
    marks = index.marks()
    index.close()
    with closing(SearchIndex(site.path / SEARCH, write=True)) as words:
        assert words.catch_up(site.lines, marks, seconds=-1)
        assert slices(words.database) == []
        words.catch_up(site.lines, marks)
        assert [one.first for one in slices(words.database)] == [300, 290, 280, 270]


def test_a_title_is_no_hit_if_the_text_has_what_is_left_out(tmp_path: Path) -> None:
    texts = ["شهر\nباران"] * 5 + ["خبر\nشهر"] * (RANKED + 5)
    site = written(tmp_path / "archive", *texts)
    keep_up([site])
    assert ranked(site, "شهر NOT باران") == list(range(RANKED + 10, 5, -1))


def test_a_newer_version_in_a_slice_hides_the_one_before(tmp_path: Path) -> None:
    site, _ = made(tmp_path)
    more(site, ["برف\nشهرک تازه"], first=150, version=2)
    more(site, ["برف\nدشت"], first=299, version=2)
    keep_up([site])
    found = ranked(site, "شهر*")
    assert found.count(150) == 1
    assert found.index(150) < RANKED
    assert 299 not in found
