"""What inline markup, wrong marks and what plugins left behind make of words and numbers."""

from __future__ import annotations

import pytest

from archive.model import Hints
from scraper.cleaning import clean
from tests.unnamed_page import PARAGRAPHS, TITLE, URL, unnamed


@pytest.mark.parametrize(
    ("inner", "text"),
    [
        # Marks typed for a half-space.
        ("او می\u200eگوید خانه\u200bها را نگه می&shy;دارند.", "او می‌گوید خانه‌ها را نگه می‌دارند."),
        ("و نمی&#8206;فروشند &rlm;و بس.", "و نمی‌فروشند و بس."),
        # Raised and lowered numbers.
        ("بزرگی ۲<sup>۱۰</sup> در ۳۵ km<sup>2</sup> بود.", "بزرگی ۲¹⁰ در ۳۵ km² بود."),
        ("آب H<sub>2</sub>O است و x<sup>n+1</sup> نیست.", "آب H₂O است و xⁿ⁺¹ نیست."),
        ("در سال ۱۳۵۰<sup><a href='#f1'>۳</a></sup> یافتند.", "در سال ۱۳۵۰³ یافتند."),
        ("رتبهٔ 1<sup>st</sup> از آن اوست.", "رتبهٔ 1st از آن اوست."),
        # Struck words beside what replaces them; an insertion alone may be a part of a number.
        ("تا ساعت <del><b>۸</b></del><ins>۹</ins> ماند.", "تا ساعت ۸ ۹ ماند."),
        ("بها <span style='text-decoration:line-through'>۹۰</span>۷۵ است.", "بها ۹۰ ۷۵ است."),
        ("شمار ۱۲<ins>۵</ins> تن بود.", "شمار ۱۲۵ تن بود."),
        ("<b>پر</b>آب‌ترین سال بود.", "پرآب‌ترین سال بود."),
        ("گفت <q>او گفت <q>نه</q> و رفت</q>.", "گفت «او گفت ‹نه› و رفت»."),
        ("گفت <q>«آری، می‌آیم»</q>.", "گفت «آری، می‌آیم»."),
        # Shortcodes of plugins that are gone, and brackets that are meant.
        ("[tds_note]یادداشتی برای خوانندگان[/tds_note]", "یادداشتی برای خوانندگان"),
        ('[banner id="4"]دامنه سرد است.', "دامنه سرد است."),
        ("او [sic] گفت [خنده] و [۲] را دید.", "او [sic] گفت [خنده] و [۲] را دید."),
        ('کد [gallery ids="1,2"] را بنویسید.', 'کد [gallery ids="1,2"] را بنویسید.'),
        ("&lt;!-- wp:paragraph --&gt;دامنه سرد است.", "دامنه سرد است."),
    ],
)
def test_no_word_and_no_number_is_falsified(inner: str, text: str) -> None:
    assert clean(unnamed(inner=f"<p>{inner}</p>"), URL).text.split("\n\n")[0] == text


def test_shortcodes_alone_are_no_paragraph_and_code_is_left() -> None:
    inner = '<p>[et_row w="1"][et_column]</p><pre>[box]متن[/box]</pre><p>[/et_column][/et_row]</p>'
    assert clean(unnamed(inner=inner), URL).text.split("\n\n")[:2] == [
        "[box]متن[/box]",
        PARAGRAPHS[0],
    ]


def test_arrows_of_footnotes_and_accordions_go() -> None:
    inner = (
        "<div class='accordion'><h3><button class='accordion-title'>کجاست؟<i>+</i></button></h3>"
        f"<p>{PARAGRAPHS[1]}</p></div><ol><li id='n1'>از یادداشت‌ها <a href='#r'>↩︎</a></li></ol>"
    )
    blocks = clean(unnamed(inner=inner, box="entry-content"), URL).text.split("\n\n")
    assert blocks[0] == "کجاست؟"
    assert "از یادداشت‌ها" in blocks


@pytest.mark.parametrize("charset", ["latin-1", "cp1252", "cp1256"])
def test_what_was_encoded_twice_is_mended(charset: str) -> None:
    said = "گفت: «آب، ژرف و پاک است» – و رفت."
    twice = "".join(bytes([b]).decode(charset, "ignore") or chr(b) for b in said.encode())
    article = clean(unnamed(inner=f"<p>{twice}</p><p>نوع «الف»، Ørsted و §۲.</p>"), URL)
    assert article.text.split("\n\n")[:2] == [said, "نوع «الف»، Ørsted و §۲."]
    assert "charset_guessed" not in article.flags


def test_what_cannot_be_mended_is_flagged() -> None:
    twice = PARAGRAPHS[0].encode().decode("latin-1").replace("\x8c", "")
    assert "charset_guessed" in clean(unnamed(inner=f"<p>{twice}</p>"), URL).flags


@pytest.mark.parametrize(
    "headline",
    [
        f"<div>گزارش ویژه از کوهستان</div>{TITLE}",
        f"<a href='/t'>پرونده</a><span>{TITLE}</span>",
        f"پرونده<br>{TITLE}",
        f"{TITLE}<small>آب به دشت می‌رسد</small>",
        f"{TITLE}<a class='x-share' href='#'>هم‌رسانی</a><i>۲۳</i>",
        "چشمه‌های <span>تازه</span> در دامنهٔ <b>سپید</b>کوه پیدا شد",
    ],
    ids=["block", "link", "break", "subtitle", "button", "whole"],
)
def test_a_headline_is_the_part_that_the_metadata_repeat(headline: str) -> None:
    assert clean(unnamed(headline=headline), URL).title == TITLE


@pytest.mark.parametrize(
    ("headline", "title"),
    [
        ("باران آمد<br>سیل نیامد", "باران آمد سیل نیامد"),
        (
            "<span class='kicker'>پرونده</span><span>باران آمد و سیل نیامد</span>",
            "باران آمد و سیل نیامد",
        ),
        ("گرما به 10<sup>6</sup> نرسید", "گرما به 10⁶ نرسید"),
    ],
)
def test_a_headline_that_nothing_repeats_is_parted(headline: str, title: str) -> None:
    assert clean(unnamed(headline=headline, title=""), URL).title == title


def test_a_title_of_the_listing_is_parted_where_its_markup_parts_it() -> None:
    hints = Hints(title="در کوه<br/>چشمه‌های x<sup>2</sup>", post_id=3)
    assert clean(unnamed(), URL, hints).title == "در کوه چشمه‌های x²"
