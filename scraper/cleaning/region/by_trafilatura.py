"""Asks trafilatura which text it takes for the article's (https://trafilatura.readthedocs.io).

Only this file imports it. It gets the tree without boilerplate, and runs in its fast mode, without
comments and metadata.
"""

from __future__ import annotations

import logging
from collections.abc import Set
from functools import cache
from typing import Any

from lxml import html

from scraper.cleaning.html.document import Element, remove
from scraper.cleaning.region.zwnj_mask import lower_shield, raise_shield
from scraper.cleaning.repair import ZWNJ, repair

# Its time grows with the square of a parent's children: 60,000 paragraphs take 5 s.
_MOST = 20_000


def kept_text(root: Element, passed: Set[Element]) -> str | None:
    """The text that trafilatura keeps of `root` without the elements in `passed`, `unspaced`.

    It is empty if trafilatura finds nothing, and None if `root` has more than 20,000 elements. The
    tree is changed, so this must be the last step that reads it.
    """
    if sum(1 for _ in root.iter()) > _MOST:
        return None
    for element in passed:
        remove(element)
    document = html.Element("html")
    body = html.Element("body")
    document.append(body)
    root.tail = None
    if root.tag in ("html", "body"):
        body.extend(list(root))
    else:
        body.append(root)
    raise_shield(document)
    extract, options = _trafilatura()
    found = extract(document, options=options)
    return unspaced(repair(lower_shield(found.raw_text or ""))) if found is not None else ""


def unspaced(text: str) -> str:
    """`text` without white space and half-spaces, for comparing: trafilatura sets white space in
    its own way, and drops the characters that some editors write for half-spaces."""
    return "".join(text.replace(ZWNJ, "").split())


@cache
def _trafilatura() -> tuple[Any, Any]:
    """The function and its options; imported late because it takes a third of a second."""
    from trafilatura.core import bare_extraction
    from trafilatura.settings import Extractor

    # It logs every page without text as an error; here that is an answer.
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    options = Extractor(output_format="txt", fast=True, comments=False, tables=True)
    # Below these sizes it would take the whole page for the text, also if the post is short.
    options.min_extracted_size = 0
    options.min_output_size = 0
    return bare_extraction, options
