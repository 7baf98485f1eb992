"""Pages that list articles (home, category, page/N) and the page for what is not there."""

from html import escape
from math import ceil

from tests.newsroom.article import excerpt
from tests.newsroom.jalali import jalali, spelled
from tests.newsroom.post import TEHRAN, Post
from tests.newsroom.site import Site
from tests.newsroom.theme import shell
from tests.newsroom.words import TOPICS

PER_PAGE = 10
MAGAZINE = tuple(topic.name for topic in TOPICS[:2])


def home_page(site: Site, number: int) -> str | None:
    """The blog's page ``number``; None past the end. Sticky posts come first on page 1, too."""
    posts = site.latest()
    shown = _slice(posts, number)
    if site.options.front == "magazine":
        # Of two topics only, and the same whatever page is asked for.
        shown = [post for post in posts if post.categories[0] in MAGAZINE][:PER_PAGE]
    elif shown and number == 1:
        shown = [post for post in posts if post.sticky] + shown
    body_class = "home blog" + (f" paged paged-{number}" if number > 1 else "")
    return _list(site, site.tagline, body_class, "/", shown, number, len(posts))


def category_page(site: Site, key: str, number: int) -> str | None:
    """A category's page, by slug or term ID; None for an unknown one or past the end."""
    names = {topic.slug: topic.name for topic in TOPICS}
    names |= {str(term): name for name, term in site.categories.items()}
    if key not in names:
        return None
    posts = [post for post in site.latest() if names[key] in post.categories]
    body_class = f"archive category category-{key}"
    path = f"/category/{key}/"
    return _list(site, names[key], body_class, path, _slice(posts, number), number, len(posts))


def year_page(site: Site, year: int, number: int) -> str | None:
    """An archive's page of a year in either calendar; None past the end or without posts."""
    posts = [
        post
        for post in site.latest()
        if year in (post.published.astimezone(TEHRAN).year, _jalali_year(post))
    ]
    shown = _slice(posts, number) if site.options.archives else []
    return _list(site, str(year), "archive date", f"/{year}/", shown, number, len(posts))


def _jalali_year(post: Post) -> int:
    return jalali(post.published.astimezone(TEHRAN).date())[0]


def not_found(site: Site) -> str:
    main = (
        '<section class="error-404 not-found"><h1 class="page-title">آن برگه پیدا نشد.</h1>'
        "<p>به نظر می‌رسد چیزی در این نشانی نیست. شاید جستجو کمک کند؟</p></section>"
    )
    return shell(
        site, "برگه پیدا نشد", "error404", '<meta name="robots" content="noindex" />', main
    )


def _slice(posts: list[Post], number: int) -> list[Post]:
    return posts[(number - 1) * PER_PAGE : number * PER_PAGE]


def _list(
    site: Site, title: str, body_class: str, path: str, posts: list[Post], number: int, total: int
) -> str | None:
    if not posts:
        return None
    teasers = "\n".join(
        f'<article id="post-{post.id}" class="post-{post.id} post type-post hentry"><h2 '
        f'class="entry-title"><a href="{site.url(post)}" rel="bookmark">{escape(post.title)}</a>'
        f'</h2><div class="entry-meta">{spelled(post.published)}</div><div '
        f'class="entry-summary">{excerpt(post)}</div></article>'
        for post in posts
    )
    pages = range(1, ceil(total / PER_PAGE) + 1)
    links = "".join(
        f'<a class="page-numbers" href="{site.home}{path}{f"page/{n}/" if n > 1 else ""}">{n}</a>'
        for n in pages
        if n in (1, pages[-1]) or abs(n - number) < 3
    )
    main = (
        f'<header><h1 class="page-title">{title}</h1></header>{teasers}<nav class="navigation '
        f'pagination"><h2>راهبری نوشته‌ها</h2><div class="nav-links">{links}</div></nav>'
    )
    return shell(
        site, title, body_class, f'<link rel="canonical" href="{site.home}{path}" />', main
    )
