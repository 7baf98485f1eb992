"""Writes into the text what a page says by inline elements alone, before the text is read.

* `10<sup>6</sup>` is 10⁶, not 106. Raised and lowered digits become Unicode's own characters, which
  fold to plain digits.
* `<del>۱۲</del><ins>۱۴</ins>` is not ۱۲۱۴. Struck words stay, with a blank behind them.
* `<q>` has no quotation marks in the page: a browser adds them (HTML standard, 4.5.7).

Arrows that lead back from a footnote or open an accordion are taken out.
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
# Characters that lxml reads from a page but refuses to write.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def settle(page: Document) -> None:
    """Write raised and lowered digits, blanks beside struck words and quotation marks into the
    texts of the page."""
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
    """Empty the links below `root` that lead back from a footnote, and the icons beside an
    accordion's heading."""
    for link in root.iter("a"):
        if link.get("href", "").startswith("#") and _ARROWS.match(text_of(link)):
            _empty(link)
    for element in root.iter("button", "summary"):
        for part in element.iterdescendants():
            if _is_icon(text_of(part)):
                _empty(part)


def raised(number: str, tag: str) -> str:
    """The text of a `sup` or `sub` (`tag`) in raised or lowered digits; words stay as they are.

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
    """Put a blank between a struck word and its neighbours where there is none."""
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
    # The marks are in the text now: a later reader of `q` would add them once more.
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
