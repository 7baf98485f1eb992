"""Finds blocks that are buttons by the addresses of their links: they share the page, or ask the
reader to follow a channel.

A sentence that links its source is no button, nor is the line below a quotation.
"""

from __future__ import annotations

import re

from archive.text.fold import fold
from scraper.cleaning.boilerplate import evidence, links, prose
from scraper.cleaning.html.text_blocks import TextBlock

# What a block asks of its reader when all its links lead to social networks.
_CALL = re.compile(
    "دنبال کنید|عضو شوید|بپیوندید|ما را در|(?:کانال|صفحه|پیج) ما|follow|join|subscribe"
)
_CALL_LONGEST = 200
# So many characters may stand beside links that share the page.
_ASKING = 160
_CONTROL, _LISTING, _ACCOUNT = 60, 30, 60
_ABOVE = 4
_NAME = 2
_PAID = 0.8


def leads_away(blocks: list[TextBlock], number: int) -> bool:
    """Whether a block is a button: all its links share the page, start a script, are paid for, or
    lead to a network or a list of posts, and there is little other text."""
    block = blocks[number]
    if not block.hrefs or block.kind == "row":
        return False
    unlinked = len(block.text) * (1 - block.share)
    if all(map(links.is_share, block.hrefs)) and unlinked <= _ASKING:
        return True
    if all(map(links.is_control, block.hrefs)):
        return unlinked <= _CONTROL and not prose.is_told(block.text)
    if all(map(links.is_network, block.hrefs)):
        return _calls(block) or (_is_button(block) and not _is_cited(blocks, number))
    if all(map(links.is_listing, block.hrefs)):
        short = len(block.text.split()) <= _NAME
        if block.kind == "head" and short and evidence.heads_prose(blocks, number):
            return False
        return unlinked <= _LISTING and not prose.is_told(block.text)
    return _is_paid(block)


def _is_paid(block: TextBlock) -> bool:
    """Whether a paragraph is only links that somebody paid for, as rel="sponsored" says (HTML's
    link types, and Google's rule for such links)."""
    if block.kind != "text" or block.share <= _PAID:
        return False
    told = [link.get("rel", "") for link in block.holder.iter("a") if link.get("href")]
    return bool(told) and all("sponsored" in rel.split() for rel in told)


def is_account(blocks: list[TextBlock], number: int) -> bool:
    """Whether a short line with a link to a network may name an account of the site.

    «تلگرام: @jashn» below «به نشانی زیر بفرستید:» is the article's, so it is no such line.
    """
    block = blocks[number]
    if not block.hrefs or block.kind in ("row", "quote") or len(block.text) >= _ACCOUNT:
        return False
    if not all(map(links.is_network, block.hrefs)) or prose.is_told(block.text):
        return False
    above = blocks[max(0, number - _ABOVE) : number]
    return not (_is_cited(blocks, number) or any(prose.introduces(b.text) for b in above))


def _calls(block: TextBlock) -> bool:
    folded = fold(block.text)
    if len(block.text) >= _CALL_LONGEST or prose.is_reported(folded):
        return False
    return bool(_CALL.search(folded)) or prose.calls(folded)


def _is_button(block: TextBlock) -> bool:
    """Whether a block is only a link, without the name of an account, which an article may give."""
    handle = "@" in block.text or block.text.isascii()
    return block.share > 0.8 and not handle and not prose.is_told(block.text)


def _is_cited(blocks: list[TextBlock], number: int) -> bool:
    """Whether a block says whose the quotation above it is."""
    return blocks[number].kind == "quote" or (number > 0 and blocks[number - 1].kind == "quote")
