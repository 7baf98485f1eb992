"""Tells by its address what a link is: a share button, a network, a script, a list of posts."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from scraper.cleaning import rules

_HYPHENS, _NESTED = 4, 3
_POST_ID = re.compile(r"\d{3,}")


@lru_cache(maxsize=4096)
def is_share(href: str) -> bool:
    """Whether a link shares the page, by mail or through a network, or prints it."""
    address = href.strip().lower()
    return any(part in address for part in rules.load("boilerplate/links")["share"])


@lru_cache(maxsize=4096)
def is_network(href: str) -> bool:
    """Whether a link leads to a social network: a share button, a channel, an account."""
    host = host_of(href)
    networks = rules.load("boilerplate/links")["networks"]
    return is_share(href) or any(host == name or host.endswith(f".{name}") for name in networks)


@lru_cache(maxsize=4096)
def is_shop(href: str) -> bool:
    """Whether a link puts a product into a shop's basket."""
    address = href.strip().lower()
    return any(part in address for part in rules.load("boilerplate/links")["shop"])


def is_control(href: str) -> bool:
    """Whether a link only starts a script, such as a button for larger letters."""
    return href.strip().lower().startswith("javascript:")


@lru_cache(maxsize=4096)
def is_listing(href: str) -> bool:
    """Whether a link leads to a tag, category, author or search page."""
    address = unquote(href.strip().lower())
    return any(part in address for part in rules.load("boilerplate/links")["listings"])


@lru_cache(maxsize=4096)
def is_filing(href: str, kind: str | None = None) -> bool:
    """Whether a link leads to the posts of a category, a tag or an author, by its address alone:
    `/tags/ard/`, `/برچسب/آرد/`; `kind` is one of them, `author`."""
    address = f"{unquote(href.strip().lower()).partition('#')[0].rstrip('/')}/"
    kinds = rules.load("fields/fields")["term_address"]
    parts = (part for name in ([kind] if kind else kinds) for part in kinds[name])
    return any(part in address and _is_name(address.partition(part)[2]) for part in parts)


def _is_name(rest: str) -> bool:
    """Whether an address goes on as that of a term does. A post has a number there, or a headline:
    `/section/shahr/4813/`, `/service/pol-e-choobi-baz-shod/`."""
    steps = [step for step in rest.strip("/").split("/") if step]
    if "page" in steps:
        steps = steps[: steps.index("page")]
    long = any(step.count("-") >= _HYPHENS or _POST_ID.fullmatch(step) for step in steps)
    return len(steps) <= _NESTED and not long


def is_front(href: str, host: str) -> bool:
    """Whether a link leads to the front page of the site `host`."""
    try:
        parts = urlsplit(href.strip())
    except ValueError:
        return False
    plain = not (parts.query or parts.fragment) and bool(href.strip())
    return plain and parts.path in ("/", "") and host_of(href) in ("", host)


def host_of(href: str) -> str:
    """The host of an address without `www.`; empty for a relative or broken one."""
    try:
        return (urlsplit(href.strip()).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
