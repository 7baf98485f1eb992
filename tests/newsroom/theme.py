"""The theme: everything around the main column, as heavy as a real news site's."""

from functools import lru_cache
from html import escape

from tests.newsroom.site import Site
from tests.newsroom.words import PLACES, TOPICS

SKIP = "رفتن به محتوا"
TO_TOP = "دکمه بازگشت به بالا"
BLURB = "همهٔ حقوق این پایگاه محفوظ است و بازنشر نوشته‌ها تنها با یادکرد نام رواست."
NEWSLETTER = "برای دریافت گزیدهٔ خبرها نشانی رایانامهٔ خود را بنویسید"
LATEST = "آخرین نوشته‌ها"
MENU = ("گفت‌وگو", "گزارش تصویری", "یادداشت‌ها", "پرونده‌ها", "چندرسانه‌ای", "بایگانی")
STRINGS = (SKIP, TO_TOP, BLURB, NEWSLETTER, LATEST)
"""What the shell says on every page, none of it news."""


def shell(site: Site, title: str, body_class: str, head: str, main: str) -> str:
    """A whole page around ``main``; ``title`` is what stands before the site's name."""
    return f"""<!DOCTYPE html>
<html dir="rtl" lang="fa-IR">
<head>
<meta charset="UTF-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)} - {site.name}</title>
{head}
<link rel="alternate" type="application/rss+xml" title="{site.name} &raquo; خوراک" \
href="{site.home}/feed/" />
<link rel="https://api.w.org/" href="{rest_root(site)}" />
<link rel="EditURI" type="application/rsd+xml" title="RSD" href="{site.home}/xmlrpc.php?rsd" />
<meta name="generator" content="WordPress 6.8.2" />
{_style()}
</head>
<body class="rtl wp-theme-bamdad has-sidebar {body_class}">
<div id="tie-wrapper" class="site container sidebar-left">
<a class="skip-link screen-reader-text" href="#content">{SKIP}</a>
{_masthead(site.home, site.name, site.tagline)}
<div id="content" class="site-content">
<main id="primary" class="site-main">
{main}
</main>
{_sidebar(site)}
</div>
{_footer(site.home, site.name)}
{TO_TOP}
</div>
{_scripts(site.home)}
</body>
</html>
"""


def rest_root(site: Site) -> str:
    """Where the REST API is, as the Link header and the page's head say it."""
    if site.options.permalinks == "plain":
        return f"{site.home}/index.php?rest_route=/"
    return f"{site.home}/wp-json/"


@lru_cache(8)
def _style() -> str:
    """Some 25 KB of presets and rules, as block themes print them into each page."""
    names = ("pale-pink", "vivid-red", "amber", "light-green", "cyan-blue", "vivid-purple")
    rules = [":root{" + "".join(f"--wp--preset--color--{n}:#{i * 2711:06x};"
             for i, n in enumerate(names, 9)) + "}"]  # fmt: skip
    for part in ("background-color", "color", "border-color", "gradient-background"):
        for shade in range(1, 9):
            rules += (
                f".has-{name}-{shade}00-{part}{{{part.removeprefix('gradient-')}:"
                f"var(--wp--preset--color--{name})!important;opacity:.{shade}5}}"
                for name in names
            )
    for column in range(1, 49):
        rules.append(
            f".grid-{column}>.cell{{flex:0 0 {column * 100 / 48:.4f}%;padding:{column % 7}px}}"
        )
    return "<style id='global-styles-inline-css'>" + "\n".join(rules) + "</style>"


@lru_cache(8)
def _masthead(home: str, name: str, tagline: str) -> str:
    """Logo, slogan and a menu that opens into each topic's cities and sections."""
    icon = (
        '<svg class="ic" width="14" height="14" viewBox="0 0 24 24" aria-hidden="true"><path '
        'd="M7.4 8.6 12 13.2l4.6-4.6L18 10l-6 6-6-6z" fill="currentColor"></path></svg>'
    )
    items = []
    for topic in TOPICS:
        link = f"{home}/category/{topic.slug}/"
        inner = "".join(
            f'<li class="menu-item menu-item-type-taxonomy"><a href="{link}?city={number}">'
            f"{topic.name} در {place}</a></li>"
            for number, place in enumerate(PLACES, 1)
        )
        items.append(
            f'<li class="menu-item menu-item-has-children"><a href="{link}">{topic.name} {icon}'
            f'</a><ul class="sub-menu">{inner}</ul></li>'
        )
    items += (f'<li class="menu-item"><a href="{home}/about/">{word}</a></li>' for word in MENU)
    return (
        f'<header id="masthead" class="site-header"><div class="site-branding"><p '
        f'class="site-title"><a href="{home}/" rel="home">{name}</a></p><p '
        f'class="site-description">{tagline}</p></div><nav id="site-navigation" '
        f'class="main-navigation"><ul class="menu">{"".join(items)}</ul></nav></header>'
    )


def _sidebar(site: Site) -> str:
    latest = site.latest()[:10]
    titles = "".join(f'<li><a href="{site.url(p)}">{escape(p.title)}</a></li>' for p in latest)
    cloud = "".join(
        f'<a class="tag-cloud-link tag-link-{number}" href="{site.home}/tag/{number}/" '
        f'style="font-size:{8 + number % 9}pt">{name}</a> '
        for name, number in site.tags.items()
    )
    return (
        '<aside id="secondary" class="widget-area">'
        '<section class="widget widget_search"><form role="search" class="search-form">'
        "<label>جستجو برای:</label><input type='search' name='s'></form></section>"
        f'<section class="widget widget_recent_entries"><h2>{LATEST}</h2><ul>{titles}</ul>'
        f'</section><section class="widget widget_tag_cloud"><h2>برچسب‌ها</h2><div '
        f'class="tagcloud">{cloud}</div></section><section class="widget mc4wp-form">'
        f"<p>{NEWSLETTER}</p><form><input type='email'><input type='submit' value='مشترک شوید'>"
        f'</form></section><section class="widget views-{site.version}"></section></aside>'
    )


@lru_cache(8)
def _footer(home: str, name: str) -> str:
    columns = "".join(
        f'<div class="cell"><h3>{topic.name}</h3><ul>'
        + "".join(f'<li><a href="{home}/tag/{topic.slug}-{n}/">{t}</a></li>'
                  for n, t in enumerate(topic.tags))
        + "</ul></div>"
        for topic in TOPICS
    )  # fmt: skip
    return (
        f'<footer id="colophon" class="site-footer">{columns}<div class="site-info">© ۱۴۰۴ '
        f"{name}. {BLURB}</div></footer>"
    )


@lru_cache(8)
def _scripts(home: str) -> str:
    """Block supports and plugin settings as inline scripts, some 20 KB of them."""
    settings = ",".join(
        f'"module_{n}":{{"url":"{home}/wp-content/plugins/part-{n % 13}/build/view-{n * 37}.js",'
        f'"version":"{n % 7}.{n % 11}.{n}","hash":"{n * 2654435761 % 2**32:08x}","on":true}}'
        for n in range(1, 140)
    ).replace("/", "\\/")
    return (
        f"<script id='bamdad-js-extra'>var bamdad = {{{settings}}};</script>\n"
        f"<script src='{home}/wp-includes/js/jquery/jquery.min.js' defer></script>"
    )
