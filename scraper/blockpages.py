"""Blocks: something else answers in place of the site. `recognise` sees that and names it.

    >>> recognise(b"<title>Just a moment...</title>").name
    'a browser check'

The rules are data, in `blockpages.toml`, each with its source. A crawl asks about every answer, to
requests for listings too; cleaning asks about every page, also about one from a file.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from archive.text.fold import fold
from archive.text.markup import LONGEST_TITLE, unescaped

# None of these looks twice at a byte for long: a page of unclosed tags would hold up all sites.
_TITLE = re.compile(rb"<title[^<>]*>([^<]*)", re.I)
_SINGLE = re.compile(rb"<body[^<>]*\bclass=[\"'][^\"'>]*\bsingle\b", re.I)
# What WordPress's SEO plugins write on the page of an article, and on no other.
_DESCRIBED = re.compile(
    rb"[\"']@type[\"']\s{0,9}:\s{0,9}(?:\[[^\]<>]{0,120}?)?[\"'](?:https?:\\?/\\?/schema\.org\\?/)?"
    rb"(?:[A-Za-z]{0,30}Article|(?:LiveB|B)logPosting)[\"']"
    rb"|itemtype=[\"']https?://schema\.org/(?:[A-Za-z]{0,30}Article|BlogPosting)"
    rb"|article:published_time|[\"']og:type[\"'] content=[\"']article|[\"' ]postid-\d"
)
_UNSEEN = re.compile(
    rb"<(script|style|template|title)\b.*?(?:</\1|\Z)|<!--.*?(?:-->|\Z)|<[^<>]*>|\s+", re.I | re.S
)
# Block pages are small: a larger page is not searched for what a reader would see.
_LARGEST = 256 * 1024


@dataclass(frozen=True, slots=True)
class BlockPage:
    """A block by name (`ArvanCloud's browser check`), its kind, and what can be done."""

    name: str
    kind: str
    advice: str


@dataclass(frozen=True, slots=True)
class JudgedAnswer:
    """What a rule looks at. `headers` have lower-case names; a page from a file has no headers and
    no status. `title` is folded. `loops` tells that its redirect leads back to itself, since a
    cookie was not sent."""

    body: bytes
    title: str
    status: int | None
    headers: Mapping[str, str]
    loops: bool


class BlockRule:
    """One rule of blockpages.toml."""

    def __init__(self, table: dict[str, Any], block: BlockPage) -> None:
        self.block = block
        self._status = table.get("status", ())
        self._headers = [_split(line) for line in table.get("header", ())]
        self._location = table.get("location", ())
        self._titles = [fold(title) for title in table.get("title", ())]
        self._marks = [mark.encode() for mark in table.get("body", ())]
        self._without = [mark.encode() for mark in table.get("without", ())]
        self._loops = table.get("loops", False)
        conditions = (self._status, self._headers, self._location, self._loops)
        self.of_the_page_alone = not any(conditions)

    def holds(self, answer: JudgedAnswer) -> bool:
        """Whether all conditions of the rule hold for `answer`."""
        return (
            (not self._status or answer.status in self._status)
            and (not self._loops or answer.loops)
            and (not self._headers or _has(answer, self._headers))
            and (not self._location or _leads(answer, self._location))
            and (not self._titles or any(map(answer.title.startswith, self._titles)))
            and (not self._marks or any(mark in answer.body for mark in self._marks))
            and not any(mark in answer.body for mark in self._without)
        )


def recognise(
    body: bytes,
    status: int | None = None,
    headers: Mapping[str, str] | None = None,
    *,
    loops: bool = False,
) -> BlockPage | None:
    """The block that answered with `body`; None if the site itself answered. `loops` tells that
    a redirect leads back to itself, since a cookie was not sent.

    >>> recognise(b"", 403, {"server": "ArvanCloud"}).kind
    'geo'
    """
    rules, most = _rules()
    found = _TITLE.search(body, 0, _LARGEST)
    title = fold(unescaped(found[1].decode("utf-8", "replace")[:LONGEST_TITLE])) if found else ""
    answer = JudgedAnswer(body, title, status, headers or {}, loops)
    plain = _may_be_plain(answer)
    for rule in rules:
        if rule.of_the_page_alone and not plain:
            continue
        if rule.holds(answer) and not (rule.of_the_page_alone and _seen(body) >= most):
            return rule.block
    return None


def _may_be_plain(answer: JudgedAnswer) -> bool:
    """Whether the page could be a block: it is HTML, not large, and not the page of a post or of an
    article that its metadata describe."""
    kind = answer.headers.get("content-type", "text/html")
    return (
        "html" in kind.lower()
        and len(answer.body) <= _LARGEST
        and not _SINGLE.search(answer.body)
        and not _DESCRIBED.search(answer.body)
    )


def _seen(body: bytes) -> int:
    """The approximate number of characters that a reader of the page sees."""
    return len(_UNSEEN.sub(b"", body).decode("utf-8", "replace"))


@cache
def _rules() -> tuple[list[BlockRule], int]:
    table = tomllib.loads(files(__package__).joinpath("blockpages.toml").read_text("utf-8"))
    rules = []
    for entry in table["block"]:
        advice = table["advice"][entry["kind"]]
        rules.append(BlockRule(entry, BlockPage(entry["name"], entry["kind"], advice)))
    return rules, table["most"]


def _split(header: str) -> tuple[str, str]:
    name, _, text = header.partition(": ")
    return name, text


def _has(answer: JudgedAnswer, headers: list[tuple[str, str]]) -> bool:
    """Whether one of these headers is there with the text that it must contain."""
    return any(
        name in answer.headers and text in answer.headers[name].lower() for name, text in headers
    )


def _leads(answer: JudgedAnswer, parts: list[str]) -> bool:
    target = answer.headers.get("location", "")
    return any(part in target for part in parts)
