"""Articles of several pages: their whole text, each word once."""

from __future__ import annotations

from scraper.cleaning import clean

URL = "https://khabar.example/1404/08/12/karun/"
LEAD = "کارون پس از سه سال به پهنای پیشین خود رسید و قایق‌ها دوباره به آب افتادند."
PARAGRAPHS = (
    "بارش‌های پاییز بیش از میانگین بود و سدها دریچه‌هایشان را گشودند.",
    "ماهیگیران می‌گویند آب هنوز گل‌آلود است و تورها سنگین بالا می‌آید.",
    "کارشناسان هشدار داده‌اند که نباید به یک پاییز پرآب دل خوش کرد.",
)


def sheet(
    number: int, paragraph: str, lead: str = LEAD, count: int = 3, closing: str = ""
) -> bytes:
    """Page `number` of the article, as WordPress and a theme that repeats the lead print it."""
    links = "".join(
        f'<a class="post-page-numbers" href="{URL}{page}/">{"۱۲۳۴۵"[page - 1]}</a> '
        for page in range(1, count + 1)
    )
    suffix = f" – برگه {number}" if number > 1 else ""
    return f"""<!DOCTYPE html><html lang="fa-IR"><head><title>کارون پرآب شد{suffix} – خبرگاه</title>
<meta property="og:site_name" content="خبرگاه"></head>
<body class="single single-post postid-7 paged-{number} single-paged-{number}"><article>
<h1 class="entry-title">کارون پرآب شد</h1><h2 class="entry-sub-title">{lead}</h2>
<div class="entry-content"><p>{paragraph}</p>{closing}<div class="page-links">برگه‌ها: {links}</div>
</div></article></body></html>""".encode()


def test_texts_are_joined_and_the_lead_stands_once() -> None:
    first, *further = (sheet(n, text) for n, text in enumerate(PARAGRAPHS, 1))
    article = clean(first, URL, further=further)
    assert article.text == "\n\n".join((LEAD, *PARAGRAPHS))
    assert (article.title, article.lead, article.post_id) == ("کارون پرآب شد", LEAD, 7)
    assert "several_pages" not in article.flags


def test_what_is_missing_is_flagged() -> None:
    first, second, _ = (sheet(n, text) for n, text in enumerate(PARAGRAPHS, 1))
    assert "several_pages" in clean(first, URL).flags
    assert "several_pages" in clean(first, URL, further=[second]).flags
    assert PARAGRAPHS[1] in clean(first, URL, further=[second]).text


def test_the_last_page_ends_the_message() -> None:
    closing = "<p>منبع: خبرگزاری ایسنا</p><p>انتهای پیام/۱۲</p>"
    pages = [sheet(1, PARAGRAPHS[0], count=2), sheet(2, PARAGRAPHS[1], count=2, closing=closing)]
    article = clean(pages[0], URL, further=pages[1:])
    assert (article.source, article.end_marker) == ("خبرگزاری ایسنا", "انتهای پیام/۱۲")
    assert article.text == "\n\n".join((LEAD, *PARAGRAPHS[:2]))


def test_a_page_that_only_looks_like_the_lead_keeps_its_words() -> None:
    pages = [sheet(1, PARAGRAPHS[0], count=2), sheet(2, LEAD + " " + PARAGRAPHS[1], count=2)]
    assert clean(pages[0], URL, further=pages[1:]).text.endswith(PARAGRAPHS[1])
