"""What a page's head says (meta names, links, title), and the classes of its body."""

from __future__ import annotations

import re
from urllib.parse import unquote, urljoin, urlsplit

from archive.text.type_name import is_type_name
from scraper.cleaning.html.document import Document, Element, text_of
from scraper.cleaning.repair import line

_POST_CLASS = re.compile(r"(?:postid|single-postid)-([0-9]{1,18})$")
_POST_ID = re.compile(r"post-([0-9]{1,18})$")
_ID = re.compile("[0-9]{1,18}")
_SHORTLINK = re.compile(r"[?&]p=([0-9]{1,18})(?:&|$)")
_REST_LINK = re.compile(r"/wp/v2/([\w-]+)/([0-9]{1,18})/?$")
_REST_BASES = {"posts": "post", "pages": "page", "media": "attachment"}
_NOT_A_TYPE = re.compile(r"(?:format-|postid-|paged-|author$|template|sidebar|post-layout)")


class Head:
    """`meta` has the first content of every meta name (`name` or `property`, in the page's head
    also `itemprop`; in lower case), `lists` all contents. `links` has the addresses of the links
    `canonical` and `shortlink`, `rest` the route and the ID in the link to the post in REST
    (`posts`, 123)."""

    def __init__(self, page: Document) -> None:
        self.meta: dict[str, str] = {}
        self.lists: dict[str, list[str]] = {}
        for element in page.tags["meta"]:
            name = element.get("property") or element.get("name") or _property(element)
            # Some themes write `value` instead of `content`.
            content = element.get("content") or element.get("value")
            if name and content and content.strip():
                self.meta.setdefault(name.lower(), content)
                self.lists.setdefault(name.lower(), []).append(line(content))
        titles = page.tags["title"]
        self.title = line(text_of(titles[0])) if titles else ""
        bodies = page.tags["body"]
        self.body_classes = frozenset(bodies[0].get("class", "").split() if bodies else ())
        self.body_id = bodies[0].get("id", "") if bodies else ""
        self.links = {
            rel: element.get("href", "").strip()
            for rel in ("canonical", "shortlink")
            for element in page.find(f"[rel={rel}]")
            if element.get("href")
        }
        self.language = page.root.get("lang")
        self.rest = _rest_link(page)
        # The form is emptied later, as all controls are.
        self._commented = _commented(page)

    def first(self, *names: str) -> str | None:
        """The content of the first of these meta names that the page has, on one line."""
        return next((line(self.meta[name]) for name in names if name in self.meta), None)

    def post_id(self, page: Document) -> int | None:
        """The post's ID by the first of these that has it: the body class `postid-N`, the
        shortlink, the link to REST, the form for comments, the only `article#post-N`."""
        for token in self.body_classes:
            if found := _POST_CLASS.match(token):
                return int(found[1])
        if found := _SHORTLINK.search(self.links.get("shortlink", "")):
            return int(found[1])
        if self.rest:
            return self.rest[1]
        if len(self._commented) == 1:
            return min(self._commented)
        ids = {found[1] for e in page.tags["article"] if (found := _POST_ID.match(e.get("id", "")))}
        return int(ids.pop()) if len(ids) == 1 else None

    def post_type(self) -> str | None:
        """The post's type as body_class() and the REST link name it: `post`, `news`, …"""
        for token in sorted(self.body_classes):
            name = token.removeprefix("single-")
            if name != token and is_type_name(name) and not _NOT_A_TYPE.match(name):
                return name
        return _REST_BASES.get(self.rest[0]) if self.rest else None

    def address(self, url: str | None) -> str | None:
        """The article's address: the canonical link if it may be this page's, else `url`. A page
        in a file has perhaps only `og:url`."""
        canonical = self.links.get("canonical", "") or (
            self.meta.get("og:url", "") if not url else ""
        )
        try:
            found = urlsplit(urljoin(url or "", canonical)) if canonical else None
            asked = urlsplit(url or "")
        except ValueError:
            return url
        if found is None or found.scheme not in ("http", "https") or not found.netloc:
            return url
        # Some themes name the home page, or another host, on every page.
        if url and (found.path in ("", "/") and not found.query and asked.path not in ("", "/")):
            return url
        if url and found.netloc.removeprefix("www.") != asked.netloc.removeprefix("www."):
            return url
        return found.geturl()


def _property(element: Element) -> str | None:
    """The `itemprop` of a `meta` in the page's head. Further down it may be another post's."""
    above = element.getparent()
    return element.get("itemprop") if above is not None and above.tag == "head" else None


def _rest_link(page: Document) -> tuple[str, int] | None:
    for element in page.find("[rel=alternate]"):
        if "json" in element.get("type", "") and "oembed" not in element.get("type", ""):
            found = _REST_LINK.search(unquote(element.get("href", "")))
            if found:
                return found[1], int(found[2])
    return None


def _commented(page: Document) -> set[int]:
    """The IDs of the posts that the forms for comments of WordPress are for."""
    fields = (e for e in page.tags["input"] if e.get("name") == "comment_post_ID")
    return {int(number) for e in fields if _ID.fullmatch(number := e.get("value", ""))}
