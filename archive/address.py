"""One spelling per address, so that one page is known once however it is written.

    >>> spelling("HTTP://Khabar.example:80/%d8%b3?utm_source=x#top")
    'http://khabar.example/%D8%B3'

What is fetched and what stands in a line is the address as the site publishes it; the
spelling is for comparing only. Letters are never folded: ي and ی may be two posts.
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote, unquote, urlsplit, urlunsplit

_PORTS = {"http": 80, "https": 443}
# Parameters that name the same page: campaign tags, WordPress's comment links, AMP, previews.
_SAME_PAGE = re.compile(
    r"(utm_[^=]*|fbclid|gclid|replytocom|share|nb|amp|print|preview|doing_wp_cron|nonamp)(=.*)?"
)


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
        _escaped(pair, "=%+,;:@/?!$'()*[]~")
        for pair in parts.query.split("&")
        if pair and not _SAME_PAGE.fullmatch(pair)
    )
    return urlunsplit(
        (parts.scheme, host, _escaped(parts.path or "/", "/%:@!$&'()*+,;=~"), query, "")
    )


def host_of(url: str) -> str:
    """The host of `url` in lower case, without `www.`: what makes two addresses one site.

    >>> host_of("https://WWW.khabar.example:8443/a")
    'khabar.example'
    """
    return (urlsplit(url).hostname or "").lower().removeprefix("www.")


def ascii_uri(url: str) -> str:
    """`url` with everything outside ASCII escaped and nothing else changed, as
    WARC-Target-URI wants it (RFC 3986)."""
    return quote(url, safe="%/:?#[]@!$&'()*+,;=~")


def _escaped(part: str, safe: str) -> str:
    """`part` with its escapes of text read and written anew; escapes of other bytes, and of
    characters that would change the meaning (`%2F`, `%26`), stay."""
    pieces = re.split(r"((?:%[0-9a-fA-F]{2})+)", part)
    written = []
    for piece in pieces:
        if not piece.startswith("%"):
            written.append(quote(unicodedata.normalize("NFC", piece), safe=safe))
            continue
        try:
            text = unicodedata.normalize("NFC", unquote(piece, errors="strict"))
        except UnicodeDecodeError:
            written.append(piece.upper())
        else:
            written.append(quote(text, safe=""))
    return "".join(written)
