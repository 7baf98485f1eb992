"""Writes into the text what a page says by inline markup alone, before anything reads it.

`10<sup>6</sup>` is not 106, `<del>۱۲</del><ins>۱۴</ins>` not ۱۲۱۴, and the marks around a `<q>` are
the browser's. Raised and lowered digits become the characters that Unicode has for them, which fold
to plain digits; struck words stay, parted from what replaces them. Arrows that lead
back from a footnote or turn an accordion go.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Set

from scraper.cleaning.html.document import Document, Element, text_of

_DIGITS = "0123456789۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩"
_SIGNS = "+-−–=()"
_RAISED = str.maketrans(_DIGITS + _SIGNS + "ni", "⁰¹²³⁴⁵⁶⁷⁸⁹" * 3 + "⁺⁻⁻⁻⁼⁽⁾" + "ⁿⁱ")
_LOWERED = str.maketrans(_DIGITS + _SIGNS + "ni", "₀₁₂₃₄₅₆₇₈₉" * 3 + "₊₋₋₋₌₍₎" + "ₙᵢ")
# Footnotes may stand in a row: «1, 2». What has other letters is a word: «1st», «TM».
_NUMBER = re.compile(r"[\s\d+\-−–=(),،ni]{1,12}$")
_STRUCK = ("del", "s", "strike")
_LINE_THROUGH = re.compile(r"text-decoration[^;]{0,40}line-through", re.IGNORECASE)
_QUOTED = tuple("«»\"“”„'‘’‹›")
_ARABIC = re.compile("[\u0600-\u06ff]")
_ARROWS = re.compile(r"[\s^\u2190-\u21ff\u23ce\u2900-\u297f\u2b00-\u2bff\ufe0e\ufe0f\U0001f51d]+$")
# What a parser reads from a page, but will not write.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def settle(page: Document) -> None:
    """Write the marks into the texts of the tree."""
    for tag, table in (("sup", _RAISED), ("sub", _LOWERED)):
        for element in page.tags[tag]:
            if _NUMBER.match(text_of(element)):
                _translate(element, table)
    for element in _struck(page):
        _part(element)
    quotes = frozenset(page.tags["q"])
    for element in quotes:
        _quote(element, quotes)


def clear(root: Element) -> None:
    """Empty the arrows below `root` that lead back from a footnote, and what turns beside an
    accordion's heading."""
    for link in root.iter("a"):
        if link.get("href", "").startswith("#") and _ARROWS.match(text_of(link)):
            _empty(link)
    for element in root.iter("button", "summary"):
        for part in element.iterdescendants():
            if _is_icon(text_of(part)):
                _empty(part)


def raised(number: str, tag: str) -> str:
    """What stands in a `sup` or `sub`, as plain text.

    >>> raised("۶", "sup"), raised("st", "sup")
    ('⁶', 'st')
    """
    if not _NUMBER.match(number):
        return number
    return number.translate(_RAISED if tag == "sup" else _LOWERED)


def _translate(element: Element, table: dict[int, int]) -> None:
    for part in element.iter():
        if part.text:
            part.text = _writable(part.text.translate(table))
        if part.tail and part is not element:
            part.tail = _writable(part.tail.translate(table))


def _struck(page: Document) -> Iterator[Element]:
    for tag in _STRUCK:
        yield from page.tags[tag]
    for element in page.tags["span"]:
        if (style := element.get("style")) and _LINE_THROUGH.search(style):
            yield element


def _part(element: Element) -> None:
    """A blank where a struck word would run into its neighbours."""
    text = text_of(element)
    if not text:
        return
    if _is_worded(text[0]) and _is_worded(_before(element)[-1:]):
        element.text = " " + _writable(element.text or "")
    if _is_worded(text[-1]) and _is_worded(_after(element)[:1]):
        element.tail = " " + _writable(element.tail or "")


def _before(element: Element) -> str:
    previous = element.getprevious()
    if previous is not None:
        return previous.tail or text_of(previous)
    parent = element.getparent()
    return (parent.text or "") if parent is not None else ""


def _after(element: Element) -> str:
    if element.tail:
        return element.tail
    following = element.getnext()
    return text_of(following) if following is not None else ""


def _is_worded(character: str) -> bool:
    return character.isalnum()


def _quote(element: Element, quotes: Set[Element]) -> None:
    text = text_of(element).strip()
    if not text or text.startswith(_QUOTED) or _before(element).rstrip().endswith(_QUOTED):
        return
    within = any(above in quotes for above in element.iterancestors())
    opening, closing = "«»" if _ARABIC.search(text) else "“”"
    if within:
        opening, closing = "‹›" if opening == "«" else "‘’"
    element.text = opening + _writable(element.text or "")
    if len(element):
        element[-1].tail = _writable(element[-1].tail or "") + closing
    else:
        element.text += closing
    # The marks are written; who reads the tag would set them once more.
    element.tag = "span"


def _is_icon(text: str) -> bool:
    mark = text.strip()
    return 0 < len(mark) <= 2 and all(
        character in "-–—›‹" or unicodedata.category(character) in ("Sm", "So", "Sk", "Mn")
        for character in mark
    )


def _empty(element: Element) -> None:
    for part in element.iter():
        part.text = None
        if part is not element:
            part.tail = None


def _writable(text: str) -> str:
    return _UNWRITABLE.sub("", text)
