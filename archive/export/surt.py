"""The sort key of a web address in the indexes of web archives (SURT).

>>> surt("https://www.khabar.example/1405/?b=2&a=1")
'example,khabar)/1405?a=1&b=2'

It does what the Internet Archive's canonicalizer does: pywb, cdxj-indexer and ReplayWeb.page look
pages up by such keys. A test compares them. Only http and https addresses are supported.
"""

from __future__ import annotations

import re
from urllib.parse import quote_from_bytes, unquote_to_bytes

_SCHEMES = re.compile("^(?:https?://)*(https?)://", re.IGNORECASE)
_HOST_AND_PORT = re.compile(r"(\[[^]]*\]|[^:]*)(?::(\d*))?")
_PORTS = {"http": 80, "https": 443}
_WWW = re.compile(rb"^www\d*\.")
# Every printable character but % and #.
_SAFE = "!\"$&'()*+,-./:;<=>?@[\\]^_`{|}~"
_SESSIONS_IN_QUERY = [
    re.compile(rb"(.*)" + session + rb"(?:&(.*))?", re.IGNORECASE | re.DOTALL)
    for session in (
        rb"jsessionid=[0-9a-z]{32}",
        rb"phpsessid=[0-9a-z]{32}",
        rb"sid=[0-9a-z]{32}",
        rb"aspsessionid[a-z]{8}=[a-z]{24}",
        rb"cfid=[^&]+&cftoken=[^&]+",
    )
]
_SESSIONS_IN_PATH = [
    re.compile(rb"(.*/)" + session + rb"/([^?]+\.aspx.*)", re.IGNORECASE)
    for session in (rb"\((?:[a-z]\([0-9a-z]{24}\))+\)", rb"\([0-9a-z]{24}\)")
]


def surt(url: str) -> str:
    """The key of `url`: the host's parts in reverse order, path and query in one spelling, no
    fragment."""
    scheme = _SCHEMES.match(url)
    if not scheme:
        return url
    rest = url[scheme.end() :].partition("#")[0]
    end = re.search("[/?]", rest)
    authority, rest = (rest[: end.start()], rest[end.start() :]) if end else (rest, "")
    path, _, query = rest.partition("?")
    place = _host(authority, scheme[1].lower()) + b")" + _path(path.encode())
    arguments = _query(query.encode())
    return (place + (b"?" + arguments if arguments else b"")).decode()


def _host(authority: str, scheme: str) -> bytes:
    found = _HOST_AND_PORT.fullmatch(authority.rpartition("@")[2])
    host, port = (found[1], found[2]) if found else (authority, None)
    name = _unescaped(host.strip("[]").encode()).replace(b"..", b".").strip(b".")
    name = _WWW.sub(b"", _escaped(name).lower())
    backwards = b",".join(reversed(name.split(b".")))
    return backwards + (f":{int(port)}".encode() if port and int(port) != _PORTS[scheme] else b"")


def _path(path: bytes) -> bytes:
    kept: list[bytes] = []
    for part in _unescaped(path).split(b"/")[1:]:
        if part == b".." and kept:
            kept.pop()
        elif part != b".":
            kept.append(part)
    folders = [part for part in kept[:-1] if part]
    path = _escaped(b"/" + b"/".join([*folders, *kept[-1:]])).lower()
    for session in _SESSIONS_IN_PATH:
        found = session.fullmatch(path)
        path = found[1] + found[2] if found else path
    return path[:-1] if len(path) > 1 and path.endswith(b"/") else path


def _query(query: bytes) -> bytes:
    query = _escaped(_unescaped(query))
    for session in _SESSIONS_IN_QUERY:
        found = session.fullmatch(query)
        query = found[1] + (found[2] or b"") if found else query
    if len(query) <= 1:
        return query.lower()
    arguments = [part.split(b"=", 1) for part in query.lower().split(b"&")]
    return b"&".join(b"=".join(argument) for argument in sorted(arguments))


def _unescaped(text: bytes) -> bytes:
    """`text` without escapes, also if it was escaped several times."""
    while (plain := unquote_to_bytes(text)) != text:
        text = plain
    return text


def _escaped(text: bytes) -> bytes:
    return quote_from_bytes(text, safe=_SAFE).encode()
