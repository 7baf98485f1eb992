"""Dates as Persian pages spell them, and the ladder that chooses among them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from persiantools.jdatetime import JalaliDate

from archive.model import Hints
from scraper.cleaning import clean
from scraper.cleaning.date_parser import scan

EXACT = {
    "چهارشنبه ۲۰ دی ۱۴۰۲ - ۲۲:۳۵": "2024-01-10T19:05",
    "ساعت ۲۲:۳۵ - ۲۰ / ۱۰ / ۱۴۰۲": "2024-01-10T19:05",
    "۲۲:۳۵ | ۱۴۰۲/۱۰/۲۰": "2024-01-10T19:05",
    "۸ بهمن ۱۴۰۲ ساعت ۱۰:۰۵ ب.ظ": "2024-01-28T18:35",
    "1402-10-20T22:35:00+03:30": "2024-01-10T19:05",
    # WP-Parsidate's false offset: a Jalali year means Iran's wall clock.
    "1402-10-20T22:35:00+00:00": "2024-01-10T19:05",
    "۱۴۰۳-۰۴-۲۵\\۰۸:۴۲:۲۶": "2024-07-15T05:12",
    "2024/01/10 ,22:35": "2024-01-10T19:05",
    "10-01-2024 10:35:00 pm": "2024-01-10T19:05",
    "2024-01-10T19:05:00.000Z": "2024-01-10T19:05",
    "20240110T223500+0330": "2024-01-10T19:05",
    "Wednesday, Dey 20, 1402 22:35": "2024-01-10T19:05",
    "۲۰ دی ۱۴۰۲ ساعت ۱۰ و ۳۵ دقیقه شب": "2024-01-10T19:05",
    "۲۰ دی ۱۴۰۲ - ۱۰:۳۵بعدازظهر": "2024-01-10T19:05",
    "۲۰ دی ۱۴۰۲ - ۱۲:۳۵ بامداد": "2024-01-09T21:05",
    "۲۰ دی ۱۴۰۲ - ۱۲:۳۵ شب": "2024-01-09T21:05",
    "۲۰ دی ۱۴۰۲ - ۱۲:۳۵ ظهر": "2024-01-10T09:05",
    "مدت فیلم ۰۲:۱۵ | ۲۰ دی ۱۴۰۲ - ۲۲:۳۵": "2024-01-10T19:05",
    "۲۰ دی ۰۲ - ۲۲:۳۵": "2024-01-10T19:05",
    # WordPress's «ب.ظ» as plugins for Persian digits print it.
    "۲۰ دی ۱۴۰۲ - ۱۰:۳۵ ب٫ظ": "2024-01-10T19:05",
    "۲۰ دی ۱۴۰۲ ساعت بعدازظهر ۱۰:۳۵": "2024-01-10T19:05",
    "۱۴۰۲/۱۰/۲۰-۲۲:۳۵": "2024-01-10T19:05",
    "Wed, 10 Jan 2024 19:05:00 GMT": "2024-01-10T19:05",
    "Wed Jan 10 2024 22:35:00 GMT+0330 (Iran Standard Time)": "2024-01-10T19:05",
    "2024-01-10 19:05:00 UTC": "2024-01-10T19:05",
    "2024-01-10 19:05:00+00": "2024-01-10T19:05",
    "1/20/2024 10:35:00 PM": "2024-01-20T19:05",
    # Iran's summer time ended with 1401.
    "۱۵ مرداد ۱۳۹۸ - ۱۲:۰۰": "2019-08-06T07:30",
    "۱۵ مرداد ۱۴۰۲ - ۱۲:۰۰": "2023-08-06T08:30",
}
DAYS = {
    "۱۴۰۲/۱۰/۲۰": "2024-01-10",
    "دی ۲۰, ۱۴۰۲": "2024-01-10",
    "۲۰ دی‌ماه ۱۴۰۲": "2024-01-10",
    "سه‌شنبه ۱۹ دی ۱۴۰۲": "2024-01-09",
    "چهارشنبه ۲۰ دي ۱۴۰۲": "2024-01-10",
    "چهارشنبه بیستم دی ۱۴۰۲": "2024-01-10",
    "سه‌شنبه بیست و ششم دی‌ماه ۱۴۰۲": "2024-01-16",
    "۳۰ آبان ۹۸": "2019-11-21",
    "۲۰ جدی ۱۴۰۲": "2024-01-10",
    "10 ژانویه 2024": "2024-01-10",
    "آگوست 9, 2022": "2022-08-09",
    "January 10, 2024": "2024-01-10",
    "10 يناير 2024": "2024-01-10",
    "20240110": "2024-01-10",
    "۱۳ اردی بهشت ۱۴۰۳": "2024-05-02",
    "۲۰ دی ۱۴۰۲ - مدت فیلم ۰۲:۱۵": "2024-01-10",
}
NOTHING = [
    "۳۱ اسفند ۱۴۰۲",
    "تیر 19, 783",
    "Y-m-d\\TH:i:sP",
    "1970-01-01T00:00:00",
    "2024-02-30",
    "03/04/2024",
    "۲۷ جمادی‌الثانی ۱۴۴۵",
    "© 2025",
    "۲۰ دی",
    "20 دی 02",
    "۲۰ دی ۱۲:۳۰",
]


@pytest.mark.parametrize(("text", "instant"), EXACT.items())
def test_instants(text: str, instant: str) -> None:
    moment = scan(text)
    assert moment is not None
    assert moment.exact
    assert moment.at.strftime("%Y-%m-%dT%H:%M") == instant


@pytest.mark.parametrize(("text", "day"), DAYS.items())
def test_days_without_time_are_noon_so_that_the_day_is_the_same_in_utc(text: str, day: str) -> None:
    moment = scan(text)
    assert moment is not None
    assert not moment.exact
    assert moment.at.date().isoformat() == day


@pytest.mark.parametrize("text", NOTHING)
def test_what_makes_no_day_is_none(text: str) -> None:
    assert scan(text) is None


@given(st.dates(datetime(1992, 1, 1).date(), datetime(2050, 1, 1).date()))
def test_every_jalali_day_is_read_in_three_spellings(day: object) -> None:
    jalali = JalaliDate(day)  # type: ignore[no-untyped-call]
    spellings = (
        jalali.strftime("%Y/%m/%d", locale="fa"),
        jalali.strftime("%A %d %B %Y", locale="fa"),
        jalali.isoformat(),
    )
    for spelling in spellings:
        moment = scan(spelling)
        assert moment is not None, spelling
        assert moment.at.date() == day, spelling


def test_relative_times_need_the_capture_and_one_possible_day() -> None:
    noon = datetime(2024, 1, 10, 9, 0, tzinfo=UTC)
    after_midnight = datetime(2024, 1, 10, 22, 0, tzinfo=UTC)
    assert scan("۳ ساعت پیش") is None
    moment = scan("۳ ساعت پیش", noon)
    assert moment is not None
    assert moment.at.date().isoformat() == "2024-01-10"
    assert scan("۱ ساعت پیش", after_midnight) is None
    yesterday = scan("دیروز", noon)
    assert yesterday is not None
    assert yesterday.at.date().isoformat() == "2024-01-09"
    today = scan("امروز، ساعت ۱۰:۳۰", noon)
    assert today is not None
    assert today.at == datetime(2024, 1, 10, 7, 0, tzinfo=UTC)
    assert scan("امروز", noon) is None
    moments = scan("دقایقی پیش", noon)
    assert moments is not None
    assert moments.at.date().isoformat() == "2024-01-10"


def page(head: str = "", meta: str = "") -> bytes:
    return (
        f"<html><head>{head}</head><body class='single single-post postid-1'><article>"
        f"<h1 class='entry-title'>نرخ بلیت اتوبوس</h1>{meta}<div class='entry-content'>"
        "<p>نرخ بلیت اتوبوس از فردا تغییر می‌کند و شهرداری جدول تازه را منتشر کرد.</p></div>"
        "</article><footer>© 2025</footer></body></html>"
    ).encode()


LD = '<script type="application/ld+json">{"@type":"NewsArticle","datePublished":"%s"}</script>'
OG = '<meta property="article:published_time" content="%s">'
TIME = '<time class="entry-date" datetime="%s">x</time>'


@pytest.mark.parametrize(
    ("head", "meta", "url", "source", "day"),
    [
        (LD % "2024-01-10T10:00:00Z" + OG % "2020-01-01", "", None, "json-ld", "2024-01-10"),
        (LD % "Y-m-d" + OG % "2024-01-10T10:00:00Z", "", None, "meta", "2024-01-10"),
        ("", TIME % "2024-01-10T10:00:00Z", None, "time", "2024-01-10"),
        ("", '<span class="post-date">۲۰ دی ۱۴۰۲</span>', None, "visible", "2024-01-10"),
        ("", "", "https://news.example/1402/10/20/x/", "url", "2024-01-10"),
        ("", "", "https://news.example/2024/01/10/x/", "url", "2024-01-10"),
        ("", "", "https://news.example/x/", None, None),
        # The date of the last change is no date of publication.
        ("", '<span class="post-date">به‌روزرسانی: ۲۰ دی ۱۴۰۲</span>', None, None, None),
        # Another post's date is no date of this one.
        (
            "",
            '<div class="related-posts"><time datetime="2024-01-10">x</time></div>',
            None,
            None,
            None,
        ),
    ],
)
def test_ladder(head: str, meta: str, url: str | None, source: str | None, day: str | None) -> None:
    article = clean(page(head, meta), url)
    assert article.date_source == source
    assert (article.published.date().isoformat() if article.published else None) == day


def test_the_listing_wins_and_the_future_is_passed_over() -> None:
    told = datetime(2024, 1, 9, 12, 0, tzinfo=UTC)
    article = clean(page(LD % "2024-01-10T10:00:00Z"), hints=Hints(published=told))
    assert (article.published, article.date_source) == (told, "rest")
    hints = Hints(captured=datetime(2024, 1, 12, tzinfo=UTC))
    assert clean(page(LD % "2031-01-10T10:00:00Z"), hints=hints).published is None


@pytest.mark.parametrize("source", ["feed", "sitemap", "rest"])
def test_who_told_the_date_is_named(source: str) -> None:
    told = datetime(2024, 1, 9, 12, 0, tzinfo=UTC)
    article = clean(page(), hints=Hints(published=told, date_source=source))
    assert (article.published, article.date_source) == (told, source)


@pytest.mark.parametrize(
    "told",
    [
        datetime(1402, 10, 20, 4, 30, tzinfo=UTC),
        datetime(1402, 12, 31, tzinfo=UTC),
        datetime(1348, 10, 11, tzinfo=UTC),
        datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=4))),
        datetime(9999, 12, 31, 23, tzinfo=timezone(timedelta(hours=-4))),
        datetime(1970, 1, 1, tzinfo=UTC),
        datetime(1969, 12, 31, 20, 30, tzinfo=UTC),
        datetime(2031, 1, 1, tzinfo=UTC),
    ],
)
@pytest.mark.parametrize("source", ["feed", "rest"])
def test_a_listing_s_impossible_date_gives_way_to_the_page_s(told: datetime, source: str) -> None:
    captured = datetime(2026, 1, 1, tzinfo=UTC)
    hints = Hints(published=told, modified=told, date_source=source, captured=captured)
    article = clean(page(LD % "2024-01-10T10:00:00Z"), hints=hints)
    assert article.published == datetime(2024, 1, 10, 10, 0, tzinfo=UTC)
    assert (article.date_source, article.modified) == ("json-ld", None)
    # Where the page tells none either, REST's numbers may be a day by the other calendar.
    article = clean(page(), hints=hints)
    jalali = source == "rest" and (told.year, told.month) == (1402, 10)
    assert (article.published is None) != jalali
    assert article.date_source == ("rest" if jalali else None)
    assert article.published is None or article.published.date().isoformat() == "2024-01-10"


def test_an_old_paper_put_online_keeps_its_day() -> None:
    told = datetime(1951, 3, 15, 8, 0, tzinfo=UTC)
    article = clean(page(), hints=Hints(published=told, modified=told))
    assert (article.published, article.modified) == (told, told)
