"""A reading of a page, held against what REST told of the article's text."""

from __future__ import annotations

import pytest

from archive.model import Article, Hints
from archive.warc.listed_content import ListedContent
from scraper.cleaning import clean
from tests.newsroom.article import article_page, content
from tests.newsroom.post import Post
from tests.newsroom.site import Broken, Site

POSTS = 40
URL = "https://khabar.example/1405/09/12/"
TITLE = "پل تازهٔ شهر باز شد"
BLOCKS = [
    "پل تازهٔ شهر پس از چهار سال کار دیروز به روی"
    " خودروها باز شد و شهردار آن را بزرگ‌ترین پل استان خواند.",
    "این پل دو کرانهٔ رود را به هم می‌رساند و"
    " راه کارگران کارخانه‌های آن‌سوی آب را نیم ساعت کوتاه می‌کند.",
    "هزینهٔ ساخت آن از درآمد عوارض و وامی از بانک مرکزی"
    " فراهم شد که باید تا ده سال دیگر پس داده شود.",
    "مهندسان می‌گویند پایه‌ها تا ژرفای سی متر در بستر"
    " رود نشسته‌اند و در برابر سیل و زمین‌لرزه پایدارند.",
    "ساکنان محلهٔ قدیم از سر و صدای شبانه گله دارند و خواهان دیوارهای صداگیر در دو سوی جاده شده‌اند.",
]
FOLLOWS = (
    "شهرداری در پاسخ نوشت که دیوارها را تا پایان زمستان می‌سازد و از مردم برای شکیبایی سپاس دارد."
)


def paragraphs(*texts: str) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def read(
    inner: str,
    told: str | None,
    further: str = "",
    current: bool = True,
    remove: tuple[str, ...] = (),
) -> Article:
    """The article on a page of a theme nobody knows, with `inner` below its headline."""
    pages = [
        f"""<html lang="fa-IR"><body class="single single-post postid-7"><div class="qx"><div
class="qy"><h1>{TITLE}</h1><div class="qd">۱۲ آذر ۱۴۰۵</div>{text}</div>
<div class="qz"><h3>پربیننده</h3>
<ul><li><a href="/1/">گندم گران شد</a></li><li><a href="/2/">باران در راه است</a></li></ul></div>
<div class="qf"><p>همهٔ حقوق این پایگاه از آنِ روزنامه است و بازنشر نوشته‌ها با نام آن
آزاد است.</p></div>
</div></body></html>""".encode()
        for text in (inner, further)
        if text
    ]
    hints = Hints(post_id=7, post_type="post", title=TITLE, remove=remove)
    return clean(pages[0], URL, hints, pages[1:], ListedContent(told, current) if told else None)


def of_newsroom(site: Site, post: Post, *, told: bool) -> Article:
    hints = Hints(post_id=post.id, post_type="post", title=post.title)
    page = article_page(site, post).encode()
    text = ListedContent(content(site, post), is_current=True)
    return clean(page, site.url(post), hints, (), text if told else None)


def test_where_nothing_is_broken_nothing_changes() -> None:
    site = Site(POSTS, home="http://news.example")
    for post in site.posts:
        assert of_newsroom(site, post, told=True) == of_newsroom(site, post, told=False)


@pytest.mark.parametrize("how", ["stray", "folded", "half"])
def test_what_the_page_holds_is_read_whole_and_what_it_lacks_is_flagged(how: Broken) -> None:
    site = Site(POSTS, home="http://news.example")
    site.options.broken = {post.id: how for post in site.posts}
    for post in site.posts:
        article = of_newsroom(site, post, told=True)
        is_whole = article.text.split("\n\n") == list(post.paragraphs)
        assert (is_whole, "incomplete" in article.flags) == ((how != "half"), (how == "half"))


@pytest.mark.parametrize(
    "around",
    [
        '<div class="entry-content">{0}</div></div>{1}',
        '<div class="entry-content">{0}<div hidden>{1}</div></div>',
        '<div class="entry-content">{0}</div><div class="related-posts">{1}</div>',
        '<div class="entry-content">{0}</div><section class="kadr"><div>{1}</div></section>',
        '<div class="entry-content"><p>این پست را با دوستان خود در میان بگذارید.</p></div>'
        '<div class="share-box">{0}{1}</div>',
    ],
    ids=["stray end tag", "hidden", "called boilerplate", "two boxes", "another's text"],
)
def test_the_words_are_found_wherever_they_stand(around: str) -> None:
    told = paragraphs(*BLOCKS)
    article = read(around.format(paragraphs(*BLOCKS[:2]), paragraphs(*BLOCKS[2:])), told)
    assert article.text.split("\n\n") == BLOCKS
    assert "incomplete" not in article.flags and "unknown_layout" not in article.flags


@pytest.mark.parametrize(
    "more",
    [
        "<figure><img src='a.jpg'><figcaption>{}</figcaption></figure>",
        "<table><tr><td>{0}</td><td>{0}</td></tr></table>",
        "[vc_row css='.a{{b}}'][gallery ids='1,2,3,4,5,6,7,8,9,10' link='file'][/vc_row]",
        "<form><label>{}</label><input></form>",
        "<script>var a = '{}';</script><style>.a {{color: red}}</style>",
        "<ul><li><a href='/3/'>{}</a></li><li><a href='/4/'>{}</a></li></ul>",
        "<div class='related-posts'><p>{}</p></div>",
        "<p>{}</p>",
        f"<div class='telephone'>{paragraphs(*BLOCKS)}</div>",
    ],
    ids=[
        "caption",
        "table",
        "shortcode",
        "form",
        "script",
        "links",
        "box",
        "one sentence",
        "twice",
    ],
)
def test_what_a_theme_may_leave_out_is_no_lack(more: str) -> None:
    longer = [*BLOCKS, FOLLOWS, *BLOCKS[::-1], FOLLOWS]
    told = paragraphs(*longer) + more.format(FOLLOWS, FOLLOWS)
    page = f'<div class="entry-content">{paragraphs(*longer)}</div>'
    assert read(page, told) == read(page, None)


def test_what_sites_toml_removes_is_not_brought_back() -> None:
    page = '<div class="entry-content">{}</div></div>{}<div class="agahi">{}</div>'
    inner = page.format(*(paragraphs(*part) for part in (BLOCKS[:1], BLOCKS[1:4], BLOCKS[4:])))
    article = read(inner, paragraphs(*BLOCKS), remove=(".agahi",))
    assert article.text.split("\n\n") == BLOCKS[:4]


def test_the_pages_of_one_post_are_told_together() -> None:
    told = paragraphs(*BLOCKS)
    first = f'<div class="entry-content">{paragraphs(*BLOCKS[:2])}</div>'
    second = f'<div class="entry-content">{paragraphs(*BLOCKS[2:])}</div>'
    assert "incomplete" in read(first, told).flags
    whole = read(first, told, second)
    assert whole.text.split("\n\n") == BLOCKS and "incomplete" not in whole.flags
    links = '<div class="page-links"><a class="post-page-numbers" href="/2/">۲</a></div>'
    assert {"several_pages"} == {"several_pages", "incomplete"} & {*read(first + links, told).flags}


def test_what_was_told_before_an_edit_flags_nothing_that_is_not_there() -> None:
    page = f'<div class="entry-content">{paragraphs(*BLOCKS[:2])}</div>'
    told = paragraphs(*BLOCKS)
    assert "incomplete" in read(page, told).flags
    assert read(page, told, current=False) == read(page, None)
