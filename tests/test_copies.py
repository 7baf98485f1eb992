"""`baygan copies` and `--distinct` through the real process: what they print, and their codes."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive.times.days import day_in_iran
from scraper.console.bidi import shown_width
from tests.archive import material
from tests.newsroom.stories import write_posts
from tests.process import COMMAND, REPOSITORY, Baygan, on_terminal
from tests.select.planted import Newsstand, PlantedCopy, planted, text_of

FSI, PDI = "\u2068", "\u2069"


@pytest.fixture(scope="module")
def stand(tmp_path_factory: pytest.TempPathFactory) -> tuple[Baygan, list[PlantedCopy]]:
    """baygan in an archive of 60 texts and 12 copies of some of them."""
    archive, copies = planted(tmp_path_factory.mktemp("copies") / "a", texts=60, copies=12)
    return Baygan(archive.path), copies


def test_json_has_a_line_for_each_text(stand: tuple[Baygan, list[PlantedCopy]]) -> None:
    baygan, copies = stand
    done = baygan("copies", "--json")
    assert (done.code, done.err) == (0, "")
    pairs = {(one["first"]["id"], copy["id"]) for one in done.lines for copy in one["copies"]}
    assert pairs == {(copy.original, copy.id) for copy in copies}
    exported = {line["id"]: line for line in baygan("export").lines}
    assert [one["cluster"] for one in done.lines] == [*range(1, len(done.lines) + 1)]
    for one in done.lines:
        articles = [one["first"], *one["copies"]]
        assert one["articles"] == len(articles)
        assert one["sites"] == len({article["site"] for article in articles})
        assert [article["hours"] for article in articles] == sorted(a["hours"] for a in articles)
        assert (one["first"]["hours"], one["first"]["similarity"]) == (0, 1)
        for article in articles:
            line = exported[article["id"]]
            keys = ("site", "url", "title", "source", "published", "published_jalali", "fetched")
            assert {key: article[key] for key in keys} == {key: line[key] for key in keys}
            assert article["credits_agency"] is (
                line["source"] is not None and line["source"] == one["agency"]
            )


def test_csv_has_a_row_for_each_article(stand: tuple[Baygan, list[PlantedCopy]]) -> None:
    baygan, _ = stand
    rows = list(csv.DictReader(io.StringIO(baygan("copies", "--csv").out)))
    told = [
        (one["cluster"], one["agency"], article)
        for one in baygan("copies", "--json").lines
        for article in (one["first"], *one["copies"])
    ]
    assert len(rows) == len(told) > 12
    for row, (number, agency, article) in zip(rows, told, strict=True):
        assert row == {
            **{key: "" if value is None else str(value) for key, value in article.items()},
            "credits_agency": "yes" if article["credits_agency"] else "no",
            "cluster": str(number),
            "agency": agency or "",
        }


def test_a_table_for_a_person(stand: tuple[Baygan, list[PlantedCopy]]) -> None:
    baygan, copies = stand
    done = baygan("copies", COLUMNS="100")
    assert (done.code, done.err) == (0, "")
    blocks = [block.splitlines() for block in done.out.rstrip("\n").split("\n\n")]
    told = baygan("copies", "--json").lines
    assert len(blocks) == len(told)
    for block, one in zip(blocks, told, strict=True):
        for row, article in zip(block, (one["first"], *one["copies"]), strict=True):
            assert row[:3].strip() == str(one["cluster"])
            assert shown_width(row) <= 100
            facts = [fact for fact in row[5:].split("  ") if fact]
            if article is one["first"]:
                assert facts[0] == str(day_in_iran(article["published"]))
            else:
                assert facts[0].strip() == f"+{article['hours']:.1f} h"
                assert facts[1].strip() == f"{article['similarity']:.0%}".replace("%", " %")
            assert article["site"] in row
            assert (article["source"] or "-") in row
            assert article["title"][:20] in row
    seen = on_terminal([*COMMAND, "copies"], baygan.folder, {"BAYGAN_BIDI": "1"}, both=True).err
    *rows, last = seen.splitlines()
    assert all(row.count(FSI) == row.count(PDI) == 3 for row in rows if row)
    assert last == f"{len(copies) + len(told)} articles in {len(told)} clusters; 72 were compared"
    none = on_terminal([*COMMAND, "copies", "--since", "1405"], baygan.folder, {}, both=True).err
    assert none == "no copies among 0 articles\n"


def test_hours_that_are_not_sure_are_told(tmp_path: Path) -> None:
    stand = Newsstand(tmp_path / "a")
    begun = datetime(2025, 3, 21, 8, tzinfo=UTC)
    text = text_of(write_posts(1)[0])
    first = replace(material.article(1, text), published=begun)
    stand.write([("bamdad", first)], begun)
    nameless = replace(material.article(2, text), published=None, date_source=None)
    stand.write([("payam", nameless)], begun + timedelta(hours=1, minutes=30))
    stand.write(
        [("rasad", replace(material.article(3, text), published=begun + timedelta(hours=2)))], begun
    )
    stand.write([("sepidar", replace(material.article(4, "کوتاه"), published=begun))], begun)
    baygan = Baygan(stand.archive.path)
    rows = baygan("copies").out.splitlines()
    seen = on_terminal([*COMMAND, "copies"], baygan.folder, {}, both=True).err.splitlines()
    assert seen[-1] == "3 articles in 1 clusters; 3 were compared"  # the short text was not
    assert ["~1.5 h" in row for row in rows] == [False, True, False]
    assert ["+2.0 h" in row for row in rows] == [False, False, True]


def test_distinct_leaves_out_copies_everywhere(
    stand: tuple[Baygan, list[PlantedCopy]], tmp_path: Path
) -> None:
    baygan, copies = stand
    gone = {copy.id for copy in copies}
    left = [line["id"] for line in baygan("export").lines if line["id"] not in gone]
    assert [line["id"] for line in baygan("export", "--distinct").lines] == left
    rows = baygan("count", "--by", "site", "--distinct", "--json").lines
    assert sum(row["articles"] for row in rows) == len(left) == 60
    rows = baygan("count", "--by", "category", "--distinct", "--json").lines
    assert rows == [{"category": None, "articles": 60}]
    found = {line["id"] for line in baygan("search", "در", "--distinct", "--json").lines}
    assert found == {line["id"] for line in baygan("search", "در", "--json").lines} - gone
    assert baygan("export", "--distinct", "--sqlite", str(tmp_path / "news.db")).code == 0


def test_only_what_was_asked_for_is_compared(stand: tuple[Baygan, list[PlantedCopy]]) -> None:
    baygan, _ = stand
    every = baygan("copies", "--json").lines
    high = baygan("copies", "--json", "--least", "0.9").lines
    assert 0 < sum(len(one["copies"]) for one in high) < sum(len(one["copies"]) for one in every)
    assert all(copy["similarity"] >= 0.9 for one in high for copy in one["copies"])
    across = baygan("copies", "--json", "--across", "bamdad", "payam").lines
    assert all(one["sites"] == 2 for one in across)
    within = baygan("copies", "--json", "bamdad").lines
    assert all(one["sites"] == 1 for one in within)
    assert not baygan("copies", "--json", "--across", "bamdad").lines


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("copies", "--csv", "--json"), "Choose one"),
        (("copies", "--least", "0.1"), "Write one from 0.3 to 1"),
        (("copies", "--least", "nan"), "Write one from 0.3 to 1"),
        (("copies", "--least", "much"), "'much' is not a valid float"),
        (("copies", "nowhere"), "nowhere"),
        (("copies", "--distinct"), "No such option"),
        (("copies", "--since", "1404-13"), "is no day"),
        (("export", "--cdxj", "--distinct"), "stand alone"),
    ],
)
def test_wrong_use_is_told_in_a_line(
    arguments: tuple[str, ...], said: str, stand: tuple[Baygan, list[PlantedCopy]]
) -> None:
    done = stand[0](*arguments)
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert "Traceback" not in done.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("copies",),
        ("copies", "--csv"),
        ("export", "--distinct"),
        ("count", "--by", "day", "--distinct"),
        ("search", "در", "--distinct"),
        ("export", "--distinct", "--sqlite", "news.db"),
    ],
)
def test_without_rensa_it_says_what_to_install(
    arguments: tuple[str, ...], stand: tuple[Baygan, list[PlantedCopy]], tmp_path: Path
) -> None:
    (tmp_path / "rensa.py").write_text("raise ModuleNotFoundError('rensa')\n")
    path = f"{tmp_path}:{REPOSITORY}"
    done = stand[0](*arguments, PYTHONPATH=path)
    assert (done.code, done.out) == (2, "")
    assert "rensa, which is not installed" in done.err
    assert "pip install 'baygan[copies]'" in done.err
    assert not (stand[0].folder / "news.db").exists()
    assert stand[0]("export", PYTHONPATH=path).code == 0


def test_a_hostile_title_moves_nothing(tmp_path: Path) -> None:
    archive, _ = planted(tmp_path / "a", texts=3, copies=2)
    for path in archive.path.glob("*/articles/*"):
        lines = [json.loads(line) for line in path.read_text().splitlines()]
        for line in lines:
            line["title"] = "\x1b[2J\u202e" + line["title"][8:]
        # As long as before, so that the index still knows where each line is.
        data = [json.dumps(line, ensure_ascii=False).encode() for line in lines]
        before = path.read_bytes().splitlines()
        assert all(len(new) <= len(old) for new, old in zip(data, before, strict=True))
        padded = [
            new[:-1].ljust(len(old) - 1) + b"}" for new, old in zip(data, before, strict=True)
        ]
        path.write_bytes(b"\n".join(padded) + b"\n")
    done = Baygan(archive.path)("copies")
    assert done.code == 0
    assert "[2J" in done.out
    assert "\x1b" not in done.out and "\u202e" not in done.out
