"""From bytes to a tree: encodings, and pages that no parser should get."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.errors import NotAnArticle
from archive.model import Hints
from scraper.cleaning import clean
from scraper.cleaning.html.charset import decode

TEXT = "شهرداری از گشایش سه بوستان تازه در جنوب شهر خبر داد و گفت درخت‌ها را کودکان می‌کارند."
PAGE = (
    "<html><head>{meta}</head><body class='single single-post'><h1>بوستان‌های تازه</h1>"
    "<div class='entry-content'><p>" + TEXT + "</p></div></body></html>"
)


def encoded(charset: str, meta: str = "") -> bytes:
    return PAGE.format(meta=meta).replace("ی", "ي").encode(charset)


@pytest.mark.parametrize(
    ("page", "declared", "guessed"),
    [
        (encoded("utf-8"), None, False),
        (encoded("utf-8"), "windows-1256", False),
        (encoded("utf-8-sig"), None, False),
        (encoded("utf-16"), None, False),
        (encoded("utf-16-le"), None, True),
        (encoded("utf-16-be"), None, True),
        (encoded("cp1256"), "windows-1256", False),
        (encoded("cp1256", '<meta charset="windows-1256">'), None, False),
        (encoded("cp1256", '<meta charset="utf-8">'), None, True),
        (encoded("cp1256"), "iso-8859-1", True),
        (encoded("utf-8").replace("شهر".encode(), "شهر".encode()[:-1], 1), None, True),
    ],
)
def test_charset(page: bytes, declared: str | None, guessed: bool) -> None:
    article = clean(page, hints=Hints(charset=declared))
    assert "درخت‌ها را کودکان مي‌کارند." in article.text
    assert ("charset_guessed" in article.flags) == guessed


@given(st.binary(max_size=2000))
def test_decoding_never_fails(raw: bytes) -> None:
    assert isinstance(decode(raw).text, str)


BODY = "<body class='single single-post'><h1>عنوان</h1><div class='entry-content'>%s</div>"


def body(inner: str) -> bytes:
    return (BODY % inner).encode("utf-8", "surrogatepass")


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        (b"", "empty"),
        (b" \n\t", "empty"),
        (b"<!-- -->", "empty"),
        (b"%PDF-1.7 \x00\x01", "unreadable"),
        (b"just words", "unreadable"),
        (b"<html><body>" + b"<p>x</p>" * 2_200_000, "unreadable"),
        (body("<p " + " ".join(f"a{n}='<b>'" for n in range(200_000)) + ">"), "unreadable"),
        (body("x" * (6 * 1024 * 1024)), "unreadable"),
        (body("<p></p>" * 300_000), "unreadable"),
    ],
    ids=["empty", "blank", "comment", "pdf", "no-tag", "huge", "attributes", "word", "tags"],
)
def test_refused_before_it_costs_anything(page: bytes, reason: str) -> None:
    started = time.monotonic()
    with pytest.raises(NotAnArticle) as caught:
        clean(page)
    assert caught.value.reason == reason
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    "page",
    [
        body("<div>" * 200_000 + TEXT),
        body("<b>" * 200_000 + TEXT),
        body(("<p>" + TEXT + "</p>") * 20_000),
        body(f"<a href='/x'>{TEXT}</a>" * 5_000),
        body(f"{TEXT}<br>" * 20_000),
        body("<table>" + f"<tr><td>{TEXT}</td><td>۱</td></tr>" * 5_000),
        body(TEXT + "<script type='application/ld+json'>" + "[" * 100_000 + "</script>"),
        body(f"<p>{TEXT}\0 \ud800 &#xD800; &#11; &#0;</p>"),
    ],
    ids=["nested", "unclosed", "long", "links", "breaks", "rows", "json", "characters"],
)
def test_answered_in_time(page: bytes) -> None:
    started = time.monotonic()
    clean(page)
    assert time.monotonic() - started < 10


def test_text_below_the_parsers_depth_is_missed_aloud() -> None:
    article = clean(body(f"<p>{TEXT}</p>" + "<div>" * 3000 + "ژرف"))
    assert TEXT in article.text
    assert "truncated" in article.flags


@pytest.mark.parametrize(
    "left_open",
    ["<div class='dam'><div>", "<span>", "<font color='red'><i>", "<section><blockquote>"],
)
def test_what_was_never_closed_is_read_to_its_end(left_open: str) -> None:
    entries = [f"خبر شمارهٔ {number} از <b>همین</b> نشست رسید." for number in range(300)]
    comments = "<div id='comments'><p>سخن یک خواننده.</p></div>"
    page = body("".join(f"{left_open}<p>{entry}</p>" for entry in entries) + "</div>" + comments)
    article = clean(page)
    told = [entry.replace("<b>", "").replace("</b>", "") for entry in entries]
    assert article.text.split("\n\n") == told
    assert "truncated" not in article.flags


@pytest.mark.parametrize("sign", ["\v", "\f", "\x01", "&#11;", "&#x1F;", "&#12 ", "\uffff"])
def test_characters_that_xml_forbids_cost_no_article(sign: str) -> None:
    behind = [f"<iframe src='/film'></iframe>{sign}", f"<button>پخش</button>{sign}"]
    page = f"<p>{TEXT}{behind[0]}پس از فیلم.</p>{behind[1]}<p class='share'>t.me</p>{sign}{TEXT}"
    assert "پس از فیلم." in clean(body(page)).text


@given(st.binary(max_size=600))
@settings(max_examples=150, deadline=None)
def test_random_bytes_give_an_article_or_a_reason(raw: bytes) -> None:
    for page in (raw, body("").replace(b"</div>", raw + b"</div>")):
        try:
            clean(page)
        except NotAnArticle as refusal:
            assert refusal.reason
