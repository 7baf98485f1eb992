"""The bed itself: what it publishes, hides and logs is what its truth says."""

import gzip
import json
import re
import urllib.error
import urllib.request
from html import unescape
from http.client import HTTPMessage
from itertools import count
from typing import Any, NamedTuple
from urllib.parse import urljoin

from . import Post, WordPress
from .articles import ZWNJ

BOILERPLATE = [  # of the page everything began with, in its order
    "All the news before breakfast",
    "ارسال از وردپرس به شبکه های اجتماعی ایرانی",
    "دیدگاهتان را بنویسید",
    "نشانی ایمیل شما منتشر نخواهد شد.",
    "بخش‌های موردنیاز علامت‌گذاری شده‌اند *",
    "3 × پنج =",
    "دکمه بازگشت به بالا",
]


class Answer(NamedTuple):
    status: int
    headers: HTTPMessage
    text: str


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


def get(url: str, agent: str = "bed-test", method: str = "GET") -> Answer:
    """One request, redirects not followed; an answer of any status."""
    headers = {"User-Agent": agent, "Accept-Encoding": "gzip"}
    request = urllib.request.Request(url, headers=headers, method=method)
    try:
        response = urllib.request.build_opener(_Stay).open(request, timeout=30)
    except urllib.error.HTTPError as error:
        response = error
    with response:
        body = response.read()
    if response.headers.get("Content-Encoding") == "gzip" and body:
        body = gzip.decompress(body)
    return Answer(response.status, response.headers, body.decode())


def shown(html: str) -> str:
    """What a reader sees, white space folded."""
    text = re.sub(r"(?s)<(script|style)\b.*?</\1>|<[^>]*>", "", html)
    return re.sub(r"[\s\u00a0]+", " ", unescape(text))


def walk(wordpress: WordPress, base: str = "posts") -> list[dict[str, Any]]:
    """A REST collection by ID, all pages."""
    entries: list[dict[str, Any]] = []
    for page in count(1):
        query = f"per_page=100&orderby=id&order=asc&page={page}"
        answer = get(f"{wordpress.url}wp-json/wp/v2/{base}?{query}")
        entries += json.loads(answer.text)
        if page >= int(answer.headers["X-WP-TotalPages"]):
            assert len(entries) == int(answer.headers["X-WP-Total"])
            break
    return entries


def test_rest_publishes_the_truth(wordpress: WordPress, long: bool) -> None:
    listed = {entry["id"]: entry for entry in walk(wordpress)}
    assert len(wordpress.truth) == (1200 if long else 320)
    assert list(listed) == [post.id for post in wordpress.truth]
    for post in wordpress.truth:
        entry = listed[post.id]
        assert entry["link"] == post.url
        assert entry["date_gmt"] + "Z" == post.date_gmt
        assert entry["modified_gmt"] + "Z" == post.modified_gmt
        assert unescape(entry["title"]["rendered"]).endswith(post.title)
        assert entry["content"]["protected"] == post.protected
        text = shown(entry["content"]["rendered"])
        body = post.paragraphs[1:] if post.lead_in_excerpt else post.paragraphs
        assert [words for words in body if words not in text] == []


def test_nothing_hidden_is_public(wordpress: WordPress) -> None:
    kinds = {entry.kind for entry in wordpress.hidden}
    assert kinds >= {"draft", "private", "pending", "future", "password", "page", "attachment"}
    sitemap = get(f"{wordpress.url}wp-sitemap-posts-post-1.xml").text
    public = json.dumps(walk(wordpress)) + get(wordpress.url).text + sitemap
    public += get(f"{wordpress.url}feed/").text
    assert [entry for entry in wordpress.hidden if entry.secret in public] == []
    for entry in wordpress.hidden:
        answer = get(entry.url)
        assert answer.status == (200 if entry.kind in {"password", "page", "attachment"} else 404)
        assert (entry.secret in answer.text) == (entry.kind in {"page", "attachment"})


def test_sitemap_lists_every_post(wordpress: WordPress) -> None:
    index = get(f"{wordpress.url}wp-sitemap.xml").text
    children = re.findall(r"<loc>([^<]*-posts-post-\d+\.xml)</loc>", index)
    places = [
        place for child in children for place in re.findall(r"<loc>([^<]*)</loc>", get(child).text)
    ]
    assert sorted(places) == sorted(post.url for post in wordpress.truth)


def test_seed_page_carries_every_piece_of_boilerplate(wordpress: WordPress) -> None:
    seed = wordpress.seed
    html = get(seed.url).text
    text = shown(html)
    for words in BOILERPLATE:
        assert words in text
        assert words.removesuffix(" *") in seed.junk
    assert text.count(BOILERPLATE[1]) == 2
    for words in seed.paragraphs:
        assert f">{words}<" in html
    assert text.count(seed.lead) == 1
    assert seed.end_marker and seed.source
    assert f"<p>{seed.end_marker}</p>\n<p>منبع {seed.source}</p>" in html
    body = html[html.index('class="entry-content"') : html.index("<!-- .entry-content -->")]
    for words in [BOILERPLATE[1], "نوشته های مشابه", "درباره نویسنده"]:
        assert words in body
    assert sum(words.count(ZWNJ) for words in seed.paragraphs) > 40


def one_of_each(posts: list[Post]) -> list[Post]:
    """The first post of each shape, spelling and place of the lead."""
    kinds = {(post.shape, post.spelling, post.lead_in_excerpt): post for post in reversed(posts)}
    return list(kinds.values())


def test_pages_show_paragraphs_and_junk(wordpress: WordPress) -> None:
    posts = one_of_each([post for post in wordpress.truth if not post.protected])
    assert len(posts) > 20
    for post in posts:
        html = get(post.url).text
        text = shown(html)
        assert post.title in text
        assert [words for words in post.paragraphs[: post.on_first_page] if words not in text] == []
        if post.on_first_page < len(post.paragraphs):
            # The closing words are on the last page.
            html += get(urljoin(post.url, "2/")).text
        shown_or_written = shown(html) + html
        assert [words for words in post.junk if words not in shown_or_written] == []
        assert [words for words in post.junk if words in "\n".join(post.paragraphs)] == []


def test_long_posts_go_on_at_their_second_page(wordpress: WordPress) -> None:
    post = next(post for post in wordpress.truth if 0 < post.on_first_page < len(post.paragraphs))
    text = shown(get(urljoin(post.url, "2/")).text)
    assert all(words in text for words in post.paragraphs[post.on_first_page :])


def test_traits_are_all_there(wordpress: WordPress) -> None:
    posts = wordpress.truth
    moments = [post.date_gmt for post in posts]
    assert max(map(moments.count, moments)) == 8
    assert len({tuple(post.paragraphs) for post in posts if not post.protected}) == len(posts) - 2
    assert max(post.comments for post in posts) == 130
    assert sum(post.protected for post in posts) == 2
    assert sum(post.sticky for post in posts) == 3
    short = [post for post in posts if 0 < len("".join(post.paragraphs)) < 250]
    assert len(short) > 10
    for trait in ("extras", "source", "end_marker", "image", "lead_in_excerpt"):
        assert sum(bool(getattr(post, trait)) for post in posts) > 10, trait
    assert sum(post.modified_gmt > post.date_gmt for post in posts) > 10
    assert sum("/news-" in post.url for post in posts) > 10
    assert sum(len(post.categories) == 2 for post in posts) > 10
    assert any(re.search(r"-2/$", post.url) for post in posts)


def test_rest_can_be_closed(wordpress: WordPress) -> None:
    wordpress.close_rest()
    try:
        for place in ("wp-json/", "wp-json/wp/v2/posts", "?rest_route=/wp/v2/types"):
            answer = get(wordpress.url + place)
            assert answer.status == 401
            assert json.loads(answer.text)["code"] == "rest_not_logged_in"
        assert 'rel="https://api.w.org/"' in get(wordpress.url).headers["Link"]
        assert get(f"{wordpress.url}wp-sitemap.xml").status == 200
    finally:
        wordpress.close_rest(False)
    assert get(f"{wordpress.url}wp-json/wp/v2/posts").status == 200


def test_log_tells_every_request(wordpress: WordPress) -> None:
    seed = wordpress.seed
    wordpress.mark()
    assert wordpress.requests() == []
    assert get(seed.url.rstrip("/"), agent="first").status == 301
    assert get(f"{wordpress.url}?p={seed.id}", method="HEAD").status == 301
    assert get(seed.url + "%20nothing/").status == 404
    first, second, third = wordpress.requests()
    assert (first.method, first.status, first.location) == ("GET", 301, seed.url)
    assert first.agent == "first"
    assert (second.method, second.target) == ("HEAD", f"/?p={seed.id}")
    assert (third.status, third.path.endswith("/%20nothing/")) == (404, True)
    assert third.bytes > 1000
    wordpress.mark()
    assert wordpress.requests() == []
