"""What must hold for every text: it is the page's own, whole, with its half-spaces."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.cleaning import clean
from scraper.cleaning.boilerplate.by_phrase import dropped
from scraper.cleaning.boilerplate.name_rule import rule_of
from scraper.cleaning.html.document import Document, text_of
from scraper.cleaning.html.text_blocks import TextBlock
from scraper.cleaning.region.by_trafilatura import kept_text, unspaced
from scraper.cleaning.repair import repair

SENTENCE = "کتاب‌خانه‌های روستایی کشور تا پایان سال به سامانهٔ امانت می‌پیوندند و رایگان می‌مانند."
PIECES = st.sampled_from(
    [
        "<p>بند نخست با «نقل‌قول» و عدد ۱۲٫۵ درصد.</p>",
        "<p>بند <b>پر</b>رنگ و <a href='https://else.example/'>پیوند</a> دارد.</p>",
        "<div>متن لخت<br><br>پس از دو شکست خط</div>",
        "<h2>میان‌تیتر</h2>",
        "<ul><li>یک</li><li>دو<ul><li>دو و نیم</li></ul></li></ul>",
        "<blockquote><p>گفت‌وگو</p></blockquote>",
        "<table><tr><td>ری</td><td>۷</td></tr></table>",
        "<div class='related-posts'><a href='/x'>خبر دیگر</a></div>",
        "<script>var a = 1;</script>",
        "<p>&nbsp;</p>",
        "<p>خط یک<br>خط دو</p>",
        "<div><span>تو</span>درتو</div>",
        "<p>ي و ك عربی</p>",
        "<pre>  کد  \n  دو</pre>",
    ]
)


def article_page(inner: str) -> bytes:
    return (
        "<html lang='fa'><body class='single single-post'><h1 class='entry-title'>کتاب‌خانه‌ها</h1>"
        f"<div class='entry-content'><p>{SENTENCE}</p>{inner}<p>{SENTENCE[::-1]}</p></div>"
    ).encode()


def white_folded(text: str) -> str:
    return "".join(repair(text).split())


@given(st.lists(PIECES, max_size=12))
@settings(max_examples=200, deadline=None)
def test_every_paragraph_stands_on_the_page(pieces: list[str]) -> None:
    page = article_page("".join(pieces))
    whole = white_folded(text_of(Document(page).root))
    paragraphs = clean(page).text.split("\n\n")
    assert [p for p in paragraphs if white_folded(p) not in whole] == []
    assert paragraphs[0] == SENTENCE


@given(st.lists(PIECES, max_size=8))
@settings(max_examples=50, deadline=None)
def test_same_bytes_same_article(pieces: list[str]) -> None:
    page = article_page("".join(pieces))
    assert clean(page) == clean(page)


def test_half_spaces_survive_in_title_and_text() -> None:
    article = clean(article_page(""))
    assert article.title == "کتاب‌خانه‌ها"
    assert "می‌پیوندند" in article.text


def test_the_shield_carries_half_spaces_through_trafilatura() -> None:
    page = Document(article_page(f"<p>{SENTENCE}</p>"))
    kept = kept_text(page.root, set())
    assert kept is not None
    assert unspaced(SENTENCE) in kept


@pytest.mark.parametrize(
    "inner",
    [
        f"<p>{SENTENCE}</p>",
        f"<div>{SENTENCE}</div>",
        f"<span>{SENTENCE}</span>",
        SENTENCE,
        f"<div class='wp-block-group sidebar-left share-ready'><p>{SENTENCE}</p></div>",
        f"<div class='widget related'><p>{SENTENCE}</p></div>",
        f"<div style='display:none' class='tab-content'>{SENTENCE}</div>",
    ],
)
def test_an_odd_wrapper_does_not_cost_the_article(inner: str) -> None:
    page = f"<body class='single single-post'><h1>کتاب</h1><div class='entry-content'>{inner}</div>"
    assert clean(page.encode()).text == SENTENCE


@pytest.mark.parametrize(
    "token", ["container", "has-sidebar", "sharepoint", "entry-content", "ad", "addition"]
)
def test_tokens_are_whole_words_or_beginnings(token: str) -> None:
    assert rule_of(token) is None


REAL = [
    "در همین زمینه وزیر نیرو گفت که ذخیرهٔ سدها کافی است.",
    "او این ویدئو را در شبکه‌های اجتماعی به اشتراک گذاشت.",
    "برچسب قیمت تازه روی کالاها نصب شد.",
    "نظر شما دربارهٔ این طرح چیست؟ پرسش خبرنگار این بود.",
    "تگزاس زیر آب رفت.",
    "کشتی‌ها در کانال سوئز پهلو گرفتند.",
    "منبع آب شهر آلوده نیست.",
    "پایان پیام‌رسانی رایگان نزدیک است.",
    "چاپ کتاب گران شد.",
    "نام او در فهرست نبود.",
    "این گزارش را بخوانید و خودتان داوری کنید.",
    "لینک فیلم را از من نخواهید.",
    "لایک نکنید، کمک کنید.",
    "خبرهای خوب در راه است.",
    "نظر کارشناس را بخوانید و خودتان تصمیم بگیرید.",
    "در گزارش بعدی سراغ راننده‌ها می‌رویم.",
    "ورود رایگان",
    "ادامه دارد",
    "زمان نمایش: ساعت ۱۸",
    "هنوز نظری دربارهٔ علت آتش‌سوزی داده نشده است.",
]


@pytest.mark.parametrize("sentence", REAL)
def test_sentences_with_furnitures_words_stay(sentence: str) -> None:
    page = article_page(f"<p>{sentence}</p>")
    assert sentence in clean(page).text.split("\n\n")
    last = page.replace(SENTENCE[::-1].encode(), sentence.encode())
    assert clean(last).text.endswith(sentence)


LINKS = "".join(
    f"<li><a href='https://news.example/{n}/'>خبر شمارهٔ {n} هفته</a></li>" for n in range(6)
)


def test_a_list_of_the_sites_own_links_is_boilerplate_beside_a_text() -> None:
    page = article_page(f"<p>{SENTENCE}</p>" * 3 + f"<p>خواندنی‌ها:</p><ul>{LINKS}</ul>")
    text = clean(page, "https://news.example/ketab/").text
    assert "خبر شمارهٔ" not in text
    assert "خواندنی‌ها" not in text


def test_a_list_of_the_sites_own_links_is_the_text_of_a_roundup() -> None:
    page = (
        "<body class='single single-post'><h1>هفته‌ای که گذشت</h1><div class='entry-content'>"
        f"<p>گزیدهٔ خبرهای هفته را بخوانید.</p><ul>{LINKS}</ul></div>"
    )
    assert clean(page.encode(), "https://news.example/hafte/").text.count("خبر شمارهٔ") == 6


def test_a_list_of_messengers_is_no_row_of_buttons() -> None:
    page = article_page("<ul><li>تلگرام</li><li>ایتا</li><li>روبیکا</li></ul>")
    assert "تلگرام\n\nایتا\n\nروبیکا" in clean(page).text


def test_no_phrase_matches_nothing() -> None:
    block = TextBlock("…", "text", Document(b"<p>x</p>").root)
    assert dropped([block], block.holder) == set()
