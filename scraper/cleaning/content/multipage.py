"""Joins an article of several pages (<!--nextpage-->): all texts, and the first one's fields."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from archive.model import Article
from archive.outcomes import Flag
from archive.text.fold import fold, squash
from scraper.cleaning.html.document import Document, text_of

_LINKS = (".post-page-numbers", ".page-links a", ".page-links span")
_NUMBER = re.compile(r"\d{1,3}$")
_SHORT = 250


def announced(page: Document) -> int:
    """How many pages the article has by the links of wp_link_pages(); 1 if there are none."""
    links = list(page.find_any(_LINKS))
    numbers = [int(found[0]) for link in links if (found := _NUMBER.search(fold(text_of(link))))]
    return max(numbers, default=2) if links or page.find(".page-links") else 1


def joined(first: Article, further: Sequence[Article]) -> Article:
    """The article on `first` and the pages after it.

    A theme prints the title, and often the lead, above every page. `clean` has taken off the title
    of each; here a further page loses the lead of the first.
    """
    texts = [first.text, *(_without_lead(page.text, first.lead) for page in further)]
    text = "\n\n".join(filter(None, texts))
    last = further[-1]
    flags = {*first.flags, *(flag for page in further for flag in page.flags)}
    flags -= {Flag.SHORT, Flag.SEVERAL_PAGES}
    # The first page's date is the article's, and tells how exact it is.
    flags = flags - {Flag.DATE_ONLY} | (set(first.flags) & {Flag.DATE_ONLY})
    flags |= {Flag.SHORT} if len(text) < _SHORT else set()
    flags |= {Flag.SEVERAL_PAGES} if Flag.SEVERAL_PAGES in last.flags else set()
    return replace(
        first,
        text=text,
        source=last.source or first.source,
        end_marker=last.end_marker or first.end_marker,
        flags=tuple(sorted(flags)),
    )


def _without_lead(text: str, lead: str | None) -> str:
    if not lead:
        return text
    blocks, said = text.split("\n\n"), len(lead.split("\n\n"))
    same = squash(" ".join(blocks[:said])) == squash(lead)
    return "\n\n".join(blocks[said:]) if same else text
