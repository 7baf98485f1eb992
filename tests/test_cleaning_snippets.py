"""Pieces of a page that must stay in the text, or go: each is set into the same small article.

A case in tests/snippets has `html`, and where it stands `at`: at the start, in the middle or at the
end of the article's paragraphs, or as the `whole` of it ({first}, {second}, {third} and {long} are
the paragraphs). `keeps` are blocks of the text, `drops` strings that are not in it; a field may be
named with its value, or in `none`.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from archive.model import Article
from scraper.cleaning import clean

FIRST = "<p>نانوایان بندر از کمبود آرد سخن می‌گویند و صف‌ها از بامداد دراز است.</p>"
SECOND = "<p>فرماندار گفت انبارها تا دو روز دیگر پر می‌شود و جای نگرانی نیست.</p>"
THIRD = "<p>بارگیری کشتی گندم دیروز به پایان رسید و کامیون‌ها راه افتاده‌اند.</p>"
LONG = "".join(
    f"<p>گزارش روز {day} از انبار بندر نشان می‌دهد کار بی‌درنگ پیش می‌رود و کسی نگران نیست.</p>"
    for day in ("یکم", "دوم", "سوم", "چهارم", "پنجم", "ششم", "هفتم", "هشتم", "نهم", "دهم")
)
PLACES = {
    "start": "{html}" + FIRST + SECOND + THIRD,
    "middle": FIRST + "{html}" + SECOND + THIRD,
    "end": FIRST + SECOND + THIRD + "{html}",
    "whole": "{html}",
}
FIELDS = ("source", "end_marker")


def cases() -> list[Any]:
    return [
        pytest.param(case, id=f"{path.stem}-{case['name']}")
        for path in sorted((Path(__file__).parent / "snippets").glob("*.toml"))
        for case in tomllib.loads(path.read_text())["case"]
    ]


def article_with(html: str, at: str) -> Article:
    inner = PLACES[at].replace("{html}", html)
    for name, text in (("first", FIRST), ("second", SECOND), ("third", THIRD), ("long", LONG)):
        inner = inner.replace("{" + name + "}", text)
    page = (
        '<html lang="fa"><body class="single single-post postid-9">'
        '<article class="post type-post hentry"><h1 class="entry-title">آرد در بندر کم شد</h1>'
        f'<div class="entry-content">{inner}</div></article></body></html>'
    )
    return clean(page.encode(), "https://khabar.example/1405/ard/")


@pytest.mark.parametrize("case", cases())
def test_what_is_the_articles_stays_and_what_is_the_pages_goes(case: dict[str, Any]) -> None:
    article = article_with(case["html"], case["at"])
    blocks = [" ".join(block.split()) for block in article.text.split("\n\n")]
    assert [block for block in case.get("keeps", []) if block not in blocks] == []
    assert [string for string in case.get("drops", []) if string in article.text] == []
    assert {name: getattr(article, name) for name in FIELDS if name in case} == {
        name: case[name] for name in FIELDS if name in case
    }
    assert [name for name in case.get("none", []) if getattr(article, name) is not None] == []
