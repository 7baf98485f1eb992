"""The REST API (wp/v2) as WordPress 6 answers it: totals, paging, errors, Persian messages.

Codes and statuses are core's; clients must match ``code``, the messages are translated.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timezone
from math import ceil
from typing import Any

from tests.newsroom.article import content, excerpt
from tests.newsroom.document import Document
from tests.newsroom.post import Post
from tests.newsroom.request import Request
from tests.newsroom.site import Site
from tests.newsroom.theme import rest_root

BASES = {"posts": "post", "pages": "page", "media": "attachment", "khabar": "khabar"}
PRIVATE_TYPES = ("nav_menu_item", "wp_block", "wp_template", "wp_navigation", "wp_global_styles")
MESSAGES = {
    "rest_no_route": "هیچ مسیری با این نشانی و روش درخواست پیدا نشد.",
    "rest_post_invalid_id": "شناسهٔ نوشته نامعتبر است.",
    "rest_forbidden": "متأسفیم، شما اجازهٔ انجام این کار را ندارید.",
    "rest_invalid_param": "پارامترهای نامعتبر: {}",
    "rest_post_invalid_page_number": "شمارهٔ برگهٔ خواسته‌شده از شمار برگه‌های موجود بیشتر است.",
    "rest_login_required": "برای دسترسی به این بخش باید وارد شوید.",
}
STATUSES = {
    400: "400 Bad Request",
    401: "401 Unauthorized",
    403: "403 Forbidden",
    404: "404 Not Found",
    500: "500 Internal Server Error",
}


@dataclass
class RestError(Exception):
    """An answer with an error ``code``; ``parameter`` names the one at fault."""

    code: str
    status: int
    parameter: str = ""

    def document(self) -> Document:
        message = MESSAGES.get(self.code, MESSAGES["rest_forbidden"]).format(self.parameter)
        data: dict[str, Any] = {"status": self.status}
        if self.parameter:
            data["params"] = {self.parameter: message}
        error = {"code": self.code, "message": message, "data": data}
        return _json(error, status=STATUSES[self.status])


def answer_rest(site: Site, route: str, request: Request) -> Document:
    """The answer to ``route`` (from ``/``), found by path or by ``rest_route``."""
    try:
        if site.options.rest != "open":
            closed = 404 if site.options.rest == "rest_no_route" else 401
            raise RestError(site.options.rest, closed)
        return _routed(site, route, request.query)
    except RestError as error:
        return error.document()


def _routed(site: Site, route: str, query: dict[str, str]) -> Document:
    if route == "/":
        return _json(_root(site))
    if route == "/wp/v2/types":
        return _json(_types(site))
    match = re.fullmatch(r"/wp/v2/([a-z_]+)(?:/(\d+))?", route)
    if match is None:
        raise RestError("rest_no_route", 404)
    base, number = match[1], match[2]
    if base in ("categories", "tags", "users"):
        return _terms(site, base, query)
    kind = BASES.get(base)
    if kind is None or (kind == "khabar" and not site.custom):
        raise RestError("rest_no_route", 404)
    if number is not None:
        return _single(site, kind, int(number), query)
    return _collection(site, kind, query)


def _collection(site: Site, kind: str, query: dict[str, str]) -> Document:
    size = _size(site, query)
    page = _number(query, "page", 1, 1, 10**9)
    shown_at_all = [post for post in site.listed(kind) if post.id not in site.options.unlisted]
    posts = _ordered(list(filter(_filter(site, query), shown_at_all)), query, page)
    pages = ceil(len(posts) / size)
    if page > 1 and page > pages and posts:
        raise RestError("rest_post_invalid_page_number", 400)
    start = _number(query, "offset", (page - 1) * size, 0, 10**9)
    shown = posts[start : start + size]
    if any(post.id in site.options.poison for post in shown):
        raise RestError("internal_server_error", 500)
    items = [_fields(post_item(site, post, query), query) for post in shown]
    return _json(items, totals=(len(posts), pages))


def _size(site: Site, query: dict[str, str]) -> int:
    """How many posts a page has: as many as were asked for, unless the site minds."""
    most, over = site.options.per_page, site.options.over
    size = _number(query, "per_page", 10, 1, most if over == "refuse" else 100)
    if size > most and over == "fail":
        raise RestError("internal_server_error", 500)
    return min(size, most)


def _single(site: Site, kind: str, number: int, query: dict[str, str]) -> Document:
    post = site.find(number)
    if post is None or post.type != kind:
        raise RestError("rest_post_invalid_id", 404)
    if not post.listed:
        raise RestError("rest_forbidden", 401)
    if number in site.options.poison:
        raise RestError("internal_server_error", 500)
    return _json(_fields(post_item(site, post, query), query))


def post_item(site: Site, post: Post, query: dict[str, str]) -> dict[str, Any]:
    """A post as the API shows it; its content is rendered only if somebody asked for it."""
    wanted = query.get("_fields", "content")
    text = content(site, post) if "content" in wanted else ""
    return {
        "id": post.id,
        "date": _naive(post.published, site.options.zone),
        "date_gmt": _naive(post.published, UTC),
        "guid": {"rendered": f"{site.home}/?p={post.id}"},
        "modified": _naive(post.modified, site.options.zone),
        "modified_gmt": _naive(post.modified, UTC),
        "slug": post.slug,
        "status": post.status,
        "type": post.type,
        "link": site.url(post),
        "title": {"rendered": _texturized(post.title)},
        "content": {"rendered": text, "protected": bool(post.password)},
        "excerpt": {"rendered": excerpt(post), "protected": bool(post.password)},
        "author": site.authors[post.author],
        "featured_media": 0,
        "comment_status": "open",
        "sticky": post.sticky,
        "format": "standard",
        "categories": [site.categories[name] for name in post.categories],
        "tags": [site.tags[name] for name in post.tags],
        "_links": {"self": [{"href": f"{rest_root(site)}wp/v2/posts/{post.id}"}]},
    }


def _ordered(posts: list[Post], query: dict[str, str], page: int) -> list[Post]:
    """In the order asked for.

    MySQL breaks ties as it likes, and differently for each page: a walk by ``modified`` (or by
    ``date`` within a filter) repeats some posts and loses others. So it is here.
    """
    order, by = query.get("order", "desc"), query.get("orderby", "date")
    if order not in ("asc", "desc"):
        raise RestError("rest_invalid_param", 400, "order")
    keys: dict[str, Callable[[Post], Any]] = {
        "id": lambda post: post.id,
        "date": lambda post: post.published,
        "modified": lambda post: post.modified,
    }
    if by not in keys:
        raise RestError("rest_invalid_param", 400, "orderby")
    filtered = "modified_after" in query or "categories" in query
    if by == "modified" or (by == "date" and filtered):
        posts = sorted(posts, key=lambda post: post.id * 2654435761 * page % 2**32)
    return sorted(posts, key=keys[by], reverse=order == "desc")


def _filter(site: Site, query: dict[str, str]) -> Callable[[Post], bool]:
    """Whether a post passes ``include``, ``exclude``, ``categories`` and the date bounds.

    Bounds compare the site-local columns, strictly.
    """
    if query.get("status", "publish") != "publish":
        raise RestError("rest_invalid_param", 400, "status")
    include, exclude = _numbers(query, "include"), _numbers(query, "exclude")
    categories = _numbers(query, "categories")
    zone = site.options.zone
    after, before = _bound(query, "after", zone), _bound(query, "before", zone)
    edited_after = _bound(query, "modified_after", zone)
    edited_before = _bound(query, "modified_before", zone)

    def passes(post: Post) -> bool:
        terms = {site.categories[name] for name in post.categories}
        published, modified = _local(post.published, zone), _local(post.modified, zone)
        return (
            (not include or post.id in include)
            and post.id not in exclude
            and (not categories or bool(categories & terms))
            and (after is None or published > after)
            and (before is None or published < before)
            and (edited_after is None or modified > edited_after)
            and (edited_before is None or modified < edited_before)
        )

    return passes


def _bound(query: dict[str, str], name: str, zone: timezone) -> datetime | None:
    """A date bound in site-local time; without an offset it is local already.

    A ``+`` that was not percent-encoded arrives as a blank: an invalid date, as in core.
    """
    if name not in query:
        return None
    try:
        bound = datetime.fromisoformat(query[name])
    except ValueError:
        raise RestError("rest_invalid_param", 400, name) from None
    return bound if bound.tzinfo is None else _local(bound, zone)


def _terms(site: Site, base: str, query: dict[str, str]) -> Document:
    """Categories, tags or users: tables of IDs and names."""
    table = {"categories": site.categories, "tags": site.tags, "users": site.authors}[base]
    asked = _numbers(query, "include")
    size = _number(query, "per_page", 10, 1, 100)
    page = _number(query, "page", 1, 1, 10**9)
    items = [
        {"id": number, "name": name, "slug": str(number), "link": f"{site.home}/{base}/{number}/"}
        for name, number in table.items()
        if not asked or number in asked
    ]
    pages = ceil(len(items) / size)
    if page > 1 and page > pages and items:
        raise RestError("rest_post_invalid_page_number", 400)
    shown = [_fields(item, query) for item in items[(page - 1) * size : page * size]]
    return _json(shown, totals=(len(items), pages))


def _root(site: Site) -> dict[str, Any]:
    routes = ["/", "/wp/v2", "/wp/v2/types", *(f"/wp/v2/{base}" for base in BASES)]
    return {
        "name": site.name,
        "description": site.tagline,
        "url": site.home,
        "home": site.home,
        "gmt_offset": 3.5,
        "timezone_string": "Asia/Tehran",
        "namespaces": ["oembed/1.0", "wp/v2", "wp-site-health/v1"],
        "authentication": [],
        "routes": {route: {"namespace": "wp/v2", "methods": ["GET"]} for route in routes},
    }


def _types(site: Site) -> dict[str, Any]:
    shown = [base for base in BASES if base != "khabar" or site.custom]
    bases = {BASES[base]: base for base in shown} | {kind: kind for kind in PRIVATE_TYPES}
    return {
        kind: {
            "description": "",
            "hierarchical": kind == "page",
            "has_archive": False,
            "name": kind,
            "slug": kind,
            "taxonomies": ["category", "post_tag"] if kind in ("post", "khabar") else [],
            "rest_base": base,
            "rest_namespace": "wp/v2",
        }
        for kind, base in bases.items()
    }


def _fields(item: dict[str, Any], query: dict[str, str]) -> dict[str, Any]:
    """Only what ``_fields`` names; ``title.rendered`` names a part of a field."""
    if "_fields" not in query:
        return item
    chosen: dict[str, Any] = {}
    for name in query["_fields"].split(","):
        outer, _, inner = name.strip().partition(".")
        if outer in item and not inner:
            chosen[outer] = item[outer]
        elif outer in item and inner in item[outer]:
            chosen.setdefault(outer, {})[inner] = item[outer][inner]
    return chosen


def _number(query: dict[str, str], name: str, default: int, least: int, most: int) -> int:
    value = query.get(name, str(default))
    if not value.isdecimal() or not least <= int(value) <= most:
        raise RestError("rest_invalid_param", 400, name)
    return int(value)


def _numbers(query: dict[str, str], name: str) -> set[int]:
    parts: Iterator[str] = (part for part in query.get(name, "").split(",") if part)
    try:
        return {int(part) for part in parts}
    except ValueError:
        raise RestError("rest_invalid_param", 400, name) from None


def _local(moment: datetime, zone: timezone) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None)


def _naive(moment: datetime, zone: timezone) -> str:
    return moment.astimezone(zone).strftime("%Y-%m-%dT%H:%M:%S")


def _texturized(title: str) -> str:
    return title.replace("&", "&#038;")


def _json(data: Any, status: str = "200 OK", totals: tuple[int, int] | None = None) -> Document:
    """JSON as PHP writes it: ASCII, slashes escaped."""
    headers = [("X-Robots-Tag", "noindex"), ("X-Content-Type-Options", "nosniff")]
    if totals is not None:
        headers += [("X-WP-Total", str(totals[0])), ("X-WP-TotalPages", str(totals[1]))]
    body = json.dumps(data, separators=(",", ":")).replace("/", "\\/").encode()
    return Document(body, status, "application/json; charset=UTF-8", tuple(headers))
