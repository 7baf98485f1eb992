"""Finds the lead: between the headline and the text, or at the beginning of the text."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from itertools import takewhile

from archive.text.fold import squash
from scraper.cleaning import rules
from scraper.cleaning.boilerplate import by_phrase
from scraper.cleaning.boilerplate.by_name import Boilerplate
from scraper.cleaning.content.credit_lines import credited
from scraper.cleaning.date_parser import scan
from scraper.cleaning.html.document import HEADINGS, Document, Element, text_of
from scraper.cleaning.html.text_blocks import BLOCK_TAGS, TextBlock, blocks_of
from scraper.cleaning.repair import line

_SHORTEST, _LONGEST = 25, 1200
_SENTENCE = 45
_FACTS = re.compile(r"[|/:؛»›]\s.*[^.؟!…»]$", re.DOTALL)


def outside(
    page: Document, boilerplate: Boilerplate, title: Element | None, root: Element
) -> list[TextBlock]:
    """The blocks of the lead that stands before `root`, the content; empty if there is none.

    `title` is the headline's element. An element with a lead's name (main_content.toml) counts if
    it is in the same region as the content; without such a name it must stand between the headline
    and the content.
    """
    start = page.position.get(title, -1) if title is not None else -1
    end = page.position[root]
    region, small = region_of(title, root), cache(_is_small)
    for element in page.find_any(rules.load("content/main_content")["lead"]):
        before = start < page.position[element] < end
        if (
            before
            and region is not None
            and (element is region or region in element.iterancestors())
            and not _around(element, root)
            and not _listed(element, region)
        ):
            blocks = _readable(element, boilerplate, small)
            if blocks:
                return blocks
    if title is None or region is None:
        return []
    return _unnamed(page, boilerplate, title, root, region)


def opening(
    page: Document, body: list[TextBlock], root: Element, box: Element | None = None
) -> list[TextBlock]:
    """The first blocks of the text (`body`), if an element with a lead's name holds them, or `box`,
    an element of the content that has only the lead; else none."""
    if not body:
        return []
    above = [body[0].holder, *body[0].holder.iterancestors()]
    within = list(takewhile(lambda element: element is not root, above))
    named = {box, *page.find_any(rules.load("content/main_content")["lead"])}
    for element in reversed([e for e in within if e in named]):
        count = next((n for n, b in enumerate(body) if not _holds(element, b)), len(body))
        size = sum(len(block.text) for block in body[:count])
        if count < len(body) and _SHORTEST <= size <= _LONGEST:
            return body[:count]
    return []


def repeated(lead: list[TextBlock], body: list[TextBlock]) -> list[TextBlock]:
    """The first blocks of the text, if they are the same as the lead before the text; else none."""
    said = squash(" ".join(block.text for block in lead))
    for count in range(1, min(6, len(body) - 1) + 1):
        if said and squash(" ".join(block.text for block in body[:count])) == said:
            return body[:count]
    return []


def doubled(lead: list[TextBlock], body: list[TextBlock]) -> bool:
    """Whether the text begins with the lead, or the lead with the text; also if there is no
    lead."""
    said = squash(" ".join(block.text for block in lead))
    if not said:
        return True
    begins = squash(" ".join(block.text for block in body[:6]))
    return begins.startswith(said[:400]) or said[: len(begins)] == begins


def region_of(title: Element | None, root: Element) -> Element | None:
    """The smallest element that holds headline and content. Without a headline it is the `article`
    or `main` around the content, or its parent; None if there is none."""
    above = list(root.iterancestors())
    if title is not None:
        holders = {title, *title.iterancestors()}
        return next((element for element in above if element in holders), None)
    return next((e for e in above if e.tag in ("article", "main")), above[0] if above else None)


def credit_outside(
    page: Document, boilerplate: Boilerplate, region: Element | None, root: Element
) -> str | None:
    """The source that a theme credits in the region, outside the content: «منبع: …» on a line of
    its own; None if there is none."""
    if region is None or "منبع" not in text_of(region):
        return None
    found = [e for e in region.iter() if "منبع" in (e.text or "")]
    # The word may stand behind an icon: <span><i></i> منبع</span> <a>…</a>.
    tailed = [e.getparent() for e in region.iterdescendants() if "منبع" in (e.tail or "")]
    found += [e for e in tailed if e is not None]
    read = set(root.iter()) if found else set()
    for element in found:
        # It may stand in a tag of its own: <span>منبع</span> <a>…</a>.
        for holder in (element, element.getparent()):
            if holder is None or holder in read or boilerplate.is_foreign(holder):
                break
            read.add(holder)
            text = line(" ".join(map(str, holder.itertext())))
            if name := credited(text, next(holder.iter("a"), None) is not None):
                return name
    return None


def _unnamed(
    page: Document, boilerplate: Boilerplate, title: Element, root: Element, region: Element
) -> list[TextBlock]:
    start, end, small = page.position[title], page.position[root], cache(_is_small)
    for element in region.iter("p", "h2", "h3", "h4", "div"):
        if page.position[element] >= end:
            break
        if page.position[element] <= start or title in element.iterancestors():
            continue
        if element.tag == "div" and any(child.tag in BLOCK_TAGS for child in element):
            continue
        blocks = _readable(element, boilerplate, small)
        if len(blocks) != 1 or not _is_sentence(blocks[0].text) or _listed(element, region):
            continue
        # Meta lines («کد خبر: ۱۲ | نویسنده: …») stand in such boxes, too.
        if element.tag != "div" or not _FACTS.search(blocks[0].text):
            return blocks
    return []


def _is_sentence(text: str) -> bool:
    return len(text) >= (_SHORTEST if text[-1:] in ".؟?!…»" else _SENTENCE)


def _readable(
    element: Element, boilerplate: Boilerplate, small: Callable[[Element], bool]
) -> list[TextBlock]:
    if boilerplate.is_foreign(element):
        return []
    above = (element, *element.iterancestors())
    if any(small(e) for e in above if e in boilerplate.matched):
        return []
    blocks = [b for b in blocks_of(element, boilerplate.inside(element)) if b.share < 0.3]
    blocks = [b for b in blocks if not by_phrase.is_notice(b.text)]
    size = sum(len(block.text) for block in blocks)
    dated = any(len(block.text) < 80 and scan(block.text) for block in blocks)
    return blocks if _SHORTEST <= size <= _LONGEST and not dated else []


def _is_small(element: Element) -> bool:
    """Whether an element is no wrapper of headline and lead: those («entry-header») have names of
    boilerplate, too."""
    return element.tag not in ("header", "article", "main", "section", "body", "html") and (
        next(element.iter(*HEADINGS), None) is None
    )


def _holds(element: Element, block: TextBlock) -> bool:
    return block.holder is element or any(e is element for e in block.holder.iterancestors())


def _around(element: Element, root: Element) -> bool:
    return element in set(root.iterancestors())


def _listed(element: Element, region: Element | None) -> bool:
    """Whether an element stands in a list or a card of its own: another post's teaser."""
    for above in element.iterancestors():
        if above is region:
            return False
        if above.tag in ("li", "article", "figure", "table"):
            return True
    return False
