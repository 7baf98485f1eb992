"""Takes out the shortcodes and block comments that a removed plugin left in a text.

https://codex.wordpress.org/Shortcode_API. An author may write words in square brackets («[sic]»),
so a name in brackets is a shortcode only if the text also closes it (`[/name]`), if it has
attributes, or if it has an underscore, as plugins' names do. A single one in the middle of a
sentence stays: there an author writes about it. The text between `[name]` and `[/name]` stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scraper.cleaning.html.document import Element, text_of

_TAG = re.compile(
    r"(?<!\[)\[(?P<end>/?)(?P<name>[a-zA-Z][\w-]{1,40})(?P<given>(?:\s[^\[\]<>]{0,400})?)/?\](?!\])"
)
_GIVEN = re.compile(r"\s[\w-]+\s*=\s*[\"'“”″«\w]")
_COMMENT = re.compile(r"<!--\s{0,9}/?(?:wp:[^>]{0,1000}?|more|nextpage)\s{0,9}-->")
# WordPress's own, which mostly have no attributes.
_BARE = frozenset(("gallery", "playlist"))
_CODE = frozenset(("code", "pre", "kbd", "samp", "script", "style", "textarea"))
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def clear(root: Element) -> None:
    """Take shortcodes and block comments (`<!-- wp:… -->`) out of the texts below `root`."""
    whole = text_of(root)
    commented = "<!--" in whole
    if not commented and "[" not in whole:
        return
    closed = frozenset(found["name"] for found in _TAG.finditer(whole) if found["end"])
    if not commented and not closed and not any(map(_is_told, _TAG.finditer(whole))):
        return
    for part, text, place in list(_texts(root)):
        left = _COMMENT.sub("", text) if commented else text
        left = _without(left, closed)
        if left != text:
            setattr(part, place, _UNWRITABLE.sub("", left))


def _without(text: str, closed: frozenset[str]) -> str:
    """`text` without its shortcodes: pairs anywhere, single ones at an edge."""
    if "[" not in text:
        return text
    text = _TAG.sub(lambda found: "" if found["name"] in closed else found[0], text)
    left = text.strip()
    while (found := _TAG.match(left)) and _is_told(found):
        left = left[found.end() :].lstrip()
    for found in reversed(list(_TAG.finditer(left))):
        if left[found.end() :].strip() or not _is_told(found):
            break
        left = left[: found.start()].rstrip()
    return left if left != text.strip() else text


def _is_told(found: re.Match[str]) -> bool:
    name = found["name"]
    return "_" in name or name in _BARE or bool(_GIVEN.search(found["given"]))


def _texts(root: Element) -> Iterator[tuple[Element, str, str]]:
    """The texts below `root` that are no code: the element, the text, and `text` or `tail`."""
    coded: set[Element] = set()
    for part in root.iter():
        if part.tag in _CODE or part.getparent() in coded:
            coded.add(part)
        elif part.text:
            yield part, part.text, "text"
        if part.tail and part is not root and part.getparent() not in coded:
            yield part, part.tail, "tail"
