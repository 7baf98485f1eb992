"""An article's page, and its text as the REST API and the feed give it."""

import json
from datetime import datetime
from html import escape
from itertools import groupby

from tests.newsroom import boilerplate
from tests.newsroom.jalali import spelled
from tests.newsroom.post import TEHRAN, Block, Post
from tests.newsroom.site import Site
from tests.newsroom.theme import rest_root, shell

ZWNJ = "\N{ZERO WIDTH NON-JOINER}"
REST_BASES = {"post": "posts", "page": "pages", "attachment": "media"}
ASK_PASSWORD = "این محتوا با رمز محافظت شده است. برای مشاهده رمز را در پایین وارد نمایید:"


def rest_link(site: Site, post: Post) -> str:
    """The post's own address in the REST API."""
    return f"{rest_root(site)}wp/v2/{REST_BASES.get(post.type, post.type)}/{post.id}"


def local(moment: datetime) -> str:
    """ISO 8601 with Tehran's offset, as core prints it into a page."""
    return moment.astimezone(TEHRAN).isoformat(timespec="seconds")


def excerpt(post: Post) -> str:
    """The lead, or the first words of the text."""
    if post.password:
        return ""
    if post.lead:
        return f"<p>{escape(post.lead)}</p>\n"
    return f"<p>{escape(' '.join(post.body[0].text.split()[:55]))} [&hellip;]</p>\n"


def content(site: Site, post: Post, single: bool = False) -> str:
    """The content element's mark-up, with what plugins put into it.

    ``single`` is the article's own page, where the theme adds more than REST and feed show.
    """
    if post.password:
        return "" if not single else f"<form class='post-password-form'>{ASK_PASSWORD}</form>"
    blocks = list(post.body)
    broken = site.options.broken.get(post.id) if single else None
    middle = 1 if broken else 1 + post.id % (len(blocks) - 1)
    lead = f'<p class="lead">{escape(post.lead)}</p>\n' if post.lead else ""
    parts = [
        "" if post.lead_outside else lead,
        _marked_up(blocks[:middle], post),
        boilerplate.read_more(site, post) if single else "",
        _spoilt(_marked_up(blocks[middle:], post), broken),
        f"<p>{post.end_marker}</p>" if post.end_marker else "",
        f'<p class="source">{boilerplate.source_line(post)}</p>' if post.source else "",
        boilerplate.share_line(post),
        boilerplate.short_link(site, post) if single else "",
    ]
    text = "\n".join(part for part in parts if part)
    return text.replace(ZWNJ, "&zwnj;") if post.layout == "entities" else text


def _spoilt(rest: str, how: str | None) -> str:
    """The rest of a text as a theme spoils it (`Options.broken`)."""
    if how == "half":
        return ""
    if how == "folded":
        return f'<div style="display:none">{rest}</div>'
    return f"</div>{rest}" if how == "stray" else rest


def called(post: Post) -> str:
    """The title as WordPress prints it on pages and in feeds; REST tells it as it is."""
    return f"حفاظت شده: {post.title}" if post.password else post.title


def article_page(site: Site, post: Post) -> str:
    """The whole page of an article (or of a product, an attachment, a plain page)."""
    body_class = {
        "page": f"page-template-default page page-id-{post.id}",
        "attachment": f"attachment attachment-template-default attachmentid-{post.id}",
        "product": f"product-template-default single single-product postid-{post.id}",
    }.get(post.type, f"{post.type}-template-default single single-{post.type} postid-{post.id}")
    main = _main(site, post) if post.type in site.article_types else _plain(post)
    return shell(site, escape(post.title), body_class, _head(site, post), main)


def _main(site: Site, post: Post) -> str:
    category = post.categories[0]
    lead = f'<div class="lead">{escape(post.lead)}</div>' if post.lead and post.lead_outside else ""
    tags = "".join(
        f'<a href="{site.home}/tag/{site.tags[t]}/" rel="tag">{t}</a>' for t in post.tags
    )
    link = f'<a href="{site.home}/category/{site.categories[category]}/" rel="category tag">'
    picture = f"{site.home}/wp-content/uploads/photo-{post.id}.png"
    return f"""<nav id="breadcrumb" class="breadcrumbs"><a href="{site.home}/">خانه</a> / \
{link}{category}</a> / <span class="current">{escape(post.title)}</span></nav>
<article id="post-{post.id}" class="post-{post.id} {post.type} type-{post.type} status-publish \
has-post-thumbnail hentry">
<header class="entry-header"><h1 class="entry-title">{escape(called(post))}</h1>
<div class="entry-meta"><span class="posted-on"><time class="entry-date published" \
datetime="{local(post.published)}">{spelled(post.published)}</time><time class="updated" \
datetime="{local(post.modified)}">{spelled(post.modified)}</time></span> <span class="byline">\
<span class="author vcard"><a class="url fn n" href="{site.home}/author/\
{site.authors[post.author]}/">{post.author}</a></span></span> <span class="cat-links">{link}\
{category}</a></span> <span class="reading-time">{boilerplate.READING} ۲ دقیقه</span></div></header>
{"" if post.password else lead}
<figure class="post-thumbnail"><img width="780" height="470" src="{picture}" \
class="wp-post-image" alt=""></figure>
<div class="entry-content clearfix">
{content(site, post, single=True)}
</div>
<footer class="entry-footer post-tags"><span class="tags-links">برچسب‌ها: {tags}</span></footer>
</article>
{boilerplate.author_box(site, post)}
{boilerplate.navigation(site, post)}
{boilerplate.related(site, post)}
{boilerplate.comments(site, post)}"""


def _plain(post: Post) -> str:
    """A page that is no article: a title, a text, no date, no author."""
    text = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in post.paragraphs)
    return f'<article><h1 class="entry-title">{escape(post.title)}</h1>{text}</article>'


def _head(site: Site, post: Post) -> str:
    """Canonical address, alternates, Open Graph and JSON-LD, as an SEO plugin prints them."""
    url, title = site.url(post), escape(f"{post.title} - {site.name}", quote=True)
    description = "" if post.password else escape(post.lead or post.body[0].text, quote=True)
    graph = {
        "@context": "https://schema.org",
        "@graph": [
            {
                "@type": "NewsArticle",
                "@id": f"{url}#article",
                "headline": post.title,
                "author": {"@type": "Person", "name": post.author},
                "datePublished": local(post.published),
                "dateModified": local(post.modified),
                "articleSection": list(post.categories),
                "keywords": list(post.tags),
                "inLanguage": "fa-IR",
            },
            {"@type": "WebSite", "@id": f"{site.home}/#website", "name": site.name},
        ],
    }
    tags = "".join(f'<meta property="article:tag" content="{tag}" />\n' for tag in post.tags)
    news = post.type in site.article_types
    ld = json.dumps(graph, ensure_ascii=False).replace("/", "\\/") if news else ""
    return f"""<meta name="description" content="{description}" />
<link rel="canonical" href="{url}" />
<meta property="og:locale" content="fa_IR" />
<meta property="og:type" content="{"article" if news else "website"}" />
<meta property="og:title" content="{title}" />
<meta property="og:url" content="{url}" />
<meta property="og:site_name" content="{site.name}" />
<meta property="article:published_time" content="{local(post.published)}" />
<meta property="article:modified_time" content="{local(post.modified)}" />
<meta property="article:section" content="{post.categories[0]}" />
{tags}<meta property="og:image" content="{site.home}/wp-content/uploads/photo-{post.id}.png" />
<meta name="author" content="{post.author}" />
{f'<script type="application/ld+json">{ld}</script>' if ld else ""}
<link rel="shortlink" href="{site.home}/?p={post.id}" />
<link rel="alternate" title="JSON" type="application/json" href="{rest_link(site, post)}" />"""


def _marked_up(blocks: list[Block], post: Post) -> str:
    """Blocks in the mark-up of the post's editor."""
    return "\n".join(
        _group(kind, [escape(block.text, quote=False) for block in group], post)
        for kind, group in groupby(blocks, key=lambda block: block.kind)
    )


def _group(kind: str, texts: list[str], post: Post) -> str:
    modern = post.layout == "blocks"
    if kind == "li":
        items = "".join(f"<li>{text}</li>" for text in texts)
        return f'<ul class="wp-block-list">{items}</ul>' if modern else f"<ul>{items}</ul>"
    if kind == "h2":
        style = ' class="wp-block-heading"' if modern else ""
        return "\n".join(f"<h2{style}>{text}</h2>" for text in texts)
    if kind == "blockquote":
        style = ' class="wp-block-quote"' if modern else ""
        return "\n".join(f"<blockquote{style}><p>{text}</p></blockquote>" for text in texts)
    if post.layout == "breaks":
        return f'<div style="text-align: justify">{"<br /><br />".join(texts)}</div>'
    return "\n".join(f"<p>{text}</p>" for text in texts)
