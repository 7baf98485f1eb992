"""Finds the article's main image and its caption."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from urllib.parse import urljoin, urlsplit

from archive.model import Image
from scraper.cleaning import rules
from scraper.cleaning.boilerplate.by_name import Boilerplate
from scraper.cleaning.boilerplate.name_rule import CAPTION
from scraper.cleaning.html.document import Document, Element
from scraper.cleaning.html.head import Head
from scraper.cleaning.html.json_ld import JsonLd, Node
from scraper.cleaning.markup.seams import line_of
from scraper.cleaning.repair import line

_AROUND, _LONGEST = 3, 500
# So many images of the text are looked at.
_MOST = 300
_LAZY = ("data-src", "data-lazy-src", "data-original", "src")
_NAMES = (
    "og:image", "og:image:url", "og:image:secure_url", "twitter:image", "twitter:image:src",
)  # fmt: skip
_SETS = ("data-srcset", "data-lazy-srcset", "srcset")
_FACES = frozenset(("emoji", "wp-smiley"))
_BUILT_IN = ("/wp-content/plugins/", "/wp-content/themes/", "/wp-includes/")
_LOGOS = frozenset(("logo", "placeholder", "noimage", "nopic", "blank"))
# In pixels; smaller is no picture of an article.
_SMALLEST = 50


def find(
    page: Document,
    head: Head,
    graph: JsonLd,
    boilerplate: Boilerplate,
    node: Node | None,
    root: Element,
    url: str | None,
) -> Image | None:
    """JSON-LD's image, else `og:image`, else the featured one, else the first in the text that is
    no icon; None if none has an http address. A site's logo counts only if the article shows it.
    `root` is the content, `node` the article's node in JSON-LD; `url` makes relative addresses
    whole."""
    featured = [
        e
        for e in page.find_any(rules.load("fields/fields")["image"])
        if not boilerplate.is_foreign(e)
    ]
    within = (e for e in islice(root.iter("img"), _MOST) if not _is_icon(e))
    shown = [*featured, *(e for e in within if not _is_beside(e, root, boilerplate))]
    told = [*_linked(graph, node), head.first(*_NAMES)]
    told += [link.get("href") for link in page.find("[rel=image_src]")]
    stems = {_stem(_address(image) or "") for image in shown}
    told = [one for one in told if one and (_stem(one) in stems or not _is_logo(one))]
    for address in (*told, *map(_address, shown)):
        found = _absolute(address, url)
        if found:
            apart = [e for e in page.tags["img"] if not boilerplate.is_foreign(e)]
            caption = _caption(found, [*shown, *apart], boilerplate) or _linked_caption(graph, node)
            return Image(url=found, caption=caption)
    return None


def _linked(graph: JsonLd, node: Node | None) -> Iterator[str | None]:
    for value in graph.resolve(node.get("image") or []) if node else []:
        if isinstance(value, dict):
            value = value.get("url") or value.get("contentUrl")
        yield value if isinstance(value, str) else None


def _linked_caption(graph: JsonLd, node: Node | None) -> str | None:
    for value in graph.resolve(node.get("image") or []) if node else []:
        if (
            isinstance(value, dict)
            and isinstance(text := value.get("caption"), str)
            and text.strip()
        ):
            return line(text)
    return None


def _is_icon(image: Element) -> bool:
    """Whether an image is one of WordPress's faces, comes with a plugin or a theme, or is as small
    as an icon or a counter's pixel."""
    if not _FACES.isdisjoint(image.get("class", "").split()) or _is_built_in(_address(image) or ""):
        return True
    sizes = [image.get(name, "").removesuffix("px") for name in ("width", "height")]
    return any(size.isdecimal() and int(size[:5]) < _SMALLEST for size in sizes)


def _is_built_in(address: str) -> bool:
    return any(folder in address for folder in _BUILT_IN)


def _is_beside(image: Element, root: Element, boilerplate: Boilerplate) -> bool:
    """Whether an image in the content stands in boilerplate, as the icons of a share bar do."""
    for above in image.iterancestors():
        if above is root:
            return False
        if (rule := boilerplate.matched.get(above)) is not None and rule is not CAPTION:
            return True
    return False


def _is_logo(address: str) -> bool:
    """Whether an image that the metadata tell is the site's logo, or stands for a missing one."""
    return _is_built_in(address) or not _LOGOS.isdisjoint(
        re.split(r"[\W_]+", _stem(address).lower())
    )


def _address(image: Element) -> str | None:
    said = (image.get(name, "") for name in _LAZY)
    several = (image.get(name, "").strip().partition(" ")[0] for name in _SETS)
    return next((v for v in (*said, *several) if v and not v.startswith("data:")), None)


def _absolute(address: str | None, url: str | None) -> str | None:
    if not address or address.startswith("data:"):
        return None
    try:
        found = urljoin(url or "", address.strip())
        return found if urlsplit(found).scheme in ("http", "https") else None
    except ValueError:
        return None


def _caption(address: str, shown: list[Element], boilerplate: Boilerplate) -> str | None:
    """The caption beside the image with this address, whatever size of the image is shown."""
    for image in shown:
        if _stem(_address(image) or "") != _stem(address):
            continue
        for above in islice(image.iterancestors(), _AROUND):
            # An element with other pictures in it has other captions as well.
            if len(list(islice(above.iter("img"), 2))) > 1:
                break
            for element in above.iter("figcaption", "p", "div", "span"):
                captioned = (
                    element.tag == "figcaption" or boilerplate.matched.get(element) is CAPTION
                )
                text = line_of(element) if captioned else ""
                if text and len(text) < _LONGEST:
                    return text
    return None


def _stem(address: str) -> str:
    """A file's name without the size that WordPress adds: `rain-300x200.jpg` is `rain`."""
    name = address.rpartition("/")[2].partition("?")[0].rpartition(".")[0]
    head, dash, size = name.rpartition("-")
    width, cross, height = size.partition("x")
    sized = dash and (
        size in ("scaled", "rotated") or (cross and width.isdigit() and height.isdigit())
    )
    return head if sized else name
