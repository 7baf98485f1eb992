"""The newsroom's site behaves like the WordPress it stands for, traps included."""

import gzip
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any, get_args

import pytest

from tests.newsroom import boilerplate
from tests.newsroom.client import Reply, fetch
from tests.newsroom.newsroom import Newsroom
from tests.newsroom.site import Options, Site, SitemapKind

ZWNJ = "\N{ZERO WIDTH NON-JOINER}"
COUNT = 95


@pytest.fixture(scope="module")
def shared() -> Iterator[Newsroom]:
    """For tests that only read."""
    with Newsroom(Site(COUNT, custom=5)) as room:
        yield room


@pytest.fixture
def room() -> Iterator[Newsroom]:
    with Newsroom(Site(12)) as running:
        yield running


def rest(room: Newsroom, route: str) -> Reply:
    return fetch(f"{room.url}wp-json/wp/v2/{route}")


def walk(room: Newsroom, query: str, size: int = 10) -> list[int]:
    """The IDs a client gets that pages through all posts."""
    seen: list[int] = []
    for page in range(1, 1000):
        reply = rest(room, f"posts?{query}&per_page={size}&page={page}&_fields=id")
        if reply.status == 400:
            assert reply.text.startswith('{"code":"rest_post_invalid_page_number"')
            return seen
        seen += [item["id"] for item in json.loads(reply.body)]
    raise AssertionError("the listing has no end")


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html)))


def test_stories_are_distinct_persian_and_the_same_for_the_same_seed() -> None:
    posts = Site(400).posts
    assert posts == Site(400).posts != Site(400, seed=2).posts
    for field in ("id", "title", "slug", "path", "paragraphs"):
        assert len({getattr(post, field) for post in posts}) == 400
    assert all(" ".join(post.paragraphs).count(ZWNJ) > 8 for post in posts)
    assert len({post.published for post in posts}) == 400 - 39


def test_no_boilerplate_is_part_of_the_truth() -> None:
    for post in Site(400).posts:
        text = "\n".join((post.title, *post.paragraphs))
        assert not any(junk in text for junk in boilerplate.junk(post))


def test_a_page_holds_the_article_and_all_the_boilerplate(shared: Newsroom) -> None:
    for post in shared.posts:
        page = fetch(shared.site.url(post))
        text = text_of(page.text)
        assert page.status == 200 and 50_000 < len(page.body) < 110_000
        assert all(paragraph in text for paragraph in post.paragraphs)
        assert all(f"{single}-{post.type}" in page.text for single in ("single", "type"))
        assert all(junk in text or f'"{junk}"' in page.text for junk in shared.junk(post))
        data = json.loads(page.text.split('ld+json">')[1].split("</script>")[0])
        article = data["@graph"][0]
        assert article["headline"] == post.title
        assert datetime.fromisoformat(article["datePublished"]) == post.published
        assert datetime.fromisoformat(article["dateModified"]) == post.modified


def test_rest_by_id_is_exact_and_by_modified_is_not(shared: Newsroom) -> None:
    listed = [post.id for post in shared.site.listed("post")]
    assert len(listed) == COUNT + 1  # the protected one is listed, too
    assert walk(shared, "orderby=id&order=asc") == listed
    assert sorted(walk(shared, "orderby=date&order=desc")) == listed
    by_modified = walk(shared, "orderby=modified&order=asc")
    assert len(by_modified) == len(listed) > len(set(by_modified))


def test_rest_counts_and_errors(shared: Newsroom) -> None:
    for method in ("GET", "HEAD"):
        url = f"{shared.url}wp-json/wp/v2/posts?per_page=10&_fields=id"
        reply = fetch(url, method)
        assert reply.headers["X-WP-Total"] == str(COUNT + 1)
        assert reply.headers["X-WP-TotalPages"] == "10"
        assert bool(reply.body) is (method == "GET")
    site = shared.site
    states = {post.status: post.id for post in site.hidden}
    codes = {
        "posts?per_page=101": (400, "rest_invalid_param"),
        "posts?page=99": (400, "rest_post_invalid_page_number"),
        "posts?after=2025-01-01T00:00:00+00:00": (400, "rest_invalid_param"),
        "posts?status=draft": (400, "rest_invalid_param"),
        "posts/999999": (404, "rest_post_invalid_id"),
        f"posts/{states['draft']}": (401, "rest_forbidden"),
        f"posts/{states['private']}": (401, "rest_forbidden"),
        "nothing": (404, "rest_no_route"),
    }
    for route, (status, code) in codes.items():
        reply = rest(shared, route)
        assert (reply.status, json.loads(reply.body)["code"]) == (status, code), route


def test_rest_shows_the_truth_of_a_post(shared: Newsroom) -> None:
    post = shared.posts[7]
    shown = json.loads(rest(shared, f"posts/{post.id}").body)
    assert datetime.fromisoformat(shown["date_gmt"] + "Z") == post.published
    local = datetime.fromisoformat(shown["date"]) - datetime.fromisoformat(shown["date_gmt"])
    assert local == timedelta(hours=3, minutes=30)
    assert (shown["link"], shown["title"]["rendered"]) == (shared.site.url(post), post.title)
    inside = post.paragraphs[1:] if post.lead_outside and post.lead else post.paragraphs
    text = text_of(shown["content"]["rendered"])
    assert all(paragraph in text for paragraph in inside)
    by_route = fetch(f"{shared.url}?rest_route=/wp/v2/posts/{post.id}")
    assert json.loads(by_route.body) == shown
    (protected,) = shared.site.protected
    secret = json.loads(rest(shared, f"posts/{protected.id}").body)["content"]
    assert secret == {"rendered": "", "protected": True}


def test_date_bounds_are_strict_and_local(shared: Newsroom) -> None:
    post = next(post for post in reversed(shared.posts) if post.type == "post")
    instant = post.published.strftime("%Y-%m-%dT%H:%M:%S")
    for query, found in (
        (f"after={instant}Z", False),
        (f"before={instant}Z", False),
        (f"after={instant}", True),  # a naive bound is Tehran's clock: three and a half hours ago
        (f"after={instant}%2B00:00", False),
    ):
        ids = [item["id"] for item in json.loads(rest(shared, f"posts?{query}&per_page=100").body)]
        assert (post.id in ids) is found, query


def test_the_roots_say_what_kind_of_site_it_is(shared: Newsroom) -> None:
    home = fetch(shared.url)
    assert f'<{shared.url}wp-json/>; rel="https://api.w.org/"' in home.headers.get_all("Link", [])
    root = json.loads(fetch(f"{shared.url}wp-json/").body)
    assert (root["home"], root["gmt_offset"]) == (shared.url.rstrip("/"), 3.5)
    assert "wp/v2" in root["namespaces"]
    types = json.loads(rest(shared, "types").body)
    assert {types[kind]["rest_base"] for kind in ("post", "khabar")} == {"posts", "khabar"}
    assert len(json.loads(rest(shared, "khabar").body)) == 5
    users = json.loads(rest(shared, "users?per_page=100&_fields=id,name").body)
    assert {user["name"]: user["id"] for user in users} == shared.site.authors


@pytest.mark.parametrize("kind", [k for k in get_args(SitemapKind) if k not in ("broken", "none")])
@pytest.mark.parametrize("packed", [False, True])
def test_every_sitemap_lists_every_post(kind: SitemapKind, packed: bool) -> None:
    options = Options(
        sitemap=kind, sitemap_size=9, sitemap_gzip=packed, sitemap_dirty=not packed, rest="x"
    )
    with Newsroom(Site(30, custom=3, options=options)) as room:
        robots = fetch(f"{room.url}robots.txt").text
        files = _locs(re.findall(r"Sitemap: (\S+)", robots)[0], packed)
        found = [loc for file in files for loc in _locs(file, packed)]
        posts = room.site.listed()
        assert {room.site.url(post) for post in posts} <= set(found)
        assert len(found) == len(set(found))
        assert not any(room.site.url(post) in found for post in room.site.hidden)
        assert fetch(files[0].replace("1.xml", "99.xml")).status in (200, 404)


def _locs(url: str, packed: bool) -> list[str]:
    reply = fetch(url)
    assert reply.status == 200, url
    body = gzip.decompress(reply.body) if packed else reply.body
    assert packed or body.startswith(b"\xef\xbb\xbf<?xml")
    return re.findall(r"<loc>([^<]+)</loc>", body.decode())


def test_the_feed_pages_to_the_first_post(shared: Newsroom) -> None:
    links: list[str] = []
    page = 1
    while (reply := fetch(f"{shared.url}feed/?paged={page}")).status == 200:
        links += re.findall(r"<item>.*?<link>([^<]+)</link>", reply.text, re.S)
        page += 1
    assert reply.status == 404
    assert sorted(links) == sorted(shared.site.url(post) for post in shared.site.listed())
    tag = fetch(f"{shared.url}feed/").headers["ETag"]
    assert fetch(f"{shared.url}feed/?paged=2", If_None_Match=tag).status == 304


def test_lists_lead_to_every_post(shared: Newsroom) -> None:
    found: list[str] = []
    page = 1
    while (reply := fetch(f"{shared.url}page/{page}/")).status == 200:
        found += re.findall(r'<h2 class="entry-title"><a href="([^"]+)"', reply.text)
        assert 'class="rtl' in reply.text and " home blog" in reply.text
        page += 1
    assert set(found) == {shared.site.url(post) for post in shared.site.listed()}
    assert "archive category" in fetch(f"{shared.url}category/sport/").text
    lost = fetch(f"{shared.url}nothing/here/")
    assert lost.status == 404 and "error404" in lost.text


def test_addresses_lead_home(room: Newsroom) -> None:
    post = room.posts[3]
    url = room.site.url(post)
    old = url
    room.site.edit(post.id, slug="renamed")
    new = room.site.url(room.posts[3])
    for asked in (old, f"{room.url}?p={post.id}", new.rstrip("/"), f"{room.url}renamed/"):
        reply = fetch(asked)
        assert (reply.status, reply.headers["Location"]) == (301, new), asked
    assert fetch(new + "?utm_source=x").status == 200
    for kind, mark in (("product", "single-product"), ("attachment", "attachmentid-")):
        (other,) = room.site.listed(kind)
        assert mark in fetch(room.site.url(other)).text


def test_what_is_hidden_is_nowhere(room: Newsroom) -> None:
    places = ["", "feed/", "wp-sitemap-posts-post-1.xml", "wp-json/wp/v2/posts?per_page=100"]
    shown = "".join(fetch(room.url + place).text for place in places)
    assert {post.status for post in room.site.hidden} == {"draft", "private", "pending", "future"}
    for post in room.site.hidden:
        assert post.title not in unescape(shown) and f"?p={post.id}" not in shown
        assert fetch(room.site.url(post)).status == 404
    (protected,) = room.site.protected
    page = fetch(room.site.url(protected)).text
    assert "post-password-form" in page
    assert not any(paragraph in page for paragraph in protected.paragraphs)


def test_an_editor_changes_the_site_while_it_runs(room: Newsroom) -> None:
    first, second, third = room.posts[:3]
    since = room.site.now() - timedelta(minutes=1)

    def changed() -> list[int]:
        query = f"posts?modified_after={since:%Y-%m-%dT%H:%M:%SZ}&orderby=id&order=asc"
        return [item["id"] for item in json.loads(rest(room, query).body)]

    assert changed() == []
    added = room.site.add()
    room.site.edit(first.id, title="تیتر تازه")
    room.site.edit(second.id, silent=True, lead="سرآغازی که کسی از آن خبر ندارد.")
    room.site.remove(third.id)
    assert changed() == [first.id, added.id]
    assert '<h1 class="entry-title">تیتر تازه</h1>' in fetch(room.site.url(first)).text
    assert "سرآغازی که" in fetch(room.site.url(second)).text
    assert fetch(room.site.url(third)).status == 404
    assert fetch(room.site.url(added)).status == 200
    gone = room.site.unpublish(added.id)
    assert json.loads(rest(room, f"posts/{gone.id}").body)["code"] == "rest_forbidden"


def test_the_site_has_its_own_clock(room: Newsroom) -> None:
    room.site.now = lambda: datetime(2026, 1, 31, 20, 0, 0, tzinfo=UTC)
    added = room.site.add()
    assert added.published == added.modified == room.site.now()
    for path in ("", added.path[1:], added.path[1:]):
        assert fetch(room.url + path).headers["Date"] == "Sat, 31 Jan 2026 20:00:00 GMT"


@pytest.mark.parametrize(
    ("options", "path", "status", "said"),
    [
        ({"rest": "rest_login_required"}, "wp-json/wp/v2/posts", 401, "rest_login_required"),
        ({"rest": "rest_login_required"}, "?rest_route=/", 401, "rest_login_required"),
        ({"rest": "rest_no_route"}, "wp-json/", 404, "rest_no_route"),
        ({"sitemap": "none"}, "wp-sitemap.xml", 404, "error404"),
        ({"sitemap": "broken"}, "wp-sitemap.xml", 501, ""),
        ({"sitemap": "yoast"}, "wp-sitemap.xml", 301, ""),
        ({"feed": False}, "feed/", 404, "error404"),
        ({"per_page": 10}, "wp-json/wp/v2/posts?per_page=11", 400, "rest_invalid_param"),
        ({"permalinks": "plain"}, "wp-json/", 200, " home blog"),
        ({"permalinks": "plain"}, "?rest_route=/", 200, '"wp\\/v2"'),
        ({"robots": ("Crawl-delay: 2", "Disallow: /x/")}, "robots.txt", 200, "delay: 2\nDis"),
    ],
)
def test_options(options: dict[str, Any], path: str, status: int, said: str) -> None:
    with Newsroom(Site(5, options=Options(**options))) as room:
        reply = fetch(room.url + path)
        assert reply.status == status and said in reply.text
        if options.get("permalinks") == "plain":
            post = room.posts[0]
            assert f"postid-{post.id}" in fetch(room.site.url(post)).text
