"""What REST answers is read behind notices and before signatures; no number or date stops it."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from spiders.rest.json_answer import json_of
from spiders.rest.post import found_of
from spiders.rest.post_type import carries_articles, types_of
from tests.newsroom.moods import ARVAN, NOTICE

POSTS: list[dict[str, Any]] = [{"id": 7, "link": "https://news.example/7/", "title": {}}] * 3
PLAIN = json.dumps(POSTS).encode()
HOME = "https://news.example/fa/"


def read(body: bytes) -> Any:
    return json_of(body)


@pytest.mark.parametrize(
    "body",
    [
        NOTICE + PLAIN,
        b"\xef\xbb\xbf" + PLAIN,
        b"\r\n\xef\xbb\xbf\n" + PLAIN,
        "اخطار: نمایهٔ [۰] یافت نشد\n".encode() + PLAIN,
        b"<style>.a{color:red}</style>" + PLAIN,
        b"<script>var a = {b: [1, 2]};</script>" + PLAIN + b"<script>go([])</script>",
        PLAIN + b"\n<!-- Performance optimized by W3 Total Cache -->",
        PLAIN + NOTICE,
        NOTICE * 50 + PLAIN + NOTICE * 50,
        PLAIN.decode().encode("utf-16"),
        b"\x80\xff" + PLAIN,
    ],
)
def test_json_is_found_between_what_is_none(body: bytes) -> None:
    assert read(body) == POSTS


def test_an_empty_listing_behind_a_notice_is_an_empty_listing() -> None:
    assert read(NOTICE + b"[]") == []
    assert read(b"[]\n<!-- cached -->") == []


@pytest.mark.parametrize(
    "body",
    [
        ARVAN,
        NOTICE,
        b"",
        b"Warning: array key [0] and [] and {} in x.php",
        PLAIN[:-20],
        NOTICE + PLAIN[:-20],
        PLAIN[:-20] + b"<b>Fatal error</b>: Allowed memory size exhausted",
        b'<!DOCTYPE html><html><script type="application/ld+json">' + PLAIN + b"</script></html>",
        b"[" * 200_000,
        b'{"a":' * 200_000,
    ],
)
def test_what_holds_no_answer_is_none(body: bytes) -> None:
    assert read(body) is None


@pytest.mark.parametrize("piece", [b"[", b"{", b'{"', b'{"a":1,', b"[1,", b'["', b"[]{}", b"[{"])
def test_a_body_of_beginnings_costs_no_more_than_its_length(piece: bytes) -> None:
    begin = time.process_time()
    read(b"x" + piece * (2_000_000 // len(piece)))
    assert time.process_time() - begin < 10


def test_numbers_that_no_database_holds_are_none() -> None:
    body = b'{"a": %s, "b": -%s, "c": NaN, "d": -Infinity, "e": 1e999, "f": 12}' % (
        b"9" * 5000,
        b"9" * 19,
    )
    told = read(body)
    assert (told["a"], told["b"], told["c"], told["d"], told["f"]) == (None, None, None, None, 12)


@pytest.mark.parametrize("number", [0, -1, True, False, None, 7.0, "7", [7], {}])
def test_an_entry_without_an_id_is_no_post(number: object) -> None:
    assert found_of({"id": number, "link": "https://news.example/7/"}, "post", HOME) is None


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ("/fa/7/", "https://news.example/fa/7/"),
        ("//news.example/7/", "https://news.example/7/"),
        ("?p=7&lang=fa", "https://news.example/fa/?p=7&lang=fa"),
    ],
)
def test_a_link_is_resolved_against_the_site(link: str, url: str) -> None:
    found = found_of({"id": 7, "link": link}, "post", HOME)
    assert found is not None
    assert (found.url, found.refusal) == (url, None)


@pytest.mark.parametrize(
    "link",
    [None, 7, "", " ", False, "http://news.example:port/7/", "http://[::1/7/", "mailto:a@b",
     "javascript:void(0)", "http:///7/", "http://" + "a" * 9000],
)  # fmt: skip
def test_a_link_that_is_no_address_refuses_that_post(link: object) -> None:
    found = found_of({"id": 7, "link": link}, "post", HOME)
    assert found is not None
    assert (found.url, found.refusal) == ("https://news.example/fa/?p=7", "bad-address")


@pytest.mark.parametrize(
    ("told", "published"),
    [
        ("2026-11-22T05:00:00", "2026-11-22 05:00:00+00:00"),
        ("1405-09-01T05:00:00", "2026-11-22 05:00:00+00:00"),
        ("۱۴۰۵-۰۹-۰۱T۰۵:۰۰:۰۰", "2026-11-22 05:00:00+00:00"),
        ("1402-02-31 05:00:00", "2023-05-21 05:00:00+00:00"),
        ("2026-11-22T08:30:00+03:30", "2026-11-22 05:00:00+00:00"),
        ("0000-00-00T00:00:00", None),
        ("0001-01-01T00:00:00", None),
        ("9999-12-31T23:59:59", None),
        ("-0001-11-30T00:00:00", None),
        ("1405-12-30T05:00:00", None),
        ("2026-02-30T05:00:00", None),
        ("", None),
        ("2" * 5000, None),
        (20261122, None),
        (None, None),
        (["2026-11-22"], None),
    ],
)
def test_dates_are_read_right_or_not_at_all(told: object, published: str | None) -> None:
    found = found_of({"id": 7, "link": "/7/", "date_gmt": told, "date": told}, "post", HOME)
    assert found is not None
    assert (found.published and str(found.published)) == published
    assert (found.local is None) == (published is None)


def test_a_title_of_odd_characters_is_text() -> None:
    title = "&#" + "9" * 5000 + ";<b>خبر\ud800</b>"
    found = found_of({"id": 7, "link": "/7/", "title": {"rendered": title}}, "post", HOME)
    assert found is not None and found.title is not None
    assert found.title.encode() and found.title.endswith("خبر\ufffd")


@pytest.mark.parametrize(
    "name",
    ["post", "information", "reform", "faqih", "khabar", "blockchain", "menuet", "formula",
     "transformation", "pages_of_history", "news-report", "eshop_news", "productivity"],
)  # fmt: skip
def test_types_of_articles_are_taken(name: str) -> None:
    assert carries_articles(name)


@pytest.mark.parametrize(
    "name",
    ["page", "attachment", "contact_form", "wpcf7_contact_form", "elementor_library", "popup",
     "nav_menu_item", "product", "product_variation", "shop_order", "faq", "faqs", "wp_block",
     "e-landing-page", "ct_template", "testimonials", "main-slider"],
)  # fmt: skip
def test_types_of_boilerplate_are_left(name: str) -> None:
    assert not carries_articles(name)


def test_a_type_that_could_not_be_asked_for_is_left_out_by_itself() -> None:
    odd = ["", None, 7, True, ["a"], "a/b", "a?b=c", "..", "a b", "a#b", "\ud800", "x" * 500,
           "fonts/(?P<id>[\\d]+)"]  # fmt: skip
    answer: dict[str, Any] = {f"odd{n}": {"rest_base": base} for n, base in enumerate(odd)}
    answer |= {"../khabar": {"rest_base": "a"}, "kh\ud800": {"rest_base": "a"}, "none": None}
    answer["spaced"] = {"rest_base": "a", "rest_namespace": "wp/v2?x"}
    answer["khabar"] = {"rest_base": "khabarha", "rest_namespace": "news/v1"}
    answer["yaddasht"] = {"rest_base": "یادداشت", "rest_namespace": None}
    routes = [(kind.name, kind.route) for kind in types_of(answer)]
    assert routes == [("khabar", "news/v1/khabarha"), ("yaddasht", "wp/v2/یادداشت")]
