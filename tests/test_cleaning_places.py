"""Whose date, name or category it is that stands on a page: by its place and its label."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from archive.model import Hints
from scraper.cleaning import clean
from scraper.cleaning.fields.persons import is_person
from tests.unnamed_page import PARAGRAPHS, URL, unnamed

DAY = "2024-01-10"
INSTANT = "2024-01-10T12:42"
KABUL = "2024-01-10T11:42"


@pytest.mark.parametrize(
    ("page", "told"),
    [
        # Bars above, beside and below, labelled as the publication's.
        (
            unnamed(above="<div><i>کد: ۷</i><p>زمان انتشار: ۱۶:۱۲ - ۱۴۰۲/۱۰/۲۰</p></div>"),
            INSTANT,
        ),
        (
            unnamed(after="<p><b>تاریخ انتشار</b><b>۲۰ دی ۱۴۰۲</b><b>۱۶:۱۲</b></p>"),
            INSTANT,
        ),
        (unnamed(after="<div class='foot'><i class='posted-on'>۲۰ دی ۱۴۰۲</i></div>"), DAY),
        # Lines between headline and text that say nothing else.
        (unnamed(before="<div>مریم آبی - ۲۰ دی ۱۴۰۲</div>"), DAY),
        (
            unnamed(before="<div>کد خبر: ۹۸۱۲۳ | ۲۰ دی ۱۴۰۲ - ۱۶:۱۲ | بازدید: ۲۳</div>"),
            INSTANT,
        ),
        # In boxes of their own, or run together.
        (unnamed(before="<div><i>۲۰</i><i>دی</i><i>۱۴۰۲</i></div>"), DAY),
        (unnamed(before="<div class='tarikh'><b>1402</b><b>دی</b><b>20</b></div>"), DAY),
        (unnamed(before="<div class='date'><i>۱۶:۱۲</i><i>۱۴۰۲/۱۰/۲۰</i></div>"), INSTANT),
        (unnamed(before="<div class='date'>۲۰دی۱۴۰۲<i>۱۶ : ۱۲</i></div>"), INSTANT),
        # Calendars and clocks.
        (unnamed(before="<div class='date'>۱۴۴۵/۰۶/۲۷ قمری، ۱۴۰۲/۱۰/۲۰</div>"), DAY),
        (unnamed(before="<div class='date'>۱۴۲۵/۰۶/۱۱ - ۱۳۸۳/۰۵/۰۸</div>"), "2004-07-29"),
        (unnamed(before="<div class='date'>۲۰ جدی ۱۴۰۲ - ۱۶:۱۲</div>"), KABUL),
        (unnamed(before="<div class='date'>۲۰ مرغومی ۱۴۰۲ - ۱۶:۱۲</div>"), KABUL),
        (
            unnamed(before="<p class='date'>۱۴۰۲/۱۰/۲۰ ۱۶:۱۲</p>").replace(b"fa-IR", b"fa-AF"),
            KABUL,
        ),
        (unnamed(before="<div>تاریخ: ۹۸/۰۸/۳۰ - ۰۸:۱۵</div>"), "2019-11-21T04:45"),
        # Machine-readable places.
        (unnamed(head="<meta name='pubdate' value='2024-01-10T12:42:00Z'>"), INSTANT),
        (
            unnamed(
                head="<meta property='article:published_time' "
                "content='۱۴۰۲-۱۰-۲۰\\+۰۳۳۰۱۶:۱۲:۰۰+۰۳:۳۰'>"
            ),
            INSTANT,
        ),
        (
            unnamed(before="<i itemprop='datePublished' content='2024-01-10T12:42:00Z'>x</i>"),
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
        unnamed(inner="<p>زمان: جمعه ۱۲ دی ۱۴۰۵، ساعت ۱۷</p><p>مکان: تالار شهر</p>"),
        unnamed(before=EVENT),
        unnamed(inner=EVENT),
        unnamed(inner="<p>تاریخ: ۱۳۹۹/۰۳/۱۲</p><p>شماره: ۱۲۳/الف</p>"),
        unnamed(inner="<ul><li>تاریخ انتشار: ۲۰ دی ۱۳۹۹</li><li>ناشر: نشر نو</li></ul>"),
        unnamed(paragraphs=(*PARAGRAPHS, "تاریخ انتشار: ۲۰ دی ۱۳۹۹")),
        unnamed(before="<div>سالگرد ۲۲ خرداد ۱۳۸۸ در کوهستان</div>"),
        unnamed(above="<div>از ۲۲ خرداد ۱۳۸۸ تا امروز</div>"),
        unnamed(inner="<p>در <time datetime='2019-02-03'>چهاردهم بهمن</time> برف آمد.</p>"),
        unnamed(after=COMMENT.format("i class='date'", "i")),
        unnamed(after=COMMENT.format("time datetime='2024-01-06'", "time")),
        unnamed(above="<div>آخرین به‌روزرسانی: ۲۰ دی ۱۴۰۲</div>"),
        unnamed(above="<p>تاریخ انتشار: ۲۰ دی ۱۴۰۲</p><p>تاریخ انتشار: ۲۱ دی ۱۴۰۲</p>"),
        unnamed(before="<div class='date'>۱۴۴۷/۰۶/۲۷</div>"),
        unnamed(before="<div class='meta'>مهلت: ۱۲ دی ۱۴۰۲</div>"),
        unnamed(before="<div class='date'>از زلزلهٔ ۵ دی ۱۳۸۲ تا امروز در بم</div>"),
        unnamed(before="<div>تاریخ: ۰۲/۱۰/۰۳</div>"),
    ],
)
def test_another_day_is_none(page: bytes) -> None:
    assert clean(page, URL).published is None


def test_a_year_in_two_digits_is_read_where_the_capture_leaves_one_reading() -> None:
    page = unnamed(before="<div>تاریخ: ۰۲/۱۰/۰۳</div>")
    captured = Hints(captured=datetime(2024, 2, 1, tzinfo=UTC))
    published = clean(page, URL, captured).published
    assert published is not None
    assert published.date().isoformat() == "2023-12-24"


ONE, TWO = ("مریم آبی",), ("مریم آبی", "سینا دریایی")
LINK = "<a rel='author' href='/{0}'>{1}</a>"


@pytest.mark.parametrize(
    ("page", "authors"),
    [
        (unnamed(before="<div>گزارش از: مریم آبی</div>"), ONE),
        (
            unnamed(after="<dl><dt>نویسنده</dt><dd>مریم آبی</dd><dt>دبیر</dt><dd>رضا نو</dd></dl>"),
            ONE,
        ),
        (unnamed(before="<div><i>نویسنده:</i> <a href='/w/1'>مریم آبی</a></div>"), ONE),
        (unnamed(before="<div>خبرنگاران: مریم آبی و سینا دریایی</div>"), TWO),
        (unnamed(paragraphs=(*PARAGRAPHS, "گزارشگر: مریم آبی")), ONE),
        (unnamed(before="<span class='author-name'>مریم آبی<br>سینا دریایی</span>"), TWO),
        (
            unnamed(
                before="<p class='author-name'><span>مریم آبی</span><br><span>کارشناس آب</span></p>"
            ),
            ONE,
        ),
        (
            unnamed(before=f"<p>{LINK.format(1, TWO[0])} و {LINK.format(2, TWO[1])}</p>"),
            TWO,
        ),
        # In an interview the reporter asks, and a book has an author, too.
        (
            unnamed(paragraphs=(*PARAGRAPHS, "خبرنگار: سلام استاد", "خبرنگار: چشمه کجاست؟")),
            (),
        ),
        (unnamed(inner="<p>نویسنده: مریم آبی</p><p>ناشر: نشر نو</p>"), ()),
        (unnamed(before="<div>نویسنده: گروه خبر آب‌نگار</div>"), ()),
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
    article = clean(unnamed(before=own, after=card), URL)
    assert (article.categories, article.authors, article.published) == (("دانش",), (), None)
