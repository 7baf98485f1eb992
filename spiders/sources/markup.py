"""Reads the elements of XML as it really comes from the web, one after the other.

There may be PHP's notices, blank lines and script tags before the root element of a sitemap or a
feed, and comments or scripts after it. It may be in any charset, packed once more than its header
says, cut, or have an `&` that begins no entity. Everything outside the root element is ignored.
The root is read in parts: 50 MB of XML must not fill the memory, nor stop at the first mistake.
"""

from __future__ import annotations

import codecs
import html
import html.entities
import re
import zlib
from collections.abc import Collection, Iterator

from lxml import etree

Element = etree._Element
GZIP = b"\x1f\x8b"
_PIECE = 256 * 1024
# After so many characters without a `>` the parser gets a part all the same.
_LONGEST_TEXT = 4 * _PIECE
_DECLARED = re.compile(rb"""<\?xml[^<>]*?\bencoding\s*=\s*["']([\w.:-]+)""", re.I)
# Single-byte charsets that contain ASCII; everything else is read as UTF-8.
_CHARSETS = re.compile(r"windows-\d+|cp125\d|iso-?8859-\d+|latin-?\d", re.I)
_WIDE = {
    b"\xff\xfe": "utf-16-le",
    b"\xfe\xff": "utf-16-be",
    b"<\0": "utf-16-le",
    b"\0<": "utf-16-be",
}
# Characters that XML 1.0 does not have.
_FORBIDDEN = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_CDATA = "<![CDATA["
_REFERENCE = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|&(?:#\d{1,7};|#[xX][0-9a-fA-F]{1,6};|\w{2,31};)?", re.S
)
_XML_NAMES = ("&amp;", "&lt;", "&gt;", "&quot;", "&apos;")


class NoMarkup(ValueError):
    """The bytes have none of the wanted root elements."""


def unpacked(body: bytes, limit: int) -> bytes:
    """`body` without gzip, also if it was packed twice; gzip is recognised by its first bytes. The
    result has at most `limit` + 1 bytes. Of a cut or damaged file it is the part before that."""
    for _ in range(2):
        if not body.startswith(GZIP):
            break
        body = _gunzip(body, limit + 1)
    return body


def _gunzip(body: bytes, limit: int) -> bytes:
    parts: list[bytes] = []
    position, room = 0, limit
    while body.startswith(GZIP, position) and room > 0:
        decoder = zlib.decompressobj(31)
        try:
            while position < len(body) and room > 0 and not decoder.eof:
                parts.append(decoder.decompress(body[position : position + _PIECE], room))
                position += _PIECE
                room -= len(parts[-1])
        except zlib.error:
            break
        position = min(position, len(body)) - len(decoder.unused_data)
    return b"".join(parts)


class Markup:
    """The first element in `body` with a name in `roots` (local names in lower case).

    `root` is its name, `whole` whether its end is there. NoMarkup if there is no such element.
    """

    def __init__(self, body: bytes, roots: Collection[str]) -> None:
        wide = _WIDE.get(body[:2])
        self._body = body.decode(wide, "replace").encode() if wide else body
        found = _tag("", roots).search(self._body)
        if found is None:
            raise NoMarkup
        self.root = found[1].decode().lower()
        self._start, self._end = found.start(), len(self._body)
        ends = list(_tag("/", [self.root]).finditer(self._body, found.end()))
        if ends:
            self._end = ends[-1].end()
        elif _is_page(self._body[: self._start]):
            raise NoMarkup
        self.whole = bool(ends) or self._is_empty(found.end())
        self._charset = "utf-8" if wide else _charset_of(self._body[: self._start])

    def _is_empty(self, start: int) -> bool:
        """Whether the root is a single tag, such as `<urlset/>`."""
        return self._body.find(b">", start) == self._body.find(b"/>", start) + 1 > 0

    def elements(self, names: Collection[str]) -> Iterator[Element]:
        """The elements with a name in `names` (local names in lower case), each when its end was
        read. It is emptied before the next one comes."""
        parser = etree.XMLPullParser(
            events=("end",),
            encoding="utf-8",
            recover=True,
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
        )
        for text in self._pieces():
            try:
                parser.feed(text.encode())
            except etree.XMLSyntaxError:
                return
            for _, element in parser.read_events():
                if isinstance(element, Element) and name_of(element) in names:
                    yield element
                    _forget(element)

    def _pieces(self) -> Iterator[str]:
        """The text of the root in parts, repaired. It is never split inside a reference or a CDATA
        section."""
        decoder = codecs.getincrementaldecoder(self._charset)("replace")
        rest = ""
        for start in range(self._start, self._end, _PIECE):
            stop = min(start + _PIECE, self._end)
            text = rest + decoder.decode(self._body[start:stop], stop == self._end)
            cut = len(text) if stop == self._end else _last_break(text)
            rest = text[cut:]
            yield _mended(text[:cut])


def name_of(element: Element) -> str:
    """The local name of `element` in lower case, also after a prefix that is not declared; empty
    for a comment.

    >>> name_of(etree.fromstring('<m:Loc xmlns:m="urn:maps"/>'))
    'loc'
    """
    tag = element.tag
    if not isinstance(tag, str):
        return ""
    return tag.rpartition("}")[2].rpartition(":")[2].lower()


def child(element: Element, name: str) -> Element | None:
    """The first child called `name`; one in the element's own namespace comes first, since an image
    in a sitemap has a `loc`, too."""
    children = [one for one in element if name_of(one) == name]
    own = (one for one in children if _space(one) == _space(element))
    return next(own, children[0] if children else None)


def text_of(element: Element | None) -> str:
    """All text in `element`, without blanks at its ends; empty if there is none."""
    return "" if element is None else "".join(map(str, element.itertext())).strip()


def _space(element: Element) -> str:
    return str(element.tag).removesuffix(str(element.tag).rpartition("}")[2].rpartition(":")[2])


def _forget(element: Element) -> None:
    """Empty `element`, and remove the elements before it from the tree."""
    element.clear()
    parent = element.getparent()
    while parent is not None and (before := element.getprevious()) is not None:
        parent.remove(before)


def _tag(slash: str, names: Collection[str]) -> re.Pattern[bytes]:
    pattern = (
        rf"<{slash}(?:[\w.-]+:)?({'|'.join(names)})(?:\s*>)"
        if slash
        else (rf"<(?:[\w.-]+:)?({'|'.join(names)})(?=[\s/>])")
    )
    return re.compile(pattern.encode(), re.I)


def _is_page(before: bytes) -> bool:
    """Whether an HTML page has begun: then a root in it would be part of a script."""
    return b"<html" in before.lower()


def _charset_of(before: bytes) -> str:
    """The charset that the last XML declaration in `before` names, UTF-8 without one."""
    declared = [name.decode() for name in _DECLARED.findall(before)]
    if not declared or not _CHARSETS.fullmatch(declared[-1]):
        return "utf-8"
    try:
        return codecs.lookup(declared[-1]).name
    except LookupError:
        return "utf-8"


def _last_break(text: str) -> int:
    """Where `text` may be split: after its last tag, before an open CDATA section."""
    cut = text.rfind(">") + 1
    opened = text.rfind(_CDATA, 0, cut)
    if opened > text.rfind("]]>", 0, cut):
        cut = opened
    return cut if cut or len(text) < _LONGEST_TEXT else len(text)


def _mended(text: str) -> str:
    """`text` without characters that XML forbids. References that only HTML knows are replaced by
    their characters, and a `&` that begins no reference is escaped."""
    return _REFERENCE.sub(_reference, _FORBIDDEN.sub("", text))


def _reference(found: re.Match[str]) -> str:
    whole = found[0]
    if whole.startswith(("<", "&#")) or whole in _XML_NAMES:
        return whole
    known = html.entities.html5.get(whole[1:]) if whole.endswith(";") else None
    return html.escape(known) if known else f"&amp;{whole[1:]}"
