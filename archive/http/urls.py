"""Addresses: `resolve` builds and checks them, `spelling` makes them comparable.

    >>> resolve("../news/7/", "https://khabar.example/en/")
    'https://khabar.example/news/7/'
    >>> spelling("HTTPS://www.Khabar.example:443/%d8%b3?utm_source=x#top")
    'http://khabar.example/%D8%B3'

Every address from the web goes through `resolve` before it is asked for: Scrapy takes all that it
returns. Requests and lines have the address as the site publishes it; the spelling is only for
comparing. Letters are never folded: addresses with ي and ی may be two posts.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from ipaddress import IPv6Address
from urllib.parse import SplitResult, quote, unquote, urljoin, urlsplit, urlunsplit

import idna

LONGEST = 8192
"""The most characters of an address that is asked for; a Persian letter takes six."""
_USERINFO = re.compile(r"""(\bhttps?://)[^\s/?#"'<>]*@""", re.I)
_PORTS = {"http": 80, "https": 443}
# Parameters that lead to the same page: campaign tags, WordPress's comment links, AMP, previews.
_SAME_PAGE = re.compile(
    r"(utm_[^=]*|fbclid|gclid|replytocom|share|nb|amp|print|preview|doing_wp_cron|nonamp)(=.*)?"
)
# A label of a host name in ASCII; underscores occur, though no standard has them.
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
# Browsers leave these out wherever they stand in an address (WHATWG URL, 4.4).
_BREAKS = re.compile(r"[\t\r\n]")
_CONTROL = "".join(map(chr, range(0x21)))
# Half of a character, as JSON can name one: no address in UTF-8 has it.
_SURROGATE = re.compile("[\ud800-\udfff]")


class BadAddress(ValueError):
    """An address that cannot be asked for. The message says why: `no web address`, `bad host`,
    `bad port`, `bad character`, `too long`."""


def resolve(link: str, base: str) -> str:
    """The address that `link` names on the page or in the file at `base`.

    Its host is in ASCII: a Persian name becomes punycode. Path and query stay as they are
    written. BadAddress if the scheme is neither http nor https, if host, port or a character is
    not valid, or if it is longer than `LONGEST`.

    >>> resolve(" /خبر/ ", "https://khabar.example/a")
    'https://khabar.example/خبر/'
    """
    if len(link) > LONGEST:
        raise BadAddress("too long")
    if _SURROGATE.search(link):
        raise BadAddress("bad character")
    try:
        joined = urljoin(base, _BREAKS.sub("", link.strip(_CONTROL)))
        # urljoin drops an empty `;` at the end, and may leave a blank there.
        parts = urlsplit(joined.strip(_CONTROL))
    except ValueError as error:
        # urllib raises this for a bracket that does not begin an IPv6 address.
        raise BadAddress("bad host") from error
    if parts.scheme not in _PORTS:
        raise BadAddress("no web address")
    # An empty fragment was dropped, so there may be a blank at the end now.
    whole = urlunsplit(parts._replace(netloc=_netloc(parts))).rstrip(_CONTROL)
    if len(ascii_uri(whole)) > LONGEST:
        raise BadAddress("too long")
    return whole


def resolved(link: str, base: str) -> str | None:
    """As `resolve`, but None instead of BadAddress.

    >>> resolved("http://khabar.example:port/", "https://khabar.example/") is None
    True
    """
    try:
        return resolve(link, base)
    except BadAddress:
        return None


def _netloc(parts: SplitResult) -> str:
    """Host and port; BadAddress if they are not valid. A user name and a password are left out:
    only what anybody may read is asked for."""
    host = _ascii_host(parts.hostname or "")
    if host is None:
        raise BadAddress("bad host")
    try:
        port = parts.port
    except ValueError as error:
        raise BadAddress("bad port") from error
    if port == 0:
        raise BadAddress("bad port")
    if "\\" in parts.netloc.rpartition("@")[0]:
        # For a browser the host ends at the backslash, for urllib it begins after the @.
        raise BadAddress("bad host")
    written = f"[{host}]" if ":" in host else host
    return written if port is None else f"{written}:{port}"


@lru_cache(maxsize=1024)
def _ascii_host(host: str) -> str | None:
    """A host's name in ASCII, in lower case and without a last dot; None if it is not valid.
    IDNA 2008 keeps the half-space in a Persian name, which older rules dropped."""
    if ":" in host:
        try:
            address = IPv6Address(host)
        except ValueError:
            return None
        # A zone (`%eth0`) means nothing on another machine.
        return None if address.scope_id else str(address)
    name = host.rstrip(".") if host.isascii() else _punycode(host)
    name = name.lower()
    labels = name.split(".")
    return name if len(name) <= 253 and all(map(_LABEL.fullmatch, labels)) else None


def _punycode(host: str) -> str:
    try:
        return idna.encode(host, uts46=True).decode("ascii").rstrip(".")
    except (idna.IDNAError, UnicodeError):
        return ""


# An address of which only the host may have to be shortened: nothing in it is escaped, there is no
# port and no query.
_PLAIN = re.compile(
    r"https?://(?:www\.)?+((?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z]{2,63})"
    r"(/[\w.~/:@!$&'()*+,;=-]*)",
    re.ASCII,
)
_LONG_NAME = 240
# Escapes of bytes that are no ASCII, as most sites write them.
_CANONICAL = re.compile(r"(?:%[89A-F][0-9A-F])+")


@lru_cache(maxsize=4096)
def spelling(url: str) -> str:
    """The spelling of `url` that all addresses of one page share: host in lower case and without
    `www.`, escapes in upper case and of UTF-8 in NFC, no default port, no fragment, no parameters
    that lead to the same page.

    The scheme is always http: a site that moves to https, or to `www.`, has the same pages as
    before. A text that is no address (an article's ID, say) is returned as it is.
    """
    if (plain := _PLAIN.fullmatch(url)) and len(plain[1]) < _LONG_NAME:
        return f"http://{plain[1]}{plain[2]}"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return url
    host = _ascii_host(parts.hostname or "")
    if parts.scheme not in _PORTS or not host:
        return url
    host = f"[{host}]" if ":" in host else host.removeprefix("www.") or host
    if port and port not in _PORTS.values():
        host = f"{host}:{port}"
    query = "&".join(
        _escaped(pair, "=+,;:@/?!$'()*[]~")
        for pair in parts.query.split("&")
        if pair and not _SAME_PAGE.fullmatch(pair)
    )
    return urlunsplit(("http", host, _escaped(parts.path or "/", "/:@!$&'()*+,;=~"), query, ""))


def host_of(url: str) -> str:
    """The host of `url` in ASCII and lower case, without `www.`; empty if `url` is no address. Two
    addresses with the same host are of one site.

    >>> host_of("https://WWW.khabar.example:8443/a")
    'khabar.example'
    """
    try:
        host = _ascii_host(urlsplit(url).hostname or "")
    except ValueError:
        return ""
    return (host or "").removeprefix("www.")


def is_below(url: str, ground: str) -> bool:
    """Whether `url` is on the host of `ground` and not outside its folder.

    >>> is_below("https://khabar.example/en/a", "https://www.khabar.example/en/")
    True
    >>> is_below("https://khabar.example/a", "https://khabar.example/en/")
    False
    """
    host, folder = _ground(ground)
    if not host or host_of(url) != host:
        return False
    return not folder or urlsplit(spelling(url)).path.startswith(f"{folder}/")


@lru_cache(maxsize=64)
def _ground(url: str) -> tuple[str, str]:
    """Host and folder of an address that many others are compared with."""
    return host_of(url), urlsplit(spelling(url)).path.rpartition("/")[0]


def moved_with(root: str, url: str) -> str:
    """`root` with the scheme and host of `url`, if both are of the same site, which may have moved
    to https or to `www.`

    >>> moved_with("http://khabar.example/wp-json/", "https://www.khabar.example/")
    'https://www.khabar.example/wp-json/'
    """
    if host_of(root) != host_of(url):
        return root
    now = urlsplit(url)
    return urlsplit(root)._replace(scheme=now.scheme, netloc=now.netloc).geturl()


def without_userinfo(text: str) -> str:
    """An address, or a text with addresses, without the user names and passwords in them.

    >>> without_userinfo("GET http://sara:secret@khabar.example/ failed")
    'GET http://khabar.example/ failed'
    """
    return _USERINFO.sub(r"\1", text) if "@" in text else text


def ascii_uri(url: str) -> str:
    """`url` as a URI of RFC 3986, for WARC-Target-URI: other characters are escaped as UTF-8,
    escapes stay as they are.

    >>> ascii_uri("https://khabar.example/خبر?p=%d8%b3")
    'https://khabar.example/%D8%AE%D8%A8%D8%B1?p=%d8%b3'
    """
    stray = re.sub("%(?![0-9a-fA-F]{2})", "%25", url)
    return quote(stray, safe="%:/?#[]@!$&'()*+,;=~", errors="replace")


def _escaped(part: str, safe: str) -> str:
    """`part` with its escapes in one spelling. Escapes of bytes that are no text, and of
    characters that would change the meaning (`%2F`, `%26`), stay."""
    written = []
    # Every second piece is a row of escapes; a % in the other pieces is a plain %.
    for number, piece in enumerate(re.split(r"((?:%[0-9a-fA-F]{2})+)", part)):
        if number % 2 == 0:
            plain = unicodedata.normalize("NFC", piece)
            written.append(quote(plain, safe=safe, errors="replace"))
            continue
        try:
            if _CANONICAL.fullmatch(piece):
                text = bytes.fromhex(piece.replace("%", "")).decode()
                if unicodedata.is_normalized("NFC", text):
                    written.append(piece)
                    continue
            text = unicodedata.normalize("NFC", unquote(piece, errors="strict"))
        except UnicodeDecodeError:
            written.append(piece.upper())
        else:
            written.append(quote(text, safe=""))
    return "".join(written)
