"""Takes secrets out of an exchange: who reads the archive must not be able to use them.

Records hold the bytes of the wire without these: the header lines that say who asks (cookies, say),
and the user name and password in an address. The metadata record names what was taken out.
"""

from __future__ import annotations

import re
from dataclasses import replace

from archive.http.urls import without_userinfo
from archive.model import Exchange

_SECRETS = re.compile(
    rb"^(authorization|proxy-authorization|cookie)[ \t]*:[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*\r?\n",
    re.I | re.M,
)
_USERINFO = "URL userinfo"


def redacted(exchange: Exchange) -> Exchange:
    """The exchange as it may be stored; its `removed` names what was taken out."""
    head, end, body = exchange.request.partition(b"\r\n\r\n")
    named = [found[1].decode() for found in _SECRETS.finditer(head + end[:2])]
    request = exchange.request
    if named:
        request = _SECRETS.sub(b"", head + end[:2]) + end[2:] + body
    line, newline, rest = request.partition(b"\r\n")
    # A request to a proxy has the whole address in its first line.
    asked = without_userinfo(line.decode("latin-1")).encode("latin-1")
    url = without_userinfo(exchange.url)
    page_url = exchange.page_url and without_userinfo(exchange.page_url)
    if (asked, url, page_url) != (line, exchange.url, exchange.page_url):
        named.append(_USERINFO)
    if not named:
        return exchange
    return replace(
        exchange,
        request=asked + newline + rest,
        url=url,
        page_url=page_url,
        removed=tuple(dict.fromkeys(named)),
    )
