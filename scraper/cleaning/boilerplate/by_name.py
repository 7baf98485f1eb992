"""Finds the boilerplate of a page by the class names and IDs in by_name.toml.

`inside` returns the elements to pass over; they stay in the page for the other steps. Only `hush`
changes the page.
"""

from __future__ import annotations

import re
from collections.abc import Set
from functools import cache, cached_property, partial

from scraper.cleaning import rules
from scraper.cleaning.boilerplate import holds, links, prose, readers, subscriptions
from scraper.cleaning.boilerplate.holds import asks
from scraper.cleaning.boilerplate.name_rule import (
    CAPTION,
    NameRule,
    kept_names,
    verdict_of,
    words_of,
)
from scraper.cleaning.html.document import (
    Document,
    Element,
    length_of,
    link_text_of,
    text_of,
    weight_of,
)

_MOST, _WORD_MOST = 0.4, 0.15
_LABEL, _FACTS, _ASKING = 40, 60, 200
_SHOWN, _TOLD = 3, 2
_FIXED = re.compile(r"position\s*:\s*fixed", re.IGNORECASE)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


class Boilerplate:
    """The boilerplate of a page. `matched` has the elements that a rule names, with the rule."""

    def __init__(self, page: Document) -> None:
        self.page = page
        self.matched: dict[Element, NameRule] = {}
        self._worded: set[Element] = set()
        for token, elements in page.tokens.items():
            verdict = verdict_of(token)
            if verdict and token[0] == "#":
                elements = [e for e in elements if not _is_own_id(e, verdict)]
            if isinstance(verdict, NameRule):
                for element in elements:
                    held = self.matched.get(element)
                    if held is None or (verdict.sure and not held.sure):
                        self.matched[element] = verdict
            elif verdict:
                self._worded.update(elements)
        for token in kept_names():
            for element in (*page.tokens.get(f".{token}", ()), *page.tokens.get(f"#{token}", ())):
                self.matched.pop(element, None)
        self._foreign = {e for e, rule in self.matched.items() if rule.foreign}
        # The answers of is_foreign() for elements that have others in them.
        self._known: dict[Element, bool] = {}
        self._foreign.update(page.tags["nav"], page.tags["aside"])
        self._foreign.update(e for e in page.tags["footer"] if not _is_articles(e))

    @cached_property
    def _marks(self) -> Set[Element]:
        """The elements that show a post's date, terms or author."""
        return set(self.page.find_any(rules.load("boilerplate/by_name")["facts"]["marks"]))

    @cached_property
    def _suspects(self) -> Set[Element]:
        """The elements whose tag, name or attributes may make them boilerplate."""
        roles = (f"[role={role}]" for role in _tags("roles"))
        others = ("a", "article", "[style]", "[hidden]", *holds.POST, *roles)
        found = self.page.find_any((*_tags("captions"), *_tags("apart"), *others))
        return {*found, *self.matched, *self._worded}

    def settle(self, root: Element) -> None:
        """Note that `root` is the content: neither it nor what holds it is foreign then."""
        self._foreign.difference_update(root.iterancestors(), (root,))
        self._known.clear()

    def is_foreign(self, element: Element) -> bool:
        """Whether an element is no part of the article or stands in such a one, as in comments."""
        if element in self._foreign:
            return True
        above = element.getparent()
        if above is None:
            return False
        if (known := self._known.get(above)) is None:
            foreign = self._foreign
            known = above in foreign or any(e in foreign for e in above.iterancestors())
            self._known[above] = known
        return known

    def is_under(self, element: Element, name: str) -> bool:
        """Whether an element stands in something that the rule `name` matches."""
        held = (self.matched.get(above) for above in element.iterancestors())
        return any(rule is not None and rule.name == name for rule in held)

    def inside(self, root: Element, headline: Element | None = None) -> set[Element]:
        """The elements inside `root` to pass over, without those that hold the headline."""
        captions: set[Element] = set()
        passed: set[Element] = set()
        doubtful: list[tuple[Element, float]] = []
        kept = set(headline.iterancestors()) if headline is not None else set()
        suspects = self._suspects
        for element in root.iterdescendants():
            if element not in suspects or element in kept:
                continue
            if self._is_caption(element):
                captions.add(element)
            elif (most := self._most(element)) >= 1:
                passed.add(element)
            elif most:
                doubtful.append((element, most))
        passed |= self._fact_boxes(root) | subscriptions.boxes_of(root)
        passed |= readers.sections_of(root, kept, holds.in_sentence)
        if captions and not _tell_all(captions, passed | self._around(root, headline), root):
            passed |= captions
        if doubtful:
            whole = max(1, weight_of(root) - sum(weight_of(e) for e in _outermost(passed)))
            passed.update(e for e, most in doubtful if weight_of(e) <= most * whole)
        return passed

    def _around(self, root: Element, headline: Element | None) -> set[Element]:
        """What inside `root` is surely the page's: its navigation, its footer, the headline."""
        apart = {e for e in self._foreign if e.tag in _tags("apart")}
        return {e for e in (*apart, headline) if e is not None and root in e.iterancestors()}

    def _is_caption(self, element: Element) -> bool:
        named = element.tag in _tags("captions") or self.matched.get(element) is CAPTION
        return named and holds.is_caption(element)

    def _most(self, element: Element) -> float:
        """The greatest share of the content's text (0 to 1) that an element may have to be
        boilerplate: with 1 it is, whatever its size; with 0 it is not."""
        rule = self.matched.get(element)
        if rule is not None and rule is not CAPTION:
            kept = _is_prose(element) or (rule.bare and holds.tells(element, rule.bare))
            if (rule.sure and rule.foreign) or not kept:
                return 1 if rule.sure else _MOST
        elif element.tag in _tags("apart"):
            return 0 if self._is_own(element) else _MOST
        elif element in self._worded and _says_little(element):
            return _MOST if asks(element) else _WORD_MOST
        elif holds.is_card(element):
            return _MOST
        if _is_afloat(element):
            return _MOST
        foreign = _is_hidden(element) or holds.leads_back(element) or _shares_quotation(element)
        return 1 if foreign else 0

    def _is_own(self, element: Element) -> bool:
        """Whether an `aside`, a `footer` or a `menu` is the article's own, not the page's."""
        if element.tag == "aside":
            return element not in self._worded and holds.is_fact_box(element)
        if element.tag == "footer":
            told = holds.holds_text(element) and prose.is_told(text_of(element))
            return told or holds.cites(element)
        return element.tag == "menu" and holds.holds_text(element)

    def _fact_boxes(self, root: Element) -> set[Element]:
        """Boxes inside `root` that hold a post's date, terms or author and hardly a word more."""
        found: set[Element] = set()
        boxes = frozenset(rules.load("boilerplate/by_name")["facts"]["boxes"])
        beside = cache(partial(_beside, self._marks))
        for mark in [e for e in root.iterdescendants() if e in self._marks]:
            widest: Element | None = None
            for above in mark.iterancestors():
                if above is root or beside(above) > _FACTS:
                    break
                if not boxes.isdisjoint(above.get("class", "").split()):
                    widest = above
            if widest is not None:
                found.add(widest)
        return found


def hush(page: Document) -> None:
    """Empty the elements that hold code or controls, so that their text is not counted.

    A button stays if it opens a part of the text or is a word of a sentence, as in a glossary.
    """
    for tag in rules.load("boilerplate/by_name")["tags"]["silent"]:
        for element in page.tags[tag]:
            if tag == "button" and (opens(element) or holds.in_sentence(element)):
                for sign in [e for e in element.iterdescendants() if holds.is_sign(e)]:
                    sign.text = None
                continue
            tail = element.tail
            element.clear()
            element.tail = tail


def opens(element: Element) -> bool:
    """Whether an element is a part of an accordion or a tab, by its own or its parent's classes, or
    the button in a subhead that opens the text below it."""
    if holds.is_opener(element):
        return True
    words = frozenset(rules.load("boilerplate/by_name")["opens"]["words"])
    parent = element.getparent()
    names = element.get("class", "") + " " + (parent.get("class", "") if parent is not None else "")
    return any(words_of(token) & words for token in names.split())


def _is_own_id(element: Element, verdict: NameRule | bool) -> bool:
    """Whether an ID is only the target of a link in the article. Sections of readers' comments have
    subheads and prose, too."""
    readers = isinstance(verdict, NameRule) and verdict.sure and verdict.foreign
    return holds.is_anchor(element) or (not readers and holds.is_chapter(element))


def _is_hidden(element: Element) -> bool:
    style = element.get("style")
    hidden = element.get("hidden") is not None and element.get("hidden") != "false"
    if not hidden and not (style and _HIDDEN.search(style)):
        return False
    return not opens(element)


def _is_afloat(element: Element) -> bool:
    """Whether an element lies above the page, or is a part of it that ARIA names: a dialog."""
    if element.get("role", "") in _tags("roles"):
        return True
    style = element.get("style")
    return style is not None and _FIXED.search(style) is not None


def _shares_quotation(element: Element) -> bool:
    """Whether a link in a quotation shares it: Elementor sets one beside the signature."""
    if element.tag != "a" or not links.is_share(element.get("href", "")):
        return False
    return next(element.iterancestors("blockquote"), None) is not None


def _says_little(element: Element) -> bool:
    """Whether an element of a doubtful name is a widget: it holds links or controls."""
    own, linked = length_of(text_of(element)), length_of(link_text_of(element))
    if asks(element):
        return own <= _ASKING or linked * 2 >= own
    if linked:
        return own <= _LABEL or linked * 2 >= own
    return own <= _LABEL and not _is_prose(element) and _is_plainly_named(element)


def _is_plainly_named(element: Element) -> bool:
    plain = rules.load("boilerplate/by_name")["words"]["plain"]
    return any(not words_of(t).isdisjoint(plain) for t in element.get("class", "").split())


def _is_prose(element: Element) -> bool:
    return holds.in_sentence(element) or holds.is_sentence(element)


def _tell_all(captions: set[Element], passed: set[Element], root: Element) -> bool:
    """Whether the captions are the article's text, as in a photo report with hardly any other.

    What is in `passed` does not count, nor does link text.
    """
    if len(captions) < _SHOWN:
        return False
    told = sum(weight_of(e) for e in captions if holds.describes(e))
    away = _outermost(passed | captions)
    return told > _TOLD * (weight_of(root) - sum(weight_of(e) for e in away))


@cache
def _tags(key: str) -> frozenset[str]:
    return frozenset(rules.load("boilerplate/by_name")["tags"][key])


def _beside(marks: Set[Element], box: Element) -> int:
    """How much text a box holds beside the marks in it."""
    inside = {e for e in box.iterdescendants() if e in marks}
    return weight_of(box) - sum(map(weight_of, _outermost(inside)))


def _outermost(elements: set[Element]) -> list[Element]:
    return [e for e in elements if not any(above in elements for above in e.iterancestors())]


def _is_articles(footer: Element) -> bool:
    return next(footer.iterancestors("article", "main"), None) is not None
