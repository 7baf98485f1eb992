"""One parsed page with an index of its elements, so that no later step searches the whole tree."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from typing import NamedTuple, cast

from lxml import etree, html

from archive.errors import NotAnArticle
from archive.outcomes import Reason
from archive.text.fold import remembered
from scraper.cleaning.html import control_characters
from scraper.cleaning.html.deep_nesting import flattened

Element = etree._Element
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))

# lxml.html's own parser calls Python to choose the class of every element; one class is faster.
_CLASSES = etree.ElementDefaultClassLookup(element=html.HtmlElement)
# The selector under which an element with one of these attributes is found.
_FORMS = {
    "id": "#{}",
    "itemprop": "[itemprop={}]",
    "role": "[role={}]",
    "style": "[style]",
    "hidden": "[hidden]",
}
# HTML may leave out these tags. Who leaves out the one at the end on purpose (a program that makes
# pages small) leaves out the one of the head, too; else the page was cut.
_HEAD_ENDS = re.compile(rb"</head[\s>]", re.IGNORECASE)
_PAGE_ENDS = re.compile(rb"</(?:body|html)[\s>]", re.IGNORECASE)


class _Part(NamedTuple):
    """One simple selector: a tag, a token with its mark, or both; `more` are further classes."""

    tag: str
    token: str
    more: tuple[str, ...] = ()


class _Path(NamedTuple):
    """A selector: the ancestor, if it names one, and the element itself. Without the token
    `needed`, if it has one, it names nothing on a page."""

    needed: str
    outer: _Part | None
    inner: _Part


@cache
def _paths(selectors: tuple[str, ...]) -> tuple[_Path, ...]:
    return tuple(map(_path, selectors))


@cache
def _path(selector: str) -> _Path:
    before, _, last = selector.rpartition(" ")
    outer, inner = (_part(before) if before else None), _part(last)
    return _Path(inner.token or (outer.token if outer else ""), outer, inner)


def _part(selector: str) -> _Part:
    for mark in ".#[":
        tag, found, name = selector.partition(mark)
        if found and mark == ".":
            first, *more = (f".{token}" for token in name.split("."))
            return _Part(tag, first, tuple(more))
        if found:
            return _Part(tag, selector[len(tag) :])
    return _Part(selector, "")


@remembered
def _of_class(value: str) -> tuple[str, ...]:
    """The tokens of a class attribute."""
    return tuple(f".{token}" for token in value.split())


class Document:
    """A page's tree with all its elements by tag, class, ID, `itemprop` and `rel`.

    `find` understands as much of CSS as the rules need: `tag`, `.class`, `#id`, `tag.class`,
    `.class.class`, `[itemprop=name]`, `[rel=name]`, `[role=name]`, `[style]`, `[hidden]`, and two
    of them with a blank between them for "inside". `cut`: the parser stopped at its depth limit, so
    the end of the page is missing. `stray`: a `</div>` closes what was not open. `unended`: the
    page came without its end.
    """

    def __init__(self, source: bytes) -> None:
        """`source` is the page in UTF-8. Raises `NotAnArticle` if there is no element in it."""
        source = control_characters.without(source)
        # libxml2 stops at 256 levels; with huge_tree, which takes longer, at 2048.
        root, errors = _parsed(source, huge=False)
        if "ERR_RESOURCE_LIMIT" in errors:
            deep, errors = _parsed(source, huge=True)
            root = flattened(deep) if deep is not None else root
        self.cut = "ERR_RESOURCE_LIMIT" in errors
        self.unended = not _has_end(source) and _HEAD_ENDS.search(source) is not None
        self.stray = "Unexpected end tag : div" in errors
        if root is None:
            raise NotAnArticle(Reason.EMPTY, "no element in it")
        self.root: Element = root
        self._index()
        if "body" not in self.tags:
            # Else the title in its head would be taken for its text.
            raise NotAnArticle(Reason.EMPTY, "it has a head and nothing else")

    def _index(self) -> None:
        self.position: dict[Element, int] = {}
        self.tags: dict[str, list[Element]] = defaultdict(list)
        self.tokens: dict[str, list[Element]] = defaultdict(list)
        position, tags, tokens = self.position, self.tags, self.tokens
        # A page has the same class attribute many times.
        classes: dict[str, list[list[Element]]] = {}
        items = cast("Callable[[Element], list[tuple[str, str]]]", etree._Element.items)
        for number, element in enumerate(self.root.iter(etree.Element)):
            position[element] = number
            tags[element.tag].append(element)
            for name, value in items(element):
                if name == "class":
                    if (named := classes.get(value)) is None:
                        named = classes[value] = [tokens[token] for token in _of_class(value)]
                    for holders in named:
                        holders.append(element)
                elif form := _FORMS.get(name):
                    tokens[form.format(value)].append(element)
                elif name == "rel":
                    for token in value.split():
                        tokens[f"[rel={token}]"].append(element)

    def find(self, selector: str) -> list[Element]:
        """All elements that `selector` names, in page order, each once."""
        needed, outer, inner = _path(selector)
        return self._found(outer, inner) if not needed or needed in self.tokens else []

    def _found(self, outer: _Part | None, inner: _Part) -> list[Element]:
        if outer is None:
            return self._simple(inner)
        holders = self._simple(outer)
        if not inner.token:
            inside = (e for holder in holders for e in holder.iterdescendants(inner.tag))
            return list(dict.fromkeys(inside))
        found = self._simple(inner) if holders else []
        within = {e for holder in holders for e in holder.iterdescendants()} if found else set()
        return [element for element in found if element in within]

    def _simple(self, part: _Part) -> list[Element]:
        tag, token, more = part
        if not token:
            return self.tags.get(tag, [])
        found = self.carrying((token, *more)) if more else self.tokens.get(token, [])
        return [element for element in found if element.tag == tag] if tag else found

    def carrying(self, tokens: Sequence[str]) -> list[Element]:
        """All elements that have every one of `tokens` (`.class`, `#id`), in page order."""
        first, *others = sorted((self.tokens.get(token, []) for token in tokens), key=len)
        return [e for e in first if all(e in held for held in others)]

    def find_any(self, selectors: Iterable[str]) -> Iterator[Element]:
        """What the selectors name: all of the first one, then all of the second, and so on."""
        tokens = self.tokens
        for needed, outer, inner in _paths(tuple(selectors)):
            # A page has few of the names that themes use, so most selectors end here.
            if not needed or needed in tokens:
                yield from self._found(outer, inner)


def _has_end(source: bytes) -> bool:
    """Whether a page has `</body>` or `</html>`; nearly all write it in small letters, and at their
    end: there it is found many times faster."""
    small = source.rfind(b"</body>") >= 0 or source.rfind(b"</html>") >= 0
    return small or _PAGE_ENDS.search(source) is not None


def _parsed(source: bytes, huge: bool) -> tuple[Element | None, set[str]]:
    """The tree of `source`, and the errors the parser met: names and messages."""
    parser = etree.HTMLParser(
        encoding="utf-8",
        remove_comments=True,
        remove_pis=True,
        huge_tree=huge,
        collect_ids=False,
    )
    parser.set_element_class_lookup(_CLASSES)
    root = etree.fromstring(source, parser)
    return root, {told for entry in parser.error_log for told in (entry.type_name, entry.message)}


def text_of(element: Element) -> str:
    """All text inside an element, as it stands in the page."""
    if not len(element):
        return element.text or ""
    return etree.tostring(element, encoding="unicode", method="text", with_tail=False)


def link_text_of(element: Element) -> str:
    """The text inside an element that is link text."""
    if element.tag == "a":
        return text_of(element)
    return "".join(text_of(link) for link in element.iter("a"))


def holds_only(element: Element, text: str) -> bool:
    """Whether an element has no other text than `text`, white space at the ends aside.

    It reads no further than the first letter too many: the element may be the whole page.
    """
    longest, length = length_of(text), 0
    pieces: list[str] = []
    for piece in map(str, element.itertext()):
        length += length_of(piece)
        if length > longest:
            return False
        pieces.append(piece)
    return "".join(pieces).strip() == text.strip()


def length_of(text: str) -> int:
    """How many characters a text has without its white space: indentation must not count."""
    return len("".join(text.split()))


def weight_of(element: Element) -> int:
    """How many characters of text an element holds that are neither link text nor white space."""
    return length_of(text_of(element)) - length_of(link_text_of(element))


def remove(element: Element) -> None:
    """Take an element out of its tree; the text behind it stays."""
    parent = element.getparent()
    if parent is None:
        return
    if tail := element.tail:
        previous = element.getprevious()
        if previous is None:
            parent.text = (parent.text or "") + tail
        else:
            previous.tail = (previous.tail or "") + tail
    parent.remove(element)
