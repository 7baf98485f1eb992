"""Finds the headline, without the site's name.

These are tried in order: REST's title, the elements with a headline's name (main_content.toml),
JSON-LD, `og:title`, `<title>`. Such an element is believed if the page's own metadata repeats it:
in many themes the first `h1` is the site's logo. If a theme puts a kicker, a subtitle or a share
button into the headline's element, the part that the metadata repeats is the headline.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Set
from functools import cache

from archive.text.fold import squash
from scraper.cleaning import rules
from scraper.cleaning.boilerplate.by_name import Boilerplate
from scraper.cleaning.boilerplate.name_rule import words_of
from scraper.cleaning.html.document import Document, Element
from scraper.cleaning.html.head import Head
from scraper.cleaning.html.json_ld import ARTICLE_TYPES, JsonLd, string_of
from scraper.cleaning.markup.inline_marks import raised
from scraper.cleaning.markup.seams import joined, line_of, pieces_of
from scraper.cleaning.repair import line

SEPARATORS = re.compile(r"\s+[-–—|»«•·:›‹/\\]+\s+|\s*\|\s*|\s+::\s+|\s*[»›]\s*")
_TAG = re.compile(r"<[^<>]+>")
_BREAK = re.compile(r"<(?:br|/?p|/?div)\b[^<>]*>", re.IGNORECASE)
_RAISED = re.compile(r"<(su[bp])\b[^<>]*>([^<>]{1,12})</su[bp]>", re.IGNORECASE)
_LONGEST = 400
_PIECES = 24
_WORDED = 6
_MAIN = 0.4


class Headline:
    """The title as plain text, and the element that it stands in; None for what is not known."""

    def __init__(self, text: str | None, element: Element | None = None) -> None:
        self.text = text
        self.element = element


def find(
    page: Document,
    head: Head,
    graph: JsonLd,
    boilerplate: Boilerplate,
    names: list[str],
    rest: str | None,
) -> Headline:
    """The page's headline; `names` are the site's own, `rest` is REST's `title.rendered`."""
    told = [strip_site(text, names) for text in _told(head, graph) if text]
    if rest and (text := plain(rest)):
        told = [text]
    wanted = [squash(text) for text in told if text]
    # If the site's name is not known, it stands beside the headline in <title>.
    parts = frozenset((*wanted, *map(squash, SEPARATORS.split(head.title))))
    first: Element | None = None
    for element in _elements(page, boilerplate, names):
        # A subhead may begin as the headline does.
        least = 0.5 if element.tag in ("h2", "h3") else 0.0
        text = _part(element, parts) or _without_extras(element, boilerplate)
        if _agrees(squash(text), wanted, least):
            return Headline(told[0] if rest else text, element)
        if first is None and element.tag == "h1":
            first = element
    if first is not None and not rest and (not told or _looks_like_headline(page, first)):
        return Headline(_part(first, parts) or _without_extras(first, boilerplate), first)
    return Headline(told[0] if told else None)


def placed(headline: Headline, element: Element | None, rest: str | None) -> Headline:
    """`headline` in the `element` where the site's other pages have theirs.

    What stands there is all of the title: what the head of the page has before or behind it is
    the name of a site that tells its name nowhere.
    """
    if element is None:
        return headline
    shown, told = line_of(element), headline.text or ""
    parts = (told[part] for c in SEPARATORS.finditer(told) for part in _around(c))
    is_part = bool(squash(shown)) and squash(shown) in map(squash, parts)
    return Headline(shown if is_part and not rest else headline.text, element)


def _around(cut: re.Match[str]) -> tuple[slice, slice]:
    """What stands before a separator, and what behind it."""
    return slice(cut.start()), slice(cut.end(), None)


def plain(title: str) -> str:
    """A title as listings give it, without markup and entities, on one line."""
    if "<" in title:
        title = _RAISED.sub(lambda found: raised(found[2], found[1].lower()), title)
        title = _TAG.sub("", _BREAK.sub(" ", title))
    return line(html.unescape(title))


def without_prefix(title: str, kind: str) -> str:
    """`title` without the word that get_the_title() of WordPress puts before those of `protected`
    or `private` posts (fields.toml). `kind` is one of these.

    >>> without_prefix("حفاظت شده: جدول پخش", "protected")
    'جدول پخش'
    """
    word, colon, rest = title.partition(":")
    known = map(squash, rules.load("fields/fields")["prefix"][kind])
    return rest.strip() if colon and rest.strip() and squash(word) in known else title


def strip_site(text: str, names: list[str]) -> str:
    """`text` without the site's name before or after it.

    >>> strip_site("باران در راه است - خبر نمونه", ["خبر نمونه"])
    'باران در راه است'
    """
    known = {squash(name) for name in names if len(name) <= _LONGEST and squash(name)}
    # What is longer is no name; a title with very many separators is not read once for each.
    parts = list(SEPARATORS.finditer(text))
    for cut in parts if known else ():
        if len(text) - cut.end() > _LONGEST:
            continue
        if squash(text[cut.end() :]) in known and squash(text[: cut.start()]):
            return text[: cut.start()].strip()
    for cut in reversed(parts) if known else ():
        if cut.start() > _LONGEST:
            continue
        if squash(text[: cut.start()]) in known and squash(text[cut.end() :]):
            return text[cut.end() :].strip()
    return text.strip()


def _told(head: Head, graph: JsonLd) -> list[str]:
    """The titles of the page in its metadata, the best first."""
    articles = [string_of(node.get("headline")) for node in graph.of_type(ARTICLE_TYPES)]
    metas = [head.first("og:title"), head.first("twitter:title", "dc.title", "citation_title")]
    texts = [*articles[:1], *metas, head.title]
    return [line(html.unescape(text)) for text in texts if text]


def _elements(page: Document, boilerplate: Boilerplate, names: list[str]) -> Iterator[Element]:
    """The elements that may be the headline, the best first, without the site's names and those of
    other posts."""
    known = {squash(name) for name in names} | {""}
    seen: set[Element] = set()
    for element in page.find_any((*rules.load("content/main_content")["title"], "h2", "h3")):
        if element in seen or boilerplate.is_foreign(element):
            continue
        seen.add(element)
        text = line_of(element)
        if len(text) <= _LONGEST and squash(text) not in known:
            yield element


def _part(element: Element, wanted: Set[str]) -> str | None:
    """The longest part of a headline's element that the metadata (`wanted`, squashed) repeats; None
    if they repeat all of it, or nothing."""
    pieces = pieces_of(element)
    if not 1 < len(pieces) <= _PIECES or squash(joined(pieces)) in wanted:
        return None
    keys = [squash(piece.text) for piece in pieces]
    found = [
        (first, end)
        for first in range(len(keys))
        for end in range(first + 1, len(keys) + 1)
        if len(key := "".join(keys[first:end])) >= _WORDED and key in wanted
    ]
    if not found:
        return None
    first, end = max(found, key=lambda span: len("".join(keys[span[0] : span[1]])))
    return joined(pieces[first:end])


def _without_extras(element: Element, boilerplate: Boilerplate) -> str:
    """A headline without the kicker, the subtitle, the counter or the button in its element, as far
    as these are known by their classes."""
    if not len(element):
        return line_of(element)
    passed = {
        part
        for part in element.iterdescendants()
        if part in boilerplate.matched or any(map(_is_beside, part.get("class", "").split()))
    }
    whole = line_of(element)
    left = line_of(element, passed) if passed else whole
    return left if len(left) >= _MAIN * len(whole) else whole


@cache
def _is_beside(token: str) -> bool:
    words = frozenset(rules.load("fields/fields")["beside_title"])
    return not words.isdisjoint((*words_of(token), token.replace("-", "").replace("_", "").lower()))


def _agrees(text: str, wanted: list[str], least: float) -> bool:
    """Whether `text` begins one of `wanted`, or begins with it; both squashed. A beginning must
    have more than 12 characters, and more than the share `least` of the title."""
    return any(
        text == other
        or (len(text) > max(12, least * len(other)) and other.startswith(text))
        or (len(other) > 12 and text.startswith(other.removesuffix("…")))
        for other in wanted
    )


def _looks_like_headline(page: Document, element: Element) -> bool:
    """Whether an `h1` that the metadata do not repeat is the headline all the same: it has a class
    for it, or is the only one and no logo. SEO titles often differ from the headline."""
    if len(page.tags["h1"]) == 1 and not _is_logo(element):
        return True
    return element in set(page.find_any(rules.load("content/main_content")["title"][:13]))


def _is_logo(element: Element) -> bool:
    for above in (element, *element.iterancestors()):
        names = f"{above.get('class', '')} {above.get('id', '')}".lower()
        if "site-title" in names or "logo" in names or "site-branding" in names:
            return True
    return False
