"""Finds blocks that are buttons by the addresses of their links: they share the page, or ask the
reader to follow a channel.

A sentence that links its source is no button, nor is the line below a quotation.
"""

from __future__ import annotations

import re
from itertools import islice

from archive.text.fold import fold
from scraper.cleaning import rules
from scraper.cleaning.boilerplate import evidence, links, prose
from scraper.cleaning.boilerplate.name_rule import words_of
from scraper.cleaning.html.document import length_of, text_of
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
# A network's name, and an address that is no link.
_WRITTEN = re.compile(
    r"\W*(?:(?:کانال|صفحه|آدرس|نشانی|پیام ?رسان|در|ما|بله|ایتا|روبیکا|سروش(?: پلاس)?|تلگرام"
    r"|اینستاگرام|واتس ?اپ|توییتر|ایکس|آپارات|یوتیوب|ویراستی|گپ|فیس ?بوک)\W+){0,5}"
    r"(?:https?://)?(?:www\.)?([a-z]+\.[a-z]{2,3})/\S+\s*$"
)
_COUNTER, _ICONS = 25, 4
_COUNT = re.compile(
    r"\W*\d[\d.,٬٫]* ?[km]?\W*(?:دقیقه|ثانیه|بازدید|نظر|دیدگاه|نفر|بار|لایک|min|views?)?\W*$"
)
_NAME = 2
_PAID, _SOLD = 0.8, 0.5


def leads_away(blocks: list[TextBlock], number: int) -> bool:
    """Whether a block is a button: all its links share the page, start a script, are paid for, or
    lead to a network or a list of posts, and there is little other text."""
    block = blocks[number]
    if is_counter(block):
        return True
    if not block.hrefs or block.kind == "row":
        return False
    if block.share > _SOLD and any(map(links.is_shop, block.hrefs)):
        return len(block.text) <= _CALL_LONGEST and not prose.is_told(block.text)
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


def is_counter(block: TextBlock) -> bool:
    """Whether a block is a number with an icon that says what it counts: an eye, a heart."""
    if len(block.text) > _COUNTER or not _COUNT.match(fold(block.text)):
        return False
    words = frozenset(rules.load("boilerplate/by_name")["words"]["icons"])
    # All the blocks of a page may have the same holder.
    beside = islice(block.holder.iter("i", "span", "svg"), _ICONS)
    icons = [e for e in beside if not length_of(text_of(e))]
    return any(words_of(token) & words for e in icons for token in e.get("class", "").split())


def _is_paid(block: TextBlock) -> bool:
    """Whether a paragraph is only links that somebody paid for, as rel="sponsored" says (HTML's
    link types, and Google's rule for such links)."""
    if block.kind != "text" or block.share <= _PAID:
        return False
    told = [link.get("rel", "") for link in block.holder.iter("a") if link.get("href")]
    return bool(told) and all("sponsored" in rel.split() for rel in told)


def names_author(block: TextBlock) -> bool:
    """Whether a block is nothing but the link to an author's posts."""
    return block.share > _PAID and all(links.is_filing(href, "author") for href in block.hrefs)


def is_account(blocks: list[TextBlock], number: int) -> bool:
    """Whether a short line with a link to a network, or with its address alone («بله:
    ble.ir/khabar»), may name an account of the site.

    «تلگرام: @jashn» below «به نشانی زیر بفرستید:» is the article's, so it is no such line.
    """
    block = blocks[number]
    if block.kind in ("row", "quote") or len(block.text) >= _ACCOUNT:
        return False
    written = _WRITTEN.match(fold(block.text))
    hrefs = block.hrefs or ([f"https://{written[1]}/"] if written else [])
    if not hrefs or not all(map(links.is_network, hrefs)) or prose.is_told(block.text):
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
