"""The site's feed: RSS 2.0, ten articles a page, on to the very first post."""

from email.utils import format_datetime
from hashlib import md5
from html import escape

from tests.newsroom.article import called, content, excerpt
from tests.newsroom.document import Document
from tests.newsroom.post import Post
from tests.newsroom.request import Request
from tests.newsroom.site import Site

PER_PAGE = 10


def answer_feed(site: Site, request: Request) -> Document | None:
    """Page ``paged`` of the feed; None past the end or where there is no feed.

    As in core, the validators speak of the whole site: all pages share them.
    """
    number = request.page
    posts = site.latest()[(number - 1) * PER_PAGE : number * PER_PAGE]
    if not posts or not site.options.feed:
        return None
    changed = format_datetime(max(post.modified for post in site.latest()), usegmt=True)
    tag = f'"{md5(changed.encode(), usedforsecurity=False).hexdigest()}"'
    validators = (("Last-Modified", changed), ("ETag", tag))
    asked = [
        (request.headers.get("if-none-match"), tag),
        (request.headers.get("if-modified-since"), changed),
    ]
    given = [(theirs, ours) for theirs, ours in asked if theirs]
    if given and all(theirs == ours for theirs, ours in given):
        return Document(b"", "304 Not Modified", headers=validators)
    items = "".join(_item(site, post) for post in posts)
    xml = f"""<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"
xmlns:content="http://purl.org/rss/1.0/modules/content/"
xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom">
<channel><title>{site.name}</title><atom:link href="{site.home}/feed/" rel="self" />
<link>{site.home}</link><description>{site.tagline}</description>
<lastBuildDate>{changed}</lastBuildDate><language>fa-IR</language>
<generator>https://wordpress.org/?v=6.8.2</generator>
{items}</channel></rss>
"""
    return Document(
        xml.encode(), content_type="application/rss+xml; charset=UTF-8", headers=validators
    )


def _item(site: Site, post: Post) -> str:
    names = "".join(f"<category><![CDATA[{n}]]></category>" for n in (*post.categories, *post.tags))
    return f"""<item><title>{escape(called(post))}</title><link>{escape(site.url(post))}</link>
<dc:creator><![CDATA[{post.author}]]></dc:creator>
<pubDate>{format_datetime(post.published)}</pubDate>{names}
<guid isPermaLink="false">{site.home}/?p={post.id}</guid>
<description><![CDATA[{excerpt(post)}]]></description>
<content:encoded><![CDATA[{content(site, post)}]]></content:encoded></item>
"""
