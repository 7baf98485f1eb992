"""One page of a feed: its three formats, its dates, its links."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.index.index import ListedPost
from spiders.sources.feed_page import NotAFeed, parse

AT = "https://khabar.example/feed/"
URL = "https://khabar.example/گزارش/"
CLOCK = datetime(2026, 3, 1, tzinfo=UTC)


def item(inside: str, before: str = "") -> ListedPost:
    rss = f'{before}<rss version="2.0"><channel><item>{inside}</item></channel></rss>'
    [post] = parse(rss.encode(), AT, CLOCK)
    return post


FORMATS = {
    "rss": f"<rss><channel><item><title>گزارش</title><link>{URL}</link>"
    "<guid isPermaLink='false'>https://khabar.example/?post_type=khabar&amp;p=17</guid>"
    "<pubDate>Sun, 01 Feb 2026 08:30:00 +0330</pubDate></item></channel></rss>",
    "atom": '<feed xmlns="http://www.w3.org/2005/Atom"><title>پایگاه</title><entry>'
    f'<title type="html">گزارش</title><link rel="alternate" href="{URL}"/>'
    "<id>https://khabar.example/?post_type=khabar&#038;p=17</id>"
    "<updated>2026-02-09T00:00:00Z</updated><published>2026-02-01T05:00:00Z</published>"
    "</entry></feed>",
    "rdf": '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
    ' xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
    f'<channel rdf:about="/"/><item rdf:about="{URL}"><title>گزارش</title><link>{URL}</link>'
    "<dc:date>2026-02-01T05:00:00Z</dc:date></item></rdf:RDF>",
}


@pytest.mark.parametrize("before", ["", "<br /><b>Notice</b>: x<br />\n", "\n\n"])
@pytest.mark.parametrize("name", FORMATS)
def test_the_formats_of_wordpress_are_read(name: str, before: str) -> None:
    [post] = parse((before + FORMATS[name] + "<script></script>").encode(), AT, CLOCK)
    assert (post.url, post.title) == (URL, "گزارش")
    assert post.published == datetime(2026, 2, 1, 5, tzinfo=UTC)
    if name != "rdf":
        assert (post.post_type, post.post_id) == ("khabar", 17)


@pytest.mark.parametrize(
    "date",
    [
        "Wed, 20 Oct 1402 08:00:00 +0330",
        "1402-07-28T11:30:00+03:30",
        "Mon, 30 Nov -0001 00:00:00 +0000",
        "0000-00-00 00:00:00",
        "0001-01-01T00:00:00+03:30",
        "Thu, 01 Jan 1970 00:00:00 +0000",
        "Wed, 04 Mar 2026 00:00:00 +0000",
        "9999-12-31T23:59:59-12:00",
        "چهارشنبه ۲۸ مهر ۱۴۰۲",
    ],
)
def test_a_date_that_cannot_be_true_is_none(date: str) -> None:
    assert item(f"<link>/a/</link><pubDate>{date}</pubDate>").published is None


def test_clocks_may_differ_by_a_day() -> None:
    ahead = CLOCK + timedelta(days=1)
    told = f"<link>/a/</link><pubDate>{ahead:%a, %d %b %Y %H:%M:%S} +0000</pubDate>"
    assert item(told).published == ahead


@pytest.mark.parametrize(
    "links",
    [
        "<link>/گزارش/</link>",
        f"<link>https://[bad/</link><guid>{URL}</guid>",
        f"<link>https://feeds.example/~r/x/</link><feedburner:origLink>{URL}</feedburner:origLink>",
        f'<atom:link rel="self" href="/feed/"/><link>{URL}</link>',
    ],
)
def test_the_articles_own_address_is_taken(links: str) -> None:
    assert item(links).url == URL


def test_an_item_without_an_address_drops_itself_alone() -> None:
    rss = "<rss><channel><item><link>http://a:b/</link></item><item><link>/a/</link></item>"
    assert len(parse(f"{rss}</channel></rss>".encode(), AT)) == 1


@pytest.mark.parametrize("body", [b"", b"{}", b"<html><body><p>feed</p></body></html>"])
def test_what_is_no_feed_is_a_failure(body: bytes) -> None:
    with pytest.raises(NotAFeed):
        parse(body, AT)


@given(
    st.text(max_size=40)
    | st.datetimes().map(str)
    | st.from_regex(r"\w{3}, \d+ Oct \d+ \d+:\d+ [+-]\d+")
)
def test_no_date_raises(date: str) -> None:
    date = date.replace("]]>", "")
    moment = item(f"<link>/a/</link><pubDate><![CDATA[{date}]]></pubDate>").published
    assert moment is None or datetime(1995, 1, 1, tzinfo=UTC) <= moment <= CLOCK + timedelta(2)
