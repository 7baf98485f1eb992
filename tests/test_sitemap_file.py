"""One file of a sitemap in every dress that it comes in, and bytes that are none."""

from __future__ import annotations

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiders.sources.feed_page import NotAFeed
from spiders.sources.feed_page import parse as parse_feed
from spiders.sources.sitemap_file import LARGEST, NotASitemap, Sitemap, parse

AT = "https://khabar.example/maps/post-sitemap.xml"
ARTICLE = "https://khabar.example/خبر/"
NOTICE = (
    "<br />\n<b>Warning</b>:  Undefined array key &quot;lang&quot; in"
    " <b>/home/khabar/plugin.php</b> on line <b>17</b><br />\n"
)


def urlset(
    *locs: str, namespace: str = ' xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
) -> str:
    rows = "".join(f"<url><loc>{loc}</loc></url>\n" for loc in locs)
    return f"<urlset{namespace}>\n{rows}</urlset>"


def declared(text: str, charset: str) -> bytes:
    return f'<?xml version="1.0" encoding="{charset}"?>\n{text}'.encode(charset)


PLAIN = urlset(ARTICLE)
PREFIXED = f"<m:urlset><m:url><m:loc>{ARTICLE}</m:loc></m:url></m:urlset>"
RSS = f"<rss><channel><link>/</link><item><link>{ARTICLE}</link></item></channel></rss>"
DRESSES = {
    "notice": (NOTICE + '<?xml version="1.0"?>' + PLAIN).encode(),
    "notice without a declaration": (NOTICE + PLAIN).encode(),
    "script before": ("<script>var ad = 1;</script>\n" + PLAIN).encode(),
    "script behind": (PLAIN + "<script src='/ad.js'></script>").encode(),
    "page behind": (PLAIN + "<html><body><p>پایان</p></body></html>").encode(),
    "cache's word behind": (PLAIN + "\n<!-- Cached page </url> by a plugin -->\n\n").encode(),
    "no namespace": urlset(ARTICLE, namespace="").encode(),
    "another namespace": urlset(ARTICLE, namespace=' xmlns="urn:maps"').encode(),
    "prefix": PREFIXED.replace("<m:urlset>", '<m:urlset xmlns:m="urn:maps">').encode(),
    "prefix nobody declared": PREFIXED.encode(),
    "upper case": PLAIN.replace("loc>", "LOC>").replace("url>", "URL>").encode(),
    "picture first": PLAIN.replace(
        "<url>", "<url><image:image><image:loc>/a.jpg</image:loc></image:image>"
    ).encode(),
    "utf-16": declared(PLAIN, "utf-16"),
    "windows-1256": declared(PLAIN, "windows-1256"),
    "unknown charset": declared(PLAIN, "utf-8").replace(b"utf-8", b"x-khabar"),
    "control characters": PLAIN.replace("<loc>", "<loc>\x00\x0b").encode(),
    "root-relative": urlset("/خبر/").encode(),
    "relative": urlset("../خبر/").encode(),
    "without a scheme": urlset("//khabar.example/خبر/").encode(),
    "blanks": urlset("\n\t https://khabar.example\n/خبر/ \n").encode(),
    "text": f"\ufeff{ARTICLE}\r\n\r\n".encode(),
    "text in utf-16": ARTICLE.encode("utf-16"),
    "rss": RSS.encode(),
    "atom": (
        '<feed xmlns="http://www.w3.org/2005/Atom"><link href="/"/><entry>'
        f'<link rel="replies" href="/c/"/><link href="{ARTICLE}"/></entry></feed>'
    ).encode(),
}


@pytest.mark.parametrize("body", DRESSES.values(), ids=DRESSES)
@pytest.mark.parametrize("times", [0, 1, 2], ids=["plain", "packed", "packed twice"])
def test_a_file_is_read_whatever_it_comes_in(body: bytes, times: int) -> None:
    for _ in range(times):
        body = gzip.compress(body)
    sitemap = parse(body, AT)
    assert [entry.url for entry in sitemap.addresses] == [ARTICLE]
    assert (sitemap.whole, sitemap.bad, sitemap.limit) == (True, [], None)


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("/?p=1&lang=en&amp;x=2", "https://khabar.example/?p=1&lang=en&x=2"),
        ("<![CDATA[/?p=1&lang=en]]>", "https://khabar.example/?p=1&lang=en"),
        ("/a&raquo;b&#47;c&eacute", "https://khabar.example/a»b/c&eacute"),
        ("/a&nothing;b&#x2F;&", "https://khabar.example/a&nothing;b/&"),
    ],
)
def test_what_stands_for_a_character_is_read(written: str, url: str) -> None:
    assert [entry.url for entry in parse(urlset(written).encode(), AT).addresses] == [url]


BAD = [":443443/a/", "https://khabar.example:port/", "https://[::g]/", "ftp://khabar.example/"]


@pytest.mark.parametrize("bad", BAD)
def test_a_bad_address_drops_itself_alone(bad: str) -> None:
    bad = f"https://khabar.example{bad}" if bad.startswith(":") else bad
    for body in (urlset("/a/", bad, "/b/"), f"{ARTICLE}\n{bad.replace('ftp', 'https')}\n/b/\n"):
        sitemap = parse(body.encode(), AT)
        assert len(sitemap.addresses) == 3 - len(sitemap.bad) >= 2
    assert [link for link, _ in parse(urlset("/a/", bad, "/b/").encode(), AT).bad] == [bad]


@pytest.mark.parametrize("packed", [False, True])
def test_a_cut_file_gives_what_it_names_up_to_there(packed: bool) -> None:
    body = urlset(*(f"/report-{number}/" for number in range(500))).encode()
    if packed:
        body = gzip.compress(body)
    sitemap = parse(body[: len(body) // 2], AT)
    assert not sitemap.whole
    assert 50 < len(sitemap.addresses) < 450
    assert all(entry.url.endswith("/") for entry in sitemap.addresses)


def test_a_file_that_is_too_long_gives_what_it_may_hold() -> None:
    row = "<url><loc>/report-{}/</loc></url>"
    body = gzip.compress(
        f"<urlset>{row.format(1)}{' ' * LARGEST}{row.format(2)}</urlset>".encode(), 1
    )
    sitemap = parse(body, AT)
    assert [entry.url for entry in sitemap.addresses] == ["https://khabar.example/report-1/"]
    assert sitemap.limit == "is longer than 50 MB"


def test_many_addresses_are_all_taken() -> None:
    sitemap = parse(urlset(*(f"/{number}/" for number in range(60_000))).encode(), AT)
    assert len({entry.url for entry in sitemap.addresses}) == 60_000


@pytest.mark.parametrize(
    ("body", "latest"),
    [
        (urlset("/a/", "/b/"), False),
        (urlset("/a/").replace("</url>", "<n:news><n:title>الف</n:title></n:news></url>"), True),
        (urlset("/a/", "/b/").replace("</url>", "<n:news/></url>", 1), False),
        ("<rss><channel><item><link>/a/</link></item></channel></rss>", True),
        ("https://khabar.example/a/", False),
    ],
)
def test_a_file_of_the_newest_alone_is_known(body: str, latest: bool) -> None:
    sitemap = parse(body.encode(), AT)
    assert (sitemap.latest, bool(sitemap.addresses)) == (latest, True)


PAGE = b"<!DOCTYPE html><html><head><script>var s = '<urlset>'</script></head><body></body></html>"


@pytest.mark.parametrize("body", [PAGE, b"User-agent: *\nDisallow: /\nhttps://khabar.example/a/\n"])
def test_a_page_is_no_sitemap(body: bytes) -> None:
    with pytest.raises(NotASitemap):
        parse(body, AT)


NAMES = ["urlset", "sitemapindex", "url", "loc", "rss", "item", "link", "feed", "entry", "rdf:RDF"]
PIECES = st.one_of(
    st.binary(max_size=40),
    st.sampled_from(
        [b"<![CDATA[", b"]]>", b"&", b"&amp;", b"<!--", b"-->", b"\x1f\x8b\x08", b"\xff\xfe"]
    ),
    st.sampled_from(["http://[", "https://khabar.example:0/", "//", "0000-00-00"]).map(str.encode),
    st.builds(
        lambda slash, name: f"<{slash}{name}>".encode(),
        st.sampled_from(["", "/"]),
        st.sampled_from(NAMES),
    ),
)


@given(body=st.lists(PIECES, max_size=30).map(b"".join), packed=st.booleans())
def test_no_bytes_raise_anything_else(body: bytes, packed: bool) -> None:
    body = gzip.compress(body)[:-3] if packed else body
    for read, refusal in ((parse, NotASitemap), (parse_feed, NotAFeed)):
        try:
            read(body, AT)
        except refusal:
            continue


@given(st.lists(st.text(max_size=30), max_size=20))
def test_whatever_an_address_is_written_like_the_others_are_there(texts: list[str]) -> None:
    """Two true addresses around, as CDATA may hold anything but its own end."""
    locs = ["/a/", *(f"<![CDATA[{text.replace(']]>', '')}]]>" for text in texts), "/b/"]
    sitemap: Sitemap = parse(urlset(*locs).encode("utf-8", "surrogatepass"), AT)
    urls = [entry.url for entry in sitemap.addresses]
    assert (urls[0], urls[-1]) == ("https://khabar.example/a/", "https://khabar.example/b/")
