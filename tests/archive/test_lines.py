"""Lines: valid UTF-8 JSON, one line to every reader, and as the schema describes them."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.errors import Damaged
from archive.jsonl.article_line import encode, make_line, text_sha256
from archive.jsonl.articles import ArticleLines, LinePlace
from archive.model import Capture, Image
from archive.times.days import jalali, utc
from archive.writer.site_writer import SiteWriter
from tests.archive.material import address, archived, article, exchange, site_folder
from tests.newsroom.newsroom import Newsroom
from tests.process import REPOSITORY, Baygan

SCHEMA = json.loads((REPOSITORY / "archive" / "line.schema.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
# What breaks lines, strings or encoders somewhere: every C0 and C1 control, separators,
# surrogates alone and in the wrong order, joiners, bidi marks, the edges of the planes.
ODD = [chr(c) for c in range(0xA0)] + list(
    '\u2028\u2029\u200c\u200d\u200e\u202e\ufeff\ufffd\uffff\ud800\udbff\udc00\udfff\U0010ffff😀ی\\"'
)
ANY_TEXT = st.text(st.one_of(st.characters(codec=None), st.sampled_from(ODD)), max_size=40)
CAPTURE = Capture(
    file="warc/2026/khabar-20261122T003004123Z-4f1c09ab-00000.warc.gz",
    offset=416,
    length=800,
    record_id="urn:uuid:00000000-0000-4000-8000-000000000000",
    payload_sha256="0" * 64,
    date=datetime(2026, 11, 22, 0, 30, 4, tzinfo=UTC),
)


def described(node: dict[str, Any], path: str = "") -> list[str]:
    """The keys of a schema that nobody has described."""
    bare = []
    for name, child in node.get("properties", {}).items():
        bare += [] if child.get("description") else [f"{path}{name}"]
        bare += described(child, f"{path}{name}.")
    return bare


def test_the_schema_is_one_and_describes_every_key() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert described(SCHEMA) == []
    versions = {"baygan": "0"}
    line = make_line("khabar", address(1), 1, article(1), CAPTURE, versions, [CAPTURE])
    assert set(line) == set(SCHEMA["properties"]) == set(SCHEMA["required"])
    assert set(line["warc"]) == set(SCHEMA["properties"]["warc"]["properties"])


def test_every_line_of_a_crawl_is_valid(baygan: Baygan, newsroom: Newsroom) -> None:
    assert baygan("crawl").code == 0
    [path] = (baygan.folder / "news" / "articles").iterdir()
    lines = [json.loads(line) for line in path.read_bytes().splitlines()]
    assert len(lines) == 13
    for line in lines:
        VALIDATOR.validate(line)
        assert line["text_sha256"] == text_sha256(line["text"])


@pytest.mark.parametrize(
    "change",
    [
        {"version": 0},
        {"post_id": "12"},
        {"published": "2026-11-22 08:30"},
        {"authors": None},
        {"url": "khabar.example"},
        {"warc": {}},
        {"published_jalali": "1402-13-01"},
    ],
    ids=str,
)
def test_the_schema_refuses_what_is_no_line(change: dict[str, Any]) -> None:
    line = make_line("khabar", address(1), 1, article(1), CAPTURE, {"baygan": "0"})
    VALIDATOR.validate(line)
    assert not VALIDATOR.is_valid({**line, **change})


def one_line(text: str) -> None:
    data = encode({"title": text, text: [text]})
    assert data.endswith(b"\n") and data.count(b"\n") == 1
    assert len(data.decode("utf-8").splitlines()) == len(data.splitlines()) == 1
    mended = "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in text)
    assert json.loads(data) == {"title": mended, mended: [mended]}


@settings(max_examples=2000, deadline=None)
@given(ANY_TEXT)
def test_any_string_is_one_line(text: str) -> None:
    one_line(text)


def test_a_hundred_thousand_odd_strings_are_lines() -> None:
    dice = random.Random(1405)
    for _ in range(100_000):
        some = [*dice.choices(ODD, k=dice.randrange(8)), chr(dice.randrange(0x110000))]
        one_line("".join(some))


@settings(max_examples=300, deadline=None)
@given(ANY_TEXT, ANY_TEXT)
def test_the_digest_is_that_of_the_text_as_stored(title: str, text: str) -> None:
    kept = replace(article(1, text), title=title, image=Image(url=address(2), caption=text))
    line = make_line("khabar", address(1), 1, kept, CAPTURE, {"baygan": "0"})
    stored = json.loads(encode(line))
    assert stored["text_sha256"] == text_sha256(stored["text"])
    VALIDATOR.validate(stored)


def test_hostile_strings_go_through_the_whole_night(tmp_path: Path) -> None:
    site = site_folder(tmp_path)
    evil = "\x1b]0;\ud800\u2028../../\0\r\nWARC/1.1\r\n"
    hostile = replace(article(1, evil * 3), title=evil, authors=(evil,), tags=("\udfff",))
    url = address(1) + evil
    with SiteWriter(site) as writer:
        writer.keep(url, hostile, writer.capture(exchange(1)))
    [line] = site.articles()
    VALIDATOR.validate(line)
    assert line["title"] == evil.replace("\ud800", "\ufffd")
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["khabar", "sites.toml"]
    assert site.versions(url) == [line]


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(2026, 11, 22, 0, 30, 4, 999999, UTC), "2026-11-22T00:30:04Z"),
        (datetime(2026, 3, 21, 1, tzinfo=timezone(timedelta(hours=3.5))), "2026-03-20T21:30:00Z"),
        (datetime(999, 1, 1, tzinfo=UTC), "0999-01-01T00:00:00Z"),
        (datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=3.5))), None),
        (None, None),
    ],
    ids=str,
)
def test_instants(moment: datetime | None, text: str | None) -> None:
    assert utc(moment) == text


def test_the_jalali_day_is_tehrans() -> None:
    assert jalali(datetime(2026, 3, 20, 20, 29, tzinfo=UTC)) == "1404-12-29"
    assert jalali(datetime(2026, 3, 20, 20, 31, tzinfo=UTC)) == "1405-01-01"
    assert jalali(datetime(1, 1, 1, tzinfo=UTC)) is None


def test_lines_stand_in_the_month_of_capture(tmp_path: Path) -> None:
    lines = ArticleLines(tmp_path / "articles")
    new_year = datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC)
    written = [
        make_line("khabar", address(n), 1, article(n), CAPTURE, {"baygan": "0"}) for n in range(3)
    ]
    places = [lines.append(line, new_year + timedelta(seconds=n)) for n, line in enumerate(written)]
    lines.close()
    assert [place.file for place in places] == ["2026-12.jsonl", "2027-01.jsonl", "2027-01.jsonl"]
    assert [lines.read(place) for place in places] == written
    later = list(zip(places, written, strict=True))[1:]
    assert list(lines.since({"2026-12.jsonl": places[0].length})) == later


def test_a_place_that_is_no_line_is_damage(tmp_path: Path) -> None:
    site = archived(tmp_path, 1)
    [path] = site.lines.folder.iterdir()
    for offset, length in ((1, 20), (0, 20), (10_000, 5)):
        with pytest.raises(Damaged, match="no whole line"):
            site.lines.read(LinePlace(path.name, offset, length))
    with pytest.raises(Damaged, match="missing"):
        site.lines.read(LinePlace("1999-01.jsonl", 0, 5))
