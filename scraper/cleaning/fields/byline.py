"""Finds the authors: their display names, never a login name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from itertools import chain, islice

from archive.text.fold import fold, squash
from scraper.cleaning import rules
from scraper.cleaning.boilerplate.by_name import Boilerplate
from scraper.cleaning.boilerplate.links import is_filing
from scraper.cleaning.fields import byline_label
from scraper.cleaning.fields.neighbours import Neighbours
from scraper.cleaning.fields.persons import are_persons, is_person, is_sentence, parted
from scraper.cleaning.fields.title import strip_site
from scraper.cleaning.html.document import Document, Element, length_of, text_of
from scraper.cleaning.html.head import Head
from scraper.cleaning.html.json_ld import JsonLd, Node, string_of
from scraper.cleaning.html.site_names import own_names
from scraper.cleaning.markup.seams import line_of, lines_of
from scraper.cleaning.repair import line

_LABEL = re.compile(
    r"^(?:نویسنده|خبرنگار|گزارشگر|(?:نوشته|منتشر|ارسال|درج)(?:\s?شده)?(?: توسط)?|توسط|به قلم|از|by"
    r"|author)\s*[:：]?\s+",
    re.IGNORECASE,
)
# The day that a theme writes behind a name: «سارا نمونه | ۲۹ آبان ۱۴۰۵».
_DAY = re.compile(r"\s*(?:[/|•·–—]|\s-\s)[^/|•·–—]*\d.*$")
# Words of a link to an author's other posts.
_CALL = re.compile("ببینید|بخوانید|همه نوشته|view all|all posts|posts by")
_LOGIN = re.compile(r"[a-z0-9._@-]+$|[A-Za-z._-]+\d+$")
# Whom WordPress and its plugins put in an author's place. Squashed.
_NOBODY = re.compile(
    r"(?:(?:super|wp|web|site)?(?:admin(?:istrator)?|master)\d*|root|(?:guest)?user\d*|editor|guest(?:author)?"
    r"|(?:مدیر(?:یت)?|ادمین|راهبر|کاربر|نویسنده)(?:سایت|وبسایت|پورتال|کل|سیستم|محتوا|مهمان|پایگاه|خبر|\d+)?"
    r"|وبمستر)$"
)
_WRITTEN_BY = frozenset(
    squash(label) for label in ("Written by", "نوشته شده توسط", "نویسنده", "نوشته‌شده به‌دست")
)
_LONGEST = 80
# The longest line, in characters, in which a theme has several authors.
_LINE = 200
_ARCHIVED = 4
_BOXED = 4
_NEAR = 3
# A page with more of them is a list of something else.
_MOST = 50


def find(
    page: Document,
    head: Head,
    graph: JsonLd,
    boilerplate: Boilerplate,
    neighbours: Neighbours,
    node: Node | None,
    names: list[str],
) -> tuple[str, ...]:
    """The display names of the authors, from the first source that has some; empty rather than a
    login name or one of `names`, the site's own."""
    known = own_names(names)
    sites = {squash(name) for name in known}
    for texts in _rungs(page, head, graph, boilerplate, neighbours, node):
        said = [strip_site(text, known) for text in texts]
        found = dict.fromkeys(
            name for text in said for part in parted(text) if (name := _name(part, sites))
        )
        if found:
            return tuple(found)
    return ()


def _rungs(
    page: Document,
    head: Head,
    graph: JsonLd,
    boilerplate: Boilerplate,
    neighbours: Neighbours,
    node: Node | None,
) -> Iterator[list[str]]:
    yield _linked(graph, node)
    for selector in rules.load("fields/fields")["byline"]:
        own = [
            element
            for element in page.find(selector)[:_MOST]
            if not neighbours.is_anothers(element)
            and not boilerplate.is_under(element, "author box")
            and not (neighbours.is_behind(element) and neighbours.is_beside_prose(element))
        ]
        lines = cache(line_of)
        for number, element in enumerate(own):
            beside = [other for other in own[number + 1 :] if _are_beside(element, other, lines)]
            yield [text for one in (element, *beside) for text in _said(one)]
    yield _labelled(head)
    yield _archived(page, neighbours)
    yield from byline_label.found(page, neighbours)
    yield from _plainly_named(page, neighbours)
    for selector in rules.load("fields/fields")["author_box"]:
        own = [e for e in page.find(selector)[:_MOST] if not neighbours.is_anothers(e)]
        yield [text for one in own[:_BOXED] for text in _said(one)]
    yield head.lists.get("author", []) + head.lists.get("article:author", [])


def _linked(graph: JsonLd, node: Node | None) -> list[str]:
    if node is None:
        return []
    values = graph.resolve(node.get("author") or node.get("creator") or [])
    return [text for value in values if (text := string_of(value))]


def _said(element: Element) -> list[str]:
    """The names in a byline: its first line that is no sentence, and further lines that are only
    names of persons."""
    if content := element.get("content"):
        return [content]
    lines = [text for text in lines_of(element) if not _LABEL.fullmatch(f"{text} ")]
    named = [text for text in lines if not is_sentence(text)] or lines
    return [*named[:1], *(text for text in named[1:] if are_persons(text))]


def _are_beside(one: Element, other: Element, lines: Callable[[Element], str]) -> bool:
    """Whether two names stand in one line or one list."""
    above, others = one.getparent(), other.getparent()
    for _ in range(_NEAR):
        if above is None or others is None:
            return False
        if above is others:
            return len(lines(above)) <= _LINE
        above, others = above.getparent(), others.getparent()
    return False


def _archived(page: Document, neighbours: Neighbours) -> list[str]:
    """The persons whose archives (`/author/NAME/`) are linked above the article's text."""
    found = []
    for link in neighbours.region_of(page).iter("a"):
        if not is_filing(link.get("href", ""), "author"):
            continue
        if (
            neighbours.is_in_text(link)
            or neighbours.is_behind(link)
            or neighbours.is_anothers(link)
        ):
            continue
        found += [name for name in lines_of(link) if are_persons(name)]
    return found if len(found) <= _ARCHIVED else []


def _plainly_named(page: Document, neighbours: Neighbours) -> Iterator[list[str]]:
    """Names of persons above the text, under a class that other things have, too, or beside the
    icon of a person."""
    fields = rules.load("fields/fields")
    named = page.find_any(fields["byline_plain"])
    beside = (icon.getparent() for icon in page.find_any(fields["byline_icon"]))
    for element in islice(chain(named, beside), _MOST):
        if element is None or length_of(text_of(element)) > _LONGEST:
            continue
        if neighbours.is_in_text(element) or neighbours.is_behind(element):
            continue
        if neighbours.is_own(element):
            plain = (_LABEL.sub("", text) for text in _said(element))
            yield [name for text in plain for name in parted(text) if is_person(name)]


def _labelled(head: Head) -> list[str]:
    """The author in Yoast's Twitter card, behind its label «Written by»."""
    label = squash(head.first("twitter:label1") or "")
    return [head.first("twitter:data1") or ""] if label in _WRITTEN_BY else []


def _name(text: str, sites: set[str]) -> str | None:
    name = _DAY.sub("", _LABEL.sub("", line(text))).strip(" ,،:|-–")
    plain = squash(name)
    if not plain or len(name) > _LONGEST or _NOBODY.match(plain) or plain in sites:
        return None
    if _LOGIN.match(name) or _CALL.search(fold(name)) or "://" in name or "@" in name:
        return None
    return name
