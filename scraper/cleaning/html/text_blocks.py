"""Cuts an element's text into the blocks a reader sees: paragraphs, subheads, items, rows.

A block is the text between two block-level tags, as a browser shows it. Text directly in a `div`
is a block too, and so is a `span` that its own style shows as one. Two line breaks in a row end a
block.
"""

from __future__ import annotations

import re
from collections.abc import Set
from dataclasses import dataclass, field

from scraper.cleaning.html.document import HEADINGS, Element, length_of, link_text_of, text_of
from scraper.cleaning.repair import repair

BLOCK_TAGS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hgroup",
        "hr",
        "legend",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
_KINDS = {"li": "item", "dd": "item", "dt": "item", "pre": "pre", "tr": "row"}
_MEDIA = frozenset(
    ("video", "audio", "iframe", "object", "img", "svg", "canvas", "button", "select")
)
_INLINE = frozenset(("b", "em", "font", "i", "label", "small", "span", "strong", "u"))
_STRONG = ("b", "strong")
_AS_BLOCK = re.compile(r"display\s*:\s*(?:block|flex|flow-root|grid|list-item|table)(?![\w-])")
_BLANK = " \t\r\n\f\v\x85\u2028\u2029"
_WHITE = re.compile(f"[{_BLANK}]+")
_AROUND_BREAK = re.compile(r" ?\n ?")
_BLANKS = re.compile(" {2,}")
_BREAKS = re.compile(r"\n{2,}")
_ROW = 600


@dataclass(slots=True)
class TextBlock:
    """A paragraph, subhead, list item or table row.

    `kind` is `text`, `head`, `item`, `quote`, `pre` or `row`. `holder` is the element it was found
    in. `linked` is how many characters are link text (without white space), `hrefs` are the links'
    addresses, `strong` says that nearly all of it is bold. A line feed separates the lines of a
    block, a tab the cells of a row.
    """

    text: str
    kind: str
    holder: Element
    linked: int = 0
    hrefs: list[str] = field(default_factory=list)
    strong: bool = False

    @property
    def share(self) -> float:
        """How much of the block is link text, from 0 to 1."""
        return min(1.0, self.linked / max(1, length_of(self.text))) if self.linked else 0.0


def blocks_of(root: Element, passed: Set[Element]) -> list[TextBlock]:
    """The blocks of `root` in page order, without the elements in `passed`."""
    walker = _Walker(passed)
    walker.open(root)
    walker.walk(root)
    walker.close()
    return walker.blocks


class _Walker:
    """Collects inline text until a block-level tag begins or ends."""

    def __init__(self, passed: Set[Element]) -> None:
        self.passed = passed
        self.blocks: list[TextBlock] = []
        self.kinds: list[tuple[str, Element]] = []
        self.pieces: list[str] = []
        self.linked = 0
        self.strong = 0
        self.hrefs: list[str] = []

    def open(self, element: Element) -> None:
        kind = "head" if element.tag in HEADINGS else _KINDS.get(element.tag, "")
        if not kind:
            quoted = element.tag == "blockquote" or (self.kinds and self.kinds[-1][0] == "quote")
            in_item = bool(self.kinds) and self.kinds[-1][0] == "item"
            kind = "quote" if quoted else "item" if in_item else "text"
        self.kinds.append((kind, element))

    def walk(self, element: Element, link: bool = False, strong: bool = False) -> None:
        self.add(element.text, link, strong)
        for child in element:
            tag = child.tag
            if child in self.passed:
                if tag in BLOCK_TAGS:
                    self.flush()
            elif tag == "br":
                self.pieces.append("\n")
            elif tag == "tr" and (cells := _plain_cells(child)):
                self.row(child, cells)
            elif tag in BLOCK_TAGS or (tag in _INLINE and _is_block(child)):
                self.flush()
                self.open(child)
                self.walk(child, link, strong or tag in _STRONG)
                self.close()
            elif tag not in _MEDIA or len(child) or child.text:
                href = child.get("href") if tag == "a" else None
                if href:
                    self.hrefs.append(href)
                self.walk(child, link or bool(href), strong or tag in _STRONG)
            self.add(child.tail, link, strong)

    def add(self, text: str | None, link: bool, strong: bool) -> None:
        if not text:
            return
        # Most texts are the blanks between two tags, or have nothing to replace.
        if self.kinds[-1][0] == "pre":
            self.pieces.append(text)
        elif not text.strip(_BLANK):
            self.pieces.append(" ")
        elif "  " in text or "\t" in text or text.splitlines() != [text]:
            self.pieces.append(_WHITE.sub(" ", text))
        else:
            self.pieces.append(text)
        if link or strong:
            length = length_of(text)
            self.linked += length * link
            self.strong += length * strong

    def row(self, element: Element, cells: list[Element]) -> None:
        """Add a table row of short cells as one block, with tabs between the cells."""
        self.flush()
        texts = [
            " ".join(" ".join(block.text for block in blocks_of(cell, self.passed)).split())
            for cell in cells
            if cell not in self.passed
        ]
        if any(texts):
            linked = length_of(link_text_of(element))
            hrefs = [link.get("href", "") for link in element.iter("a")]
            self.blocks.append(
                TextBlock("\t".join(texts).strip("\t"), "row", element, linked, hrefs)
            )

    def close(self) -> None:
        self.flush()
        self.kinds.pop()

    def flush(self) -> None:
        """End the current block; two line breaks in a row make two blocks of it."""
        if not self.pieces:
            return
        text = "".join(self.pieces)
        if not text.isspace():
            self.blocks += self.made(_parts_of(repair(text)))
        self.pieces, self.hrefs, self.linked, self.strong = [], [], 0, 0

    def made(self, parts: list[str]) -> list[TextBlock]:
        """A block for each part; link text is distributed over them by their lengths."""
        kind, holder = self.kinds[-1]
        if not (self.linked or self.strong):
            return [TextBlock(part, kind, holder, 0, self.hrefs) for part in parts]
        lengths = [length_of(part) for part in parts]
        whole = max(1, sum(lengths))
        strong = self.strong >= 0.9 * whole
        return [
            TextBlock(part, kind, holder, round(self.linked * length / whole), self.hrefs, strong)
            for part, length in zip(parts, lengths, strict=True)
        ]


def _is_block(element: Element) -> bool:
    """Whether an inline element's style makes a block of it: some themes write paragraphs so."""
    style = element.get("style")
    return style is not None and _AS_BLOCK.search(style.lower()) is not None


def _parts_of(text: str) -> list[str]:
    """What stands between breaks of two lines or more, with single blanks."""
    if "\n" in text:
        text = _AROUND_BREAK.sub("\n", text)
    parts = [part.strip() for part in (_BREAKS.split(text) if "\n\n" in text else (text,))]
    return [_BLANKS.sub(" ", part) if "  " in part else part for part in parts if part]


def _plain_cells(row: Element) -> list[Element] | None:
    """The cells of a data row; None when the table only lays the page out."""
    cells = [cell for cell in row if cell.tag in ("td", "th")]
    if len(cells) < 2 or len(text_of(row)) > _ROW:
        return None
    for cell in cells:
        inner = [e for e in cell.iterdescendants() if e.tag in BLOCK_TAGS]
        if len(inner) > 1:
            return None
    return cells
