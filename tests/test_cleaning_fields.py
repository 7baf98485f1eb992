"""What a page says of its article: lead, source, authors, the last change, readers' comments."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from archive.model import Article, Hints
from scraper.cleaning import clean

TITLE = "آب‌انبار کهنه دوباره پر شد"
BODY = "مرمتگران دیوارهای آب‌انبار را با ساروج پوشاندند و نخستین باران پاییز آن را پر کرد."
MORE = "اهالی می‌گویند آب آن تا میانه تابستان برای باغ‌ها بس است و دیگر تانکر لازم نیست."
LEAD = "آب‌انباری که سی سال خشک مانده بود، با یک بارش شبانه تا لبه بالا آمد."


def read(inner: str = "", before: str = "", after: str = "", hints: Hints | None = None) -> Article:
    page = (
        "<html lang='fa-IR'><body class='single single-post postid-7'><article id='post-7'>"
        f"<h1 class='entry-title'>{TITLE}</h1>{before}<div class='entry-content'>{inner}"
        f"<p>{BODY}</p><p>{MORE}</p></div>{after}</article></body></html>"
    )
    return clean(page.encode(), "https://news.example/ab/", hints)


@pytest.mark.parametrize(
    ("inner", "before"),
    [
        (f"<p class='lead'>{LEAD}</p>", ""),
        (f"<div class='post-excerpt'><p>{LEAD}</p></div>", ""),
        (f"<div><div class='introtext'>{LEAD}</div></div>", ""),
        ("", f"<h2 class='entry-sub-title'>{LEAD}</h2>"),
        # Printed by the theme and by the author: once in the text, and a lead all the same.
        (f"<p>{LEAD}</p>", f"<p class='post-excerpt'>{LEAD}</p>"),
    ],
    ids=["paragraph", "box", "nested", "outside", "twice"],
)
def test_a_lead_is_told_apart_and_stands_first_once(inner: str, before: str) -> None:
    article = read(inner, before)
    assert article.lead == LEAD
    assert article.text.split("\n\n") == [LEAD, BODY, MORE]


@pytest.mark.parametrize(
    "inner",
    [
        f"<p>{LEAD}</p>",
        # A name around the whole text is no lead's.
        f"<p>{BODY}</p><p class='lead'>{LEAD}</p>",
    ],
)
def test_a_first_paragraph_without_a_name_is_no_lead(inner: str) -> None:
    assert read(inner).lead is None


@pytest.mark.parametrize(
    ("opening", "source"),
    [
        ("به گزارش خبرنگار اقتصادی خبرگزاری «آب‌وخاک»، بها بالا رفت.", "خبرگزاری «آب‌وخاک»"),
        ("به نقل از روزنامه سپیده، آب بند آمد.", "روزنامه سپیده"),
        ("به گزارش ایسنا، باران بارید.", "ایسنا"),
        ("این گزارش تازه‌ای است که برای خوانندگان روزنامه نوشته‌ایم.", None),
        ("سردبیر روزنامه شهر به بازدید آمد.", None),
        ("به گزارش «ایسنا»، باران بارید.", "ایسنا"),
        ("به گزارش عصرایران، باران بارید.", "عصرایران"),
        ("تهران - ایرنا - باران بارید.", "ایرنا"),
        # Names that are words, too.
        ("به گزارش فارس، باران بارید.", "فارس"),
        ("به گزارش خبرنگار اقتصادی مهر، باران بارید.", "مهر"),
        ("به گزارش ادارهٔ هواشناسی استان فارس، باران بارید.", None),
        ("به گزارش روابط عمومی در روز دهم مهر، باران بارید.", None),
        ("به گزارش شهرداری که آن را انتخاب کرد، باران بارید.", None),
    ],
)
def test_who_is_credited_in_the_opening(opening: str, source: str | None) -> None:
    assert read(f"<p>{opening}</p>").source == source


@pytest.mark.parametrize(
    "name",
    [
        "admin",
        "Admin2",
        "WP Admin",
        "Webmaster",
        "Samira1370",
        "مدیر وب‌سایت",
        "ادمین سایت",
        "کاربر ۲",
    ],
)
def test_who_is_nobody_is_no_author(name: str) -> None:
    assert read(before=f"<span class='author-name'>{name}</span>").authors == ()
    named = read(before="<span class='author-name'>سمیرا ادمینی</span>")
    assert named.authors == ("سمیرا ادمینی",)


@pytest.mark.parametrize(
    ("credit", "source"),
    [
        ("منبع: خبرگزاری «آب‌وخاک»", "خبرگزاری «آب‌وخاک»"),
        ("منبع: «سپیده»", "سپیده"),
        ("منبع: خبرگزاری «سپیده", "خبرگزاری سپیده"),
        ("منبع مجله زمین و زمان", "مجله زمین و زمان"),
    ],
)
def test_a_source_keeps_both_quotation_marks_or_none(credit: str, source: str) -> None:
    assert read(after="").source is None
    page = read(f"<p>{LEAD}</p>", after=f"<p class='post-source'>{credit}</p>")
    assert page.source == source


PUBLISHED = '<span class="posted-on"><time class="{}" datetime="2022-09-07T04:22:08+04:30">x</time>'
UPDATED = '<time class="updated" datetime="2022-09-08T09:00:00+04:30">y</time></span>'


@pytest.mark.parametrize("names", ["entry-date published updated", "entry-date updated"])
def test_the_date_of_publication_says_nothing_of_a_change(names: str) -> None:
    article = read(before=PUBLISHED.format(names) + "</span>")
    assert article.published == datetime(2022, 9, 6, 23, 52, 8, tzinfo=UTC)
    assert article.modified is None
    told = datetime(2022, 9, 9, tzinfo=UTC)
    known = Hints(modified=told)
    assert read(before=PUBLISHED.format(names) + "</span>", hints=known).modified == told


def test_a_date_of_its_own_tells_the_change() -> None:
    article = read(before=PUBLISHED.format("entry-date published") + UPDATED)
    assert article.modified == datetime(2022, 9, 8, 4, 30, tzinfo=UTC)


def test_a_date_named_published_is_one_whatever_its_label_says() -> None:
    stamp = '<time class="post-published updated" datetime="1403/7/23 13:30:00">'
    article = read(before=f"{stamp}آخرین به‌روزرسانی</time>")
    assert (article.published, article.modified) == (
        datetime(2024, 10, 14, 10, 0, tzinfo=UTC),
        None,
    )


COMMENT = "<li class='comment' id='comment-{0}'><p>خدا قوت {0}</p></li>"
LIST = "<ol class='comment-list'>" + COMMENT.format(1) + COMMENT.format(2) + "</ol>"


@pytest.mark.parametrize(
    ("inside", "count"),
    [
        ("<h2 class='comments-title'>۱۳۰ دیدگاه</h2>" + LIST, 130),
        ("<h2 class='comments-title'>۱ دیدگاه</h2>" + LIST, 1),
        ("<h2 class='comments-title'>یک دیدگاه در «آب‌انبار»</h2>", 1),
        ("<h2 class='comments-title'>٤ پاسخ به «آب‌انبار»</h2>", 4),
        ("<h2 class='comments-title'>دیدگاه‌ها</h2>" + LIST, 2),
        (
            LIST + "<nav class='comment-navigation'><a href='/ab/comment-page-1/'>پیش</a></nav>",
            None,
        ),
        ("<h3 id='reply-title'>دیدگاهتان را بنویسید</h3>", None),
    ],
)
def test_comments_are_counted_where_the_page_shows_all_of_them(
    inside: str, count: int | None
) -> None:
    assert read(after=f"<div id='comments' class='comments-area'>{inside}</div>").comments == count


@pytest.mark.parametrize(
    "byline",
    [
        "<span class='post-author-name'>از <b>رها دانش‌آموز</b></span>",
        "<span class='post-meta-author'><a href='/author/raha/'>رها دانش‌آموز</a></span>",
        "<h2 class='author-title'>به قلم رها دانش‌آموز</h2>"
        "<a class='author-link' rel='author' href='/author/raha/'>همه نوشته‌ها را ببینید.</a>",
    ],
)
def test_a_byline_is_a_name_without_its_label(byline: str) -> None:
    assert read(before=byline).authors == ("رها دانش‌آموز",)


CONTROLS = (
    "<div><a href='javascript:void(0)'>بزرگ‌تر</a> <a href='javascript:void(0)'>کوچک‌تر</a></div>"
)
CALL = (
    "<p>اگر این نوشته به کارتان آمد، آن را برای دوستانتان هم بفرستید تا بخوانند: "
    "<a href='https://t.me/share/url?url=x'>تلگرام</a> | <a href='https://wa.me/?text=x'>واتساپ</a></p>"
)
TAB = "<div class='tta-panel'><h4><a href='#tab-1'>هزینه</a></h4><p>دیدن آن رایگان است.</p></div>"


def test_controls_and_calls_to_share_are_boilerplate_and_a_tabs_heading_is_not() -> None:
    article = read(CONTROLS + CALL + TAB)
    assert article.text.split("\n\n") == ["هزینه", "دیدن آن رایگان است.", BODY, MORE]


@pytest.mark.parametrize("name", ["../../gozaresh", "gozaresh/1", "گزارش", "a" * 65, "X\x1b[31m"])
def test_what_cannot_be_a_type_s_name_is_none(name: str) -> None:
    """It would be a part of the article's ID."""
    page = (
        f"<html><body class='single-{name} postid-7'><article><h1 class='entry-title'>{TITLE}</h1>"
        f"<div class='entry-content'><p>{BODY}</p><p>{MORE}</p></div></article></body></html>"
    )
    assert clean(page.encode(), "https://news.example/ab/").post_type is None
