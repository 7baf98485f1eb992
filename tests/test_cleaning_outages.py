"""What stands in an article's place on a bad day is no article; an article about a bad day is."""

from __future__ import annotations

import random
import tomllib

import pytest

from archive.errors import NotAnArticle
from archive.model import Hints
from scraper.cleaning import clean
from tests.process import REPOSITORY

TITLE = "نمایشگاه گل و گیاه در باغ موزه گشایش یافت"
TOLD = Hints(post_id=71, post_type="post", title=TITLE)
KNOWN = Hints(post_id=71, post_type="post", known_title=TITLE)
RULES = tomllib.loads((REPOSITORY / "scraper/cleaning/html/outages.toml").read_text())


def page(title: str, body: str, head: str = "", body_class: str = "") -> str:
    return (
        f'<!DOCTYPE html><html dir="rtl" lang="fa-IR"><head><meta charset="utf-8"><title>{title}'
        f'</title>{head}</head><body class="{body_class}">{body}</body></html>'
    )


FATAL = (
    "<br />\n<b>Fatal error</b>:  Uncaught Error: Call to undefined function bahar_views() in"
    " /home/bahar/public_html/wp-content/themes/bahar/single.php:31\nStack trace:\n#0 {main}\n"
    "  thrown in <b>/home/bahar/public_html/wp-content/themes/bahar/single.php</b> on line"
    " <b>31</b><br />\n"
)
WARNING = (
    "<br />\n<b>Warning</b>:  Undefined array key 3 in <b>/b/f.php</b> on line <b>8</b><br />\n"
)
MENU = "<ul>" + '<li><a href="/x/">استان‌ها و شهرستان‌ها</a></li>' * 12 + "</ul>"
OG = f'<meta property="og:type" content="article"><meta property="og:title" content="{TITLE}">'
OUTAGES = {
    "database, WordPress": (
        "<html><head><title>خطای پایگاه‌داده</title></head><body id='error-page'>"
        "<div class='wp-die-message'><h1>خطا در برقراری ارتباط با پایگاه‌داده</h1></div></body>"
    ),
    "database, db-error.php": page(
        "بهار", "<h1>خطا در اتصال به پایگاه داده‌ها</h1><p>بعداً بیایید.</p>"
    ),
    "database, English": page(
        "Database Error", "<h1>Error establishing a database connection</h1>"
    ),
    "database, no mark-up": "<h1>Error establishing a database connection</h1>",
    "critical": page("وردپرس &rsaquo; خطا", "<p>یک خطای مهم در این وب‌سایت رخ داده است.</p>"),
    "critical, English": page(
        "WordPress &rsaquo; Error", "<p>There has been a critical error.</p>"
    ),
    "fatal": "<b>Fatal error</b>:  Maximum execution time of 30 seconds exceeded in <b>/a/b.php</b>"
    " on line <b>3</b><br />",
    "fatal, as text": "PHP Parse error:  syntax error, unexpected end in /a/b.php on line 9<br>",
    "fatal, in a theme": page(f"{TITLE} | بهار", f"{MENU}<h1>{TITLE}</h1>{FATAL}", OG, "single"),
    "fatal, in a long theme": page(TITLE, f"{MENU * 8}<h1>{TITLE}</h1>{FATAL}", OG, "single")[:-14],
    "warnings": WARNING * 3,
    "updating": page("در دست تعمیر", "<p>جهت انجام عملیات تعمیرات زمان‌بندی شده در دسترس نیست.</p>"),
    "updating, English": page(
        "Maintenance",
        "<p>Briefly unavailable for scheduled maintenance. Check back in a minute.</p>",
    ),
    "construction": page("بهار | به‌زودی", "<h2>سایت در دست طراحی است</h2><p>شکیبا باشید.</p>"),
    "construction, by hand": page("بهار", "<div><p>وب‌سایت بهار در حال به‌روزرسانی است.</p></div>"),
    "construction, English": page(
        "Bahar", "<h3>Something new is on its way</h3><p>Coming soon!</p>"
    ),
    "at a post's address": page(
        f"{TITLE} - بهار", "<div><h1>سایت ما در حال تعمیر است</h1></div>", OG, "single postid-71"
    ),
    "Elementor": page("بهار", "<p>تا فردا!</p>", body_class="page elementor-maintenance-mode"),
    "SeedProd": page(
        "بهار", "<p>تا فردا!</p>", '<link href="/wp-content/plugins/coming-soon/public/a.css">'
    ),
    "LightStart": page(
        "بهار", "<p>فردا!</p><script src='/wp-content/plugins/wp-maintenance-mode/a.js'></script>"
    ),
    "suspended": page("Account Suspended", "<p>Contact your hosting provider.</p>"),
    "suspended, Persian": page(
        "بهار", "<h1>این سایت مسدود شده است</h1><p>با میزبان تماس بگیرید.</p>"
    ),
    "a network's": page("بهار", "<p>این سایت بایگانی شده یا به حالت تعلیق درآمده است.</p>"),
    "nginx": page("Welcome to nginx!", "<h1>Welcome to nginx!</h1><p>If you see this page …</p>"),
    "Apache": "<html><body><h1>It works!</h1></body></html>",
    "cPanel": page("Default Web Site Page", "<p>Sorry! Contact the server's owner.</p>"),
    "Plesk": page("Web Server's Default Page", "<h1>Plesk</h1>"),
    "files": page("Index of /", "<h1>Index of /</h1><ul><li><a href='cgi-bin/'>cgi-bin/</a></ul>"),
    "502": page("502 Bad Gateway", "<center><h1>502 Bad Gateway</h1></center><hr>nginx"),
    "504, Persian": page("خطای ۵۰۴", "<h2>سرور به موقع پاسخ نداد</h2>"),
    "Cloudflare": page(
        "bahar.example | 522: Connection timed out",
        "<div id='cf-wrapper'><div id='cf-error-details'><h1>Connection timed out</h1></div></div>",
    ),
    "404": page("۴۰۴ - بهار", "<h1>اینجا چیزی نیست</h1>"),
    "404, with a sigh": page("بهار", "<h1>اوه! این صفحه پیدا نشد.</h1><p>شاید جستجو کمک کند.</p>"),
    "404, in other words": page("متأسفیم! صفحه‌ای که دنبال آن بودید وجود ندارد", "<p>بازگشت</p>"),
    "404, news": page("بهار", "<h1>این خبر از دسترس خارج شده است</h1><p>بازگشت به خانه</p>"),
    "a link of yesterday": page("پیوند شما", "<p>پیوندی که دنبال کردید منقضی شده است.</p>"),
    "not allowed": page("خطا", "<p>شما مجوز کافی برای دسترسی به این برگه را ندارید.</p>"),
    "tables": page("بهار", "<h1>یک یا چند جدول پایگاه داده در دسترس نیستند.</h1>"),
    "Redis": page("بهار", "<h1>Error establishing a Redis connection</h1>"),
    "moving": page("بهار", "<h1>در حال جابه‌جایی سرور هستیم</h1><p>تا شب!</p>"),
    "Varnish": page("503 Backend fetch failed", "<h1>Error 503 Backend fetch failed</h1>"),
    "Squid": page("ERROR", "<h1>ERROR</h1><h2>The requested URL could not be retrieved</h2>"),
    "aaPanel": page("بهار", "<h1>Congratulations, the site is created successfully!</h1>"),
    "cPanel, no site": page("", "<p>If you are the owner of this website, please contact us.</p>"),
    "a poor host": page("بهار", "<h1>منابع این هاست به پایان رسیده است</h1>"),
    "ArvanCloud": page(
        "",
        '<div class="error-section__wrapper"><h1 class="error-section__subtitle">خطا</h1>'
        "<p>سرور مبدأ پاسخ نمی‌دهد.</p></div>",
    ),
    "the filter's words": page("", "<h1>مشترک گرامی</h1><p>دسترسی به این سایت امکان‌پذیر نیست.</p>"),
    "Chromium": page("bahar.example", "<h1>This site can’t be reached</h1>", "", "neterror"),
    "broken into": page("بهار", "<h1>Hacked By Nobody</h1>"),
    "a number to log in": page(
        "ورود | ثبت‌نام", '<h1>ورود</h1><p>شمارهٔ شما:</p><form><input type="tel"></form>'
    ),
    "a frame": page("بهار", f"{MENU}<div class='entry-content'></div><footer>بهار</footer>"),
    "a notice": page("پایگاه خبری بهار", "<center><p>همکاران ما تا ظهر سرگرم کارند.</p></center>"),
    "the newest posts": page(
        "بهار", f'<h1>اینجا نیست</h1><ul><li><a href="/1/">{TITLE}</a></li></ul>'
    ),
    "nothing": page("", ""),
}
# Nothing but the listing's title tells that these are not the post.
BY_TITLE = {"a frame", "a notice", "nothing", "the newest posts"}


def reason(html: str, hints: Hints | None) -> str:
    with pytest.raises(NotAnArticle) as caught:
        clean(html.encode(), "https://bahar.example/71/", hints)
    return caught.value.reason


@pytest.mark.parametrize("name", OUTAGES)
@pytest.mark.parametrize("hints", [TOLD, KNOWN, None], ids=["told", "known", "a file"])
def test_what_stands_in_an_article_s_place(name: str, hints: Hints | None) -> None:
    if hints or name not in BY_TITLE:
        assert reason(OUTAGES[name], hints) == "error-page"


@pytest.mark.parametrize("name", ["a frame", "nothing"])
def test_a_page_without_a_word_is_empty_even_at_a_post_s_address(name: str) -> None:
    assert reason(OUTAGES[name], Hints(post_id=71, post_type="post")) == "empty"


def test_every_rule_has_a_source() -> None:
    assert all(rule["source"].strip() for rule in RULES["outage"])


ABOUT = {
    "خطا در برقراری ارتباط با پایگاه داده: سامانهٔ ثبت احوال از کار افتاد": (
        "سامانهٔ ثبت احوال از بامداد با پیام «خطا در برقراری ارتباط با پایگاه داده» روبه‌رو است و"
        " کارشناسان می‌گویند تا عصر به کار بازمی‌گردد."
    ),
    "به زودی: قطار تهران به مشهد پنج‌ساعته می‌شود": (
        "راه‌آهن گفت خط تازه در دست ساخت است و به زودی راه‌اندازی می‌شود؛ مسافران باید شکیبا باشند."
    ),
    "چیزی یافت نشد؛ جست‌وجوی کوهنورد گمشده ادامه دارد": (
        "امدادگران پس از سه روز هنوز نشانی از کوهنورد گمشده نیافته‌اند و کار فردا ادامه می‌یابد."
    ),
    "آدرس غلط دادن به مردم اشتباه است": "نویسنده می‌گوید این کار اعتماد مردم را از میان می‌برد.",
    "جادهٔ چالوس در دست تعمیر است": "جاده تا پایان ماه در دست تعمیر است و شب‌ها بسته می‌ماند.",
    "۴۰۴ هزار تن گندم خریداری شد": "کشاورزان امسال ۴۰۴ هزار تن گندم به دولت فروختند.",
    "۵۰۲ نفر در آزمون پذیرفته شدند": "از میان داوطلبان ۵۰۲ نفر پذیرفته شدند و نامشان آمد.",
    "Under construction: the bridge that took a century": (
        "The bridge is still under construction, and the town says it is coming soon."
    ),
}
LONG = "این بند دربارهٔ چیزهایی است که در گزارش آمده و کسی آن را خطا نمی‌داند؛ " * 12
FRAMES = {
    "a theme": (
        "single single-post postid-71",
        '<article id="post-71" class="hentry"><h1 class="entry-title">{title}</h1>'
        '<div class="entry-content"><p>{text}</p></div></article>',
    ),
    "a theme nobody knows": (
        "",
        '<div class="q1"><h1>{title}</h1><div class="q2"><p>{text}</p></div></div>',
    ),
}


@pytest.mark.parametrize("title", ABOUT)
@pytest.mark.parametrize("frame", FRAMES)
def test_a_short_article_about_it_that_a_listing_vouches_for(title: str, frame: str) -> None:
    body_class, body = FRAMES[frame]
    html = page(f"{title} - بهار", body.format(title=title, text=ABOUT[title]), "", body_class)
    article = clean(html.encode(), None, Hints(post_id=71, post_type="post", title=title))
    assert (article.title, article.text) == (title, ABOUT[title])


@pytest.mark.parametrize("title", ABOUT)
@pytest.mark.parametrize("frame", FRAMES)
def test_an_article_about_it_in_a_file(title: str, frame: str) -> None:
    body_class, body = FRAMES[frame]
    text = f"{ABOUT[title]}</p><p>{LONG}</p><p>{LONG}"
    html = page(f"{title} - بهار", MENU + body.format(title=title, text=text), "", body_class)
    article = clean(html.encode())
    assert article.text.startswith(ABOUT[title])


@pytest.mark.parametrize("title", ["پل در دست تعمیر است", "چیزی یافت نشد؛ جست‌وجو ادامه دارد"])
def test_a_short_article_with_the_facts_of_news_in_a_file(title: str) -> None:
    text = "راننده‌ها تا پایان هفته باید از پل پنجم بگذرند و کارگران شب‌ها هم کار می‌کنند."
    body = f"{MENU}<h1>{title}</h1><p>کد خبر: ۴۸۱۲</p><div><p>{text}</p></div>"
    assert clean(page(f"{title} - بهار", body).encode()).text == text


def test_a_post_whose_title_is_only_a_number() -> None:
    text = "شمارهٔ ۴۰۴ ماهنامهٔ فرهنگ روستا با ویژه‌نامهٔ سفال از امروز در کیوسک‌ها است."
    html = page("۴۰۴ - بهار", f"{MENU}<h1>۴۰۴</h1><div><p>{text}</p></div>")
    assert clean(html.encode(), None, Hints(post_id=71, title="۴۰۴")).text == text


@pytest.mark.parametrize(
    "around", ["{article}{php}", "{php}{article}", "{article}<p>بهار</p>{php}"]
)
@pytest.mark.parametrize("php", [FATAL, WARNING], ids=["fatal", "warning"])
def test_an_article_on_a_page_on_which_php_complains(around: str, php: str) -> None:
    body_class, body = FRAMES["a theme"]
    html = page(
        TITLE, around.format(article=body.format(title=TITLE, text=LONG), php=php), "", body_class
    )
    assert clean(html.encode(), None, TOLD).text == LONG.strip()


def test_a_lesson_that_quotes_php_and_wordpress() -> None:
    said = (
        "<p>وردپرس می‌نویسد: There has been a critical error on this website. و در گزارش آمده است:"
        "</p><pre>Fatal error: Uncaught Error in /home/a/b.php on line 12</pre><p>درمان: افزونه را"
        " خاموش کنید و سپس صفحه را دوباره باز کنید تا ببینید چه می‌شود.</p>"
    )
    body_class, body = FRAMES["a theme"]
    html = page("درمان خطا", body.format(title="درمان خطای بحرانی", text=said), "", body_class)
    article = clean(html.encode())
    assert "Fatal error: Uncaught Error" in article.text


def test_a_post_of_pictures_and_one_of_a_headline_stay_posts() -> None:
    body_class, body = FRAMES["a theme"]
    picture = body.format(title=TITLE, text='<img src="/a.jpg">')
    assert clean(page(TITLE, picture, "", body_class).encode(), None, TOLD).text == ""
    headline = body.format(title=TITLE, text="")
    assert clean(page(TITLE, headline, "", body_class).encode(), None, TOLD).title == TITLE


FORM = '<form class="post-password-form"><p>این نوشته با رمز محافظت شده است.</p></form>'


@pytest.mark.parametrize(
    "shown", ["حفاظت شده: {}", "محافظت شده: {}", "محافظت‌شده: {}", "Protected: {}", "{}"]
)
@pytest.mark.parametrize("hints", [Hints(protected=True), Hints()], ids=["told", "seen"])
def test_a_protected_post_is_called_what_its_editor_called_it(shown: str, hints: Hints) -> None:
    body_class, body = FRAMES["a theme"]
    html = page("بهار", body.format(title=shown.format(TITLE), text=FORM), "", body_class)
    article = clean(html.encode(), None, hints)
    assert (article.title, article.text, article.flags) == (TITLE, "", ("protected",))


def test_the_word_is_part_of_any_other_title() -> None:
    body_class, body = FRAMES["a theme"]
    html = page("بهار", body.format(title="حفاظت شده: جنگل‌های حرا", text=LONG), "", body_class)
    assert clean(html.encode()).title == "حفاظت شده: جنگل‌های حرا"


@pytest.mark.parametrize("seed", range(40))
def test_random_bytes_are_no_page(seed: int) -> None:
    with pytest.raises(NotAnArticle) as caught:
        clean(random.Random(seed).randbytes(4096))
    assert caught.value.reason == "unreadable"


@pytest.mark.parametrize(
    "data",
    [
        b'{"id": 71, "content": {"rendered": "<p>\\u06af\\u0644</p>"}}',
        b'\xef\xbb\xbf[{"title": "<b>x</b>"}',
        b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><text>a</text></svg>',
        b"PK\x03\x04\x14\0\0\0\x08\0<p>word/document.xml</p>",
        b"\x28\xb5\x2f\xfd\x04X<p>",
        b"\xfd7zXZ\0\0<p>",
        bytes(range(256)) + b"<html><p>x</p></html>" * 30,
    ],
)
def test_files_of_other_kinds_are_no_pages(data: bytes) -> None:
    with pytest.raises(NotAnArticle) as caught:
        clean(data)
    assert caught.value.reason == "unreadable"


@pytest.mark.parametrize("before", ['{"ok": true}', "[1]", "\x01\x02\x03"])
def test_a_page_behind_some_rubbish_is_read(before: str) -> None:
    body_class, body = FRAMES["a theme"]
    html = page(TITLE, body.format(title=TITLE, text=LONG), "", body_class)
    assert LONG.strip() in clean((before + html).encode()).text


GONE = "<div class='post-content'><p>چیزی که می‌جستید این‌جا نیست و شاید جای دیگری باشد.</p></div>"


def test_a_box_for_the_text_with_no_word_of_the_title_is_another_page() -> None:
    with pytest.raises(NotAnArticle):
        clean(page("بهار", GONE).encode(), "https://bahar.example/bagh/", TOLD)
    # The post's own number is on its page, whatever its title was.
    own = clean(page("بهار", GONE, body_class="postid-71").encode(), None, TOLD)
    assert own.text.startswith("چیزی که")
    retitled = page("بهار", f"<h1>گشایش نمایشگاه در باغ</h1>{GONE}")
    assert clean(retitled.encode(), None, TOLD).text.startswith("چیزی که")
