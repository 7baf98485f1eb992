"""Whose date, name or category it is that stands on a page: by its place and its label."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from archive.model import Hints
from scraper.cleaning import clean
from scraper.cleaning.fields.persons import is_person
from tests.nameless_page import PARAGRAPHS, URL, nameless_page

DAY = "2024-01-10"
INSTANT = "2024-01-10T12:42"
KABUL = "2024-01-10T11:42"


@pytest.mark.parametrize(
    ("page", "told"),
    [
        # Bars above, beside and below, labelled as the publication's.
        (
            nameless_page(above="<div><i>کد: ۷</i><p>زمان انتشار: ۱۶:۱۲ - ۱۴۰۲/۱۰/۲۰</p></div>"),
            INSTANT,
        ),
        (
            nameless_page(after="<p><b>تاریخ انتشار</b><b>۲۰ دی ۱۴۰۲</b><b>۱۶:۱۲</b></p>"),
            INSTANT,
        ),
        (nameless_page(after="<div class='foot'><i class='posted-on'>۲۰ دی ۱۴۰۲</i></div>"), DAY),
        # Lines between headline and text that say nothing else.
        (nameless_page(before="<div>مریم آبی - ۲۰ دی ۱۴۰۲</div>"), DAY),
        (
            nameless_page(before="<div>کد خبر: ۹۸۱۲۳ | ۲۰ دی ۱۴۰۲ - ۱۶:۱۲ | بازدید: ۲۳</div>"),
            INSTANT,
        ),
        # In boxes of their own, or run together.
        (nameless_page(before="<div><i>۲۰</i><i>دی</i><i>۱۴۰۲</i></div>"), DAY),
        (nameless_page(before="<div class='tarikh'><b>1402</b><b>دی</b><b>20</b></div>"), DAY),
        (nameless_page(before="<div class='date'><i>۱۶:۱۲</i><i>۱۴۰۲/۱۰/۲۰</i></div>"), INSTANT),
        (nameless_page(before="<div class='date'>۲۰دی۱۴۰۲<i>۱۶ : ۱۲</i></div>"), INSTANT),
        # Calendars and clocks.
        (nameless_page(before="<div class='date'>۱۴۴۵/۰۶/۲۷ قمری، ۱۴۰۲/۱۰/۲۰</div>"), DAY),
        (nameless_page(before="<div class='date'>۱۴۲۵/۰۶/۱۱ - ۱۳۸۳/۰۵/۰۸</div>"), "2004-07-29"),
        (nameless_page(before="<div class='date'>۲۰ جدی ۱۴۰۲ - ۱۶:۱۲</div>"), KABUL),
        (nameless_page(before="<div class='date'>۲۰ مرغومی ۱۴۰۲ - ۱۶:۱۲</div>"), KABUL),
        (
            nameless_page(before="<p class='date'>۱۴۰۲/۱۰/۲۰ ۱۶:۱۲</p>").replace(
                b"fa-IR", b"fa-AF"
            ),
            KABUL,
        ),
        (nameless_page(before="<div>تاریخ: ۹۸/۰۸/۳۰ - ۰۸:۱۵</div>"), "2019-11-21T04:45"),
        # Machine-readable places.
        (nameless_page(head="<meta name='pubdate' value='2024-01-10T12:42:00Z'>"), INSTANT),
        (
            nameless_page(
                head="<meta property='article:published_time' "
                "content='۱۴۰۲-۱۰-۲۰\\+۰۳۳۰۱۶:۱۲:۰۰+۰۳:۳۰'>"
            ),
            INSTANT,
        ),
        (
            nameless_page(
                before="<i itemprop='datePublished' content='2024-01-10T12:42:00Z'>x</i>"
            ),
            INSTANT,
        ),
    ],
)
def test_the_day_of_publication(page: bytes, told: str) -> None:
    published = clean(page, URL).published
    assert published is not None
    assert published.strftime("%Y-%m-%dT%H:%M").startswith(told)


EVENT = "<ul><li>زمان: جمعه ۱۲ دی ۱۴۰۵ ساعت ۱۷</li><li>مکان: تالار شهر</li></ul>"
COMMENT = "<div><b>علی</b><{0}>۱۶ دی ۱۴۰۲</{1}><p>سپاس از شما</p></div>"


@pytest.mark.parametrize(
    "page",
    [
        nameless_page(inner="<p>زمان: جمعه ۱۲ دی ۱۴۰۵، ساعت ۱۷</p><p>مکان: تالار شهر</p>"),
        nameless_page(before=EVENT),
        nameless_page(inner=EVENT),
        nameless_page(inner="<p>تاریخ: ۱۳۹۹/۰۳/۱۲</p><p>شماره: ۱۲۳/الف</p>"),
        nameless_page(inner="<ul><li>تاریخ انتشار: ۲۰ دی ۱۳۹۹</li><li>ناشر: نشر نو</li></ul>"),
        nameless_page(paragraphs=(*PARAGRAPHS, "تاریخ انتشار: ۲۰ دی ۱۳۹۹")),
        nameless_page(before="<div>سالگرد ۲۲ خرداد ۱۳۸۸ در کوهستان</div>"),
        nameless_page(above="<div>از ۲۲ خرداد ۱۳۸۸ تا امروز</div>"),
        nameless_page(inner="<p>در <time datetime='2019-02-03'>چهاردهم بهمن</time> برف آمد.</p>"),
        nameless_page(after=COMMENT.format("i class='date'", "i")),
        nameless_page(after=COMMENT.format("time datetime='2024-01-06'", "time")),
        nameless_page(above="<div>آخرین به‌روزرسانی: ۲۰ دی ۱۴۰۲</div>"),
        nameless_page(above="<p>تاریخ انتشار: ۲۰ دی ۱۴۰۲</p><p>تاریخ انتشار: ۲۱ دی ۱۴۰۲</p>"),
        nameless_page(before="<div class='date'>۱۴۴۷/۰۶/۲۷</div>"),
        nameless_page(before="<div class='meta'>مهلت: ۱۲ دی ۱۴۰۲</div>"),
        nameless_page(before="<div class='date'>از زلزلهٔ ۵ دی ۱۳۸۲ تا امروز در بم</div>"),
        nameless_page(before="<div>تاریخ: ۰۲/۱۰/۰۳</div>"),
    ],
)
def test_another_day_is_none(page: bytes) -> None:
    assert clean(page, URL).published is None


def test_a_year_in_two_digits_is_read_where_the_capture_leaves_one_reading() -> None:
    page = nameless_page(before="<div>تاریخ: ۰۲/۱۰/۰۳</div>")
    captured = Hints(captured=datetime(2024, 2, 1, tzinfo=UTC))
    published = clean(page, URL, captured).published
    assert published is not None
    assert published.date().isoformat() == "2023-12-24"


ONE, TWO = ("مریم آبی",), ("مریم آبی", "سینا دریایی")
LINK = "<a rel='author' href='/{0}'>{1}</a>"


@pytest.mark.parametrize(
    ("page", "authors"),
    [
        (nameless_page(before="<div>گزارش از: مریم آبی</div>"), ONE),
        (
            nameless_page(
                after="<dl><dt>نویسنده</dt><dd>مریم آبی</dd><dt>دبیر</dt><dd>رضا نو</dd></dl>"
            ),
            ONE,
        ),
        (nameless_page(before="<div><i>نویسنده:</i> <a href='/w/1'>مریم آبی</a></div>"), ONE),
        (nameless_page(before="<div>خبرنگاران: مریم آبی و سینا دریایی</div>"), TWO),
        (nameless_page(paragraphs=(*PARAGRAPHS, "گزارشگر: مریم آبی")), ONE),
        (nameless_page(before="<span class='author-name'>مریم آبی<br>سینا دریایی</span>"), TWO),
        (
            nameless_page(
                before="<p class='author-name'><span>مریم آبی</span><br><span>کارشناس آب</span></p>"
            ),
            ONE,
        ),
        (
            nameless_page(before=f"<p>{LINK.format(1, TWO[0])} و {LINK.format(2, TWO[1])}</p>"),
            TWO,
        ),
        # In an interview the reporter asks, and a book has an author, too.
        (
            nameless_page(paragraphs=(*PARAGRAPHS, "خبرنگار: سلام استاد", "خبرنگار: چشمه کجاست؟")),
            (),
        ),
        (nameless_page(inner="<p>نویسنده: مریم آبی</p><p>ناشر: نشر نو</p>"), ()),
        (nameless_page(before="<div>نویسنده: گروه خبر آب‌نگار</div>"), ()),
    ],
)
def test_authors(page: bytes, authors: tuple[str, ...]) -> None:
    assert clean(page, URL).authors == authors


@pytest.mark.parametrize(
    ("text", "person"),
    [
        ("مریم آبی", True),
        ("سید علی‌رضا م. دریایی", True),
        ("Mina Abi", True),
        ("دانشجوی آب‌شناسی", False),
        ("درباره مریم آبی", False),
        ("مریم", False),
        ("مریم آبی رفت.", False),
    ],
)
def test_what_may_be_a_persons_name(text: str, person: bool) -> None:
    assert is_person(text) is person


CARD = (
    "<div><div><i><a rel='category tag' href='/category/varzesh'>ورزش</a></i>"
    "<h3><a href='/n/13'>خبری دیگر از شهر همسایه</a></h3><i class='author-name'>بهمن سرخ</i>"
    "<i class='post-date'>۲۰ دی ۱۴۰۱</i></div></div>"
)


BARE = CARD.replace("h3", "b")


@pytest.mark.parametrize("card", [CARD, BARE], ids=["headline", "link"])
def test_what_stands_on_another_posts_card_is_the_other_posts(card: str) -> None:
    own = "<a rel='category tag' href='/category/danesh'>دانش</a>"
    article = clean(nameless_page(before=own, after=card), URL)
    assert (article.categories, article.authors, article.published) == (("دانش",), (), None)
