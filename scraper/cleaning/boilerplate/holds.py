"""Tells what an element holds: its class or ID alone does not make it boilerplate.

`market-share` may be the ID of a subhead, `rate-row` the class of a line of exchange rates,
`breaking` that of a first paragraph, `caption` that of a card. So the links, the controls and the
prose in the element count, too.
"""

from __future__ import annotations

from itertools import islice

from scraper.cleaning.boilerplate import prose
from scraper.cleaning.html.document import HEADINGS, Element, length_of, link_text_of, text_of

_PROSE = 25
_RUNNING = 8
_DESCRIBED = 6
_NEAR = 200
_INLINE = frozenset(
    ("a", "abbr", "b", "button", "dfn", "em", "i", "mark", "small", "span", "strong")
)
_TEXTUAL = frozenset(("p", "li", "td", "th", "dd", "dt", "blockquote", "cite", "q")) | HEADINGS
_AMONG = frozenset(("p", "ul", "ol", "blockquote", "figure", "table", "pre")) | HEADINGS
_PICTURES = ("img", "picture", "video", "audio", "iframe", "svg", "amp-img")
_CLOSING = frozenset(".،؛»؟!)")
_EDITORS = "wp-block-"
_OPENS = frozenset(("aria-controls", "aria-expanded", "data-target", "data-bs-target"))
POST = (".type-post", ".hentry")


def asks(element: Element) -> bool:
    """Whether a box has a form, a field or a button."""
    return next(element.iter("form", "input", "button"), None) is not None


def links_share(element: Element) -> float:
    """The share of link text in an element's text, from 0 to 1."""
    own = length_of(text_of(element))
    return length_of(link_text_of(element)) / own if own else 0.0


def is_sentence(element: Element) -> bool:
    """Whether an element is prose of 25 characters or more: a paragraph, an item, a cell."""
    if element.tag not in _TEXTUAL and element.tag not in _INLINE:
        return False
    text = text_of(element).strip()
    return (
        len(text) >= _PROSE
        and prose.is_told(text)
        and links_share(element) < 0.3
        and not asks(element)
    )


def in_sentence(element: Element) -> bool:
    """Whether an element is a word of a sentence: there is text around it, and text or a mark of
    punctuation behind it."""
    parent = element.getparent()
    if element.tag not in _INLINE or parent is None:
        return False
    if parent.tag not in _TEXTUAL and parent.tag not in _INLINE:
        return False
    previous = element.getprevious()
    before = ((parent.text if previous is None else previous.tail) or "").strip()
    behind = (element.tail or "").strip()
    runs_on = behind[:1] in _CLOSING or _letters(behind) > 0
    if not behind or not runs_on or before[-1:] in (":", "：", "|"):
        return False
    return _letters(before) + _letters(behind) >= _RUNNING


def is_anchor(element: Element) -> bool:
    """Whether an element's ID is only a link's target: it is a subhead, a paragraph or a block of
    WordPress's editor, with text and hardly a link."""
    if element.tag in HEADINGS:
        below = element.getnext()
        return below is not None and not asks(below) and links_share(below) < 0.3
    editors = any(token.startswith(_EDITORS) for token in element.get("class", "").split())
    return (editors or element.tag in _TEXTUAL) and not asks(element) and links_share(element) < 0.3


def is_chapter(element: Element) -> bool:
    """Whether an element is a chapter of a long article: it begins with a subhead, holds a
    paragraph of prose and no link, and has other prose before and behind it."""
    if next(element.iter(*HEADINGS), None) is None or next(element.iter("a"), None) is not None:
        return False
    beside = (element.getprevious(), element.getnext())
    return tells(element) and all(e is not None and prose.is_told(text_of(e)) for e in beside)


def is_fact_box(element: Element) -> bool:
    """Whether an `aside` is a box of facts that an editor put between the paragraphs: it has text
    of its own and hardly a link."""
    around = element
    while around.getprevious() is None and around.getnext() is None:
        above = around.getparent()
        if above is None:
            return False
        around = above
    beside = (around.getprevious(), around.getnext())
    return holds_text(element) and any(e is not None and e.tag in _AMONG for e in beside)


def holds_text(element: Element) -> bool:
    """Whether an element has text, hardly a link, and no form, field or button."""
    own = length_of(text_of(element))
    return own > 0 and not asks(element) and length_of(link_text_of(element)) < 0.3 * own


def cites(element: Element) -> bool:
    """Whether an element (`footer`, `figcaption`) is the line that says whose a quotation is."""
    above = element.getparent()
    if above is None:
        return False
    if above.tag == "blockquote":
        return True
    if above.tag != "figure":
        return False
    quoted = next(above.iter("blockquote"), None) is not None
    return quoted and next(above.iter(*_PICTURES), None) is None


def is_caption(element: Element) -> bool:
    """Whether an element of a caption's name stands by a picture and is no card."""
    if element.tag == "figcaption":
        return not cites(element)
    if next(element.iter(*HEADINGS), None) is not None:
        return False
    box = element.getparent()
    for _ in range(2):
        if box is None:
            return False
        if any(e.tag in _PICTURES for e in islice(box.iter(), _NEAR)):
            return True
        box = box.getparent()
    return False


def is_card(element: Element) -> bool:
    """Whether an element is another post's teaser: post_class() on it, its headline a link.

    Builders' blocks of posts (Divi, Elementor, core's query loop) are lists of these.
    """
    if element.tag != "article" and not _is_post(element):
        return False
    headline = next(element.iter("h1", "h2", "h3", "h4", "h5"), None)
    return headline is not None and next(headline.iter("a"), None) is not None


def _is_post(element: Element) -> bool:
    return any(f".{token}" in POST for token in element.get("class", "").split())


def tells(element: Element, least: int = 1) -> bool:
    """Whether a box holds a table or `least` paragraphs of prose, hardly a link, and no form, field
    or button."""
    if not holds_text(element):
        return False
    if next(element.iter("table"), None) is not None:
        return True
    told = [e for e in element.iter("p", "blockquote", "li") if prose.is_told(text_of(e))]
    return sum(length_of(text_of(e)) >= _PROSE for e in told) >= least


def tells_beside_forms(element: Element, least: int) -> bool:
    """Whether a box holds paragraphs of `least` characters or more that are in no form."""
    told = [e for e in element.iter("p") if prose.is_told(text_of(e))]
    free = [e for e in told if all(above.tag != "form" for above in e.iterancestors())]
    return sum(length_of(text_of(e)) for e in free) >= least


def describes(caption: Element) -> bool:
    """Whether a caption describes its picture: a sentence, or six words or more."""
    text = text_of(caption)
    return prose.is_told(text) or len(text.split()) >= _DESCRIBED


def leads_back(element: Element) -> bool:
    """Whether a link is the sign of a footnote that leads back into the text: «↩»."""
    if element.tag != "a" or not element.get("href", "").startswith("#"):
        return False
    text = text_of(element).strip()
    return 0 < len(text) <= 3 and not any(character.isalnum() for character in text)


def is_sign(element: Element) -> bool:
    """Whether an element is only an icon, such as an accordion's «+»."""
    text = text_of(element)
    return element.get("aria-hidden") == "true" and not any(c.isalnum() for c in text)


def is_opener(element: Element) -> bool:
    """Whether an element is the button in a subhead that opens the text below it, as ARIA's
    patterns and Bootstrap write an accordion."""
    parent = element.getparent()
    if element.tag != "button" or parent is None or not _OPENS.intersection(element.keys()):
        return False
    return parent.tag in HEADINGS or parent.get("class", "").split()[:1] == ["card-header"]


def _letters(text: str) -> int:
    return sum(character.isalpha() for character in text)
