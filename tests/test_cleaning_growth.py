"""A page that repeats something thousands of times takes a moment, not the square of its size."""

from __future__ import annotations

import pytest

from scraper.cleaning import clean
from tests.sister import sisters

PROSE = "<p>انبار گندم در دهکده پر شد و آسیابان گفت تا بهار آرد به همه می‌رسد.</p>" * 3
REPEATED = {
    "bylines": '<div class="vcard"><a class="fn" href="/author/{n}/">مهری کاوه</a></div>',
    "labelled names": "<p>خبرنگار: مهری کاوه</p>",
    "dates": '<p class="date">تاریخ انتشار: ۳ تیر ۱۴۰۵</p>',
    "facts": '<div class="entry-meta"><span class="date">بی‌تاریخ</span> <a rel="tag">ده</a></div>',
    "labels": '<p>بیشتر بخوانید:</p><p><a href="/{n}/">آسیاب تازه‌ای در دهکده</a></p>',
    "share labels": '<p class="share">هم‌رسانی</p>',
    "linked paragraphs": '<p><a href="/1405/{n}/">آسیاب تازه‌ای در دهکدهٔ {n} به راه افتاد</a></p>',
    "short paragraphs": "<p>سطر {n}</p>",
    "credits": "<span>منبع </span>",
    "headlines": '<h2><a href="/1405/{n}/">آسیاب تازه‌ای در دهکدهٔ {n} به راه افتاد</a></h2>',
    "pictures": '<img src="/uploads/asiab.jpg">',
    "forms": '<form><p>ایمیل خود را وارد کنید</p><input type="email"></form>',
    "tags": '<a rel="tag" href="/tags/{n}/">آرد {n}</a> ',
    "counters": '<span><i class="fa fa-eye"></i> {n}</span><br>',
    "answers": '<div><h4>نظرات (۲)</h4><p>آرد خوب است.</p><a href="#">پاسخ</a></div>',
    "cards": '<div><img src="m.jpg"><a href="/author/{n}/">مهری کاوه</a><p>از ده.</p></div>',
    "authors": "<div><p>درباره نویسنده</p><p>مهری کاوه از ده می‌نویسد.</p></div>",
}
PLACES = {
    "in the content": '<div class="entry-content">{prose}<div>{html}</div>{prose}</div>',
    "in a box without a name": "<div>{prose}{html}{prose}</div>",
    "above the content": '<div><div>{html}</div></div><div class="entry-content">{prose}</div>',
}


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("bylines", "in a box without a name"),
        ("labelled names", "above the content"),
        ("dates", "in the content"),
        ("facts", "in the content"),
        ("labels", "in the content"),
        ("share labels", "in a box without a name"),
        ("linked paragraphs", "in a box without a name"),
        ("linked paragraphs", "above the content"),
        ("short paragraphs", "in a box without a name"),
        ("credits", "above the content"),
        ("headlines", "in a box without a name"),
        ("pictures", "in the content"),
        ("forms", "in a box without a name"),
        ("forms", "above the content"),
        ("authors", "in the content"),
        ("tags", "in the content"),
        ("counters", "in the content"),
        ("answers", "in a box without a name"),
        ("cards", "in the content"),
    ],
)
def test_five_thousand_of_a_kind_take_a_moment(name: str, place: str) -> None:
    html = "".join(REPEATED[name].replace("{n}", str(n)) for n in range(5000))
    inner = PLACES[place].replace("{html}", html).replace("{prose}", PROSE)
    page = (
        '<html lang="fa"><body class="single single-post postid-4">'
        f'<article><h1 class="entry-title">آرد تا بهار هست</h1>{inner}</article></body></html>'
    )
    assert "آسیابان گفت" in clean(page.encode(), "https://khabar.example/1405/ard/").text


@pytest.mark.timeout(20)
@pytest.mark.parametrize("unit", ["آرد - ", *sisters("روزنامه | ", "- » ")])
def test_a_title_of_very_many_pieces_takes_a_moment(unit: str) -> None:
    page = (
        f"<html lang='fa'><head><title>{unit * 150_000}</title>"
        '<meta property="og:site_name" content="روزنامه"></head>'
        '<body class="single single-post postid-4"><article><h1 class="entry-title">آرد</h1>'
        f'<div class="entry-content">{PROSE}</div></article></body></html>'
    )
    assert "آسیابان گفت" in clean(page.encode(), "https://khabar.example/1405/ard/").text
