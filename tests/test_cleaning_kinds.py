"""Which pages are articles where `body_class()` does not say it, and in which language they are."""

from __future__ import annotations

import pytest

from archive.errors import NotAnArticle
from scraper.cleaning import clean
from scraper.cleaning.fields.language import of
from tests.unnamed_page import PARAGRAPHS, TITLE, URL, unnamed

SITE = "https://abnegar.example"
LD = f'<script type="application/ld+json">{{"@type":"NewsArticle","headline":"{TITLE}"}}</script>'
OG = '<meta property="og:type" content="article">'
DATED = '<meta property="article:published_time" content="2024-01-10T12:42:00Z">'
CANONICAL = f"<link rel='canonical' href='{URL}'>"


CARDS = "".join(
    f"<div><h3><a href='/n/{n}'>خبر شمارهٔ {n} دربارهٔ چشمه‌ها</a></h3><p>{PARAGRAPHS[0]}</p></div>"
    for n in range(3)
).encode()


@pytest.mark.parametrize(
    ("page", "url"),
    [
        (unnamed(names="page rtl", head=OG), URL),
        (unnamed(names="page page--khabar", head=LD), URL),
        (unnamed(names="blog", head=LD), URL),
        (unnamed(head=LD), f"{SITE}/contact"),
        (unnamed(head=CANONICAL), f"{SITE}/"),
        (unnamed(names="single single-post"), f"{SITE}/"),
        (unnamed(), f"{SITE}/?p=12"),
        (unnamed(), f"{SITE}/?cat=5&id=12"),
        (unnamed(), f"{SITE}/index.php?m=news&id=12"),
        (unnamed(), f"{SITE}/ab/?s=20"),
        (unnamed(), f"{SITE}/1404/"),
        (unnamed(), f"{SITE}/1404/06/4812/"),
        (unnamed(), f"{SITE}/writer/mina/ab/"),
        (CARDS + unnamed(headline="آرشیو ملی درهای خود را به روی همه گشود"), URL),
        (unnamed(headline="۴۰۴", title="۴۰۴"), URL),
        (unnamed(headline="500", title="500", head=DATED, paragraphs=PARAGRAPHS[:1]), URL),
    ],
)
def test_articles(page: bytes, url: str) -> None:
    assert PARAGRAPHS[0] in clean(page, url).text


LINKS = "".join(
    f"<li><a href='/n/{n}'>خبر شمارهٔ {n} دربارهٔ چشمه‌های کوهستان</a></li>" for n in range(20)
)
FRONT = (
    f"<title>آب‌نگار</title><body><h1><img src='/l.png'></h1><div><ul>{LINKS}</ul></div>"
    f"<footer><p>{PARAGRAPHS[0]}</p></footer>"
)


@pytest.mark.parametrize(
    ("page", "url", "reason"),
    [
        (unnamed(), f"{SITE}/", "list"),
        (unnamed(), f"{SITE}/fa/", "list"),
        (unnamed(), f"{SITE}/category/ab/", "list"),
        (unnamed(), f"{SITE}/?s=%D8%A2%D8%A8", "list"),
        (unnamed(), f"{SITE}/?cat=5&paged=2&utm_source=a", "list"),
        (unnamed(), f"{SITE}/1404/06/", "list"),
        (unnamed(), f"{SITE}/2025/08/26/page/2/", "list"),
        (unnamed(), f"{SITE}/page/3/", "list"),
        (unnamed(), f"{SITE}/writer/mina/", "list"),
        (unnamed(), f"{SITE}/دسته‌بندی/ab/", "list"),
        (unnamed(), f"{SITE}/about.html", "page"),
        (unnamed(), f"{SITE}/سبد-خرید/", "page"),
        (f"<title>آب</title><h1>برچسب: آب</h1>{CARDS.decode()}".encode(), f"{SITE}/ab/", "list"),
        (unnamed(), f"{SITE}/تماس-با-ما/", "page"),
        (unnamed(names="page page-id-7", head=OG), URL, "page"),
        (unnamed(names="archive category category-7", head=LD), URL, "list"),
        (FRONT.encode(), f"{SITE}/akhbar", "list"),
        (unnamed(headline="404", title="404", paragraphs=("چیزی نبود.",)), URL, "error-page"),
    ],
)
def test_no_articles(page: bytes, url: str, reason: str) -> None:
    with pytest.raises(NotAnArticle) as caught:
        clean(page, url)
    assert caught.value.reason == reason


def test_a_short_article_beside_many_links_is_one() -> None:
    page = unnamed(after=f"<ul>{LINKS}</ul>", paragraphs=PARAGRAPHS[:1])
    assert clean(page, URL).title == TITLE


SAID = {
    "fa": " ".join(PARAGRAPHS),
    "ar": "عثر فريق من الباحثين على ينابيع جديدة في سفح الجبل، وقال إن الماء سيصل في الربيع.",
    "ckb": "کۆمەڵێک لێکۆڵەر کانیاوی نوێیان لە بناری چیاکە دۆزییەوە و دەڵێن ئاوەکە دەگاتە دەشتەکە.",
    "ps": "څېړونکو د غره په لمنه کې نوې چینې وموندلې او وایي چې اوبه به ورسېږي.",
    "ur": "ماہرین نے پہاڑ کے دامن میں نئے چشمے ڈھونڈ لیے ہیں۔",
    "en": "Researchers have found new springs at the foot of the mountain.",
}


@pytest.mark.parametrize("declared", ["fa-IR", "ar", "en-US", None])
@pytest.mark.parametrize("language", SAID)
def test_a_language_is_what_the_text_is_in(language: str, declared: str | None) -> None:
    assert of(declared, SAID[language]) == language


@pytest.mark.parametrize(
    ("declared", "text", "language"),
    [
        ("fa-IR", "باران آمد", "fa"),
        ("ar", "باران آمد", "ar"),
        ("fa-IR", "نرخ ارز ۴۲ بود. إن الله مع الصابرين را بر در نوشتند و این را همه دیدند.", "fa"),
        ("fa-IR", SAID["fa"].replace("ی", "ي").replace("ک", "ك"), "fa"),
        (
            "fa-AF",
            "باشندگان ولسوالی می‌گویند که پل تا آخر ماه حوت تکمیل می‌گردد و از آن می‌گذرند.",
            "fa",
        ),
        ("ku", SAID["ckb"], "ku"),
    ],
)
def test_what_is_declared_counts_where_the_text_does_not_tell(
    declared: str, text: str, language: str
) -> None:
    assert of(declared, text) == language
