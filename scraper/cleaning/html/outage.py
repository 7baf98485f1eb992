"""Recognises pages that stand in an article's place while a site is broken, closed or moved.

Examples are a database error, a fatal error of PHP, a maintenance plugin's page and a host's
default page. Caches send them with status 200 at every address. The rules are data, in
outages.toml.

The title that a listing gave is a sign, too: a small page is not that post if it has no container
with an article and at most a third of the title's words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from functools import cached_property

from archive.errors import NotAnArticle
from archive.model import Hints
from archive.outcomes import Reason
from archive.text.fold import squash
from scraper.cleaning import rules
from scraper.cleaning.fields.title import SEPARATORS, plain
from scraper.cleaning.html.document import Document, Element, length_of, link_text_of, text_of
from scraper.cleaning.html.head import Head
from scraper.cleaning.html.outage_rule import (
    Outage,
    goes_on,
    has_facts,
    login_titles,
    outages,
    without_opener,
    words_of,
)

_SILENT = ("script", "style", "noscript", "template", "title")
_LINKED = (*_SILENT, "a")
_AROUND, _HEADINGS = frozenset(("form", "footer", "header", "nav", "aside")), 3
_LARGEST = 20_000
_ENOUGH = 25
_PARAGRAPH, _PARAGRAPHS = 50, 3
# PHP's own format (main/main.c: php_error_cb), as a reader sees it, perhaps with a stack trace.
_PHP = re.compile(
    r"(?:PHP )?(?P<kind>(?:Recoverable |Catchable )?[Ff]atal error|Parse error|Warning|Notice"
    r"|Deprecated|Strict Standards)\s*:\s.{1,3000}?\son line\s+\d+",
    re.DOTALL,
)
_FATAL = ("fatal error", "parse error")
# Every message of PHP has one of these words.
_PHP_WORDS = ("error", "Warning", "Notice", "Deprecated", "Standards")
_ARABIC = re.compile("[\u0600-\u06ff]")
_SHOWN = 1 / 3


def check(
    page: Document,
    head: Head,
    hints: Hints,
    source: bytes,
    single: bool,
    headlines: Set[str] = frozenset(),
) -> None:
    """Raise `NotAnArticle(Reason.ERROR_PAGE)` when something else stands in the article's place.

    `source` is the page in UTF-8. `single`: its body class says that it is a single post, which
    themes print at a post's address whatever they show. `headlines` are those of the articles that
    its metadata describe, squashed; they are no sign of an error, since a post may be called «۴۰۴».
    """
    seen = _Seen(page, head, hints, single, headlines)
    if seen.is_article():
        return
    name = seen.named(source) or seen.php(source)
    if name is None and seen.is_login():
        name = "a login form"
    if name is None and seen.is_another():
        name = "nothing of the post is on it"
    if name:
        raise NotAnArticle(Reason.ERROR_PAGE, name)


class _Seen:
    """What a reader sees of a page. Each part is made when it is asked for: most pages are large,
    and their length alone shows that they are none of these."""

    def __init__(
        self, page: Document, head: Head, hints: Hints, single: bool, headlines: Set[str]
    ) -> None:
        limits = rules.load("html/outages")
        self._most, self._few = limits["most"], limits["few"]
        self._article = limits["article"]
        self._page, self._head, self._single = page, head, single
        self._headlines = headlines
        self._body = page.tags["body"][0] if page.tags["body"] else page.root
        self._told, self._id = hints.title or hints.known_title, hints.post_id

    def is_article(self) -> bool:
        """Whether a container for articles holds enough text and no word of PHP's messages. Then no
        rule can hold. This is the cheapest check."""
        for place in self._places():
            silent = next(place.iter(*_SILENT), None) is not None
            text = _visible(place) if silent else text_of(place)
            if length_of(text) >= self._article and not any(word in text for word in _PHP_WORDS):
                return True
        return False

    @cached_property
    def _length(self) -> int:
        """How many characters a reader sees, without white space; counted up to `most` only."""
        found = 0
        # For most pages the paragraphs are enough, and cost less than a walk through the tree.
        for paragraph in self._page.tags["p"]:
            found += length_of(text_of(paragraph))
            if found >= self._most:
                return found
        found = 0
        for piece in _pieces(self._body):
            found += length_of(piece)
            if found >= self._most:
                break
        return found

    @cached_property
    def _text(self) -> str:
        """The text of the body that a reader sees."""
        return _visible(self._body)

    def named(self, source: bytes) -> str | None:
        """The name of the rule that holds for the page; None if there is none."""
        head, small = self._head, self._length < self._most
        for rule in outages():
            sure = head.body_id in rule.body_id or not rule.body_class.isdisjoint(head.body_classes)
            if not sure and small:
                loads = bool(rule.plugin and rule.plugin.search(source)) and not self._tells()
                found = (loads or self._says(rule)) and not self._has_facts
                sure = any(map(self._page.find, rule.marks)) or (found and not self._shows_title())
            if sure and self._held() < self._article:
                return rule.name
        return None

    def _says(self, rule: Outage) -> bool:
        own = self._single or bool(self._headlines)
        if self._length < (self._few if self._single and not self._told else self._most):
            for text in self._sayings:
                if text in self._headlines or (text.isdecimal() and self._tells()):
                    continue
                if (
                    text in rule.whole
                    or rule.begins_like(text, own)
                    or (not own and rule.is_lost(text))
                ):
                    return True
        if self._length >= self._few or (self._single and not self._told) or self._is_headed:
            return False
        return any(words in self._sayings[-1] for words in rule.mentions)

    @cached_property
    def _has_facts(self) -> bool:
        """Whether the page has a fact that only news has."""
        return has_facts(self._text)

    @cached_property
    def _is_headed(self) -> bool:
        """Whether a heading of the page is the headline of the one article that it describes."""
        return len(self._headlines) == 1 and not self._headlines.isdisjoint(
            map(squash, self._titles)
        )

    def _tells(self) -> bool:
        """Whether the page has an article's paragraphs: a title such as «500» is no status then."""
        lengths = [length_of(text_of(element)) for element in self._page.tags["p"]]
        long = [length for length in lengths if length >= _PARAGRAPH]
        return len(long) >= _PARAGRAPHS and sum(long) >= int(self._article)

    def _tells_a_bit(self) -> bool:
        return any(length_of(text_of(p)) >= _PARAGRAPH for p in self._page.tags["p"])

    @cached_property
    def _sayings(self) -> tuple[str, ...]:
        """What may tell of an error: the titles, the same without an opener and, last, the whole
        text, squashed."""
        known = tuple(squash(text) for text in self._titles if not goes_on(text))
        return (*known, *map(without_opener, known), squash(self._text))

    @cached_property
    def _titles(self) -> tuple[str, ...]:
        """The title and its parts, and the first headings."""
        return (self._head.title, *SEPARATORS.split(self._head.title), *self._headings)

    @cached_property
    def _headings(self) -> list[str]:
        headings = [element for tag in ("h1", "h2") for element in self._page.tags[tag]]
        return [text_of(element) for element in headings[:_HEADINGS]]

    def php(self, source: bytes) -> str | None:
        """What to call a page that a fatal error of PHP ends, or that has only PHP's messages; None
        for any other."""
        if b" on line " not in source or length_of(self._text) > _LARGEST:
            return None
        said = list(_PHP.finditer(self._text))
        if not said or self._held() >= _ENOUGH:
            return None
        left = length_of(_PHP.sub("", self._text))
        last = said[-1]
        if not last["kind"].lower().endswith(_FATAL):
            return "an error of PHP" if left < _ENOUGH else None
        # Menus stand before the article, so they may be all that was written.
        left -= length_of(link_text_of(self._body))
        ended = length_of(self._text[last.end() :]) < _ENOUGH
        return "an error of PHP" if ended and left < self._most else None

    def is_login(self) -> bool:
        """Whether a page has hardly more than a form for a reader's password. A post behind a
        password has a form, too, for which WordPress has a name of its own."""
        fields = self._page.tags["input"]
        asked = [e for e in fields if e.get("type") == "password"]
        named = any(e.get("name") == "post_password" for e in asked)
        # Many sites send a number to the telephone instead.
        asked = asked or (fields if self._is_titled_login() else [])
        if not asked or named or self._single or self._headlines or self._shows_title():
            return False
        if self._page.tags["time"]:
            return False
        # Old themes have such a form in their sidebar: beside it a post has a sentence or two.
        told = [text_of(p) for p in self._page.tags["p"] if not _is_around(p)]
        return self._length < self._few and not any(length_of(t) >= _PARAGRAPH for t in told)

    def _is_titled_login(self) -> bool:
        titles = SEPARATORS.split(self._head.title)[:1]
        return any(squash(title) in login_titles() for title in titles)

    def is_another(self) -> bool:
        """Whether a small page has no article in a container for it, and at most a third of the
        words of the title that the listing gave. A page whose end is missing may have both."""
        return (
            self._length < self._most
            and not self._page.cut
            and len(words_of(self._told or "")) > 1
            and not self._shows_title()
            and self._held() < (_ENOUGH if self._is_listed() else self._article)
        )

    def _is_listed(self) -> bool:
        """Whether the page has a word of the title that the listing gave, the post's ID, or no
        title of its own that could be another's. A title in other letters says nothing."""
        ids = {f"postid-{self._id}", f"page-id-{self._id}"}
        told, text = self._told or "", self._text
        own = self._single or not ids.isdisjoint(self._head.body_classes)
        if own or not any(map(squash, self._titles)):
            return True
        if bool(_ARABIC.search(told)) != bool(_ARABIC.search(text)):
            return True
        return not words_of(told).isdisjoint(words_of(text))

    def _shows_title(self) -> bool:
        """Whether the page has more than a third of the words of the title that a listing gave, not
        counting links: an error's page may list the newest posts."""
        words = words_of(self._told or "")
        if not words:
            told = squash(plain(self._told or ""))
            return bool(told) and told in map(squash, self._headings) and self._tells_a_bit()
        return len(words & words_of(self._unlinked)) > _SHOWN * len(words)

    @cached_property
    def _unlinked(self) -> str:
        """The text outside links, and the headings; of several linked ones each is another's."""
        texts = list(_pieces(self._body, _LINKED))
        for tag in ("h1", "h2"):
            headings = self._page.tags[tag]
            linked = [e for e in headings if link_text_of(e).strip()]
            texts += map(text_of, headings if len(linked) <= 1 else ())
        return " ".join(texts)

    def _held(self) -> int:
        """How many characters the fullest of the containers holds in which themes keep articles."""
        return max((length_of(_PHP.sub("", _visible(e))) for e in self._places()), default=0)

    def _places(self) -> Iterator[Element]:
        roots = rules.load("content/main_content")
        return self._page.find_any((*roots["exact"], *roots["likely"]))


def _is_around(element: Element) -> bool:
    return any(above.tag in _AROUND for above in element.iterancestors())


def _visible(element: Element) -> str:
    """The text inside an element that a reader sees, with blanks between its pieces."""
    return " ".join(_pieces(element))


def _pieces(element: Element, silent: tuple[str, ...] = _SILENT) -> Iterator[str]:
    skipped: set[Element] = set()
    for part in element.iter():
        above = part.getparent()
        hidden = above in skipped
        if hidden or part.tag in silent:
            skipped.add(part)
        elif part.text:
            yield part.text
        if part.tail and part is not element and not hidden:
            yield part.tail
