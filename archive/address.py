"""One spelling per address, so that one page is known once however it is written.

    >>> spelling("HTTP://Khabar.example:80/%d8%b3?utm_source=x#top")
    'http://khabar.example/%D8%B3'

What is fetched and what stands in a line is the address as the site publishes it; the
spelling is for comparing only. Letters are never folded: ي and ی may be two posts.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from urllib.parse import quote, unquote, urlsplit, urlunsplit

_USERINFO = re.compile(r"""(\bhttps?://)[^\s/?#"'<>]*@""", re.I)
_PORTS = {"http": 80, "https": 443}
# Parameters that name the same page: campaign tags, WordPress's comment links, AMP, previews.
_SAME_PAGE = re.compile(
    r"(utm_[^=]*|fbclid|gclid|replytocom|share|nb|amp|print|preview|doing_wp_cron|nonamp)(=.*)?"
)


@lru_cache(maxsize=4096)
def spelling(url: str) -> str:
    """The one spelling of `url`: host in lower case, escapes as upper-case UTF-8 in NFC, no
    default port, no fragment, none of the parameters that name the same page.

    What is no address (an article's ID, say) comes back as it is.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return url
    if parts.scheme not in _PORTS or not parts.hostname:
        return url
    host = parts.hostname.lower()
    host = f"[{host}]" if ":" in host else host
    if port and port != _PORTS[parts.scheme]:
        host = f"{host}:{port}"
    query = "&".join(
        _escaped(pair, "=+,;:@/?!$'()*[]~")
        for pair in parts.query.split("&")
        if pair and not _SAME_PAGE.fullmatch(pair)
    )
    return urlunsplit(
        (parts.scheme, host, _escaped(parts.path or "/", "/:@!$&'()*+,;=~"), query, "")
    )


def host_of(url: str) -> str:
    """The host of `url` in lower case, without `www.`: what makes two addresses one site;
    empty if `url` is no address.

    >>> host_of("https://WWW.khabar.example:8443/a")
    'khabar.example'
    """
    try:
        host = urlsplit(url).hostname
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
    if host_of(url) != host_of(ground) or not host_of(url):
        return False
    folder = urlsplit(spelling(ground)).path.rpartition("/")[0]
    return urlsplit(spelling(url)).path.startswith(f"{folder}/")


def without_userinfo(text: str) -> str:
    """An address, or a text with addresses, without the user names and passwords in them.

    >>> without_userinfo("GET http://sara:secret@khabar.example/ failed")
    'GET http://khabar.example/ failed'
    """
    return _USERINFO.sub(r"\1", text)


def ascii_uri(url: str) -> str:
    """`url` as RFC 3986 writes one, for WARC-Target-URI: what may not stand in it is escaped
    as UTF-8, what is escaped stays as it is.

    >>> ascii_uri("https://khabar.example/خبر?p=%d8%b3")
    'https://khabar.example/%D8%AE%D8%A8%D8%B1?p=%d8%b3'
    """
    stray = re.sub("%(?![0-9a-fA-F]{2})", "%25", url)
    return quote(stray, safe="%:/?#[]@!$&'()*+,;=~", errors="replace")


def _escaped(part: str, safe: str) -> str:
    """`part` with its escapes of text read and written anew; escapes of other bytes, and of
    characters that would change the meaning (`%2F`, `%26`), stay."""
    written = []
    # Every other piece is a run of escapes; a % outside of them stands for itself.
    for number, piece in enumerate(re.split(r"((?:%[0-9a-fA-F]{2})+)", part)):
        if number % 2 == 0:
            plain = unicodedata.normalize("NFC", piece)
            written.append(quote(plain, safe=safe, errors="replace"))
            continue
        try:
            text = unicodedata.normalize("NFC", unquote(piece, errors="strict"))
        except UnicodeDecodeError:
            written.append(piece.upper())
        else:
            written.append(quote(text, safe=""))
    return "".join(written)
