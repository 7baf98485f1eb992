"""Lines that programs which guess types get wrong: what is empty first and has a value late, and
texts that a careless format would change."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from archive.jsonl.article_line import ArticleLine, make_line
from archive.model import Article, Capture, Image
from archive.outcomes import Flag
from archive.times.warc_date import moment

# More than any reader looks at before it decides: polars 100 lines, `datasets` 10 MiB.
PLAIN = 2200
_LONG = "قنات‌های کهن بار دیگر پرآب شدند.\n\n" * 100
_TEXTS = (
    'یک "دو" سه\\چهار\n\n=1+1\tپنج، شش; هفت\r\nهشت',
    "خط\u2028تازه \x0b و \x1f و \x00 در میان",
    "می‌روم 🌧 a\u0301 مي‌گويند ۱۲۳ ١٢٣",
    "",
    "NULL",
)
_WHEN = ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2026-03-20T20:30:00Z", None)


def odd_lines(site: str = "khabar") -> Iterator[ArticleLine]:
    """Thousands of plain articles, then some that have everything, in odd forms."""
    for number in range(1, PLAIN + 1):
        yield _line(site, Article(title=None, text=_LONG, post_id=number))
    for number, text in enumerate(_TEXTS * len(_WHEN), PLAIN + 1):
        yield _line(site, _odd(number, text), further=number % 3)


def _odd(number: int, text: str) -> Article:
    when = moment(_WHEN[number % len(_WHEN)])
    return Article(
        title=f"{text[:9]} {number}",
        text=text,
        lead=text[:5] or None,
        post_id=number if number % 2 else None,
        post_type="گزارش",
        authors=("مهتاب رستگار", 'a, "b"; c', "") [: number % 4],
        categories=("اقتصاد",),
        tags=("", "null", "[]")[: number % 4],
        language="fa-IR",
        source="خبرگزاری آوای کویر",
        end_marker="انتهای پیام/",
        published=when,
        modified=when,
        date_source="rest",
        image=Image(url="https://khabar.example/a.jpg", caption=text or None),
        comments=(1 << 40) + number,
        flags=(Flag.PROTECTED, Flag.SHORT)[: number % 3],
    )  # fmt: skip


def _line(site: str, article: Article, further: int = 0) -> ArticleLine:
    number = article.post_id or 0
    extractor = {"baygan": "0.1.0"}
    if article.title:
        extractor |= {"rules": "0123456789ab", "trafilatura": "2.3.0", "layout": "ba9876543210"}
    url = f"https://khabar.example/?p={number}&t={article.title}"
    more = tuple(_capture(number + place) for place in range(further))
    return make_line(site, url, 1, article, _capture(number), extractor, more)


def _capture(number: int) -> Capture:
    date = moment("2026-11-22T00:30:04Z")
    assert date
    return Capture(
        file="warc/2026/khabar-20261122T003004123Z-4f1c09ab-00000.warc.gz",
        offset=number,
        length=(1 << 33) + number,
        record_id=f"urn:uuid:{number:08x}-0000-4000-8000-000000000000",
        payload_sha256=f"{number:064x}",
        date=date,
    )


def values(rows: list[dict[str, Any]]) -> dict[str, list[Any]]:
    """`rows` by column, so that a difference names its column."""
    return {name: [row[name] for row in rows] for name in rows[0]}
