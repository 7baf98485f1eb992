"""search, count and status --changed through the real process: what they print, and their codes."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from tests.newsroom.newsroom import Newsroom
from tests.newsroom.post import Post
from tests.newsroom.site import Site
from tests.process import COMMAND, Baygan, Outcome, on_terminal

FSI, PDI = "\u2068", "\u2069"
# The title of a post may hold what moves the cursor or ends an isolate.
HOSTILE = f"کتاب‌ها{PDI}\x1b[2J\u202e می آید"


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Baygan, list[Post]]]:
    """baygan in an archive of two nights: the second found one edit that WordPress tells, and one
    that it does not. Three posts are of other days than the rest."""
    folder = tmp_path_factory.mktemp("workbench")
    with Newsroom(Site(12)) as room:
        posts = room.posts
        room.site.edit(posts[0].id, title=HOSTILE)
        for post, day in zip(posts[-3:], (25, 27, 27), strict=True):
            room.site.edit(post.id, published=datetime(2025, 11, day, 21, tzinfo=UTC))
        site = f'[sites.news]\nurl = "{room.url}"\nallow_private = true\ndelay = 0\n'
        (folder / "sites.toml").write_text(site)
        baygan = Baygan(folder)
        assert baygan("crawl").code == 0
        room.site.edit(posts[1].id, title="تیتری که دیگر شد")
        room.site.edit(posts[2].id, lead="آغازی که کسی نگفت تازه است.", silent=True)
        assert baygan("crawl", "--again").code == 0
        listed = room.site.listed()
    yield baygan, listed


def test_search_prints_articles_and_their_place(crawled: tuple[Baygan, list[Post]]) -> None:
    baygan, posts = crawled
    done = baygan("search", "کتاب", "ها", "می‌آید")
    assert (done.code, done.err) == (0, "")
    first, *snippet = done.out.splitlines()
    assert first.startswith(f"news/post/{posts[0].id}  2025-11-")
    assert first.endswith("  کتاب‌ها[2J می آید")
    assert all(line.startswith("    ") and len(line) <= 84 for line in snippet)
    assert 1 <= len(snippet) <= 3


def test_operators_in_small_letters_are_told_of(crawled: tuple[Baygan, list[Post]]) -> None:
    baygan, _ = crawled
    for words, told in (("در or ناموجود", "nothing found; only in capitals AND, OR"),
                        ("ناموجود", "nothing found\n")):  # fmt: skip
        seen = on_terminal([*COMMAND, "search", words], baygan.folder, {}, both=True)
        assert (seen.code, seen.out) == (0, "")
        assert seen.err.startswith(told)


def test_a_day_is_one_in_iran(crawled: tuple[Baygan, list[Post]]) -> None:
    """At 21:00 UTC it is the next day in Tehran, by both calendars."""
    baygan, _ = crawled
    shown = baygan("search", "در", "--since", "1404-09-05", "--until", "1404-09-05").out
    [line] = (one for one in shown.splitlines() if one.startswith("news/"))
    assert "  2025-11-26  1404-09-05  " in line


def test_search_as_json_says_where_the_words_are(crawled: tuple[Baygan, list[Post]]) -> None:
    baygan, _ = crawled
    lines = baygan("search", "می‌شود", "--json").lines
    sought = re.compile("می[\u200c ]?شود")
    texts = {line["id"]: f"{line['title']}\n{line['text']}" for line in baygan("export").lines}
    assert {line["id"] for line in lines} == {
        key for key, text in texts.items() if re.search(rf"(?<!\w){sought.pattern}(?!\w)", text)
    }
    assert len(lines) > 3
    hits = [line["snippet"][first:last] for line in lines for first, last in line["hits"]]
    assert hits
    assert all(sought.fullmatch(hit) for hit in hits)


def test_search_by_date_and_with_a_selection(crawled: tuple[Baygan, list[Post]]) -> None:
    baygan, _ = crawled
    dates = [line["published"] for line in baygan("search", "در", "--by", "date", "--json").lines]
    assert len(dates) > 3
    assert dates == sorted(dates, reverse=True)
    some = baygan("search", "در", "--by", "date", "--json", "--since", "1404-09-05").lines
    assert [line["published"] for line in some] == [
        one for one in dates if one > "2025-11-25T20:30"
    ]
    assert len(baygan("search", "در", "--json", "--limit", "2").lines) == 2
    assert baygan("search", "در", "--site", "nevs").code == 2
    assert baygan("search", "ناموجود").out == ""


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("search", '"باران'), "at character 1, '\"باران': this quotation does not end"),
        (("search", "باران", "OR"), "at character 7, 'OR': nothing stands behind OR"),
        (("search", "؟"), "no word to search for"),
        (("search",), "Missing argument 'WORDS...'"),
        (("search", "باران", "--by", "size"), "'size' is not one of"),
        (("export", "--match", "(باران"), "this bracket does not end"),
        (("export", "--flag", "shor"), "'shor' is not one of"),
        (("export", "--cdxj", "--match", "باران"), "stand alone"),
        (("count",), "Missing option '--by'"),
        (("count", "--by", "site", "--jalali"), "--jalali is for days"),
        (("count", "--by", "site", "--csv", "--json"), "Choose one"),
        (("count", "--by", "day", "--since", "1404-13"), "is no day"),
        (("status", "--since", "1404"), "baygan status --changed --since"),
        (("status", "--changed", "--removed"), "Choose one"),
    ],
)
def test_wrong_use_is_told_in_a_line(
    arguments: tuple[str, ...], said: str, crawled: tuple[Baygan, list[Post]]
) -> None:
    done = crawled[0](*arguments)
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert "Traceback" not in done.err


def shown(baygan: Baygan, *arguments: str, **env: str) -> Outcome:
    """What a person sees who has both streams on a terminal of 80 columns."""
    return on_terminal([*COMMAND, *arguments], baygan.folder, env, both=True)


def test_on_a_terminal_facts_are_isolated(crawled: tuple[Baygan, list[Post]]) -> None:
    baygan, posts = crawled
    plain = shown(baygan, "search", "کتاب ها", "--limit", "1", NO_COLOR="1").err
    assert FSI not in plain
    lines = shown(baygan, "search", "کتاب ها", NO_COLOR="1", BAYGAN_BIDI="1").err.splitlines()
    assert lines[0].startswith(f"{FSI}news/post/{posts[0].id}{PDI}  {FSI}2025-")
    assert lines[0].endswith(f"{FSI}کتاب‌ها[2J می آید{PDI}")
    for line in lines[:-1]:
        assert line.count(FSI) == line.count(PDI) > 0
    assert lines[-1].endswith(" found")
    counted = shown(baygan, "count", "--by", "category", BAYGAN_BIDI="1").err.splitlines()
    assert all(line.startswith(FSI) for line in counted)
    assert FSI not in baygan("search", "کتاب ها", "--json", BAYGAN_BIDI="1").out


@pytest.mark.parametrize(
    ("env", "expected"),
    [
        ({"VTE_VERSION": "6800"}, True),
        ({"VTE_VERSION": "5202"}, False),
        ({"VTE_VERSION": "new"}, False),
        ({"KONSOLE_VERSION": "220401"}, True),
        ({"TERM_PROGRAM": "Apple_Terminal"}, True),
        ({"TERM": "mlterm-256color"}, True),
        ({"TERM": "xterm"}, False),
        ({"VTE_VERSION": "6800", "BAYGAN_BIDI": "0"}, False),
    ],
)
def test_which_terminals_order_letters(
    env: dict[str, str], expected: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    from scraper.console.bidi import orders_letters

    for name in ("VTE_VERSION", "KONSOLE_VERSION", "TERM_PROGRAM", "TERM", "BAYGAN_BIDI"):
        monkeypatch.delenv(name, raising=False)
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    assert orders_letters() is expected


def test_on_a_terminal_hits_are_in_colour(crawled: tuple[Baygan, list[Post]]) -> None:
    baygan, _ = crawled
    seen = shown(baygan, "search", "کتاب ها", "--limit", "1").err
    assert "\x1b[32m\x1b[1mکتاب‌ها\x1b[0m[2J می آید" in seen
    assert "\x1b[" not in shown(baygan, "search", "کتاب ها", "--limit", "1", NO_COLOR="1").err


def test_count_by_day_has_the_days_between(crawled: tuple[Baygan, list[Post]]) -> None:
    """An evening in UTC is the next day in Iran."""
    baygan, posts = crawled
    rows = {row["day"]: row["articles"] for row in baygan("count", "--by", "day", "--json").lines}
    assert (rows["2025-11-26"], rows["2025-11-27"], rows["2025-11-28"]) == (1, 0, 2)
    assert sum(rows.values()) == len(posts)
    assert list(rows) == sorted(rows)
    jalali = baygan("count", "--by", "day", "--jalali", "--since", "1404-09-05", "--csv")
    assert jalali.out == "day,articles\r\n1404-09-05,1\r\n1404-09-06,0\r\n1404-09-07,2\r\n"
    months = baygan("count", "--by", "month", "--jalali", "--json").lines
    assert [row["month"] for row in months] == ["1404-08", "1404-09"]


def test_count_by_what_articles_say(crawled: tuple[Baygan, list[Post]]) -> None:
    baygan, posts = crawled
    exported = baygan("export").lines
    for by, key in (("category", "categories"), ("author", "authors"), ("source", "source")):
        values = [line[key] for line in exported]
        names = [name for one in values for name in (one if isinstance(one, list) else [one])]
        rows = baygan("count", "--by", by, "--json").lines
        assert {row[by]: row["articles"] for row in rows} == {n: names.count(n) for n in names}
        numbers = [row["articles"] for row in rows if row[by] is not None]
        assert numbers == sorted(numbers, reverse=True)
    [row] = csv.DictReader(io.StringIO(baygan("count", "--by", "site", "--csv").out))
    assert row == {"site": "news", "articles": str(len(posts))}


def test_a_count_is_a_table_with_bars(crawled: tuple[Baygan, list[Post]]) -> None:
    from scraper.console.bidi import shown_width

    baygan, _ = crawled
    lines = baygan("count", "--by", "category", COLUMNS="60").out.splitlines()
    names, numbers, bars = zip(*(re.split("  +", line) for line in lines), strict=True)
    assert len({shown_width(line.partition("█")[0]) for line in lines}) == 1
    most = max(map(int, numbers))
    for number, bar in zip(map(int, numbers), bars, strict=True):
        assert abs(len(bar) - number / most * len(bars[0])) <= 1
    assert max(map(shown_width, lines)) <= 60
    assert len(set(names)) == len(names)


def test_changed_lists_what_was_rewritten(crawled: tuple[Baygan, list[Post]]) -> None:
    baygan, posts = crawled
    done = baygan("status", "--changed")
    assert (done.code, done.err) == (0, "")
    edits = {edit["id"]: edit for edit in baygan("status", "--changed", "--json").lines}
    told, silent = (edits[f"news/post/{post.id}"] for post in posts[1:3])
    assert len(edits) == len(done.out.splitlines()) == 2
    assert (told["silent"], told["title"]) == (False, "تیتری که دیگر شد")
    assert told["title_before"] != told["title"]
    assert told["words_new"] == 4
    assert (silent["silent"], silent["version"], silent["before"]) == (True, 2, 1)
    assert silent["words_new"] >= 3
    for edit in edits.values():
        [line] = [one for one in done.out.splitlines() if f"  {edit['id']}  " in one]
        assert ("silent" if edit["silent"] else "edited") in line
        assert (
            f"version 2  -{edit['words_gone']} +{edit['words_new']} words  {edit['title']}" in line
        )
    today = f"{datetime.now(UTC):%Y-%m-%d}"
    assert len(baygan("status", "--changed", "--since", "2020").out.splitlines()) == 2
    assert baygan("status", "--changed", "--since", "2120").out == ""
    assert today[:4] in done.out
